using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Benches;

/// <summary>A machine of ours in the simulator: every case gets a fresh network, and time costs nothing.</summary>
public sealed class SimulatedBench : IConformanceBench
{
    private const int StationCount = 4;
    private const ushort AnyPort = 50_137; // what a station sends from that is to be answered at a port of its own
    private const string ComputerName = "SUBJECT";
    private static readonly Ipv4Subnet Subnet = Ipv4Subnet.Parse("10.0.0.0/24");
    private static readonly Ipv4Address SubjectAddress = Ipv4Address.Parse("10.0.0.7");
    private static readonly Ipv4Address OtherServer = Ipv4Address.Parse("10.0.0.250");
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1); // by then a machine that boots has claimed its names

    private readonly SimulatedSubject _subject;
    private readonly ulong _seed;
    private readonly StationEndpoint[] _endpoints = new StationEndpoint[StationCount];
    private readonly HostId[] _stations = new HostId[StationCount];
    private Simulator _network;
    private SegmentId _segment;
    private HostId? _host;
    private EndNode? _node;

    /// <summary>Puts a machine on the bench.</summary>
    /// <param name="subject">The machine.</param>
    /// <param name="seed">Where all randomness comes from.</param>
    public SimulatedBench(SimulatedSubject subject, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(subject);
        (_subject, _seed) = (subject, seed);
        Stations = [.. Enumerable.Range(51, StationCount).Select(last => new Ipv4Address(Subnet.Network.Value + (uint)last))];
        _network = Build();
    }

    /// <inheritdoc/>
    public string Title => _subject.Role.HasFlag(ConformanceRole.Server)
        ? $"name server of {_subject.ServerDialect.Title}, in the simulator"
        : $"{_subject.NodeType} node of {_subject.Dialect.Title}, in the simulator";

    /// <inheritdoc/>
    public Ipv4Endpoint Subject => Ipv4Endpoint.NameService(SubjectAddress);

    /// <inheritdoc/>
    public IReadOnlyList<Ipv4Address> Stations { get; }

    /// <inheritdoc/>
    public ushort StationPort => Ipv4Endpoint.NameServicePort;

    /// <inheritdoc/>
    public Ipv4Address? Broadcast => Subnet.BroadcastAddress;

    /// <inheritdoc/>
    public bool IsVirtual => true;

    /// <inheritdoc/>
    public Instant Now => _network.Now;

    /// <inheritdoc/>
    public SubjectNames Names { get; } = new(
        [new NetBiosName(ComputerName, (NameSuffix)0x20), new NetBiosName(ComputerName, (NameSuffix)0x00)],
        [new NetBiosName("LAB", (NameSuffix)0x00)],
        new NetBiosName(ComputerName, (NameSuffix)0x20));

    /// <inheritdoc/>
    public string? Prepare(ConformanceCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        _network = Build();
        if (test.Role == ConformanceRole.Client)
            return null;
        if ((test.Role & _subject.Role) == ConformanceRole.None)
            return $"is for a {test.Role.ToString().ToLowerInvariant()}";
        if (_subject.Role.HasFlag(ConformanceRole.Server))
        {
            AddServer();
        }
        else
        {
            if (_subject.NodeType != OwnerNodeType.B)
                _network.AddHost("NBNS", new NameServer(new NameServerOptions { Address = OtherServer, Dialect = NameServerDialect.Rfc1002NonSecured }), _segment, OtherServer);
            Add(_subject.NodeType, _subject.NodeType == OwnerNodeType.B ? null : OtherServer);
        }

        _network.RunFor(Settling);
        foreach (var station in _endpoints)
            station.Inbox.Clear();
        return null;
    }

    /// <inheritdoc/>
    public string? Failure => null;

    /// <inheritdoc/>
    public string? Start(OwnerNodeType type, int? server)
    {
        Add(type, server is { } station ? Stations[station] : null);
        return null;
    }

    /// <inheritdoc/>
    public string? Stop()
    {
        Tell("shuts down", (node, now) => node.Shutdown(now));
        return null;
    }

    /// <inheritdoc/>
    public string? Command(SubjectCommand command)
    {
        switch (command.Verb)
        {
            case "query":
                Tell("query", (node, now) => node.Query(now, command.Name));
                return null;
            case "status" when command.Address is { } target:
                Tell("status", (node, now) => node.NodeStatus(now, target, command.Name));
                return null;
            case "register":
                Tell("register", (node, now) => node.AddName(now, command.Name));
                return null;
            case "release":
                Tell("release", (node, now) => node.DeleteName(now, command.Name));
                return null;
            default:
                return $"cannot be told to {command.Verb}";
        }
    }

    /// <inheritdoc/>
    public void Send(int station, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> octets, bool fromAnyPort = false)
    {
        var endpoint = _endpoints[station];
        endpoint.Send(octets, destination, isBroadcast, fromAnyPort ? AnyPort : StationPort);
        _network.Command<StationEndpoint>(_stations[station], "sends", (_, _) => { });
    }

    /// <inheritdoc/>
    public bool TryReceive(Instant until, out BenchDatagram datagram)
    {
        while (true)
        {
            foreach (var station in _endpoints)
            {
                if (station.Inbox.TryDequeue(out datagram))
                    return true;
            }

            if (_network.NextEventTime is { } next && next <= until)
            {
                _network.Step();
                continue;
            }

            if (_network.Now < until)
                _network.RunUntil(until);
            datagram = default;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private Simulator Build()
    {
        var network = new Simulator(_seed);
        _segment = network.AddSegment("LAN", Subnet, TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < StationCount; i++)
        {
            _endpoints[i] = new StationEndpoint(i);
            _stations[i] = network.AddHost($"STATION{(char)('A' + i)}", _endpoints[i], _segment, Stations[i]);
        }

        (_host, _node) = (null, null);
        return network;
    }

    private void Add(OwnerNodeType type, Ipv4Address? server)
    {
        _node = new EndNode(ComputerName, EndNodeInterface.InSubnet(SubjectAddress), _subject.Node(type, server), _seed);
        Put(_node);
    }

    private void AddServer()
    {
        // a name server stands on a machine that has names of its own, registered with itself
        var server = new NameServer(_subject.NameServer(SubjectAddress, _seed));
        _node = new EndNode(ComputerName, EndNodeInterface.InSubnet(SubjectAddress), _subject.Node(OwnerNodeType.H, CompositeEndpoint.LocalNameServer), _seed);
        Put(new CompositeEndpoint(server, _node, [SubjectAddress]));
    }

    private void Put(INbnsEndpoint endpoint)
    {
        _host = _network.AddHost(ComputerName, _subject.Wrap?.Invoke(endpoint) ?? endpoint, _segment, SubjectAddress);
        Tell("boots", (node, now) => node.Boot(now));
    }

    /// <summary>Tells the node something, and the endpoint around it that time has come to look.</summary>
    private void Tell(string what, Action<EndNode, Instant> command)
    {
        var node = _node!;
        _network.Command<INbnsEndpoint>(_host!.Value, what, (endpoint, now) =>
        {
            command(node, now);
            if (endpoint is not EndNode)
                endpoint.HandleTimeout(now);
        });
    }
}
