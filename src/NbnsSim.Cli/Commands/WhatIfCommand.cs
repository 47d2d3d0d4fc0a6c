using System.CommandLine;
using NbnsSim.Comparing;
using NbnsSim.Files;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>whatif SCENARIO|CAPTURE --set CHANGE</c>: what is gained and lost by changes, and where the runs part.</summary>
internal static class WhatIfCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = ScenarioOrCapture.Argument();
        var set = new Option<string[]>("--set") { HelpName = "CHANGE", Description = "What is changed, once or several times: dialect=nt4, BRAVO.noNameReleaseOnDemand, nodeType=H, wins=none, wins+=10.0.0.9, repair=all, loss=5%, cut=A/B, remove=BRAVO, seed=7." };
        var with = new Option<string?>("--with") { HelpName = "OTHER", Description = "Compare with this scenario instead of making changes: a built-in one, or a file." };
        var output = new Option<string?>("--out") { HelpName = "OUT.json", Description = "Write the scenario with the changes to this file, for run, check and why." };
        var html = new Option<string?>("--html") { HelpName = "OUT.html", Description = "Also write a page that needs nothing else: what is gained and lost, where the runs part, both ladders beside each other." };
        var json = Choices.Json();
        var command = new Command("whatif", "Run a scenario, or a capture's twin, as it is and with changes, and show what is gained and lost, and where the runs part.") { input, set, with, output, html, json };
        command.Refuse("Name what is changed: --set CHANGE, or --with OTHER.", result => result.GetResult(set) is null && result.GetResult(with) is null);
        command.Refuse("--set and --with do not go together.", result => result.GetResult(set) is not null && result.GetResult(with) is not null);
        command.SetAction(parsed =>
        {
            var found = ScenarioOrCapture.Open(terminal, parsed.GetValue(input)!);
            string[] changes = parsed.GetValue(set) ?? [];
            string? other = parsed.GetValue(with);
            var changed = other is null ? Apply(found.Scenario, changes) : Read(other);
            if (parsed.GetValue(output) is { } path)
            {
                using var file = OutputStream.Create(path);
                changed.Write(file);
            }

            var whatIf = new WhatIf(found.Scenario, changed);
            (RunPicture Before, RunPicture After)? pictures = parsed.GetValue(html) is null ? null : (RunPicture.Attach(whatIf.Before), RunPicture.Attach(whatIf.After));
            var comparison = whatIf.Compare();
            var report = new WhatIfReport(found.Scenario, other is null ? changes : [$"as {changed.Name}"], comparison) { Twin = found.Twin is { } twin ? (twin, twin.Compare()) : null };
            if (pictures is var (before, after))
                OutputStream.WriteText(parsed.GetValue(html), file => new WhatIfPage(report, comparison, before.Draw(whatIf.Results), after.Draw()).WriteHtml(file));
            terminal.Print(report, parsed.GetValue(json));
            return found.IsDamaged ? ExitCode.BadInput : comparison.IsChanged ? ExitCode.No : ExitCode.Done;
        });
        return command;

        Scenario Read(string nameOrFile)
        {
            var (text, file) = ScenarioArgument.Read(terminal, nameOrFile);
            return Scenario.Parse(text, file);
        }
    }

    private static Scenario Apply(Scenario scenario, string[] changes)
    {
        try
        {
            return ScenarioChanges.Apply(scenario, changes);
        }
        catch (FormatException e)
        {
            throw new BadInputException($"--set {e.Message}");
        }
    }
}
