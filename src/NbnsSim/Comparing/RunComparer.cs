using System.Collections.Immutable;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Comparing;

/// <summary>Compares what two runs left.</summary>
internal static class RunComparer
{
    public static RunComparison Compare(RunRecord before, RunRecord after)
    {
        var common = RolesOf(before).Intersect(RolesOf(after)).Select(host => host.Name).ToHashSet(StringComparer.Ordinal);
        return new RunComparison
        {
            Effects = [.. ChangeEffects.Of(before, after)],
            Events = [.. Events(before, after)],
            Holders = [.. Holders(before, after)],
            Answers = [.. Answers(before, after)],
            Records = [.. Records(before, after)],
            FirstDecision = RunForks.FirstDecision(before, after, common),
            FirstPacket = RunForks.FirstPacket(before, after, common),
            NotCompared = before.Dropped + after.Dropped,
            Before = before.History,
            After = after.History,
        };
    }

    private static IEnumerable<(string Name, HostRoles Roles)> RolesOf(RunRecord record) => record.Run.Scenario.Hosts.Select(host => (host.Name, host.Roles));

    private static IEnumerable<EventChange> Events(RunRecord before, RunRecord after)
    {
        var left = Logged(before);
        var right = Logged(after);
        return OnlyIn(left, right, before, isGained: false).Concat(OnlyIn(right, left, after, isGained: true)).OrderBy(change => change.Event.Time).ThenBy(change => change.Host, StringComparer.Ordinal);

        static ILookup<(string Host, int Id, NetBiosName Name, Ipv4Address Address), NetBtEvent> Logged(RunRecord record) => record.Run.Simulator.Log
            .ToLookup(one => (record.Run.Simulator.NameOf(one.Host), one.Event.Id, one.Event.Name, one.Event.Address), one => one.Event);
    }

    /// <summary>As many of an event as there are more of in the one run: the last ones.</summary>
    private static IEnumerable<EventChange> OnlyIn(ILookup<(string Host, int Id, NetBiosName Name, Ipv4Address Address), NetBtEvent> one, ILookup<(string, int, NetBiosName, Ipv4Address), NetBtEvent> other, RunRecord record, bool isGained)
    {
        var decisions = new Dictionary<NetBtEvent, HistoryEntry>(ReferenceEqualityComparer.Instance);
        foreach (var entry in record.History.Entries)
        {
            if (entry.Decision.Event is { } logged)
                decisions[logged] = entry;
        }

        return one.SelectMany(group => group.Skip(other[group.Key].Count()).Select(logged => new EventChange(isGained, group.Key.Host, logged, decisions.GetValueOrDefault(logged))));
    }

    private static IEnumerable<HolderChange> Holders(RunRecord before, RunRecord after)
    {
        var left = before.History.Holdings.ToLookup(holding => (holding.Host, holding.Name));
        var right = after.History.Holdings.ToLookup(holding => (holding.Host, holding.Name));
        return left.Select(group => group.Key).Union(right.Select(group => group.Key)).Select(key => Change(key.Host, key.Name)).OfType<HolderChange>()
            .OrderBy(change => change.Kind).ThenBy(change => change.Host, StringComparer.Ordinal).ThenBy(change => change.Name);

        HolderChange? Change(string host, NetBiosName name)
        {
            ImmutableArray<NameHolding> one = [.. left[(host, name)]];
            ImmutableArray<NameHolding> other = [.. right[(host, name)]];
            if (one.Select(Times).SequenceEqual(other.Select(Times)))
                return null;
            bool had = one.Any(holding => holding.Until is null);
            bool has = other.Any(holding => holding.Until is null);
            var kind = (had, has) switch
            {
                (false, true) => HolderChangeKind.Gained,
                (true, false) => HolderChangeKind.Lost,
                (false, false) when one.IsEmpty => HolderChangeKind.GainedMeanwhile,
                (false, false) when other.IsEmpty => HolderChangeKind.LostMeanwhile,
                _ => HolderChangeKind.OtherTimes,
            };
            var because = had ? has ? null : after.Outcome(host, name, Instant.MaxValue) : before.Outcome(host, name, Instant.MaxValue);
            return new HolderChange(kind, name, host, one, other, because);
        }

        static (int, Instant, Instant?) Times(NameHolding holding) => (holding.Interface, holding.Since.Time, holding.Until?.Time);
    }

    private static IEnumerable<AnswerChange> Answers(RunRecord before, RunRecord after)
    {
        var left = Ended(before);
        var right = Ended(after);
        return left.Keys.Union(right.Keys).Select(key => Change(key, left.GetValueOrDefault(key), right.GetValueOrDefault(key))).OfType<AnswerChange>()
            .OrderBy(change => change.Step.At).ThenBy(change => change.Host, StringComparer.Ordinal).ThenBy(change => change.Name);

        AnswerChange? Change((string Host, Instant At, string Command, NetBiosName Name, int Number) key, CommandResult? one, CommandResult? other)
        {
            if (one is not null && other is not null && IsAlike(one.Result, other.Result))
                return null;
            var because = other is null ? null : after.Outcome(key.Host, key.Name, other.Result.CompletedAt);
            return new AnswerChange(key.Host, (one ?? other)!.Step!, key.Name, one?.Result, other?.Result, because);
        }
    }

    /// <summary>Whoever found the addresses is not asked: an answer of the owner is as good as one of a name server.</summary>
    private static bool IsAlike(OperationResult one, OperationResult other) =>
        one.Outcome == other.Outcome && one.Entries.Select(entry => entry.Address).ToHashSet().SetEquals(other.Entries.Select(entry => entry.Address))
        && one.Names.Select(name => name.Name).ToHashSet().SetEquals(other.Names.Select(name => name.Name));

    private static Dictionary<(string Host, Instant At, string Command, NetBiosName Name, int Number), CommandResult> Ended(RunRecord record)
    {
        var ended = new Dictionary<(string, Instant, string, NetBiosName, int), CommandResult>();
        foreach (var same in record.Run.Results.Where(result => result.Step is not null).GroupBy(result => (record.Run.Simulator.NameOf(result.Host), result.Step!.At, result.Step.Description, result.Result.Name)))
        {
            int number = 0;
            foreach (var result in same)
                ended[(same.Key.Item1, same.Key.At, same.Key.Description, same.Key.Name, number++)] = result;
        }

        return ended;
    }

    private static IEnumerable<RecordChange> Records(RunRecord before, RunRecord after)
    {
        var left = RecordsOf(before);
        var right = RecordsOf(after);
        return left.Keys.Union(right.Keys).Select(key => new RecordChange(key.Server, key.Name, left.GetValueOrDefault(key), right.GetValueOrDefault(key)))
            .Where(change => change.Before is not { } one || change.After is not { } other || !IsAlike(one, other))
            .OrderBy(change => change.Server, StringComparer.Ordinal).ThenBy(change => change.Name);

        static bool IsAlike(NameRecord one, NameRecord other) =>
            one.Type == other.Type && one.State == other.State && one.Addresses.Select(member => member.Address).ToHashSet().SetEquals(other.Addresses.Select(member => member.Address));
    }

    private static Dictionary<(string Server, NetBiosName Name), NameRecord> RecordsOf(RunRecord record)
    {
        var simulator = record.Run.Simulator;
        return Enumerable.Range(0, simulator.HostCount).Select(index => new HostId(index)).Where(host => simulator.NameServerOf(host) is not null)
            .SelectMany(host => simulator.NameServerOf(host)!.GetRecords().Select(one => (Server: simulator.NameOf(host), Record: one)))
            .ToDictionary(one => (one.Server, one.Record.Name), one => one.Record);
    }
}
