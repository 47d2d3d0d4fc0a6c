using System.CommandLine;
using NbnsSim.Rules;

namespace NbnsSim.Cli.Commands;

/// <summary><c>rules</c>: every rule that machines obey, as accounts and <c>why</c> name them.</summary>
internal static class RulesCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim rules
              every rule, a line each
          nbnssim rules B5.defend-unique
              one of them: what it says, where that is written, what turns it
          nbnssim rules B5
              a group of them, and what it is about
          nbnssim rules --json | jq -c 'select(.basis == "inferred")'
              what is inference here
        """;

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Description = "Print this rule, or the rules of this group.", Arity = ArgumentArity.ZeroOrOne };
        id.CompletionSources.Add([.. RuleBook.All.Select(rule => rule.Id)]);
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line for each rule." };
        var command = new Command("rules", "List the rules that machines obey.") { id, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed =>
        {
            var rules = Find(parsed.GetValue(id));
            if (!parsed.GetValue(json) && RuleBook.Groups.FirstOrDefault(group => group.Id.Equals(parsed.GetValue(id), StringComparison.OrdinalIgnoreCase)) is { } about)
                PrintGroup(terminal, about);
            foreach (var rule in rules)
            {
                if (parsed.GetValue(json))
                    WriteJson(terminal, rule);
                else if (rules.Count == 1)
                    Print(terminal, rule);
                else
                    PrintLine(terminal, rule);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static IReadOnlyList<Rule> Find(string? id)
    {
        if (id is null)
            return RuleBook.All;
        if (RuleBook.Find(id) is { } rule)
            return [rule];
        if (RuleBook.Groups.FirstOrDefault(group => group.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } found)
            return [.. found.Rules];
        throw new BadInputException($"There is no rule '{id}': nbnssim rules lists them.");
    }

    private static void PrintGroup(Terminal terminal, RuleGroup group)
    {
        terminal.Output.WriteLine(terminal.Paint(group.Id, "1"));
        Row(terminal, "chapter", group.Chapter);
        Row(terminal, "about", group.Sentence);
        terminal.Output.WriteLine();
    }

    private static void PrintLine(Terminal terminal, Rule rule)
    {
        string head = $"{rule.Id,-26}  {JsonLines.Word(rule.Basis),-10}  ";
        foreach (string line in TextColumns.Wrap(rule.Sentence, Math.Max(20, terminal.Width - head.Length)))
        {
            terminal.Output.WriteLine(head + line);
            head = new string(' ', head.Length);
        }
    }

    private static void Print(Terminal terminal, Rule rule)
    {
        terminal.Output.WriteLine(terminal.Paint(rule.Id, "1"));
        Row(terminal, "says", rule.Sentence);
        Row(terminal, "kind", rule.Kind.ToString());
        Row(terminal, "basis", $"{JsonLines.Word(rule.Basis)}: {rule.Source}");
        if (rule.Switch is { } name)
            Row(terminal, "turned by", name);
        if (rule.NoSwitch is { } why)
            Row(terminal, "no switch", why);
        Row(terminal, "reads", rule.Telling ?? "(goes without saying)");
    }

    private static void Row(Terminal terminal, string title, string text)
    {
        string head = $"  {title,-10}  ";
        foreach (string line in TextColumns.Wrap(text, Math.Max(20, terminal.Width - head.Length)))
        {
            terminal.Output.WriteLine(head + line);
            head = new string(' ', head.Length);
        }
    }

    private static void WriteJson(Terminal terminal, Rule rule) => JsonLines.Write(terminal, "rule", rule, static (json, it) =>
    {
        json.WriteString("id", it.Id);
        json.WriteString("kind", it.Kind.ToString());
        json.WriteString("basis", JsonLines.Word(it.Basis));
        json.WriteString("ruleSource", it.Source);
        json.WriteString("sentence", it.Sentence);
        if (it.Switch is not null)
            json.WriteString("switch", it.Switch);
        if (it.NoSwitch is not null)
            json.WriteString("noSwitch", it.NoSwitch);
        if (it.Telling is not null)
            json.WriteString("telling", it.Telling);
    });
}
