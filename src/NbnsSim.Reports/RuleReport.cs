using NbnsSim.Rules;

namespace NbnsSim.Reports;

/// <summary>Rules that machines obey, in text or in NDJSON: one in full, several a line each.</summary>
/// <param name="rules">The rules.</param>
/// <param name="group">The group that they are, whose heading text gets; null for none.</param>
public sealed class RuleReport(IReadOnlyList<Rule> rules, RuleGroup? group = null) : IReport
{
    /// <summary>The rules that somebody means.</summary>
    /// <param name="id">A rule's id, or a group's (<c>B5</c>) in whatever letters; null for all rules.</param>
    /// <returns><see langword="null"/> where there is neither a rule nor a group of that id.</returns>
    public static RuleReport? Of(string? id)
    {
        if (id is null)
            return new RuleReport(RuleBook.All);
        if (RuleBook.Find(id) is { } rule)
            return new RuleReport([rule]);
        return RuleBook.Groups.FirstOrDefault(group => group.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } found ? new RuleReport([.. found.Rules], found) : null;
    }

    /// <summary>Writes them as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (group is not null)
        {
            writer.WriteLine(group.Id, ReportRole.Title);
            Row(writer, "chapter", group.Chapter);
            Row(writer, "about", group.Sentence);
            writer.WriteLine();
        }

        foreach (var rule in rules)
        {
            if (rules.Count == 1)
                WriteInFull(writer, rule);
            else
                writer.WriteWrapped($"{rule.Id,-26}  {rule.Basis.Word(),-10}  ", rule.Sentence);
        }
    }

    /// <summary>Writes them as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var rule in rules)
        {
            ndjson.Write("rule", rule, static (json, it) =>
            {
                json.WriteString("id", it.Id);
                json.WriteString("kind", it.Kind.ToString());
                json.WriteString("basis", it.Basis.Word());
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
    }

    private static void WriteInFull(ReportWriter writer, Rule rule)
    {
        writer.WriteLine(rule.Id, ReportRole.Title);
        Row(writer, "says", rule.Sentence);
        Row(writer, "kind", rule.Kind.ToString());
        Row(writer, "basis", $"{rule.Basis.Word()}: {rule.Source}");
        if (rule.Switch is { } name)
            Row(writer, "turned by", name);
        if (rule.NoSwitch is { } why)
            Row(writer, "no switch", why);
        Row(writer, "reads", rule.Telling ?? "(goes without saying)");
    }

    private static void Row(ReportWriter writer, string title, string text) => writer.WriteWrapped($"  {title,-10}  ", text);
}
