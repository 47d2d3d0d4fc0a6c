using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Comparing;

/// <summary>Where two runs part: the first moment at which a machine decides, or sends, otherwise.</summary>
internal static class RunForks
{
    /// <summary>The first decision that differs: of the machines in both runs before the others, and an act or a change before something that was let go.</summary>
    public static DecisionDifference? FirstDecision(RunRecord before, RunRecord after, HashSet<string> common)
    {
        var left = before.History.Entries.ToLookup(entry => entry.Host, StringComparer.Ordinal);
        var right = after.History.Entries.ToLookup(entry => entry.Host, StringComparer.Ordinal);
        return First(left.Select(group => group.Key).Union(right.Select(group => group.Key), StringComparer.Ordinal)
            .SelectMany(host => new[] { Difference(host, isStrict: true), Difference(host, isStrict: false) }).OfType<DecisionDifference>(),
            difference => difference.Time, difference => (common.Contains(difference.Host) ? 0 : 2) + (IsLetGo(difference.Before) && IsLetGo(difference.After) ? 1 : 0));

        DecisionDifference? Difference(string host, bool isStrict)
        {
            foreach (var (time, one, other) in Moments(left[host], right[host], entry => entry.Decision.Time, (a, b) => IsAlike(a.Decision, b.Decision)))
            {
                var first = one.Find(entry => !IsLetGo(entry)) ?? other.Find(entry => !IsLetGo(entry));
                if (first is null && isStrict)
                    continue;
                first ??= one.FirstOrDefault() ?? other[0];
                return new DecisionDifference(time, host, Counterpart(one, first), Counterpart(other, first));
            }

            return null;
        }
    }

    /// <summary>The first packet that differs, of the machines in both runs before the others.</summary>
    public static PacketDifference? FirstPacket(RunRecord before, RunRecord after, HashSet<string> common)
    {
        var left = before.Packets.ToLookup(packet => packet.Host, StringComparer.Ordinal);
        var right = after.Packets.ToLookup(packet => packet.Host, StringComparer.Ordinal);
        return First(left.Select(group => group.Key).Union(right.Select(group => group.Key), StringComparer.Ordinal).Select(Difference).OfType<PacketDifference>(),
            difference => difference.Time, difference => common.Contains(difference.Host) ? 0 : 1);

        PacketDifference? Difference(string host) => Moments(left[host], right[host], packet => packet.Time, (one, other) => one.IsAlike(other))
            .Select(moment => new PacketDifference(moment.Time, host, moment.One.FirstOrDefault(), moment.Other.FirstOrDefault())).FirstOrDefault();
    }

    private static T? First<T>(IEnumerable<T> differences, Func<T, Instant> timeOf, Func<T, int> rankOf)
        where T : class => differences.OrderBy(rankOf).ThenBy(timeOf).FirstOrDefault();

    /// <summary>The moments at which two lists in the order of time differ, with what of them is different then.</summary>
    private static IEnumerable<(Instant Time, List<T> One, List<T> Other)> Moments<T>(IEnumerable<T> one, IEnumerable<T> other, Func<T, Instant> timeOf, Func<T, T, bool> isAlike)
        where T : class
    {
        using var left = one.GetEnumerator();
        using var right = other.GetEnumerator();
        bool hasLeft = left.MoveNext();
        bool hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            var time = !hasRight || (hasLeft && timeOf(left.Current) <= timeOf(right.Current)) ? timeOf(left.Current) : timeOf(right.Current);
            var (ofLeft, ofRight) = (new List<T>(), new List<T>());
            for (; hasLeft && timeOf(left.Current) == time; hasLeft = left.MoveNext())
                ofLeft.Add(left.Current);
            for (; hasRight && timeOf(right.Current) == time; hasRight = right.MoveNext())
                ofRight.Add(right.Current);
            int alike = 0;
            while (alike < ofLeft.Count && alike < ofRight.Count && isAlike(ofLeft[alike], ofRight[alike]))
                alike++;
            if (alike == ofLeft.Count && alike == ofRight.Count)
                continue;
            ofLeft.RemoveRange(0, alike);
            ofRight.RemoveRange(0, alike);
            while (ofLeft.Count > 0 && ofRight.Count > 0 && isAlike(ofLeft[^1], ofRight[^1]))
            {
                ofLeft.RemoveAt(ofLeft.Count - 1);
                ofRight.RemoveAt(ofRight.Count - 1);
            }

            yield return (time, ofLeft, ofRight);
        }
    }

    /// <summary>What stands on a side for a difference: what was decided about the same name, or else the first.</summary>
    private static HistoryEntry? Counterpart(List<HistoryEntry> side, HistoryEntry first) =>
        side.Contains(first) ? first : side.Find(entry => entry.Decision.Name == first.Decision.Name) ?? side.FirstOrDefault();

    private static bool IsLetGo(HistoryEntry? entry) => entry is null || entry.Decision.Rule.Kind == DecisionKind.Ignored;

    private static bool IsAlike(in Decision one, in Decision other) =>
        one.Rule == other.Rule && one.Name == other.Name && one.Peer == other.Peer && one.Address == other.Address && one.Interface == other.Interface
        && (one.Try, one.Tries, one.IsGroup, one.Event?.Id) == (other.Try, other.Tries, other.IsGroup, other.Event?.Id) && one.Cause.Kind == other.Cause.Kind;
}
