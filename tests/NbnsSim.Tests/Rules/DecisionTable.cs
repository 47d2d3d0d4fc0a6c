using System.Text;
using NbnsSim.Rules;

namespace NbnsSim.Tests.Rules;

/// <summary>Something that a decision depends on, with all its values.</summary>
/// <param name="Title">What it is called in the table.</param>
/// <param name="Values">What its values are called.</param>
/// <param name="Set">Makes the same case with another value.</param>
internal sealed record Factor<TCase>(string Title, string[] Values, Func<TCase, int, TCase> Set)
{
    public static Factor<TCase> Flag(string title, Func<TCase, bool, TCase> set) => new(title, ["no", "yes"], (it, value) => set(it, value == 1));

    public static Factor<TCase> Choice<T>(string title, T[] values, Func<TCase, T, TCase> set, Func<T, string>? name = null) =>
        new(title, [.. values.Select(value => name?.Invoke(value) ?? $"{value}")], (it, value) => set(it, values[value]));
}

/// <summary>
/// A pure decision with all its cases: walks them, and prints them as the smallest table that asks about one factor after the other and leaves out what makes no
/// difference ("–").
/// </summary>
/// <param name="title">What happens.</param>
/// <param name="decide">The decision.</param>
/// <param name="isPossible">Whether a case can come about.</param>
/// <param name="blank">A case to begin with.</param>
/// <param name="factors">All that the decision depends on.</param>
internal sealed class DecisionTable<TCase>(string title, Func<TCase, Rule> decide, Predicate<TCase> isPossible, TCase blank, params Factor<TCase>[] factors)
{
    public string Title => title;

    /// <summary>Every case with the rule by which it is decided, those that cannot come about too.</summary>
    public IEnumerable<(TCase Case, Rule Rule, bool IsPossible)> Walk() => Cases(blank, 0).Select(one => (one, decide(one), isPossible(one)));

    /// <summary>Asserts that nothing else makes a difference.</summary>
    /// <param name="others">All factors of all decisions of the kind.</param>
    public void DependsOnNothingElse(IEnumerable<Factor<TCase>> others)
    {
        var rest = others.Where(other => !Array.Exists(factors, factor => factor.Title == other.Title)).ToArray();
        foreach (var (one, rule, _) in Walk())
        {
            foreach (var other in rest)
            {
                for (int value = 0; value < other.Values.Length; value++)
                {
                    if (decide(other.Set(one, value)) != rule)
                        Assert.Fail($"{title}: {other.Title} makes a difference at {one}");
                }
            }
        }
    }

    public void Print(StringBuilder text)
    {
        text.Append("\n## ").Append(title).Append("\n\n| ").AppendJoin(" | ", factors.Select(factor => factor.Title)).Append(" | decided by |  |\n|")
            .Insert(text.Length, "---|", factors.Length + 2).Append('\n');
        var outcomes = Walk().Select(one => one.IsPossible ? one.Rule : null).ToArray();
        Print(text, outcomes, 0, []);
    }

    private IEnumerable<TCase> Cases(TCase one, int factor) => factor == factors.Length
        ? [one]
        : Enumerable.Range(0, factors[factor].Values.Length).SelectMany(value => Cases(factors[factor].Set(one, value), factor + 1));

    /// <summary>The rows of the cases that are left once the factors before have their values. Values that lead to the same rows share them.</summary>
    private void Print(StringBuilder text, Rule?[] outcomes, int factor, string[] row)
    {
        var rules = outcomes.Where(rule => rule is not null).Distinct().ToList();
        if (rules.Count == 0)
            return;
        if (rules.Count == 1)
        {
            text.Append("| ").AppendJoin(" | ", row.Concat(Enumerable.Repeat("–", factors.Length - row.Length))).Append(" | `").Append(rules[0]!.Id).Append("` | ").Append(rules[0]!.Kind).Append(" |\n");
            return;
        }

        var values = factors[factor].Values;
        int size = outcomes.Length / values.Length;
        var branches = new List<(List<string> Values, Rule?[] Outcomes)>();
        for (int value = 0; value < values.Length; value++)
        {
            var part = outcomes[(value * size)..((value + 1) * size)];
            if (Array.TrueForAll(part, rule => rule is null))
                continue;
            int same = branches.FindIndex(branch => Agree(branch.Outcomes, part));
            if (same < 0)
                branches.Add(([values[value]], part));
            else
                branches[same] = ([.. branches[same].Values, values[value]], [.. branches[same].Outcomes.Zip(part, (one, other) => one ?? other)]);
        }

        foreach (var (taken, part) in branches)
            Print(text, part, factor + 1, [.. row, branches.Count == 1 ? "–" : string.Join(", ", taken)]);
    }

    /// <summary>Whether two values lead to the same wherever both can come about, and one of them can wherever the other can.</summary>
    private static bool Agree(Rule?[] one, Rule?[] other)
    {
        var pairs = one.Zip(other).ToList();
        return pairs.TrueForAll(pair => pair.First is null || pair.Second is null || pair.First == pair.Second)
            && (pairs.TrueForAll(pair => pair.First is null || pair.Second is not null) || pairs.TrueForAll(pair => pair.Second is null || pair.First is not null));
    }
}
