using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Testing.Traffic;

/// <summary>A network that a seed gives names, addresses, adapters, times and neighbours to.</summary>
internal sealed class TrafficNetwork
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly List<(TimeSpan At, int Order, Action Act)> _acts = [];
    private readonly List<SegmentId> _segments = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<Ipv4Address> _addresses = [];
    private readonly List<Action> _before = [];
    private RandomStream _random;
    private TimeSpan _end;

    public TrafficNetwork(ulong seed, string label)
    {
        _random = RandomStream.Derive(seed, label);
        Simulator = new Simulator(_random.NextUInt64());
        Workgroup = NewName();
        AddSegment();
    }

    public Simulator Simulator { get; }

    public TrafficTap Tap { get; } = new();

    /// <summary>The workgroup of all.</summary>
    public string Workgroup { get; }

    /// <summary>The name server of all, where there is one.</summary>
    public TrafficHost? Server { get; private set; }

    /// <summary>All name servers.</summary>
    public List<TrafficHost> Servers { get; } = [];

    /// <summary>Machines that have nothing to do with it.</summary>
    public List<TrafficHost> Neighbours { get; } = [];

    /// <summary>All machines, by number.</summary>
    public Dictionary<HostId, TrafficHost> Hosts { get; } = [];

    /// <summary>Whether a machine answers for what the name server knows.</summary>
    public bool HasProxy { get; private set; }

    /// <summary>Machines of the background, by number.</summary>
    public Dictionary<HostId, TrafficHost> Background { get; } = [];

    public SegmentId Lan => _segments[0];

    public SegmentId AddSegment()
    {
        uint third;
        Ipv4Subnet subnet;
        do
        {
            third = Next(1, 250);
            subnet = Ipv4Subnet.Parse(FormattableString.Invariant($"10.{Next(0, 250)}.{third}.0/24"));
        }
        while (_segments.Any(segment => Simulator.SubnetOf(segment).Contains(subnet.Network)));
        var added = Simulator.AddSegment(FormattableString.Invariant($"segment {_segments.Count}"), subnet, TimeSpan.FromMicroseconds(Next(100, 3000)));
        if (_segments.Count > 0)
            Simulator.AddRouter(FormattableString.Invariant($"router {_segments.Count}"), TimeSpan.FromMilliseconds(1), Lan, added);
        _segments.Add(added);
        return added;
    }

    /// <summary>Does something with other randomness: what comes afterwards is what it would have been without.</summary>
    public void With(RandomStream random, Action act)
    {
        var own = _random;
        _random = random;
        act();
        _random = own;
    }

    public uint Next(uint least, uint most) => least + _random.Next(most - least + 1);

    public bool Maybe() => _random.Next(2) == 0;

    public T OneOf<T>(params ReadOnlySpan<T> list) => list[(int)_random.Next((uint)list.Length)];

    public TimeSpan Within(double least, double most) => TimeSpan.FromMilliseconds(Next((uint)(least * 1000), (uint)(most * 1000)));

    public string NewName()
    {
        string name;
        do
        {
            name = string.Concat(Enumerable.Range(0, (int)Next(3, 11)).Select(_ => Letters[(int)_random.Next(26)])) + (Maybe() ? Next(1, 99).ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
        }
        while (!_taken.Add(name));
        return name;
    }

    public Ipv4Address NewAddress(SegmentId? segment = null)
    {
        Ipv4Address address;
        do
        {
            address = new Ipv4Address(Simulator.SubnetOf(segment ?? Lan).Network.Value + Next(1, 254));
        }
        while (!_addresses.Add(address));
        return address;
    }

    public MacAddress NewMac() => new(0x0200_0000_0000 | (_random.NextUInt64() & 0xFF_FFFF_FFFF));

    public NetBtDialect AnyDialect() => OneOf(NetBtDialect.WindowsNt35, NetBtDialect.WindowsNt351, NetBtDialect.WindowsNt4, NetBtDialect.Windows2000);

    public TrafficHost AddServer(SegmentId? segment = null, NameServerOptions? options = null, bool isMain = true)
    {
        var address = NewAddress(segment);
        string name = NewName();
        var server = new NameServer((options ?? new NameServerOptions { Dialect = OneOf(NameServerDialect.WinsNt35, NameServerDialect.WinsNt4, NameServerDialect.Windows2000) }) with { Address = address, Seed = _random.NextUInt64() });
        var host = new TrafficHost(Simulator.AddHost(name, server, new HostInterface(segment ?? Lan, address, NewMac())), name, address);
        Server = isMain ? host : Server;
        Servers.Add(host);
        Hosts[host.Id] = host;
        return host;
    }

    public TrafficHost AddPc(
        string? name = null, SegmentId? segment = null, NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? with = null, bool usesServer = true, TimeSpan? boot = null, MacAddress? adapter = null)
        => AddPc([segment ?? Lan], name, dialect, with, usesServer, boot, adapter);

    public TrafficHost AddPc(
        SegmentId[] segments, string? name = null, NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? with = null, bool usesServer = true, TimeSpan? boot = null, MacAddress? adapter = null)
    {
        string computer = name ?? NewName();
        var addresses = segments.Select(segment => NewAddress(segment)).ToArray();
        var options = new EndNodeOptions { Dialect = dialect ?? AnyDialect(), Workgroup = Workgroup, NameServers = usesServer && Server is { } server ? [server.Address] : [] };
        options = with?.Invoke(options) ?? options;
        var macs = segments.Select((_, i) => i == 0 && adapter is { } known ? known : NewMac()).ToArray();
        var interfaces = new EndNodeInterface[segments.Length];
        for (int i = 0; i < segments.Length; i++)
            interfaces[i] = new EndNodeInterface(addresses[i], Simulator.SubnetOf(segments[i]).BroadcastAddress, macs[i]);
        var node = new EndNode(computer, interfaces, options, _random.NextUInt64());
        string label = FormattableString.Invariant($"{computer} at {addresses[0]}");
        var id = Simulator.AddHost(label, node, [.. segments.Select((segment, i) => new HostInterface(segment, addresses[i], macs[i]))]);
        var host = new TrafficHost(id, computer, addresses[0]) { Adapter = macs[0] };
        Hosts[id] = host;
        HasProxy |= options.EnableProxy;
        if (boot is { } at)
            At(at, () => Boot(host));
        return host;
    }

    public TrafficHost AddSilent(INbnsEndpoint? endpoint = null, SegmentId? segment = null) => AddResponder(_ => endpoint ?? new SilentEndpoint(), segment);

    /// <summary>A host whose endpoint has to know its own address.</summary>
    public TrafficHost AddResponder(Func<Ipv4Address, INbnsEndpoint> make, SegmentId? segment = null)
    {
        var address = NewAddress(segment);
        string name = NewName();
        var id = Simulator.AddHost(name, make(address), new HostInterface(segment ?? Lan, address, NewMac()));
        return Hosts[id] = new TrafficHost(id, name, address);
    }

    /// <summary>Machines that start, log users on and off, look for one another and ask for names.</summary>
    public void AddNeighbours(uint least = 2, uint most = 4, SegmentId? segment = null)
    {
        var added = new List<TrafficHost>();
        for (uint i = Next(least, most); i > 0; i--)
            added.Add(AddPc(segment: segment, boot: Within(0.1, 4)));
        foreach (var one in added)
        {
            if (Maybe())
            {
                string user = NewName();
                At(Within(12, 40), () => Logon(one, user));
                if (Maybe())
                    At(Within(60, 80), () => Node(one, "logs off", (node, now) => node.Logoff(now, user)));
            }

            if (added.Count > 1)
            {
                for (uint i = Next(0, 3); i > 0; i--)
                {
                    var other = added[(int)Next(0, (uint)added.Count - 1)];
                    At(Within(12, 80), () => Query(one, new NetBiosName(other.Name, OneOf(NameSuffix.Server, NameSuffix.Workstation))));
                }

                if (Maybe())
                {
                    var other = added[(int)Next(0, (uint)added.Count - 1)];
                    At(Within(12, 80), () => Node(one, "asks for names", (node, now) => node.NodeStatus(now, other.Address)));
                }
            }
        }

        Neighbours.AddRange(added);
    }

    public void At(TimeSpan at, Action act) => _acts.Add((at, _acts.Count, act));

    public void Node(TrafficHost host, string what, Action<EndNode, Instant> act) => Simulator.Command(host.Id, what, act);

    public void Boot(TrafficHost host) => Node(host, "boots", (node, now) => node.Boot(now));

    /// <summary>A machine that lost its power starts anew, without what it knew.</summary>
    public void Restart(TrafficHost host)
    {
        var old = Simulator.NodeOf(host.Id)!;
        var interfaces = new EndNodeInterface[old.InterfaceCount];
        for (int i = 0; i < interfaces.Length; i++)
            interfaces[i] = old.GetInterface(i);
        Simulator.Restart(host.Id, new EndNode(host.Name, interfaces, old.Options, _random.NextUInt64()));
        Boot(host);
    }

    public void Logon(TrafficHost host, string user) => Node(host, "logs on", (node, now) => node.Logon(now, user));

    public void Query(TrafficHost host, NetBiosName name) => Node(host, "looks for a name", (node, now) => node.Query(now, name));

    public void Ask(TrafficHost host, NetBiosName name, TimeSpan at) => At(at, () => Query(host, name));

    /// <summary>A host sends what no machine decides.</summary>
    public void Send(TrafficHost from, NbnsMessage message, TrafficHost? to = null, Ipv4Address? bearing = null, ushort port = Ipv4Endpoint.NameServicePort)
    {
        Send(from, message.ToArray(), to, bearing, port);
    }

    /// <summary>A host sends octets, whatever they are.</summary>
    public void Send(TrafficHost from, ReadOnlySpan<byte> octets, TrafficHost? to = null, Ipv4Address? bearing = null, ushort port = Ipv4Endpoint.NameServicePort)
    {
        var destination = to?.Address ?? Simulator.SubnetOf(Lan).BroadcastAddress;
        Simulator.Inject(from.Id, new Ipv4Endpoint(bearing ?? from.Address, port), Ipv4Endpoint.NameService(destination), octets, isBroadcast: to is null);
    }

    public ushort NewTransactionId() => (ushort)Next(1, 65535);

    /// <summary>What is done once all hosts are there, before it begins.</summary>
    public void Before(Action act) => _before.Add(act);

    public void Until(TimeSpan end) => _end = end > _end ? end : _end;

    /// <summary>Lets it run, with so many datagrams lost, overtaken or late on the way to each receiver.</summary>
    public void Run(uint lostPartsPerMillion = 0)
    {
        Simulator.AddObserver(Tap);
        if (lostPartsPerMillion > 0)
        {
            Simulator.AddRule(LinkRule.Loss("losses", lostPartsPerMillion));
            Simulator.AddRule(LinkRule.Reorder("overtaking", TimeSpan.FromMilliseconds(20), lostPartsPerMillion));
            Simulator.AddRule(LinkRule.Delayed("jitter", TimeSpan.Zero, TimeSpan.FromMilliseconds(8)));
        }

        foreach (var act in _before)
            act();
        foreach (var (at, _, act) in _acts.OrderBy(act => act.At).ThenBy(act => act.Order))
        {
            Simulator.RunUntil(Instant.Epoch + at);
            act();
        }

        Simulator.RunUntil(Instant.Epoch + (_end == default ? TimeSpan.FromSeconds(100) : _end));
    }
}
