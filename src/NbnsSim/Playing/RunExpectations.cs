using System.Collections.Immutable;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Playing;

/// <summary>What a scenario is to expect, taken from its run: what is logged, who has which name at the end, what name servers have registered, and how many packets are sent.</summary>
internal static class RunExpectations
{
    private const int Most = 2_000; // of each kind, so that a file of a large network can be read

    private static readonly int[] Conflicts = [NetBtEventId.DuplicateName, NetBtEventId.NameRelease, NetBtEventId.DuplicateNameError];

    /// <summary>Runs it and writes down what comes of it. They hold for its dialect.</summary>
    public static ImmutableArray<ScenarioExpectation> Of(Scenario scenario)
    {
        var run = ScenarioRun.Unwatched(scenario, null, null);
        var packets = new KindCounter();
        run.Simulator.AddObserver(packets);
        while (run.Step())
        {
        }

        ImmutableArray<string> dialects = [run.Dialect.Name];
        IEnumerable<ScenarioExpectation> all = [.. Events(run.Simulator), .. Names(run.Simulator).Take(Most), .. Records(run.Simulator).Take(Most), .. packets.Expectations()];
        return [.. all.Select(expectation => expectation with { Dialects = dialects })];
    }

    private static IEnumerable<ScenarioExpectation> Events(Simulator simulator)
    {
        foreach (var logged in simulator.Log.GroupBy(logged => (logged.Host, logged.Event.Id)).Take(Most))
            yield return new EventExpectation(logged.Key.Id, Exactly(logged.Count())) { Hosts = [simulator.NameOf(logged.Key.Host)] };
        var whole = simulator.Log.Where(logged => logged.Event.Name != default && logged.Event.Address != default);
        foreach (var logged in whole.GroupBy(logged => (logged.Host, logged.Event.Id, logged.Event.Name, logged.Event.Address)).Take(Most))
            yield return new EventExpectation(logged.Key.Id, Exactly(logged.Count())) { Hosts = [simulator.NameOf(logged.Key.Host)], Name = logged.Key.Name, Address = logged.Key.Address };

        foreach (int id in Conflicts)
            yield return new EventExpectation(id, Exactly(simulator.Log.Count(logged => logged.Event.Id == id)));
    }

    private static IEnumerable<ScenarioExpectation> Names(Simulator simulator)
    {
        var names = new List<(string Host, LocalNameInfo Name)>();
        for (int i = 0; i < simulator.HostCount; i++)
        {
            var host = new HostId(i);
            if (!simulator.IsUp(host) || simulator.NodeOf(host) is not { InterfaceCount: 1 } node) // a name of several interfaces has a state on each
                continue;
            for (int at = 0; at < node.NameCount; at++)
                names.Add((simulator.NameOf(host), node.GetName(at)));
        }

        return names.GroupBy(one => (one.Name.Name, one.Name.State, one.Name.IsGroup))
            .Select(same => new NameExpectation(same.Key.Name, same.Key.State) { Hosts = [.. same.Select(one => one.Host)], IsGroup = same.Key.IsGroup });
    }

    private static IEnumerable<ScenarioExpectation> Records(Simulator simulator)
    {
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (simulator.NameServerOf(new HostId(i)) is not { } server)
                continue;
            foreach (var record in server.GetRecords())
                yield return new RecordExpectation(record.Name, record.State) { Hosts = [simulator.NameOf(new HostId(i))], Type = record.Type };
        }
    }

    private static ExpectedCount Exactly(long count) => new(count, count);

    private sealed class KindCounter : SimulationObserver
    {
        private readonly SortedDictionary<NbnsMessageKind, long> _counts = [];
        private long _all;

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
        {
            _all++;
            if (NbnsPacket.TryParse(datagram.Payload, out var packet))
                _counts[NbnsClassification.Classify(packet)] = _counts.GetValueOrDefault(NbnsClassification.Classify(packet)) + 1;
        }

        public IEnumerable<ScenarioExpectation> Expectations() =>
            _counts.Where(count => count.Key != NbnsMessageKind.Unknown).Select(count => new PacketExpectation(count.Key, Exactly(count.Value))).Append(new PacketExpectation(null, Exactly(_all)));
    }
}
