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
        name.CompletionSources.Add(Names());
        var diff = new Option<string[]>("--diff") { Description = "Print what differs between two dialects.", HelpName = "NAME NAME", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        diff.CompletionSources.Add(Names());
        var json = Choices.Json("Print one JSON object a line for each behaviour, or for each that differs.");
        var command = new Command("dialects", "List the dialects, and what each does differently.") { name, diff, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is not null && result.GetResult(diff) is { Implicit: false })
                result.AddError("--diff names the dialects: leave NAME out.");
        });
        command.SetAction(parsed =>
        {
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(diff) is [var from, var to])
            {
                var (one, other) = (Find(from), Find(to));
                var report = new DialectReport(one);
                if (!(asJson ? report.WriteDifferences(terminal.Ndjson, other) : report.WriteDifferences(terminal.Report, other)))
                    throw new BadInputException($"'{one[0].Name}' and '{other[0].Name}' cannot be compared: one is a node's, the other a name server's.");
            }
            else if (parsed.GetValue(name) is var wanted && asJson)
            {
                new DialectReport(wanted is null ? DialectPreset.All : Find(wanted)).Write(terminal.Ndjson);
            }
            else if (wanted is not null)
            {
                new DialectReport(Find(wanted)).Write(terminal.Report);
            }
            else
            {
                new DialectReport(DialectPreset.All).WriteTitles(terminal.Report);
                terminal.Output.Write("\nOne of them: nbnssim dialects nt4\n");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string[] Names() => [.. DialectPreset.All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal)];

    private static ImmutableArray<DialectPreset> Find(string name) => DialectPreset.Find(name) is { IsEmpty: false } found
        ? found
        : throw new BadInputException($"There is no dialect '{name}': expected one of {string.Join(", ", Names())}.");
}
