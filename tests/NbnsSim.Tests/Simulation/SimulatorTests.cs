using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using static NbnsSim.Tests.Simulation.Lan;

namespace NbnsSim.Tests.Simulation;

/// <summary>Segments, routers, hosts and time.</summary>
public sealed class SimulatorTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Test]
    public void ABroadcastReachesEveryStationOfItsSegmentButTheSender()
    {
        var lan = new Lan(3);
        lan.Tell(A, a => a.Broadcast(1));
        lan.Simulator.RunFor(Millisecond);

        Assert.That((lan[A].Ids, lan[B].Ids, lan[C].Ids), Is.EqualTo(("", "1", "1")));
        var heard = lan[B].Received.Single();
        Assert.That(heard.IsBroadcast, Is.True);
        Assert.That(heard.Milliseconds, Is.EqualTo(0.5));
        Assert.That(heard.Source.ToString(), Is.EqualTo("10.0.0.1:137"));
        Assert.That(heard.Destination.ToString(), Is.EqualTo("10.0.0.255:137"));
    }

    [Test]
    public void ABroadcastIsOneEventHoweverManyHearIt()
    {
        var lan = new Lan(20);
        lan.Tell(A, a => a.Broadcast(1));
        lan.Simulator.RunFor(Millisecond);

        Assert.That((lan.Simulator.EventCount, lan.Simulator.DeliveryCount), Is.EqualTo((1L, 19L)));
    }

    [Test]
    public void AUnicastDatagramReachesItsReceiverOnly()
    {
        var lan = new Lan(3);
        lan.Tell(A, a => a.Unicast(1, "10.0.0.3"));
        lan.Simulator.RunFor(Millisecond);

        Assert.That((lan[B].Ids, lan[C].Ids), Is.EqualTo(("", "1")));
        Assert.That(lan[C].Received.Single().IsBroadcast, Is.False);
    }

    [Test]
    public void ADatagramToNobodyIsLostInSilence()
    {
        var lan = new Lan(2);
        var trace = new StringWriter();
        lan.Simulator.AddObserver(new TraceWriter(trace));
        lan.Tell(A, a => a.Unicast(1, "10.0.0.77"));
        lan.Simulator.RunFor(Millisecond);

        Assert.That(lan[A].Received, Is.Empty);
        Assert.That(trace.ToString(), Does.EndWith("0.000000000 A lost #1: no host has 10.0.0.77\n"));
    }

    [Test]
    public void RoutersPassUnicastAndNoBroadcast()
    {
        var (simulator, stations) = ThreeSegments();
        simulator.Command<Station>(new HostId(0), "go", (station, _) =>
        {
            station.Unicast(1, "10.3.0.1");
            station.Broadcast(2, "10.1.0.255");
            station.Broadcast(3, "10.3.0.255");
        });
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(stations[2].Ids, Is.EqualTo("1"));
        Assert.That(stations[1].Ids, Is.Empty);
        Assert.That(stations[2].Received[0].Milliseconds, Is.EqualTo(1 + 10 + 1 + 20 + 1));
        Assert.That(stations[2].Received[0].Source.ToString(), Is.EqualTo("10.1.0.1:137"));
    }

    [Test]
    public void RulesBetweenSegmentsFitRoutedDatagrams()
    {
        var (simulator, stations) = ThreeSegments();
        simulator.AddRule(LinkRule.Partition("wan down", new SegmentId(0), new SegmentId(2)));
        simulator.Command<Station>(new HostId(0), "go", (station, _) => station.Unicast(1, "10.3.0.1"));
        simulator.Command<Station>(new HostId(2), "go", (station, _) => station.Unicast(2, "10.1.0.1"));
        simulator.Command<Station>(new HostId(0), "go", (station, _) => station.Unicast(3, "10.2.0.1"));
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That((stations[0].Ids, stations[1].Ids, stations[2].Ids), Is.EqualTo(("", "3", "")));
    }

    [Test]
    public void ADatagramThatNoRouterLeadsOnIsLost()
    {
        var simulator = new Simulator();
        var one = simulator.AddSegment("one", Ipv4Subnet.Parse("10.1.0.0/24"), Millisecond);
        var two = simulator.AddSegment("two", Ipv4Subnet.Parse("10.2.0.0/24"), Millisecond);
        var station = new Station();
        simulator.AddHost("A", new Station(), one, Ipv4Address.Parse("10.1.0.1"));
        simulator.AddHost("B", station, two, Ipv4Address.Parse("10.2.0.1"));
        var trace = new StringWriter();
        simulator.AddObserver(new TraceWriter(trace));
        simulator.Command<Station>(new HostId(0), "go", (from, _) => from.Unicast(1, "10.2.0.1"));
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(station.Received, Is.Empty);
        Assert.That(trace.ToString(), Does.EndWith("0.000000000 B lost #1 from A: no router leads there\n"));
    }

    [Test]
    public void AMultihomedHostHearsOnEachInterfaceAndItsOwnOtherOneToo()
    {
        var simulator = new Simulator();
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/24"), Millisecond);
        var station = new Station { Answers = true };
        var other = new Station();
        simulator.AddHost("TWO", station, new HostInterface(lan, Ipv4Address.Parse("10.0.0.1")), new HostInterface(lan, Ipv4Address.Parse("10.0.0.2")));
        simulator.AddHost("ONE", other, lan, Ipv4Address.Parse("10.0.0.3"));

        simulator.Command<Station>(new HostId(1), "go", (from, _) => from.Broadcast(1));
        simulator.RunFor(10 * Millisecond);
        Assert.That(station.Received.Select(heard => heard.InterfaceIndex), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(other.Received.Select(heard => heard.Source.Address.ToString()), Is.EqualTo(new[] { "10.0.0.1", "10.0.0.2" }));

        station.Answers = false;
        simulator.Command<Station>(new HostId(0), "go", (from, _) => from.Broadcast(2, interfaceIndex: 1));
        simulator.RunFor(10 * Millisecond);
        Assert.That(station.Received[^1], Has.Property(nameof(Station.Heard.Id)).EqualTo(2).And.Property(nameof(Station.Heard.InterfaceIndex)).EqualTo(0));
    }

    [Test]
    [Reaches("T8.crash")]
    public void ACrashedHostHearsNothingAndKeepsNoTimer()
    {
        var lan = new Lan(2);
        lan.Tell(B, (b, now) => b.Plan(now + Millisecond, 9, 1, Millisecond, "10.0.0.1"));
        lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        lan.Simulator.Crash(B);
        lan.Simulator.RunFor(10 * Millisecond);
        Assert.That((lan[A].Ids, lan[B].Ids), Is.EqualTo(("", "")));
        Assert.That(() => lan.Tell(B, b => b.Broadcast(1)), Throws.InvalidOperationException);

        lan.Simulator.Restart(B);
        lan.Simulator.RunFor(10 * Millisecond);
        Assert.That(lan[A].Received.Single().Milliseconds, Is.EqualTo(10.5), "its timer was overdue");
    }

    [Test]
    [Reaches("T8.restart")]
    public void ARestartedHostMayHaveForgottenEverything()
    {
        var lan = new Lan(2);
        lan.Simulator.Crash(B);
        var fresh = new Station();
        lan.Simulator.Restart(B, fresh);
        lan.Tell(A, a => a.Broadcast(1));
        lan.Simulator.RunFor(Millisecond);

        Assert.That(fresh.Ids, Is.EqualTo("1"));
    }

    [Test]
    public void ADatagramUnderWayToAHostThatCrashesIsLost()
    {
        var lan = new Lan(3);
        lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        lan.Simulator.Crash(B);
        lan.Simulator.RunFor(TimeSpan.FromSeconds(1));
        lan.Simulator.Restart(B);
        lan.Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(lan[B].Received, Is.Empty);
    }

    [Test]
    public void AnInjectedDatagramTravelsAsAnyOtherAndMayLieAboutItsSource()
    {
        var lan = new Lan(3);
        lan.Simulator.Inject(A, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.66")), Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.255")), Station.Packet(1), isBroadcast: true);
        lan.Simulator.Inject(A, new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.1"), 1025), Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.2")), Station.Packet(2));
        lan.Simulator.RunFor(Millisecond);

        Assert.That((lan[A].Ids, lan[B].Ids, lan[C].Ids), Is.EqualTo(("", "1 2", "1")));
        Assert.That(lan[B].Received.Select(heard => heard.Source.ToString()), Is.EqualTo(new[] { "10.0.0.66:137", "10.0.0.1:1025" }));
        Assert.That(() => lan.Simulator.Inject(A, default, default, new byte[1473]), Throws.ArgumentException);
    }

    [Test]
    public void EventsGoToTheLog()
    {
        var lan = new Lan(2);
        lan[B].Logs = true;
        lan.Tell(A, a => a.Broadcast(1));
        lan.Simulator.RunFor(Millisecond);

        var logged = lan.Simulator.Log.Single();
        Assert.That((logged.Host, logged.Event.Id, logged.Event.Address.ToString()), Is.EqualTo((B, NetBtEventId.NameRelease, "10.0.0.1")));
    }

    [Test]
    public void RunUntilStopsAtTheTimeAndTakesInWhatIsDueThen()
    {
        var lan = new Lan(2);
        lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));

        lan.Simulator.RunUntil(new Instant(499_999));
        Assert.That((lan.Simulator.Now.Nanoseconds, lan[B].Ids), Is.EqualTo((499_999L, "")));
        lan.Simulator.RunUntil(new Instant(500_000));
        Assert.That((lan.Simulator.Now.Nanoseconds, lan[B].Ids), Is.EqualTo((500_000L, "1")));
        lan.Simulator.RunUntil(Instant.Epoch);
        Assert.That(lan.Simulator.Now.Nanoseconds, Is.EqualTo(500_000), "time does not go back");
    }

    [Test]
    public void RunUntilAConditionStopsAsSoonAsItIsMet()
    {
        var lan = new Lan(2);
        lan.Tell(A, (a, now) => a.Plan(now, 1, 5, Millisecond, "10.0.0.2"));

        Assert.That(lan.Simulator.RunUntil(_ => lan[B].Received.Count == 2, Instant.FromMilliseconds(100)), Is.True);
        Assert.That(lan.Simulator.Now.Nanoseconds, Is.EqualTo(1_500_000));
        Assert.That(lan.Simulator.RunUntil(_ => lan[B].Received.Count == 9, Instant.FromMilliseconds(100)), Is.False);
        Assert.That(lan.Simulator.Now, Is.EqualTo(Instant.FromMilliseconds(100)));
    }

    [Test]
    public void StepLetsOneEventHappen()
    {
        var lan = new Lan(2);
        Assert.That(lan.Simulator.NextEventTime, Is.Null);
        Assert.That(lan.Simulator.Step(), Is.False);

        lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        lan.Tell(A, a => a.Unicast(2, "10.0.0.2"));
        Assert.That(lan.Simulator.NextEventTime, Is.EqualTo(new Instant(500_000)));
        Assert.That(lan.Simulator.Step(), Is.True);
        Assert.That(lan[B].Ids, Is.EqualTo("1"));
    }

    [Test]
    public void ATimerThatStaysOverdueIsAnErrorAndNoHang()
    {
        var simulator = new Simulator();
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/24"), Millisecond);
        simulator.AddHost("STUCK", new StuckEndpoint(), lan, Ipv4Address.Parse("10.0.0.1"));

        Assert.That(() => simulator.RunFor(Millisecond), Throws.InvalidOperationException.With.Message.Contains("STUCK"));
    }

    [Test]
    public void AnAddressIsOfTheSubnetAndNobodyElses()
    {
        var lan = new Lan(1);
        Assert.That(() => Add("10.0.0.1"), Throws.ArgumentException.With.Message.Contains("taken"));
        Assert.That(() => Add("10.0.1.1"), Throws.ArgumentException.With.Message.Contains("10.0.0.0/24"));
        Assert.That(() => Add("10.0.0.255"), Throws.ArgumentException);
        Assert.That(() => lan.Simulator.AddHost("A", new Station(), lan.Segment, Ipv4Address.Parse("10.0.0.9")), Throws.ArgumentException.With.Message.Contains("'A'"));
        Assert.That(() => lan.Simulator.AddSegment("other", Ipv4Subnet.Parse("10.0.0.128/25"), Millisecond), Throws.ArgumentException.With.Message.Contains("overlaps"));

        HostId Add(string address) => lan.Simulator.AddHost(null, new Station(), lan.Segment, Ipv4Address.Parse(address));
    }

    [Test]
    public void HostsAreFoundByNameAndAddress()
    {
        var lan = new Lan(3);
        var unnamed = lan.Simulator.AddHost(null, new Station(), lan.Segment, Ipv4Address.Parse("10.0.0.200"));

        Assert.That(lan.Simulator.FindHost("B"), Is.EqualTo(B));
        Assert.That(lan.Simulator.FindHost("X"), Is.Null);
        Assert.That(lan.Simulator.FindHost(Ipv4Address.Parse("10.0.0.3")), Is.EqualTo(C));
        Assert.That(lan.Simulator.FindHost(Ipv4Address.Parse("10.0.0.4")), Is.Null);
        Assert.That(lan.Simulator.FindSegment("lan"), Is.EqualTo(lan.Segment));
        Assert.That(lan.Simulator.NameOf(unnamed), Is.EqualTo("10.0.0.200"));
    }

    private static (Simulator Simulator, Station[] Stations) ThreeSegments()
    {
        var simulator = new Simulator();
        var stations = new Station[3];
        for (int i = 0; i < 3; i++)
            simulator.AddSegment($"s{i + 1}", Ipv4Subnet.Parse($"10.{i + 1}.0.0/24"), Millisecond);
        simulator.AddRouter("r1", 10 * Millisecond, new SegmentId(0), new SegmentId(1));
        simulator.AddRouter("r2", 20 * Millisecond, new SegmentId(1), new SegmentId(2));
        for (int i = 0; i < 3; i++)
            simulator.AddHost($"H{i + 1}", stations[i] = new Station(), new SegmentId(i), Ipv4Address.Parse($"10.{i + 1}.0.1"));
        return (simulator, stations);
    }

    private sealed class StuckEndpoint : INbnsEndpoint
    {
        public void HandleDatagram(Instant now, in Datagram datagram)
        {
        }

        public void HandleTimeout(Instant now)
        {
        }

        public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
        {
            transmit = default;
            return false;
        }

        public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
        {
            logged = null;
            return false;
        }

        public Instant? PollTimeout() => Instant.Epoch;

        public INbnsEndpoint Fork() => this;
    }
}
