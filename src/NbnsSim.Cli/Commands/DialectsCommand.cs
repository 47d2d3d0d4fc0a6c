using System.CommandLine;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>dialects</c>: what eras and vendors do differently, and on what that rests.</summary>
internal static class DialectsCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { HelpName = "NAME", Description = "Print the behaviours of this dialect: of nodes, of name servers, or of both where both have one of that name.", Arity = ArgumentArity.ZeroOrOne };
        var diff = new Option<string[]>("--diff") { Description = "Print what differs between two dialects.", HelpName = "NAME NAME", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        foreach (var sources in new[] { name.CompletionSources, diff.CompletionSources })
            sources.Add([.. DialectPreset.All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal)]);
        var json = Choices.Json("Print one JSON object a line for each behaviour, or for each that differs.");
        var command = new Command("dialects", "List the dialects, and what each does differently.") { name, diff, json };
        command.Refuse("--diff names the dialects: leave NAME out.", result => result.GetValue(name) is not null && result.GetResult(diff) is { Implicit: false });
        command.SetAction(parsed =>
        {
            string? wanted = parsed.GetValue(name);
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(diff) is [var from, var to])
                terminal.Print(DialectComparison.TryCreate(from, to, out var comparison, out string? problem) ? comparison : throw new BadInputException(problem), asJson);
            else if (wanted is not null)
                terminal.Print(new DialectReport(DialectReport.TryFind(wanted, out var found, out string? problem) ? found : throw new BadInputException(problem)), asJson);
            else if (asJson)
                new DialectReport(DialectPreset.All).Write(terminal.Ndjson);
            else
            {
                new DialectReport(DialectPreset.All).WriteTitles(terminal.Report);
                terminal.Output.Write("\nOne of them: nbnssim dialects nt4\n");
            }
        });
        return command;
    }
}
