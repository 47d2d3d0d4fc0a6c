using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>Messages between servers travel as TCP would carry them: in order and whole, later or not at all.</summary>
public sealed class MessageTests
{
    private static readonly Ipv4Address A1 = Ipv4Address.Parse("10.1.0.2");
    private static readonly Ipv4Address A2 = Ipv4Address.Parse("10.2.0.2");

    private readonly Recorder _recorder = new();

    [Test]
    public void AMessageTakesTheLatencyOfItsWay()
    {
        var (simulator, one, _) = Make();
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(_recorder.Messages, Is.EqualTo(new[]
        {
            "0.000000000 W1 association start request",
            "0.022000000 W2 association start response",
            "0.044000000 W1 owner-version map request",
            "0.066000000 W2 owner-version map of 1 owner",
            "0.088000000 W1 request for 10.2.0.2's records, versions 1 to 1",
            "0.110000000 W2 1 name record",
            "0.132000000 W1 association stop request",
        }), "1 ms, 20 ms in the router, 1 ms");
        Assert.That(Knows(simulator, one), Is.True);
        Assert.That(_recorder.Fates, Is.Empty);
    }

    [Test]
    public void ALossDelaysIt_SinceItIsSentAgain()
    {
        var (simulator, one, _) = Make();
        simulator.AddRule(LinkRule.Loss("lossy") with { Count = 2 });
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromSeconds(8));
        Assert.That(Knows(simulator, one), Is.False);
        simulator.RunFor(TimeSpan.FromSeconds(2));
        Assert.That(Knows(simulator, one), Is.True, "after 3 s and 6 s more");
        Assert.That(_recorder.Fates, Is.EqualTo(new[]
        {
            "0.022000000 W1 Delayed 3 s by lossy: association start request",
            "3.022000000 W1 Delayed 6 s by lossy: association start request",
        }));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, false)]
    public void APartitionInEitherDirectionBreaksTheConnection_AndTheServerSaysSo(bool thither, bool bothWays)
    {
        var (simulator, one, two) = Make();
        simulator.AddRule(new LinkRule("cut", LinkFault.Partition) { From = thither ? one : two, To = thither ? two : one, BothWays = bothWays });
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromSeconds(44.9));
        Assert.That(_recorder.Decisions, Has.None.Contains("W25.partner-lost"));
        simulator.RunFor(TimeSpan.FromSeconds(0.2));
        Assert.That(_recorder.Decisions[^1], Is.EqualTo("45.000000000 W1 W25.partner-lost 10.2.0.2"));
        simulator.RunFor(TimeSpan.FromMinutes(2));
        Assert.That(_recorder.Fates.Where(line => line.Contains("CutOff", StringComparison.Ordinal)).Select(line => line.Split(": ")[1]),
            Is.EqualTo(new[] { "association start request", "association stop request, because of an error" }), "given up in the end");
    }

    [Test]
    public void ACutThatIsShorterThanTheServersPatienceOnlyDelays()
    {
        var (simulator, one, two) = Make();
        simulator.AddRule(LinkRule.Partition("cut", one, two) with { End = Instant.Epoch + TimeSpan.FromSeconds(20) });
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromSeconds(22));
        Assert.That(Knows(simulator, one), Is.True, "tried again at 21 s");
    }

    [Test]
    public void ACrashedServerAnswersNothing_AndOneThatHasForgottenAllResetsTheAssociation()
    {
        var (simulator, one, two) = Make();
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromMilliseconds(50)); // the map request is under way
        simulator.Crash(two);
        simulator.RunFor(TimeSpan.FromSeconds(1));
        simulator.Restart(two, new NameServer(new NameServerOptions { Address = A2 }));
        simulator.RunFor(TimeSpan.FromSeconds(5));
        Assert.That(_recorder.Fates.Single(), Does.Contain("Delayed 3 s"));
        Assert.That(_recorder.Decisions, Has.Exactly(1).Contains("W2 W25.unknown"));
        Assert.That(_recorder.Decisions, Has.Exactly(1).Contains("W1 W25.reset"));

        simulator.Crash(two);
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromMinutes(1));
        Assert.That(_recorder.Decisions, Has.Exactly(1).Contains("W1 W25.partner-lost"));
    }

    [Test]
    public void ASenderThatHasForgottenAllSendsNothingAgain()
    {
        var (simulator, one, two) = Make();
        simulator.AddRule(LinkRule.Partition("cut", one, two) with { End = Instant.Epoch + TimeSpan.FromSeconds(10) });
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromSeconds(1));
        simulator.Crash(one);
        simulator.Restart(one, new NameServer(new NameServerOptions { Address = A1 }));
        simulator.RunFor(TimeSpan.FromMinutes(3));
        Assert.That(_recorder.Decisions, Has.None.Contains("W25.accept"));
    }

    [Test]
    public void TcpHidesWhatIsDuplicatedOrOvertaken_AndDelaysKeepTheOrder()
    {
        var (simulator, one, _) = Make();
        simulator.AddRule(LinkRule.Duplicate("twice"));
        simulator.AddRule(LinkRule.Reorder("late", TimeSpan.FromSeconds(1)));
        simulator.AddRule(LinkRule.Delayed("slow", TimeSpan.FromSeconds(1)) with { From = one });
        simulator.Command<NameServer>(one, "push", (server, now) => server.Push(now, A2));
        simulator.RunFor(TimeSpan.FromSeconds(10));
        Assert.That(_recorder.Decisions.Where(line => line.Contains(" W2 ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]),
            Is.EqualTo(new[] { "W25.accept", "W26.notified", "W25.open", "W25.stop", "W25.take-map", "W25.nothing-new" }));
    }

    [Test]
    public void WhereNobodyIsOrNoWayLeadsItIsGivenUpAtOnce()
    {
        var (simulator, one, _) = Make();
        var island = simulator.AddSegment("island", Ipv4Subnet.Parse("10.3.0.0/24"), default);
        simulator.AddHost("W3", new NameServer(new NameServerOptions { Address = Ipv4Address.Parse("10.3.0.2") }), island, Ipv4Address.Parse("10.3.0.2"));
        foreach (string partner in (string[])["10.9.9.9", "10.3.0.2"])
            simulator.Command<NameServer>(one, "pull", (server, now) => server.Pull(now, Ipv4Address.Parse(partner)));
        simulator.RunFor(TimeSpan.FromMinutes(2));
        Assert.That(_recorder.Fates.Select(line => line.Split(' ')[2]), Is.EqualTo(new[] { "NoSuchHost", "NoSuchHost", "NoRoute", "NoRoute" }));
        Assert.That(_recorder.Decisions, Has.Exactly(2).Contains("W25.partner-lost"));
    }

    [Test]
    public void AForkCarriesOnWhatIsUnderWay()
    {
        var (simulator, one, two) = Make();
        simulator.AddRule(LinkRule.Loss("lossy", 300_000));
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromMilliseconds(50));
        var fork = simulator.Fork();
        simulator.RunFor(TimeSpan.FromMinutes(5));
        Assert.That(Knows(fork, one), Is.False);
        fork.RunFor(TimeSpan.FromMinutes(5));
        foreach (var host in (HostId[])[one, two])
            Assert.That(((NameServer)fork.EndpointOf(host)).HasSameStateAs((NameServer)simulator.EndpointOf(host)), Is.True);
        Assert.That(fork.EventCount, Is.EqualTo(simulator.EventCount));
    }

    [Test]
    public void AServerBesideANodeReplicatesToo()
    {
        var simulator = new Simulator();
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.1.0.0/24"), TimeSpan.FromMilliseconds(1));
        var address = Ipv4Address.Parse("10.1.0.3");
        var server = new NameServer(new NameServerOptions { Address = address, PullsFrom = [A1] });
        var both = simulator.AddHost("BOTH", new CompositeEndpoint(server, new SilentEndpoint(), [address]), lan, address);
        simulator.AddHost("W1", WithName(A1), lan, A1);
        simulator.RunFor(TimeSpan.FromSeconds(1));
        var composite = (CompositeEndpoint)simulator.EndpointOf(both);
        Assert.That(((NameServer)composite.NameServer).Count, Is.EqualTo(1));
        composite = new CompositeEndpoint(new SilentEndpoint(), new SilentEndpoint(), [address]);
        composite.HandleReplication(default, new AssociationStartRequest());
        Assert.That(composite.TryPollReplication(out _), Is.False);
        Assert.That(() => composite.HandleReplication(default, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void TheTraceHasThem()
    {
        var (simulator, one, two) = Make();
        using var text = new StringWriter();
        simulator.AddObserver(new TraceWriter(text));
        simulator.AddRule(LinkRule.Partition("cut", one, two));
        Pull(simulator, one);
        simulator.RunFor(TimeSpan.FromMinutes(3));
        Assert.That(text.ToString(), Does.Contain("0.000000000 W1 message to 10.2.0.2: association start request\n")
            .And.Contain("0.022000000 W1 delayed by 3.000000000 s: message to 10.2.0.2: association start request, rule 'cut'\n")
            .And.Contain("93.022000000 W1 given up: message to 10.2.0.2: association start request, rule 'cut'\n"));
    }

    private (Simulator Simulator, HostId One, HostId Two) Make()
    {
        _recorder.Clear();
        var simulator = new Simulator(7);
        var north = simulator.AddSegment("north", Ipv4Subnet.Parse("10.1.0.0/24"), TimeSpan.FromMilliseconds(1));
        var south = simulator.AddSegment("south", Ipv4Subnet.Parse("10.2.0.0/24"), TimeSpan.FromMilliseconds(1));
        simulator.AddRouter("line", TimeSpan.FromMilliseconds(20), north, south);
        var one = simulator.AddHost("W1", new NameServer(new NameServerOptions { Address = A1 }), north, A1);
        var two = simulator.AddHost("W2", WithName(A2), south, A2);
        simulator.AddObserver(_recorder);
        return (simulator, one, two);
    }

    private static NameServer WithName(Ipv4Address address)
    {
        var server = new NameServer(new NameServerOptions { Address = address });
        server.AddStatic(Instant.Epoch, NetBiosName.Parse("FRED<20>"), NameRecordType.Unique, Ipv4Address.Parse("10.2.0.9"));
        return server;
    }

    private static void Pull(Simulator simulator, HostId one) => simulator.Command<NameServer>(one, "pull", (server, now) => server.Pull(now, A2));

    private static bool Knows(Simulator simulator, HostId host) => ((NameServer)simulator.EndpointOf(host)).FindRecord(NetBiosName.Parse("FRED<20>")) is not null;

    private sealed class Recorder : SimulationObserver
    {
        public override bool HearsDecisions => true;

        public List<string> Messages { get; } = [];

        public List<string> Fates { get; } = [];

        public List<string> Decisions { get; } = [];

        public void Clear()
        {
            Messages.Clear();
            Fates.Clear();
            Decisions.Clear();
        }

        public override void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message) =>
            Messages.Add($"{simulator.Now} {simulator.NameOf(sender)} {message.Description}");

        public override void MessageDiverted(Simulator simulator, HostId sender, ReplicationMessage message, in DeliveryFate fate) =>
            Fates.Add($"{simulator.Now} {simulator.NameOf(sender)} {fate.Kind} {fate.Delay.TotalSeconds} s by {fate.Rule?.Name}: {message.Description}");

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) =>
            Decisions.Add($"{decision.Time} {simulator.NameOf(host)} {decision.Rule.Id} {decision.Peer.Address}");
    }
}
