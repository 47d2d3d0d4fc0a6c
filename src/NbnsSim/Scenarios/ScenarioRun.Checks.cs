using System.Collections.Immutable;
using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <content>Checking expectations.</content>
public sealed partial class ScenarioRun
{
    private const int Shown = 4; // of whatever is listed

    /// <summary>Looks at the expectations as things stand.</summary>
    /// <returns>One result for each, in the order of the file; those whose time has not come are pending.</returns>
    public ImmutableArray<ExpectationResult> Check()
    {
        if (IsOver)
            CheckDue(Instant.MaxValue);
        CollectResults();
        return [.. Scenario.Expectations.Select((expectation, i) => _checked[i]
            ?? (expectation.At is not null && !IsOver ? new ExpectationResult(expectation, ExpectationOutcome.Pending, "") : Look(expectation)))];
    }

    /// <summary>Looks, once and for all, at what is expected at times up to now.</summary>
    private void CheckDue(Instant upTo)
    {
        for (; _nextDue < _due.Length && Scenario.Expectations[_due[_nextDue]].At <= upTo; _nextDue++)
            _checked[_due[_nextDue]] = Look(Scenario.Expectations[_due[_nextDue]]);
    }

    private ExpectationResult Look(ScenarioExpectation expectation)
    {
        if (!expectation.Dialects.IsEmpty && !expectation.Dialects.Contains(Dialect.Name, StringComparer.OrdinalIgnoreCase))
            return new ExpectationResult(expectation, ExpectationOutcome.NotApplicable, "");
        var (isMet, seen) = expectation switch
        {
            EventExpectation logged => LookAtLogs(logged),
            NameExpectation name => LookAtNames(name),
            PacketExpectation packets => LookAtPackets(packets),
            ResultExpectation result => LookAtResults(result),
            RecordExpectation record => LookAtRecords(record),
            DecisionExpectation decision => LookAtDecisions(decision),
            _ => (false, "nothing"),
        };
        return new ExpectationResult(expectation, isMet ? ExpectationOutcome.Met : ExpectationOutcome.NotMet, seen);
    }

    private (bool IsMet, string Seen) LookAtLogs(EventExpectation expected)
    {
        var hosts = expected.Hosts.ToHashSet(StringComparer.Ordinal);
        var all = Simulator.Log.Where(logged => hosts.Count == 0 || hosts.Contains(Simulator.NameOf(logged.Host))).ToArray();
        int count = all.Count(logged => logged.Event.Id == expected.Id
            && (expected.Address is not { } address || logged.Event.Address == address)
            && (expected.Name is not { } name || logged.Event.Name == name));
        string seen = all.Length == 0 ? "nothing logged" : List(all, logged => $"{Simulator.NameOf(logged.Host)} {logged.Event}");
        return (expected.Count.Contains(count), seen);
    }

    private (bool IsMet, string Seen) LookAtNames(NameExpectation expected)
    {
        var wrong = new List<string>();
        foreach (string host in expected.Hosts)
        {
            var found = FindName(Simulator.FindHost(host)!.Value, expected);
            bool isMet = found?.State == expected.State && (found is null || expected.IsGroup is not { } group || found.Value.IsGroup == group);
            if (!isMet)
                wrong.Add(found is { } name ? $"{host} {name.State}, {(name.IsGroup ? "group" : "unique")}" : $"{host} absent");
        }

        return (wrong.Count == 0, wrong.Count == 0 ? "as expected" : List(wrong, one => one));
    }

    private LocalNameInfo? FindName(HostId host, NameExpectation expected)
    {
        if (!Simulator.IsUp(host))
            return null;
        var node = NodeOf(host)!;
        var wanted = expected.Name.Scope.IsEmpty ? expected.Name.WithScope(node.Options.Scope) : expected.Name;
        for (int i = 0; i < node.NameCount; i++)
        {
            if (node.GetName(i) is var name && name.Name == wanted)
                return name;
        }

        return null;
    }

    private (bool IsMet, string Seen) LookAtPackets(PacketExpectation expected)
    {
        long count = _counter.CountOf(expected);
        return (expected.Count.Contains(count), $"{count}");
    }

    private (bool IsMet, string Seen) LookAtDecisions(DecisionExpectation expected)
    {
        var (count, near) = _tally.Of(expected);
        return (expected.Count.Contains(count), $"{count}{(near.Count == 0 ? "" : $"; by the same rule {List(near, one => one)}")}");
    }

    private (bool IsMet, string Seen) LookAtResults(ResultExpectation expected)
    {
        var step = _commandById[expected.Of];
        foreach (string host in step.Hosts)
            CollectResults(Simulator.FindHost(host)!.Value);
        var results = _resultsById.GetValueOrDefault(expected.Of, []);
        var wrong = results.Where(result => result.Result.Outcome != expected.Outcome
            || (expected.Responder is { } responder && result.Result.Responder != responder)
            || (!expected.Addresses.IsDefault && !expected.Addresses.Order().SequenceEqual(result.Result.Entries.Select(entry => entry.Address).Order()))).ToArray();
        int missing = step.Hosts.Length - results.Count;
        var seen = wrong.Select(result =>
            $"{Simulator.NameOf(result.Host)} {result.Result.Outcome}{(result.Result.Responder == default ? "" : $" by {result.Result.Responder}")}"
            + string.Concat(result.Result.Entries.Select(entry => $" {entry.Address}"))).ToList();
        if (missing > 0)
            seen.Insert(0, missing == 1 && step.Hosts.Length == 1 ? "not ended" : $"not ended on {missing} hosts");
        return (seen.Count == 0, seen.Count == 0 ? "as expected" : List(seen, one => one));
    }

    private (bool IsMet, string Seen) LookAtRecords(RecordExpectation expected)
    {
        var wrong = new List<string>();
        foreach (string host in expected.Hosts)
        {
            var record = NameServerOf(Simulator.FindHost(host)!.Value)!.FindRecord(expected.Name);
            bool isMet = record?.State == expected.State
                && (record is null || ((expected.Type is not { } type || record.Type == type)
                    && (expected.Addresses.IsDefault || expected.Addresses.Order().SequenceEqual(record.Addresses.Select(one => one.Address).Order()))));
            if (!isMet)
                wrong.Add(record is null ? $"{host} has none" : $"{host} has {record}");
        }

        return (wrong.Count == 0, wrong.Count == 0 ? "as expected" : List(wrong, one => one));
    }

    private static string List<T>(IReadOnlyCollection<T> items, Func<T, string> show) =>
        string.Join("; ", items.Take(Shown).Select(show)) + (items.Count > Shown ? $"; and {items.Count - Shown} more" : "");
}
