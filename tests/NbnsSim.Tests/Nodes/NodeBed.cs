using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>A datagram on the bed's wire.</summary>
public sealed record Sent(Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, byte[] Bytes)
{
    public NbnsMessageKind Kind => NbnsClassification.Classify(Packet);

    public int Milliseconds => (int)(Time.Nanoseconds / 1_000_000);

    public ushort TransactionId => Packet.TransactionId;

    public ushort Flags => Packet.Flags.Value;

    public NetBiosName Name => Packet.Name.TryGetName(out var name) ? name : default;

    public NbEntry Entry => Packet.Record.FirstEntry;

    public NbEntry[] Entries
    {
        get
        {
            var record = Packet.Record;
            var entries = new NbEntry[record.EntryCount];
            for (int i = 0; i < entries.Length; i++)
                entries[i] = record.GetEntry(i);
            return entries;
        }
    }

    public uint TimeToLive => Packet.HasRecord ? Packet.Record.TimeToLive.Seconds : 0;

    private NbnsPacket Packet
    {
        get
        {
            Assert.That(NbnsPacket.TryParse(Bytes, out var packet, out var error), Is.True, error.ToString());
            return packet;
        }
    }

    public override string ToString() => $"{Milliseconds,6} {Source} -> {(IsBroadcast ? "*" : Destination.ToString())} {Flags:X4} {Kind} {Name}";
}

/// <summary>A few nodes and scripted stations in memory, on one segment without delay. The simulator proper is another room's.</summary>
public sealed class NodeBed
{
    public delegate void Station(Sent datagram, Action<ReadOnlySpan<byte>> reply);

    private readonly SortedDictionary<uint, Station> _stations = [];
    private readonly List<(EndNode Node, int Interface)> _ports = [];
    private readonly List<EndNode> _nodes = [];
    private readonly Queue<Sent> _wire = new();

    public Instant Now { get; private set; }

    public List<Sent> Log { get; } = [];

    /// <summary>Says which datagrams a receiver loses.</summary>
    public Func<Sent, Ipv4Address, bool> Loses { get; set; } = (_, _) => false;

    public Dictionary<string, List<NetBtEvent>> Events { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<OperationResult>> Results { get; } = new(StringComparer.Ordinal);

    public static Ipv4Address Ip(string text) => Ipv4Address.Parse(text);

    public static NetBiosName Name(string text) => NetBiosName.Parse(text);

    public EndNode Add(string name, string address, NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? with = null, params string[] moreAddresses)
    {
        var options = new EndNodeOptions { Dialect = dialect ?? NetBtDialect.Rfc1002, Workgroup = "LAB" };
        EndNodeInterface[] interfaces = [EndNodeInterface.InSubnet(Ip(address)), .. moreAddresses.Select(more => EndNodeInterface.InSubnet(Ip(more)))];
        var node = new EndNode(name, interfaces, with?.Invoke(options) ?? options, seed: 7);
        Add(node);
        return node;
    }

    public void Add(EndNode node)
    {
        DecisionWatch.Listen(node);
        _nodes.Add(node);
        for (int i = 0; i < node.InterfaceCount; i++)
            _ports.Add((node, i));
        string name = node.ComputerName.BaseName;
        Events.TryAdd(name, []);
        Results.TryAdd(name, []);
    }

    public void AddStation(string address, Station station) => _stations[Ip(address).Value] = station;

    public void Send(string source, string? destination, ReadOnlySpan<byte> bytes, ushort sourcePort = 137)
    {
        var to = destination is null ? Ip("10.0.0.255") : Ip(destination);
        _wire.Enqueue(new Sent(Now, new Ipv4Endpoint(Ip(source), sourcePort), Ipv4Endpoint.NameService(to), destination is null, bytes.ToArray()));
        Settle();
    }

    public void SendRequest(string source, string? destination, ushort flags, string name, string address, bool group = false, ushort id = 0x7777, uint ttl = 0)
    {
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteRequest(buffer, id, flags, Name(name), ttl, new NbEntry(new NbFlags(group, OwnerNodeType.B), Ip(address)));
        Send(source, destination, buffer.AsSpan(0, length));
    }

    public void SendResponse(string source, string destination, ushort flags, string name, string address, bool group = false, ushort id = 0x7777, uint ttl = 0)
    {
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteResponse(buffer, id, flags, Name(name), ttl, new NbEntry(new NbFlags(group, OwnerNodeType.B), Ip(address)));
        Send(source, destination, buffer.AsSpan(0, length));
    }

    public void SendQuery(string source, string? destination, ushort flags, string name, NbnsType type = NbnsType.NB, ushort sourcePort = 137, ushort id = 0x7777)
    {
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, id, flags, Name(name), type);
        Send(source, destination, buffer.AsSpan(0, length), sourcePort);
    }

    /// <summary>A command to a node, and everything that follows without time passing.</summary>
    public OperationId Do(EndNode node, Func<Instant, OperationId> command)
    {
        var id = command(Now);
        Assert.That(_nodes, Does.Contain(node));
        Settle();
        return id;
    }

    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        Settle();
        while (_nodes.Select(node => node.PollTimeout()).Where(at => at is not null && at <= end).Min() is { } next)
        {
            Now = next > Now ? next : Now;
            foreach (var node in _nodes)
                node.HandleTimeout(Now);
            Settle();
        }

        Now = end;
    }

    public void RunSeconds(double seconds) => Run(TimeSpan.FromSeconds(seconds));

    public OperationResult Result(EndNode node, OperationId id) => Results[node.ComputerName.BaseName].Single(result => result.Id == id);

    public IEnumerable<Sent> From(EndNode node) => Log.Where(sent => sent.Source.Address == node.Address);

    public void Settle()
    {
        bool busy = true;
        var buffer = new byte[576];
        while (busy)
        {
            busy = false;
            foreach (var node in _nodes)
            {
                while (node.TryPollTransmit(buffer, out var transmit))
                {
                    var source = new Ipv4Endpoint(node.GetInterface(transmit.InterfaceIndex).Address, transmit.SourcePort);
                    Assert.That(NbnsPacket.TryParse(buffer.AsSpan(0, transmit.Length), out var packet) ? packet.Anomalies : NbnsAnomalies.TrailingOctets, Is.EqualTo(NbnsAnomalies.None));
                    _wire.Enqueue(new Sent(Now, source, transmit.Destination, transmit.IsBroadcast, buffer[..transmit.Length]));
                }

                while (node.TryPollEvent(out var logged))
                    Events[node.ComputerName.BaseName].Add(logged!);
                while (node.TryPollResult(out var result))
                    Results[node.ComputerName.BaseName].Add(result!);
            }

            while (_wire.TryDequeue(out var sent))
            {
                busy = true;
                Log.Add(sent);
                Deliver(sent);
            }
        }
    }

    private void Deliver(Sent sent)
    {
        foreach (var (node, index) in _ports)
        {
            var own = node.GetInterface(index);
            bool forMe = sent.IsBroadcast ? sent.Destination.Address == own.BroadcastAddress && sent.Source.Address != own.Address : sent.Destination.Address == own.Address;
            if (forMe && !Loses(sent, own.Address))
                node.HandleDatagram(Now, new Datagram(sent.Bytes, sent.Source, sent.Destination, sent.IsBroadcast, index));
        }

        foreach (var (address, station) in _stations)
        {
            if (sent.IsBroadcast || sent.Destination.Address.Value == address)
            {
                station(sent, reply => _wire.Enqueue(
                    new Sent(Now, Ipv4Endpoint.NameService(new Ipv4Address(address)), sent.Source, IsBroadcast: false, reply.ToArray())));
            }
        }
    }
}
