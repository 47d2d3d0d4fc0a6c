using System.Collections.Immutable;
using System.CommandLine;
using NbnsSim.Reports;
using NbnsSim.Rules;

namespace NbnsSim.Cli.Commands;

/// <summary><c>rules</c>: every rule that machines obey, as accounts and <c>why</c> name them.</summary>
internal static class RulesCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { HelpName = "ID", Description = "Print this rule, or the rules of this group.", Arity = ArgumentArity.ZeroOrOne };
        id.CompletionSources.Add([.. RuleBook.All.Select(rule => rule.Id)]);
        var json = Choices.Json("Print one JSON object a line for each rule.");
        var command = new Command("rules", "List the rules that machines obey.") { id, json };
        command.SetAction(parsed =>
        {
            var group = RuleBook.Groups.FirstOrDefault(group => group.Id.Equals(parsed.GetValue(id), StringComparison.OrdinalIgnoreCase));
            var report = new RuleReport(Find(parsed.GetValue(id)), group);
            if (parsed.GetValue(json))
                report.Write(terminal.Ndjson);
            else
                report.Write(terminal.Report);
            return ExitCode.Done;
        });
        return command;
    }

    private static ImmutableArray<Rule> Find(string? id)
    {
        if (id is null)
            return RuleBook.All;
        if (RuleBook.Find(id) is { } rule)
            return [rule];
        if (RuleBook.Groups.FirstOrDefault(group => group.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } found)
            return [.. found.Rules];
        throw new BadInputException($"There is no rule '{id}': nbnssim rules lists them.");
    }
}
