using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;
using static NbnsSim.Tests.Simulation.Lan;

namespace NbnsSim.Tests.Simulation;

/// <summary>What each link rule does, to one receiver and to nobody else.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LinkRuleTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly Lan _lan = new(3);

    private Simulator Simulator => _lan.Simulator;

    [Test]
    public void LossKeepsADatagramFromOneReceiverOfABroadcast()
    {
        Simulator.AddRule(LinkRule.Loss("deaf") with { To = B });

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(Millisecond);

        Assert.That(_lan[B].Received, Is.Empty);
        Assert.That(_lan[C].Ids, Is.EqualTo("1"));
    }

    [Test]
    public void ARuleAboutOneDatagram_IsAboutNoOther()
    {
        Simulator.AddRule(LinkRule.Loss("the second of A's") with { From = A, Datagram = 2 });

        for (ushort id = 1; id <= 3; id++)
        {
            _lan.Tell(A, a => a.Broadcast(id));
            _lan.Tell(B, b => b.Broadcast((ushort)(id + 10)));
        }

        Simulator.RunFor(Millisecond);

        Assert.That((_lan[A].Ids, _lan[B].Ids, _lan[C].Ids), Is.EqualTo(("11 12 13", "1 3", "1 11 12 3 13")));
    }

    [Test]
    public void LossByChanceLosesAboutSoMany()
    {
        Simulator.AddRule(LinkRule.Loss("one in four", 250_000));

        _lan.Tell(A, (a, now) => a.Plan(now, 1, 4000, Millisecond, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(5));

        Assert.That(_lan[B].Received, Has.Count.EqualTo(3000).Within(150));
    }

    [Test]
    public void DelayComesOnTopOfTheLatency()
    {
        Simulator.AddRule(LinkRule.Delayed("slow", 20 * Millisecond) with { To = B });

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(50 * Millisecond);

        Assert.That(_lan[B].Received.Single().Milliseconds, Is.EqualTo(20.5));
        Assert.That(_lan[C].Received.Single().Milliseconds, Is.EqualTo(0.5));
    }

    [Test]
    public void JitterAddsARandomTimeUpToItsBound()
    {
        Simulator.AddRule(LinkRule.Delayed("jittery", Millisecond, 10 * Millisecond));

        _lan.Tell(A, (a, now) => a.Plan(now, 1, 500, 100 * Millisecond, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(60));

        var delays = _lan[B].Received.Select((heard, i) => heard.Milliseconds - (100.0 * i) - 0.5).ToArray();
        Assert.That(delays, Has.Length.EqualTo(500));
        Assert.That(delays, Is.All.InRange(1, 11));
        Assert.That(delays.Average(), Is.EqualTo(6).Within(0.5));
        Assert.That(delays.Max() - delays.Min(), Is.GreaterThan(9));
    }

    [Test]
    public void DuplicateDeliversTwice()
    {
        Simulator.AddRule(LinkRule.Duplicate("twice", delay: 2 * Millisecond) with { To = B });

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(5 * Millisecond);

        Assert.That(_lan[B].Received.Select(heard => heard.Milliseconds), Is.EqualTo(new[] { 0.5, 2.5 }));
        Assert.That(_lan[C].Ids, Is.EqualTo("1"));
    }

    [Test]
    public void ReorderLetsTheNextDatagramOvertake()
    {
        Simulator.AddRule(LinkRule.Reorder("swap", TimeSpan.FromSeconds(1)) with { To = B, Count = 1 });

        _lan.Tell(A, (a, now) => a.Plan(now, 1, 3, 10 * Millisecond, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(2));

        Assert.That(_lan[B].Ids, Is.EqualTo("2 1 3"));
        Assert.That(_lan[B].Received[1].Milliseconds, Is.EqualTo(10.5), "right behind the one that overtook it");
    }

    [Test]
    public void ReorderWaitsNoLongerThanItsDelay()
    {
        Simulator.AddRule(LinkRule.Reorder("swap", 30 * Millisecond));

        _lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(_lan[B].Received.Single().Milliseconds, Is.EqualTo(30.5));
    }

    [Test]
    public void ReorderLetsNobodyElsesDatagramOvertake()
    {
        Simulator.AddRule(LinkRule.Reorder("swap", 30 * Millisecond) with { From = A });

        _lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        _lan.Tell(C, c => c.Unicast(2, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(_lan[B].Received.Select(heard => (heard.Id, heard.Milliseconds)), Is.EqualTo(new[] { ((ushort)2, 0.5), ((ushort)1, 30.5) }));
    }

    [Test]
    public void CorruptChangesOneOctetForOneReceiver()
    {
        Simulator.AddRule(LinkRule.Corrupt("noise") with { To = B });

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(Millisecond);

        byte[] sent = _lan[C].Received.Single().Payload;
        byte[] heard = _lan[B].Received.Single().Payload;
        Assert.That(heard, Has.Length.EqualTo(sent.Length));
        Assert.That(heard.Where((octet, i) => octet != sent[i]).Count(), Is.EqualTo(1));
    }

    [Test]
    public void PartitionCutsBothWays()
    {
        Simulator.AddRule(LinkRule.Partition("wall", A, B));

        _lan.Tell(A, a => a.Broadcast(1));
        _lan.Tell(B, b => b.Broadcast(2));
        Simulator.RunFor(Millisecond);

        Assert.That((_lan[A].Ids, _lan[B].Ids, _lan[C].Ids), Is.EqualTo(("", "", "1 2")));
    }

    [Test]
    public void OneWayPartitionCutsOneWay()
    {
        Simulator.AddRule(LinkRule.OneWayPartition("wall", A, B));

        _lan.Tell(A, a => a.Broadcast(1));
        _lan.Tell(B, b => b.Broadcast(2));
        Simulator.RunFor(Millisecond);

        Assert.That((_lan[A].Ids, _lan[B].Ids, _lan[C].Ids), Is.EqualTo(("2", "", "1 2")));
    }

    [Test]
    public void HoldKeepsUntilTheRuleIsRemovedAndThenDeliversInOrder()
    {
        var hold = Simulator.AddRule(LinkRule.Hold("dam") with { To = B });

        _lan.Tell(A, a => a.Broadcast(1));
        _lan.Tell(C, c => c.Broadcast(2));
        Simulator.RunFor(TimeSpan.FromSeconds(1));
        Assert.That((_lan[B].Ids, _lan[C].Ids), Is.EqualTo(("", "1")));

        Simulator.RemoveRule(hold);
        Simulator.RunFor(TimeSpan.Zero);
        Assert.That(_lan[B].Ids, Is.EqualTo("1 2"));
        Assert.That(_lan[B].Received.Select(heard => heard.Milliseconds), Is.All.EqualTo(1000));
    }

    [Test]
    public void HoldReleasesWhenItsTimeEnds()
    {
        Simulator.AddRule(LinkRule.Hold("dam") with { End = Instant.FromMilliseconds(40) });

        _lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(_lan[B].Received.Single().Milliseconds, Is.EqualTo(40));
    }

    [Test]
    public void ARuleWorksInItsTimeOnly()
    {
        Simulator.AddRule(LinkRule.Loss("window") with { Start = Instant.FromMilliseconds(10), End = Instant.FromMilliseconds(20) });

        _lan.Tell(A, (a, now) => a.Plan(now, 0, 30, Millisecond, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(_lan[B].Received.Select(heard => (int)heard.Id), Is.EqualTo(Enumerable.Range(0, 10).Concat(Enumerable.Range(20, 10))));
    }

    [Test]
    public void SkipAndCountPickArrivals()
    {
        Simulator.AddRule(LinkRule.Loss("third and fourth") with { Skip = 2, Count = 2 });

        _lan.Tell(A, (a, now) => a.Plan(now, 1, 6, Millisecond, "10.0.0.2"));
        Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(_lan[B].Ids, Is.EqualTo("1 2 5 6"));
    }

    [Test]
    public void MatchPicksPackets()
    {
        Simulator.AddRule(LinkRule.Loss("no answers") with { Match = new PacketMatch { IsResponse = true } });
        Simulator.AddRule(LinkRule.Loss("no unicast queries") with { Match = new PacketMatch { IsBroadcast = false, Kind = NbnsMessageKind.NameQueryRequest } });
        _lan[B].Answers = true;

        _lan.Tell(A, a => a.Broadcast(1));
        _lan.Tell(A, a => a.Unicast(2, "10.0.0.2"));
        Simulator.RunFor(10 * Millisecond);

        Assert.That((_lan[A].Ids, _lan[B].Ids), Is.EqualTo(("", "1")));
    }

    [Test]
    public void MatchOfAPacketFitsNothingUnreadable()
    {
        Simulator.AddRule(LinkRule.Loss("queries") with { Match = new PacketMatch { Opcode = NbnsOpcode.Query } });

        _lan.Tell(A, a => a.Send(new Transmit(Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.2")), 0), [1, 2, 3]));
        Simulator.RunFor(Millisecond);

        Assert.That(_lan[B].Received.Single().Payload, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void RulesWorkOnWhatTheOnesBeforeLeft()
    {
        Simulator.AddRule(LinkRule.Duplicate("twice", delay: 5 * Millisecond) with { To = B });
        Simulator.AddRule(LinkRule.Delayed("slow", 10 * Millisecond) with { To = B });
        Simulator.AddRule(LinkRule.Loss("first") with { To = B, Count = 1 });

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(_lan[B].Received.Select(heard => heard.Milliseconds), Is.EqualTo(new[] { 15.5 }), "both copies were slow, and the first was lost");
    }

    [Test]
    public void AnotherRuleMovesNobodysDraws()
    {
        string[] without = Heard(_ => { });
        string[] with = Heard(lan =>
        {
            lan.Simulator.AddRule(LinkRule.Delayed("other", TimeSpan.FromTicks(1), Millisecond) with { To = C });
            lan.Simulator.AddRule(LinkRule.Corrupt("third", 500_000) with { To = C });
        });

        Assert.That(with, Is.EqualTo(without));

        static string[] Heard(Action<Lan> extra)
        {
            var lan = new Lan(3);
            extra(lan);
            lan.Simulator.AddRule(LinkRule.Loss("flaky", 500_000));
            lan.Tell(A, (a, now) => a.Chatter(now, new RandomStream(3)));
            lan.Simulator.RunFor(TimeSpan.FromSeconds(100));
            return [.. lan[B].Received.Select(heard => $"{heard.Time} {heard.Id}")];
        }
    }

    [Test]
    public void AnotherHostMovesNobodysDraws()
    {
        Assert.That(Heard(4), Is.EqualTo(Heard(3)));

        static string[] Heard(int stations)
        {
            var lan = new Lan(stations);
            lan.Simulator.AddRule(LinkRule.Loss("flaky", 500_000) with { From = A });
            lan.Tell(A, (a, now) => a.Chatter(now, new RandomStream(3)));
            if (stations > 3)
                lan.Tell(new HostId(3), (d, now) => d.Chatter(now, new RandomStream(4)));
            lan.Simulator.RunFor(TimeSpan.FromSeconds(100));
            return [.. lan[B].Received.Where(heard => heard.Source.Address == Ipv4Address.Parse("10.0.0.1")).Select(heard => $"{heard.Time} {heard.Id}")];
        }
    }

    [Test]
    public void ARuleIsRefusedThatCannotWork()
    {
        Simulator.AddRule(LinkRule.Loss("one"));
        Assert.That(() => Simulator.AddRule(LinkRule.Loss("one")), Throws.ArgumentException.With.Message.Contains("'one'"));
        Assert.That(() => Simulator.AddRule(LinkRule.Loss("two") with { To = new HostId(99) }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LinkRule.Loss("three", 1_000_001), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Simulator.AddRule(LinkRule.Loss("four") with { Start = Instant.FromMilliseconds(2), End = Instant.FromMilliseconds(1) }), Throws.ArgumentException);
    }

    [Test]
    public void WhatOneRuleKeepsBackTheNextStillLoses()
    {
        Simulator.AddRule(LinkRule.Reorder("late", 10 * Millisecond));
        Simulator.AddRule(LinkRule.Loss("deaf") with { To = B });

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(50 * Millisecond);

        Assert.That(_lan[B].Received, Is.Empty);
        Assert.That(_lan[C].Ids, Is.EqualTo("1"));
    }

    [Test]
    public void WhatIsHeldDoesNotGetThroughAPartitionAddedLater()
    {
        var hold = Simulator.AddRule(LinkRule.Hold("held"));
        Simulator.AddRule(LinkRule.OneWayPartition("cut", A, B));

        _lan.Tell(A, a => a.Broadcast(1));
        Simulator.RunFor(Millisecond);
        Simulator.RemoveRule(hold);
        Simulator.RunFor(Millisecond);

        Assert.That(_lan[B].Received, Is.Empty);
        Assert.That(_lan[C].Ids, Is.EqualTo("1"));
    }

    [Test]
    public void AnObserverMayAddARuleWhileADatagramIsDelivered()
    {
        Simulator.AddRule(LinkRule.Delayed("slow", Millisecond));
        Simulator.AddObserver(new RuleAdder());
        _lan.Tell(A, a => a.Broadcast(1));
        Assert.That(() => Simulator.RunFor(50 * Millisecond), Throws.Nothing);
    }

    private sealed class RuleAdder : SimulationObserver
    {
        private bool _added;

        public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
        {
            if (_added)
                return;
            _added = true;
            simulator.AddRule(LinkRule.Loss("new"));
        }
    }
}
