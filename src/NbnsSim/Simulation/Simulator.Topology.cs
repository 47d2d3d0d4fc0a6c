using System.Numerics;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>Segments, routers and hosts.</content>
public sealed partial class Simulator
{
    private const int MaxSegments = 1 << 12; // of the routing table: a row and a column for each

    private readonly List<Segment> _segments = [];
    [NotState("how the network is built")]
    private readonly Dictionary<string, int> _segmentByName = new(StringComparer.Ordinal);
    private readonly List<Router> _routers = [];
    private HostState[] _hosts = [];
    private InterfaceState[] _interfaces = [];
    [NotState("how the network is built")]
    private int[] _interfaceByAddress = new int[16]; // open addressing; interface + 1, 0 is empty
    private string?[]? _names; // of hosts that have one
    private Dictionary<uint, MacAddress>? _macs; // of addresses that have one of their own
    [NotState("how the network is built")]
    private Dictionary<string, int>? _hostByName;
    [NotState("how the network is built")]
    private (int Router, int Segment)[]? _nextHops; // [from, to]; made when needed
    private int _interfaceCount;

    /// <summary>How many hosts there are.</summary>
    public int HostCount { get; private set; }

    /// <summary>How many segments there are.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>Adds a segment: stations that hear each other's broadcasts.</summary>
    /// <param name="name">Its name in traces and captures.</param>
    /// <param name="subnet">The addresses of its stations.</param>
    /// <param name="latency">How long a datagram takes across it.</param>
    /// <exception cref="ArgumentException">The subnet overlaps another segment's, the name is taken, or there are 4,096 segments already.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="latency"/> is negative.</exception>
    public SegmentId AddSegment(string name, Ipv4Subnet subnet, TimeSpan latency)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        if (_segments.Count == MaxSegments)
            throw new ArgumentException($"There are {MaxSegments} segments already.", nameof(name));
        if (_segmentByName.ContainsKey(name))
            throw new ArgumentException($"There is a segment '{name}' already.", nameof(name));
        foreach (var other in _segments)
        {
            if (other.Subnet.Overlaps(subnet))
                throw new ArgumentException($"{subnet} overlaps {other.Subnet} of segment '{other.Name}'.", nameof(subnet));
        }

        _segmentByName.Add(name, _segments.Count);
        _segments.Add(new Segment(name, subnet, ToNanoseconds(latency)));
        _nextHops = null;
        return new SegmentId(_segments.Count - 1);
    }

    /// <summary>Adds a router: it passes unicast datagrams between its segments, and no broadcast. It goes by the fewest routers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="latency">How long it takes for each datagram.</param>
    /// <param name="segments">Its segments, two or more.</param>
    /// <exception cref="ArgumentException">Fewer than two segments, or one twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="latency"/> is negative, or a segment is not this simulator's.</exception>
    public void AddRouter(string name, TimeSpan latency, params ReadOnlySpan<SegmentId> segments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        if (segments.Length < 2)
            throw new ArgumentException("A router stands between at least two segments.", nameof(segments));
        var indices = new int[segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            Check(segments[i]);
            if (indices.AsSpan(0, i).Contains(segments[i].Index))
                throw new ArgumentException($"Segment '{NameOf(segments[i])}' is given twice.", nameof(segments));
            indices[i] = segments[i].Index;
        }

        _routers.Add(new Router(name, ToNanoseconds(latency), indices));
        _nextHops = null;
    }

    /// <summary>Adds a host with one interface, and sends what its endpoint has to say.</summary>
    /// <param name="name">Its name in traces, or null for its address.</param>
    /// <param name="endpoint">Its endpoint; the simulator's alone from now on, but for commands.</param>
    /// <param name="segment">Where it stands.</param>
    /// <param name="address">Its address there.</param>
    /// <exception cref="ArgumentException">The name or the address is taken, or the address is not of the segment's subnet.</exception>
    public HostId AddHost(string? name, INbnsEndpoint endpoint, SegmentId segment, Ipv4Address address) =>
        AddHost(name, endpoint, new HostInterface(segment, address));

    /// <summary>Adds a host, and sends what its endpoint has to say.</summary>
    /// <param name="name">Its name in traces, or null for its first address.</param>
    /// <param name="endpoint">Its endpoint; the simulator's alone from now on, but for commands.</param>
    /// <param name="interfaces">Where it stands: the endpoint's interfaces 0, 1 …</param>
    /// <exception cref="ArgumentException">No interface, the name or an address is taken, or an address is not of its segment's subnet.</exception>
    public HostId AddHost(string? name, INbnsEndpoint endpoint, params ReadOnlySpan<HostInterface> interfaces)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (interfaces.IsEmpty)
            throw new ArgumentException("A host has at least one interface.", nameof(interfaces));
        for (int i = 0; i < interfaces.Length; i++)
            CheckInterface(interfaces, i);
        if (name is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            _hostByName ??= new Dictionary<string, int>(StringComparer.Ordinal);
            if (!_hostByName.TryAdd(name, HostCount))
                throw new ArgumentException($"There is a host '{name}' already.", nameof(name));
        }

        if (HostCount == _hosts.Length)
            Array.Resize(ref _hosts, Math.Max(4, HostCount * 2));
        int host = HostCount++;
        _hosts[host] = new HostState { Endpoint = endpoint, IsQuiet = endpoint is IQuietEndpoint, Replicates = endpoint is IReplicationEndpoint, Due = long.MaxValue, FirstInterface = _interfaceCount };
        if (name is not null)
        {
            if (_names is null || _names.Length <= host)
                Array.Resize(ref _names, _hosts.Length);
            _names[host] = name;
        }

        foreach (var place in interfaces)
            AddInterface(host, place);
        HearDecisions(host);
        Drain(host, endpoint);
        return new HostId(host);
    }

    /// <summary>Makes room for so many hosts with one interface, so that no array is larger than it must be.</summary>
    /// <param name="hosts">How many there are going to be.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="hosts"/> is negative.</exception>
    public void Reserve(int hosts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hosts);
        if (hosts > _hosts.Length)
            Array.Resize(ref _hosts, hosts);
        if (hosts > _interfaces.Length)
            Array.Resize(ref _interfaces, hosts);
        if (hosts > _interfaceByAddress.Length / 2)
            Rehash((int)BitOperations.RoundUpToPowerOf2((uint)hosts * 4 / 3));
        _queue.Reserve(hosts);
    }

    /// <summary>The host of that name, or null.</summary>
    /// <param name="name">The name, in its case.</param>
    public HostId? FindHost(string name) =>
        _hostByName is not null && _hostByName.TryGetValue(name, out int host) ? new HostId(host) : null;

    /// <summary>The host that has that address, or null.</summary>
    /// <param name="address">The address.</param>
    public HostId? FindHost(Ipv4Address address) => FindInterface(address.Value) is >= 0 and int found ? new HostId(_interfaces[found].Host) : null;

    /// <summary>The segment of that name, or null.</summary>
    /// <param name="name">The name, in its case.</param>
    public SegmentId? FindSegment(string name) =>
        _segmentByName.TryGetValue(name, out int found) ? new SegmentId(found) : null;

    /// <summary>The host's name, or its first address.</summary>
    /// <param name="host">The host.</param>
    public string NameOf(HostId host)
    {
        Check(host);
        return NameOrNull(host.Index) ?? AddressOf(host).ToString();
    }

    /// <summary>The segment's name.</summary>
    /// <param name="segment">The segment.</param>
    public string NameOf(SegmentId segment)
    {
        Check(segment);
        return _segments[segment.Index].Name;
    }

    /// <summary>The segment's subnet.</summary>
    /// <param name="segment">The segment.</param>
    public Ipv4Subnet SubnetOf(SegmentId segment)
    {
        Check(segment);
        return _segments[segment.Index].Subnet;
    }

    /// <summary>How many interfaces the host has.</summary>
    /// <param name="host">The host.</param>
    public int InterfaceCountOf(HostId host)
    {
        Check(host);
        return InterfacesEnd(host.Index) - _hosts[host.Index].FirstInterface;
    }

    /// <summary>One of the host's interfaces.</summary>
    /// <param name="host">The host.</param>
    /// <param name="index">Which; 0 is the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">It has no such interface.</exception>
    public HostInterface InterfaceOf(HostId host, int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, InterfaceCountOf(host));
        ref InterfaceState state = ref _interfaces[_hosts[host.Index].FirstInterface + index];
        return new HostInterface(new SegmentId(state.Segment), new Ipv4Address(state.Address), MacOf(state.Address));
    }

    /// <summary>The address of the host's first interface.</summary>
    /// <param name="host">The host.</param>
    public Ipv4Address AddressOf(HostId host)
    {
        Check(host);
        return new Ipv4Address(_interfaces[_hosts[host.Index].FirstInterface].Address);
    }

    private string? NameOrNull(int host) => _names is not null && host < _names.Length ? _names[host] : null;

    private MacAddress MacOf(uint address) =>
        _macs is not null && _macs.TryGetValue(address, out var mac) ? mac : MacAddress.FromIpv4(new Ipv4Address(address));

    private int InterfacesEnd(int host) => host + 1 < HostCount ? _hosts[host + 1].FirstInterface : _interfaceCount;

    private void CheckInterface(ReadOnlySpan<HostInterface> interfaces, int index)
    {
        (var segment, var address, _) = interfaces[index];
        Check(segment);
        var subnet = _segments[segment.Index].Subnet;
        if (!subnet.Contains(address) || (subnet.PrefixLength < 31 && (address == subnet.BroadcastAddress || address == subnet.Network)))
            throw new ArgumentException($"{address} is not a host's address in {subnet} of segment '{NameOf(segment)}'.", nameof(interfaces));
        bool isTaken = FindInterface(address.Value) >= 0;
        foreach (var earlier in interfaces[..index])
            isTaken |= earlier.Address == address;
        if (isTaken)
            throw new ArgumentException($"{address} is taken already.", nameof(interfaces));
    }

    private void AddInterface(int host, HostInterface place)
    {
        if (_interfaceCount == _interfaces.Length)
            Array.Resize(ref _interfaces, Math.Max(4, _interfaceCount * 2));
        int index = _interfaceCount++;
        _interfaces[index] = new InterfaceState { Address = place.Address.Value, Host = host, Segment = place.Segment.Index };
        if (place.Mac is { } mac && mac != MacAddress.FromIpv4(place.Address))
            (_macs ??= [])[place.Address.Value] = mac;
        _segments[place.Segment.Index].Add(index);
        if (_interfaceCount > _interfaceByAddress.Length / 4 * 3)
            Rehash(_interfaceByAddress.Length * 2);
        else
            Enter(index);
    }

    private int FindInterface(uint address)
    {
        for (uint slot = SlotOf(address); ; slot = (slot + 1) & (uint)(_interfaceByAddress.Length - 1))
        {
            int found = _interfaceByAddress[slot] - 1;
            if (found < 0 || _interfaces[found].Address == address)
                return found;
        }
    }

    private void Rehash(int size)
    {
        _interfaceByAddress = new int[Math.Max(16, size)];
        for (int i = 0; i < _interfaceCount; i++)
            Enter(i);
    }

    private void Enter(int index)
    {
        uint slot = SlotOf(_interfaces[index].Address);
        while (_interfaceByAddress[slot] != 0)
            slot = (slot + 1) & (uint)(_interfaceByAddress.Length - 1);
        _interfaceByAddress[slot] = index + 1;
    }

    private uint SlotOf(uint address) => (uint)KeyedHash.Of(address) & (uint)(_interfaceByAddress.Length - 1);

    /// <summary>The router and the segment behind it on the way to a segment; router −1 where no way leads there.</summary>
    private (int Router, int Segment) NextHop(int from, int to)
    {
        _nextHops ??= FindRoutes();
        return _nextHops[(from * _segments.Count) + to];
    }

    /// <summary>Breadth first from every destination, in the order of adding: the fewest routers, ties to the one added first.</summary>
    private (int Router, int Segment)[] FindRoutes()
    {
        int count = _segments.Count;
        var hops = new (int Router, int Segment)[count * count];
        Array.Fill(hops, (-1, -1));
        var reached = new Queue<int>();
        var routersOn = new List<int>[count];
        for (int router = 0; router < _routers.Count; router++)
        {
            foreach (int segment in _routers[router].Segments)
                (routersOn[segment] ??= []).Add(router);
        }

        var passed = new int[_routers.Count]; // 1 + the destination for which a router was looked at last: all its segments are reached then
        for (int to = 0; to < count; to++)
        {
            reached.Enqueue(to);
            while (reached.TryDequeue(out int segment))
            {
                foreach (int router in routersOn[segment] ?? [])
                {
                    if (passed[router] == to + 1)
                        continue;
                    passed[router] = to + 1;
                    foreach (int from in _routers[router].Segments)
                    {
                        if (from == to || hops[(from * count) + to].Router >= 0)
                            continue;
                        hops[(from * count) + to] = (router, segment);
                        reached.Enqueue(from);
                    }
                }
            }
        }

        return hops;
    }

    private void Check(SegmentId segment)
    {
        if ((uint)segment.Index >= (uint)_segments.Count)
            throw new ArgumentOutOfRangeException(nameof(segment), segment.Index, "The simulator has no such segment.");
    }

    private void Check(HostId host)
    {
        if ((uint)host.Index >= (uint)HostCount)
            throw new ArgumentOutOfRangeException(nameof(host), host.Index, "The simulator has no such host.");
    }

    private sealed record Router(string Name, long Latency, int[] Segments)
    {
        /// <summary>Its Ethernet address on a segment: 02-01, its number, the segment's.</summary>
        public static MacAddress MacOn(int router, int segment) => new(0x0201_0000_0000 | ((ulong)(uint)router << 16) | (uint)segment);
    }

    private sealed class Segment(string name, Ipv4Subnet subnet, long latency)
    {
        [NotState("how the network is built")]
        private int[] _members = [];
        [NotState("how the network is built")]
        private int _count;

        public string Name { get; } = name;

        public Ipv4Subnet Subnet { get; } = subnet;

        public long Latency { get; } = latency;

        /// <summary>The interfaces that hear its broadcasts, in the order of adding.</summary>
        public ReadOnlySpan<int> Members => _members.AsSpan(0, _count);

        public void Add(int member)
        {
            if (_count == _members.Length)
                Array.Resize(ref _members, Math.Max(4, _count * 2));
            _members[_count++] = member;
        }

        public Segment Clone() => new(Name, Subnet, Latency) { _members = Members.ToArray(), _count = _count };
    }
}
