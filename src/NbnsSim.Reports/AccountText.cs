using System.Globalization;
using System.Text;
using NbnsSim.Narrative;
using NbnsSim.Rules;

namespace NbnsSim.Reports;

/// <summary>
/// The account of a history as text, in columns, and the grounds that it stands on: the rules behind its sentences, what is documented or observed first. Sentences
/// that rest on an inference carry its number.
/// </summary>
internal static class AccountText
{
    /// <summary>Writes it.</summary>
    /// <param name="acts">The account.</param>
    /// <param name="width">Columns to fit in.</param>
    /// <returns>The story, and its grounds; lines end with <c>\n</c>.</returns>
    public static (string Story, string Grounds) Write(IReadOnlyList<Act> acts, int width)
    {
        var rules = acts.SelectMany(act => act.Sentences).Select(sentence => sentence.Rule).OfType<Rule>().Where(rule => rule.Kind != DecisionKind.Told).Distinct().ToList();
        var inferred = rules.Where(rule => rule.Basis == RuleBasis.Inferred).ToList();
        return (Story(acts, inferred, width), Grounds(rules, inferred, width));
    }

    private static string Story(IReadOnlyList<Act> acts, List<Rule> inferred, int width)
    {
        var text = new StringBuilder();
        int timeWidth = Math.Max(8, acts.Count == 0 ? 0 : acts.Max(act => RunSeconds.Of(act.Time).Length));
        foreach (var act in acts)
        {
            string head = RunSeconds.Of(act.Time).PadLeft(timeWidth);
            foreach (string line in TextColumns.Wrap(string.Join(' ', act.Sentences.Select(sentence => Numbered(sentence, inferred))), Math.Max(20, width - timeWidth - 2)))
            {
                text.Append(head).Append("  ").Append(line.Replace('\u00A0', ' ')).Append('\n');
                head = new string(' ', timeWidth);
            }
        }

        return text.ToString();
    }

    private static string Numbered(ActSentence sentence, List<Rule> inferred)
    {
        int index = sentence.Rule is { } rule ? inferred.IndexOf(rule) : -1;
        return index < 0 ? sentence.Text : string.Create(CultureInfo.InvariantCulture, $"{sentence.Text[..^1]}\u00A0[{index + 1}]."); // the number stays on the line of the word before it
    }

    private static string Grounds(List<Rule> rules, List<Rule> inferred, int width)
    {
        var text = new StringBuilder();
        foreach (var rule in rules.Where(rule => rule.Basis != RuleBasis.Inferred))
            Line(rule.Basis.Word(), rule);
        for (int i = 0; i < inferred.Count; i++)
            Line(string.Create(CultureInfo.InvariantCulture, $"inferred [{i + 1}]"), inferred[i]);
        return text.ToString();

        void Line(string basis, Rule rule)
        {
            string head = $"  {basis,-12}  ";
            foreach (string line in TextColumns.Wrap($"{rule.Sentence} ({rule.Id}: {rule.Source})", Math.Max(20, width - head.Length)))
            {
                text.Append(head).Append(line).Append('\n');
                head = new string(' ', head.Length);
            }
        }
    }
}
