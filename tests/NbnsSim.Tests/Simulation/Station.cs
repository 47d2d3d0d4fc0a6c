using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Simulation;

/// <summary>
/// A small endpoint that shows what the simulator does: it sends what it is told to, when it is told to, keeps all it hears, and can answer
/// every broadcast, log an event for each, or chatter at random.
/// </summary>
internal sealed class Station : INbnsEndpoint
{
    private readonly Queue<(Transmit Where, byte[] Payload)> _outgoing = new();
    private readonly Queue<NetBtEvent> _events = new();
    private readonly List<(Instant When, Transmit Where, byte[] Payload)> _planned = [];
    private RandomStream _random;
    private Instant _nextChatter = Instant.MaxValue;
    private Ipv4Address _chatterTo;
    private ushort _chatterCount;

    public List<Heard> Received { get; private init; } = [];

    public bool Answers { get; set; }

    public bool Logs { get; set; }

    /// <summary>The transaction ids heard, in order, such as "1 2 2".</summary>
    public string Ids => string.Join(' ', Received.Select(heard => heard.Id));

    public static byte[] Packet(ushort id, string name = "PROBE<20>", ushort flags = NbnsFlagWords.QueryRequest)
    {
        var buffer = new byte[128];
        return buffer[..NbnsEncoder.WriteQuery(buffer, id, flags, NetBiosName.Parse(name))];
    }

    public static byte[] Answer(ushort id)
    {
        var buffer = new byte[128];
        return buffer[..NbnsEncoder.WriteNegativeQueryResponse(buffer, id, NbnsFlagWords.QueryResponse | (ushort)NbnsRcode.NameError, NetBiosName.Parse("PROBE<20>"))];
    }

    /// <summary>Sends a query by broadcast to <paramref name="subnetBroadcast"/>.</summary>
    public void Broadcast(ushort id, string subnetBroadcast = "10.0.0.255", int interfaceIndex = 0) =>
        _outgoing.Enqueue((new Transmit(Ipv4Endpoint.NameService(Ipv4Address.Parse(subnetBroadcast)), 0, IsBroadcast: true, interfaceIndex), Packet(id, flags: NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit)));

    public void Unicast(ushort id, string to) =>
        _outgoing.Enqueue((new Transmit(Ipv4Endpoint.NameService(Ipv4Address.Parse(to)), 0), Packet(id)));

    public void Send(Transmit where, byte[] payload) => _outgoing.Enqueue((where, payload));

    /// <summary>Sends unicast queries <paramref name="first"/>, +1 … one each <paramref name="spacing"/> from <paramref name="now"/> on.</summary>
    public void Plan(Instant now, ushort first, int count, TimeSpan spacing, string to)
    {
        for (int i = 0; i < count; i++)
            _planned.Add((now + (spacing * i), new Transmit(Ipv4Endpoint.NameService(Ipv4Address.Parse(to)), 0), Packet((ushort)(first + i))));
    }

    /// <summary>Broadcasts at random times from now on.</summary>
    public void Chatter(Instant now, RandomStream random, string subnetBroadcast = "10.0.0.255")
    {
        _random = random;
        _chatterTo = Ipv4Address.Parse(subnetBroadcast);
        _nextChatter = now + TimeSpan.FromMicroseconds(_random.Next(1_000_000));
    }

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        Received.Add(new Heard(now, datagram.Payload.ToArray(), datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.InterfaceIndex));
        if (Answers && datagram.IsBroadcast)
            _outgoing.Enqueue((new Transmit(datagram.Source, 0, InterfaceIndex: datagram.InterfaceIndex), Answer(Received[^1].Id)));
        if (Logs)
            _events.Enqueue(NetBtEvent.NameRelease(now, datagram.Source.Address, NetBiosName.Parse("PROBE<20>")));
    }

    public void HandleTimeout(Instant now)
    {
        foreach (var (when, where, payload) in _planned)
        {
            if (when <= now)
                _outgoing.Enqueue((where, payload));
        }

        _planned.RemoveAll(plan => plan.When <= now);
        if (_nextChatter <= now)
        {
            _outgoing.Enqueue((new Transmit(Ipv4Endpoint.NameService(_chatterTo), 0, IsBroadcast: true), Packet(++_chatterCount)));
            _nextChatter = now + TimeSpan.FromMicroseconds(1 + _random.Next(1_000_000));
        }
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        if (!_outgoing.TryDequeue(out var next))
            return false;
        next.Payload.CopyTo(buffer);
        transmit = next.Where with { Length = next.Payload.Length };
        return true;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged) => _events.TryDequeue(out logged);

    public Instant? PollTimeout()
    {
        var first = _nextChatter;
        foreach (var (when, _, _) in _planned)
            first = when < first ? when : first;
        return first < Instant.MaxValue ? first : null;
    }

    public INbnsEndpoint Fork()
    {
        var copy = new Station
        {
            Received = [.. Received],
            Answers = Answers,
            Logs = Logs,
            _random = _random,
            _nextChatter = _nextChatter,
            _chatterTo = _chatterTo,
            _chatterCount = _chatterCount,
        };
        copy._planned.AddRange(_planned);
        foreach (var item in _outgoing)
            copy._outgoing.Enqueue(item);
        foreach (var item in _events)
            copy._events.Enqueue(item);
        return copy;
    }

    internal sealed record Heard(Instant Time, byte[] Payload, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, int InterfaceIndex)
    {
        public ushort Id => (ushort)((Payload[0] << 8) | Payload[1]);

        public double Milliseconds => Time.Nanoseconds / 1e6;
    }
}

/// <summary>A simulator with one segment 10.0.0.0/24 of half a millisecond and stations 10.0.0.1, 10.0.0.2 … called A, B …</summary>
internal sealed class Lan
{
    public static readonly TimeSpan Latency = TimeSpan.FromMicroseconds(500);

    public Lan(int stations, ulong seed = 1)
    {
        Simulator = new Simulator(seed);
        DecisionWatch.Listen(Simulator);
        Segment = Simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/24"), Latency);
        for (int i = 0; i < stations; i++)
            Simulator.AddHost(((char)('A' + i)).ToString(), new Station(), Segment, Ipv4Address.Parse($"10.0.0.{i + 1}"));
    }

    public Simulator Simulator { get; }

    public SegmentId Segment { get; }

    public static HostId A => new(0);

    public static HostId B => new(1);

    public static HostId C => new(2);

    public Station this[HostId host] => (Station)Simulator.EndpointOf(host);

    public void Tell(HostId host, Action<Station> command) => Simulator.Command<Station>(host, "go", (station, _) => command(station));

    public void Tell(HostId host, Action<Station, Instant> command) => Simulator.Command(host, "go", command);
}
