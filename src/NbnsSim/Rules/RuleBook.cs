using System.Collections.Immutable;

namespace NbnsSim.Rules;

/// <summary>
/// Every rule that an end node and a name server obey, in one list: what is answered, refused, granted, ignored, marked, forgotten, aged, replicated, and why. Each
/// decision of a machine names one of them.
/// </summary>
public static class RuleBook
{
    private static readonly Dictionary<string, Rule> s_byId;

    static RuleBook()
    {
        All = [.. NodeRules.All, .. ServerRules.All];
        s_byId = All.ToDictionary(rule => rule.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All of them, those of the end node first.</summary>
    public static ImmutableArray<Rule> All { get; }

    /// <summary>The groups that the rules belong to, chapter by chapter.</summary>
    public static ImmutableArray<RuleGroup> Groups { get; } = [.. RuleGroups.All];

    /// <summary>The rule of an id.</summary>
    /// <param name="id">Its <see cref="Rule.Id"/>, in capitals or not.</param>
    /// <returns><see langword="null"/> where no rule has it.</returns>
    public static Rule? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return s_byId.GetValueOrDefault(id);
    }
}
