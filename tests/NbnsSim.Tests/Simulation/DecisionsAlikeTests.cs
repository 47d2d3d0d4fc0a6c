using System.Runtime.CompilerServices;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>What many machines decide about one broadcast is told of them together: the same decisions, with the same numbers, in the same order.</summary>
public sealed class DecisionsAlikeTests
{
    [Test]
    public void WhoTakesThemTogetherHearsWhatWhoTakesEachHears()
    {
        var (each, together) = (new Each(), new Together());
        Boot(each, together);

        Assert.That(together.Heard, Is.EqualTo(each.Heard));
        Assert.That(each.Numbers, Is.EqualTo(Enumerable.Range(1, each.Numbers.Count).Select(number => (long)number)));
        Assert.That(together.Batches, Is.GreaterThan(0).And.LessThan(each.Heard.Count / 4), "of twenty machines, most say the same of a broadcast");
    }

    [Test]
    public void WhereDatagramsAreSeenEachDecisionFollowsTheArrivalItIsAbout()
    {
        var seeing = new Seeing();
        Boot(seeing);

        Assert.That(seeing.Mixed, Is.Zero);
        Assert.That(seeing.Heard, Is.GreaterThan(100));
    }

    [Test]
    public void OneDecisionIs72Octets() => Assert.That(Unsafe.SizeOf<Decision>(), Is.EqualTo(72));

    [Test]
    public void OneNodeWithoutNamesIs184Octets()
    {
        var options = new EndNodeOptions { ReportsResults = false };
        var place = EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.1"));
        long least = long.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(new EndNode("ALPHA", place, options));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.EqualTo(184));
    }

    private static void Boot(params SimulationObserver[] observers)
    {
        var simulator = new Simulator(7);
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        foreach (var observer in observers)
            simulator.AddObserver(observer);
        for (uint i = 1; i <= 20; i++)
        {
            var address = new Ipv4Address(0x0A00_0000 + i);
            var node = new EndNode($"PC{i % 18}", EndNodeInterface.InSubnet(address), new EndNodeOptions(), simulator.Seed); // two names are there twice
            var host = simulator.AddHost($"H{i}", node, lan, address);
            simulator.Command<EndNode>(host, "boot", static (it, now) => it.Boot(now));
            simulator.RunFor(TimeSpan.FromMilliseconds(40));
        }

        simulator.RunFor(TimeSpan.FromSeconds(20));
    }

    private static string Line(HostId host, long number, in Decision decision) =>
        $"{number} {host.Index} {decision} {decision.Address} {decision.TransactionId:X4} {decision.Interface} {decision.Cause}";

    private class Each : SimulationObserver
    {
        public List<string> Heard { get; } = [];

        public List<long> Numbers { get; } = [];

        public override bool HearsDecisions => true;

        public override bool SeesDatagrams => false;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
        {
            Heard.Add(Line(host, number, decision));
            Numbers.Add(number);
        }
    }

    private sealed class Together : Each
    {
        public int Batches { get; private set; }

        public override void DecidedAlike(Simulator simulator, ReadOnlySpan<HostId> hosts, long first, in Decision decision)
        {
            Batches++;
            for (int i = 0; i < hosts.Length; i++)
                Decided(simulator, hosts[i], first + i, decision);
        }
    }

    private sealed class Seeing : SimulationObserver
    {
        private int _receiver = -1;

        public int Heard { get; private set; }

        public int Mixed { get; private set; }

        public override bool HearsDecisions => true;

        public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) => _receiver = receiver.Index;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
        {
            if (decision.Cause.Kind != DecisionCauseKind.Datagram)
                return;
            Heard++;
            Mixed += host.Index == _receiver ? 0 : 1;
        }
    }
}
