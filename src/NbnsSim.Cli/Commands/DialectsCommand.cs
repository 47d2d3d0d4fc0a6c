using System.Collections.Immutable;
using System.CommandLine;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>dialects</c>: what eras and vendors do differently, and on what that rests.</summary>
internal static class DialectsCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "Print the behaviours of this dialect: of nodes, of name servers, or of both where both have one of that name.", Arity = ArgumentArity.ZeroOrOne };
        var diff = new Option<string[]>("--diff") { Description = "Print what differs between two dialects.", HelpName = "NAME NAME", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        foreach (var sources in new[] { name.CompletionSources, diff.CompletionSources })
            sources.Add([.. DialectPreset.All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal)]);
        var json = Choices.Json("Print one JSON object a line for each behaviour, or for each that differs.");
        var command = new Command("dialects", "List the dialects, and what each does differently.") { name, diff, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is not null && result.GetResult(diff) is { Implicit: false })
                result.AddError("--diff names the dialects: leave NAME out.");
        });
        command.SetAction(parsed =>
        {
            string? wanted = parsed.GetValue(name);
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(diff) is [var from, var to])
                terminal.Print(Compare(Find(from), Find(to)), asJson);
            else if (wanted is not null || asJson)
                terminal.Print(new DialectReport(wanted is null ? DialectPreset.All : Find(wanted)), asJson);
            else
                List(terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void List(Terminal terminal)
    {
        new DialectReport(DialectPreset.All).WriteTitles(terminal.Report);
        terminal.Output.Write("\nOne of them: nbnssim dialects nt4\n");
    }

    private static DialectComparison Compare(ImmutableArray<DialectPreset> one, ImmutableArray<DialectPreset> other) => new DialectComparison(one, other) is { IsEmpty: false } comparison
        ? comparison
        : throw new BadInputException($"'{one[0].Name}' and '{other[0].Name}' cannot be compared: one is a node's, the other a name server's.");

    private static ImmutableArray<DialectPreset> Find(string name) => DialectReport.TryFind(name, out var found, out string? problem) ? found : throw new BadInputException(problem);
}
