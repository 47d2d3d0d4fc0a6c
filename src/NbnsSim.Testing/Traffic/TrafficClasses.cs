using System.Collections.Immutable;

namespace NbnsSim.Testing.Traffic;

/// <summary>All classes of traffic: each cause of the diagnosis in the ways in which it comes about, attacks that it has no cause for, and what only looks like one.</summary>
public static partial class TrafficClasses
{
    /// <summary>All of them: those that the diagnosis is scored with first.</summary>
    public static ImmutableArray<TrafficClass> All { get; } = [.. Scorable(), .. Attacks, .. Faults];

    /// <summary>Those of which <c>tests/DIAGNOSIS.md</c> says how often the diagnosis is right.</summary>
    public static ImmutableArray<TrafficClass> Scored { get; } = [.. All.Where(one => one.IsScored)];

    /// <summary>The words that <see cref="Select"/> takes besides names of classes and of causes.</summary>
    public static ImmutableArray<string> Groups { get; } = ["all", "attacks", "faults", "near-misses"];

    /// <summary>A class by its name.</summary>
    /// <param name="id">The name.</param>
    /// <returns><see langword="null"/> where there is none.</returns>
    public static TrafficClass? Find(string id) => All.FirstOrDefault(one => one.Id == id);

    /// <summary>Classes by a list such as <c>sweep,forged-demand</c>: names of classes, names of causes for all classes of the cause, or one of <see cref="Groups"/>.</summary>
    /// <param name="list">The list, with commas.</param>
    /// <returns>Each class once, in the order of <see cref="All"/>.</returns>
    /// <exception cref="FormatException">There is no such class; the message says which, and what may have been meant.</exception>
    public static ImmutableArray<TrafficClass> Select(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var chosen = new HashSet<TrafficClass>();
        foreach (string word in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var named = All.Where(one => one.Id == word || (one.Cause == word && word.Length > 0) || one.HarmlessCauses.Contains(word, StringComparer.Ordinal) || IsOfGroup(one, word)).ToArray();
            if (named.Length == 0)
                throw new FormatException($"There is no class '{word}'.{Suggestion.For(word, All.SelectMany(one => (string[])[one.Id, one.Cause]).Concat(Groups).Where(known => known.Length > 0).Distinct(StringComparer.Ordinal))} --list has them all.");
            chosen.UnionWith(named);
        }

        return [.. All.Where(chosen.Contains)];
    }

    private static TrafficClass[] Scorable()
    {
        TrafficClass[] classes = [.. Conflicts, .. Outsiders, .. NearMisses];
        foreach (var one in classes)
            one.IsScored = true;
        return classes;
    }

    private static bool IsOfGroup(TrafficClass one, string word) => word switch
    {
        "all" => true,
        "attacks" => one.Kind == TrafficKind.Attack,
        "faults" => one.Kind == TrafficKind.Fault,
        "near-misses" => one.Kind == TrafficKind.NearMiss,
        _ => false,
    };
}
