using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>dialects</c>: what eras and vendors do differently, and on what that rests.</summary>
internal static class DialectsCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim dialects
              the dialects that nodes and name servers can have
          nbnssim dialects nt4
              every switch, choice, count and time of one, and on what it rests
          nbnssim dialects --diff nt3.5 nt4
              what differs between two, and the rules that it turns
          nbnssim dialects --json | jq -c 'select(.basis == "inferred")'
              what is inference in them
        """;

    private static readonly ImmutableArray<Preset> All =
    [
        .. NetBtDialect.All.Select(dialect => new Preset("node", dialect.Name, dialect.Title, DialectBehaviour.Of(dialect))),
        .. NameServerDialect.All.Select(dialect => new Preset("nameServer", dialect.Name, dialect.Title, DialectBehaviour.Of(dialect))),
    ];

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "Print the behaviours of this dialect: of nodes, of name servers, or of both where both have one of that name.", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(Names());
        var diff = new Option<string[]>("--diff") { Description = "Print what differs between two dialects.", HelpName = "NAME NAME", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        diff.CompletionSources.Add(Names());
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line for each behaviour, or for each that differs." };
        var command = new Command("dialects", "List the dialects, and what each does differently.") { name, diff, json };
        HelpWithExamples.Describe(command, Examples);
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is not null && result.GetResult(diff) is { Implicit: false })
                result.AddError("--diff names the dialects: leave NAME out.");
        });
        command.SetAction(parsed =>
        {
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(diff) is [var from, var to])
                PrintDifferences(terminal, Find(from), Find(to), asJson);
            else if (parsed.GetValue(name) is { } wanted)
                Print(terminal, Find(wanted), asJson);
            else if (asJson)
                Print(terminal, All, asJson);
            else
                List(terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static string[] Names() => [.. All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal)];

    private static List<Preset> Find(string name)
    {
        var found = All.Where(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count > 0 ? found : throw new BadInputException($"There is no dialect '{name}': expected one of {string.Join(", ", Names())}.");
    }

    private static void List(Terminal terminal)
    {
        foreach (var role in All.GroupBy(preset => preset.Role, StringComparer.Ordinal))
        {
            terminal.Report.WriteLine(role.Key == "node" ? "Nodes" : "Name servers", ReportRole.Title);
            foreach (var preset in role)
                terminal.Output.WriteLine($"  {preset.Name,-15}  {preset.Title}");
        }

        terminal.Output.Write("\nOne of them: nbnssim dialects nt4\n");
    }

    private static void Print(Terminal terminal, IReadOnlyList<Preset> presets, bool asJson)
    {
        foreach (var preset in presets)
        {
            if (!asJson)
                terminal.Report.WriteLine(preset.Title, ReportRole.Title);
            foreach (var behaviour in preset.Behaviours)
            {
                if (asJson)
                {
                    terminal.Ndjson.Write("behaviour", (preset, behaviour), static (json, it) =>
                    {
                        json.WriteString("role", it.preset.Role);
                        json.WriteString("name", it.behaviour.Name);
                        WriteValue(json, it.preset, it.behaviour);
                        WriteRules(json, it.behaviour);
                    });
                }
                else
                {
                    terminal.Report.WriteWrapped($"  {behaviour.Name,-39}  {behaviour.Value,-16}  ", $"{Basis(behaviour)}{Turns(behaviour)}");
                }
            }
        }
    }

    private static void PrintDifferences(Terminal terminal, List<Preset> from, List<Preset> to, bool asJson)
    {
        var pairs = from.Join(to, one => one.Role, other => other.Role, (one, other) => (From: one, To: other), StringComparer.Ordinal).ToList();
        if (pairs.Count == 0)
            throw new BadInputException($"'{from[0].Name}' and '{to[0].Name}' cannot be compared: one is a node's, the other a name server's.");
        foreach (var (one, other) in pairs)
        {
            if (!asJson)
                terminal.Report.WriteLine($"{one.Title} → {other.Title}", ReportRole.Title);
            foreach (var (before, after) in one.Behaviours.Zip(other.Behaviours).Where(pair => pair.First.Value != pair.Second.Value))
            {
                if (asJson)
                {
                    terminal.Ndjson.Write("behaviourDifference", (one, before, other, after), static (json, it) =>
                    {
                        json.WriteString("role", it.one.Role);
                        json.WriteString("name", it.before.Name);
                        WriteSide(json, "from", it.one, it.before);
                        WriteSide(json, "to", it.other, it.after);
                        WriteRules(json, it.before);
                    });
                }
                else
                {
                    terminal.Output.WriteLine($"  {before.Name}: {before.Value} → {after.Value}");
                    terminal.Report.WriteWrapped($"    {before.Value,-16}  ", Basis(before));
                    terminal.Report.WriteWrapped($"    {after.Value,-16}  ", Basis(after));
                    foreach (var rule in before.Rules)
                        terminal.Report.WriteWrapped($"    turns {rule.Id}  ", rule.Sentence);
                }
            }
        }
    }

    private static string Basis(DialectBehaviour behaviour) => $"{behaviour.Basis.Word()}: {behaviour.Source}";

    private static string Turns(DialectBehaviour behaviour) => behaviour.Rules.IsEmpty ? "" : $"; turns {string.Join(", ", behaviour.Rules.Select(rule => rule.Id))}";

    private static void WriteSide(Utf8JsonWriter json, string side, Preset preset, DialectBehaviour behaviour)
    {
        json.WriteStartObject(side);
        WriteValue(json, preset, behaviour);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Preset preset, DialectBehaviour behaviour)
    {
        json.WriteString("dialect", preset.Name);
        json.WriteString("value", behaviour.Value);
        json.WriteString("basis", behaviour.Basis.Word());
        json.WriteString("source", behaviour.Source);
    }

    private static void WriteRules(Utf8JsonWriter json, DialectBehaviour behaviour)
    {
        json.WriteTexts("rules", behaviour.Rules.Select(rule => rule.Id));
    }

    /// <summary>A dialect of nodes or of name servers.</summary>
    private sealed record Preset(string Role, string Name, string Title, ImmutableArray<DialectBehaviour> Behaviours);
}
