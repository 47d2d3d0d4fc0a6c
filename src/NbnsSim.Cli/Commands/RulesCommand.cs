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
        command.SetAction(parsed => terminal.Print(
            RuleReport.Of(parsed.GetValue(id)) ?? throw new BadInputException($"There is no rule '{parsed.GetValue(id)}': nbnssim rules lists them."), parsed.GetValue(json)));
        return command;
    }
}
