using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Protocol;

/// <summary>Which of the two on one host a datagram is for, and what passes between them, seen by two that only write down what they get.</summary>
public sealed class CompositeRouteTests
{
    private static readonly Ipv4Address First = Ipv4Address.Parse("10.0.0.250");
    private static readonly Ipv4Address Second = Ipv4Address.Parse("10.0.1.250");
    private static readonly Ipv4Address Stranger = Ipv4Address.Parse("10.0.0.1");

    private readonly Scribe _server = new();
    private readonly Scribe _node = new();
    private CompositeEndpoint _host = null!;

    [SetUp]
    public void Start()
    {
        _server.Clear();
        _node.Clear();
        _host = new CompositeEndpoint(_server, _node, [First, Second]);
    }

    [TestCase(0x2910, false, "10.0.0.1", "10.0.0.1", "node")] // a broadcast bit in a unicast datagram
    [TestCase(0x2900, true, "10.0.0.1", "10.0.0.1", "node")]
    [TestCase(0x2900, false, "10.0.0.1", "10.0.0.1", "server")]
    [TestCase(0x3000, false, "10.0.0.1", "10.0.0.1", "server")]
    [TestCase(0x3000, false, "10.0.0.250", "10.0.0.1", "node")] // RFC 1001 §15.5.3: a demand
    [TestCase(0x3000, false, "10.0.1.250", "10.0.0.1", "node")]
    [TestCase(0x3000, false, "10.0.0.250", "10.0.1.250", "server")] // the host's own request
    [TestCase(0x3000, false, "10.0.0.1", "10.0.0.250", "server")]
    [TestCase(0xAD80, false, "10.0.0.1", "10.0.0.1", "server node")]
    public void ARequestWithAnAddressGoesWhereItIsMeantFor(int flags, bool isBroadcast, string entry, string source, string expected)
    {
        byte[] buffer = new byte[100];
        int length = NbnsEncoder.WriteRequest(buffer, 1, (ushort)flags, NetBiosName.Parse("FRED<20>"), 0, new NbEntry(default, Ipv4Address.Parse(entry)));
        Assert.That(Deliver(buffer.AsSpan(0, length), Ipv4Address.Parse(source), isBroadcast), Is.EqualTo(expected));
    }

    [TestCase(0x0100, NbnsType.NB, "server")]
    [TestCase(0x0000, NbnsType.NB, "node")]
    [TestCase(0x0100, NbnsType.NBStat, "node")]
    [TestCase(0x0110, NbnsType.NB, "node")]
    public void AQueryGoesWhereItIsMeantFor(int flags, NbnsType type, string expected)
    {
        byte[] buffer = new byte[100];
        int length = NbnsEncoder.WriteQuery(buffer, 1, (ushort)flags, NetBiosName.Parse("FRED<20>"), type);
        Assert.That(Deliver(buffer.AsSpan(0, length), Stranger, isBroadcast: false), Is.EqualTo(expected));
    }

    [Test]
    public void WhatCannotBeReadIsTheServersToCount() => Assert.That(Deliver([1, 2, 3], Stranger, isBroadcast: false), Is.EqualTo("server"));

    [Test]
    [Reaches("D1.own-server-from-outside")]
    public void TheServersWordNeverComesByTheWire()
    {
        DecisionWatch.Listen(_host);
        Assert.That(Deliver([1, 2, 3], CompositeEndpoint.LocalNameServer, isBroadcast: false), Is.Empty);
    }

    [Test]
    public void ATimeoutIsBothsAndTheNextIsTheEarlierOne()
    {
        _host.HandleTimeout(new Instant(5));
        Assert.That((_server.Timeouts, _node.Timeouts), Is.EqualTo((1, 1)));
        Assert.That(Next(null, null), Is.Null);
        Assert.That(Next(new Instant(7), null), Is.EqualTo(new Instant(7)));
        Assert.That(Next(null, new Instant(8)), Is.EqualTo(new Instant(8)));
        Assert.That(Next(new Instant(7), new Instant(8)), Is.EqualTo(new Instant(7)));
        Assert.That(Next(new Instant(9), new Instant(8)), Is.EqualTo(new Instant(8)));

        Instant? Next(Instant? server, Instant? node)
        {
            (_server.Due, _node.Due) = (server, node);
            return _host.PollTimeout();
        }
    }

    [TestCase("10.0.0.1", 137, false, 1, "10.0.0.1:137 from 137 at 1")]
    [TestCase("10.0.0.250", 138, false, 1, "10.0.0.250:138 from 137 at 1")]
    [TestCase("10.0.0.250", 137, true, 1, "10.0.0.250:137 from 137 at 1 broadcast")]
    public void WhatIsForOthersLeavesTheHost(string to, int port, bool isBroadcast, int at, string expected)
    {
        _node.Sends.Enqueue(new Transmit(new Ipv4Endpoint(Ipv4Address.Parse(to), (ushort)port), 3, isBroadcast, at));
        _host.HandleTimeout(default);
        Assert.That(_host.TryPollTransmit(new byte[10], out var sent), Is.True);
        Assert.That($"{sent.Destination} from {sent.SourcePort} at {sent.InterfaceIndex}{(sent.IsBroadcast ? " broadcast" : "")}", Is.EqualTo(expected));
        Assert.That(_host.TryPollTransmit(new byte[10], out _), Is.False);
        Assert.That(_server.Received, Is.Empty, "and comes to nobody on it");
        Assert.That(_node.Polls, Is.LessThan(4), "where nothing passes between the two they are asked once");
    }

    /// <summary>Each address of the host is an interface of its own.</summary>
    [TestCase("127.0.0.137", 0, "10.0.0.250:137 to 127.0.0.137:137 at 0")]
    [TestCase("127.0.0.137", 1, "10.0.1.250:137 to 127.0.0.137:137 at 1")]
    [TestCase("10.0.0.250", 1, "10.0.1.250:137 to 10.0.0.250:137 at 1")]
    [TestCase("127.0.0.137", 2, "10.0.0.250:137 to 127.0.0.137:137 at 2")]
    public void WhatTheNodeSendsItsServerComesFromTheInterfacesAddress(string to, int at, string expected)
    {
        _node.Sends.Enqueue(new Transmit(new Ipv4Endpoint(Ipv4Address.Parse(to), 137), 3, false, at));
        _host.HandleTimeout(default);
        Assert.That(_server.Received, Is.EqualTo(new[] { expected }));
        Assert.That(_host.TryPollTransmit(new byte[10], out _), Is.False);
    }

    [TestCase("10.0.0.250", "127.0.0.137:137 to 10.0.0.250:137 at 0")]
    [TestCase("10.0.1.250", "127.0.0.137:137 to 10.0.1.250:137 at 1")]
    [TestCase("127.0.0.137", "127.0.0.137:137 to 127.0.0.137:137 at 0")]
    public void WhatTheServerSendsTheNodeComesToTheInterfaceOfTheAddress(string to, string expected)
    {
        _server.Sends.Enqueue(new Transmit(new Ipv4Endpoint(Ipv4Address.Parse(to), 137), 3));
        _host.HandleTimeout(default);
        Assert.That(_node.Received, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void TwoThatNeverStopTalkingAreStopped()
    {
        _server.Answers = _node.Answers = new Transmit(new Ipv4Endpoint(First, 137), 3);
        _node.Sends.Enqueue(_node.Answers.Value);
        _host.HandleTimeout(default);
        Assert.That(_server.Received, Has.Count.EqualTo(64));
    }

    [Test]
    public void AHostHasAServerANodeAndAnAddressOfItsOwn()
    {
        Assert.That(() => new CompositeEndpoint(null!, _node, [First]), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("nameServer"));
        Assert.That(() => new CompositeEndpoint(_server, null!, [First]), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("node"));
        Assert.That(() => new CompositeEndpoint(_server, _node, []), Throws.ArgumentException.With.Message.Contains("The host needs an address, and not 127.0.0.137"));
        Assert.That(() => new CompositeEndpoint(_server, _node, [First, CompositeEndpoint.LocalNameServer]), Throws.ArgumentException);
    }

    private string Deliver(ReadOnlySpan<byte> payload, Ipv4Address source, bool isBroadcast)
    {
        _host.HandleDatagram(default, new Datagram(payload, new Ipv4Endpoint(source, 137), new Ipv4Endpoint(First, 137), isBroadcast));
        return string.Join(' ', Enumerable.Repeat("server", _server.Received.Count).Concat(Enumerable.Repeat("node", _node.Received.Count)));
    }

    /// <summary>An endpoint that does nothing but write down what it is told, and sends what it is given.</summary>
    private sealed class Scribe : INbnsEndpoint
    {
        public IDecisionSink? Decisions { get; set; }

        public List<string> Received { get; } = [];

        public Queue<Transmit> Sends { get; } = [];

        public Transmit? Answers { get; set; }

        public Instant? Due { get; set; }

        public int Timeouts { get; private set; }

        public int Polls { get; private set; }

        public void Clear()
        {
            Received.Clear();
            Sends.Clear();
            (Answers, Due, Timeouts, Polls) = (null, null, 0, 0);
        }

        public void HandleDatagram(Instant now, in Datagram datagram)
        {
            Received.Add($"{datagram.Source} to {datagram.Destination} at {datagram.InterfaceIndex}");
            if (Answers is { } answer)
                Sends.Enqueue(answer);
        }

        public void HandleTimeout(Instant now) => Timeouts++;

        public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
        {
            Polls++;
            return Sends.TryDequeue(out transmit);
        }

        public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
        {
            logged = null;
            return false;
        }

        public Instant? PollTimeout() => Due;

        public INbnsEndpoint Fork() => throw new NotSupportedException();
    }
}
