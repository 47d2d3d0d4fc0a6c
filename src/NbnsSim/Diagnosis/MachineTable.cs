using System.Runtime.CompilerServices;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>
/// Whom a capture shows: a number for each address, what its packets tell of it, and which addresses are the same machine's. The keys come from outside and are
/// hashed under a secret one.
/// </summary>
internal sealed class MachineTable
{
    private const int MaxHosts = 1_000_000;

    /// <summary>How long the releases of a machine that shuts down take: three at 750 ms each, or a request to a name server with its tries.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly KeyedSlab<Ipv4Address, HostFacts> _hosts = new();
    private readonly HostFacts[] _nobody = new HostFacts[1];
    private readonly Dictionary<MacAddress, Ipv4Address> _stations = [];

    /// <summary>How many addresses are known.</summary>
    public int Count => _hosts.Count;

    /// <summary>The number of an address, a new one where it is not known yet; -1 where there is no room.</summary>
    public int IndexOf(Ipv4Address host)
    {
        int index = _hosts.Find(host);
        return index >= 0 || _hosts.Count >= MaxHosts ? index : _hosts.Add(new HostFacts { Parent = _hosts.Count, First = host, Address = host });
    }

    /// <inheritdoc cref="KeyedSlab{TKey, T}.Approach"/>
    public uint Approach(Ipv4Address host) => _hosts.Approach((uint)host.GetHashCode());

    /// <summary>An address with its number, where it has one.</summary>
    public Party Find(Ipv4Address host) => new(host, _hosts.Find(host));

    /// <summary>What is known of an address; nothing where it was never seen.</summary>
    public ref readonly HostFacts FactsOf(Ipv4Address host) => ref FactsOf(Find(host));

    /// <inheritdoc cref="FactsOf(Ipv4Address)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly HostFacts FactsOf(Party host)
    {
        if (host.Number >= 0)
            return ref _hosts[host.Number];
        return ref _nobody[0];
    }

    /// <summary>What is known of an address that has a number.</summary>
    public ref readonly HostFacts this[int index] => ref _hosts[index];

    /// <summary>Whether an address has sent something.</summary>
    public bool HasSpoken(Ipv4Address host) => FactsOf(host).HasSpoken;

    /// <summary>An address sends something.</summary>
    public Party NoteSender(Ipv4Address host, Instant time)
    {
        int index = IndexOf(host);
        if (index >= 0)
        {
            ref var facts = ref _hosts[index];
            if (!facts.HasSpoken)
                (facts.HasSpoken, facts.FirstSpoke) = (true, time);
            facts.LastSpoke = time;
        }

        return new Party(host, index);
    }

    /// <summary>A broadcast is heard by its sender's segment and crosses no router: its station is the sender's own.</summary>
    public void NoteBroadcast(Party source, Ipv4Address destination, MacAddress? mac, uint domain)
    {
        if (source.Number < 0)
            return;
        ref var facts = ref _hosts[source.Number];
        if (facts.Broadcast is var known && (known == Ipv4Address.Any || known == Ipv4Address.Broadcast))
            facts.Broadcast = destination;
        facts.Mac ??= mac;
        if (facts.Domain == 0)
            facts.Domain = domain;
    }

    /// <summary>
    /// A station that sends to one host alone is the sender's own, or the router's that the datagram came through: one that stands before several addresses tells
    /// nothing.
    /// </summary>
    public void NoteStation(Party source, MacAddress mac)
    {
        if (source.Number < 0)
            return;
        ref var facts = ref _hosts[source.Number];
        if (facts.Station == mac)
            return;
        facts.Station = mac;
        if (_stations.Count < MaxHosts && !_stations.TryAdd(mac, source.Address) && _stations[mac] != source.Address)
            _stations[mac] = default; // before several
    }

    /// <summary>The adapter of an address; <see langword="null"/> where the capture does not tell it.</summary>
    public MacAddress? MacOf(Ipv4Address host)
    {
        ref readonly var facts = ref FactsOf(host);
        return facts.Mac ?? (facts.Station is { } station && _stations.GetValueOrDefault(station) == host ? station : null);
    }

    /// <summary>Its node status tells its adapter; all zeros tell nothing.</summary>
    public void NoteUnitId(Party host, MacAddress mac)
    {
        if (mac.Value != 0 && host.Number >= 0)
            _hosts[host.Number].Mac ??= mac;
    }

    /// <summary>What the machine is called: the first unique name with suffix 00 that it claims or holds, else one with 20.</summary>
    public void NoteName(Ipv4Address host, in NetBiosName name, bool isGroup)
    {
        if (isGroup || name.Suffix is not (NameSuffix.Workstation or NameSuffix.Server) || IndexOf(host) is not (>= 0 and var index))
            return;
        ref var facts = ref _hosts[index];
        if (facts.Computer == default || (facts.Computer.Suffix == NameSuffix.Server && name.Suffix == NameSuffix.Workstation))
            facts.Computer = name;
    }

    /// <summary>A claim or grant tells the node type.</summary>
    public void NoteNodeType(Party host, OwnerNodeType type)
    {
        if (host.Number >= 0)
            _hosts[host.Number].Type = type;
    }

    /// <summary>It has released a name of its own.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="time">When.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="name">The name's number; the same again is a repeat.</param>
    /// <param name="isConfirmed">Whether it is a name server that says so, which may be late: who has claimed since has not gone.</param>
    public void NoteRelease(Party host, Instant time, long frame, int name, bool isConfirmed = false)
    {
        if (host.Number < 0)
            return;
        ref var facts = ref _hosts[host.Number];
        if (isConfirmed && facts.LastClaimed is { } claimed && time - claimed <= LastWords)
            return;
        if (facts.LastReleased is not { } before || time - before > LastWords)
            facts.Releases = 0;
        if (facts.Releases == 0 || facts.ReleasedName != name)
            facts.Releases = (byte)Math.Min(facts.Releases + 1, byte.MaxValue);
        (facts.LastReleased, facts.ReleaseFrame, facts.ReleasedName) = (time, frame, name);
    }

    /// <summary>It claims a name: what it released before was to register anew (nbtstat -RR), or it has started again.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="time">When.</param>
    public void NoteClaim(Party host, Instant time)
    {
        if (host.Number >= 0)
            (_hosts[host.Number].LastClaimed, _hosts[host.Number].LastReleased, _hosts[host.Number].Releases) = (time, null, 0);
    }

    /// <summary>Whether the last that was heard of a machine is that it released names of its own, as one does that shuts down.</summary>
    public bool HasGone(Party host) => FactsOf(host) is { LastReleased: { } released, LastSpoke: var spoke } && spoke - released <= LastWords;

    /// <inheritdoc cref="HasGone(Party)"/>
    public bool HasGone(Ipv4Address host) => HasGone(Find(host));

    /// <summary>
    /// Whether a machine has shut down, to all that was heard of it: it released several of its names one right after the other, and has been silent since. One alone is
    /// released where a user logs off, or a service is stopped.
    /// </summary>
    public bool HasShutDown(Party host, Instant now) => HasGone(host) && FactsOf(host) is { Releases: > 1, LastReleased: { } released } && now - released > LastWords;

    /// <summary>It has answered a registration as a name server does.</summary>
    public void NoteServer(Party server, Party client, Instant time)
    {
        if (server.Number >= 0)
            (_hosts[server.Number].ServesNames, _hosts[server.Number].LastServed) = (true, time);
        if (client.Number >= 0)
            _hosts[client.Number].Server = server.Address;
    }

    /// <summary>The node type; B where nothing tells.</summary>
    public OwnerNodeType TypeOf(Party host) => FactsOf(host).Type ?? OwnerNodeType.B;

    /// <summary>The name server that it uses; 0.0.0.0 where none is seen.</summary>
    public Ipv4Address ServerOf(Party host) => FactsOf(host).Server;

    /// <summary>The first seen address of all that the capture shows to be the same machine's.</summary>
    public Ipv4Address FirstAddressOf(Ipv4Address address) => FirstAddressOf(Find(address));

    /// <inheritdoc cref="FirstAddressOf(Ipv4Address)"/>
    public Ipv4Address FirstAddressOf(Party host) => host.Number >= 0 ? _hosts[Root(host.Number)].First : host.Address;

    /// <summary>Whether two addresses are known to be one machine's.</summary>
    public bool SameMachine(Ipv4Address one, Ipv4Address other) => one == other || FirstAddressOf(one) == FirstAddressOf(other);

    /// <inheritdoc cref="SameMachine(Ipv4Address, Ipv4Address)"/>
    public bool SameMachine(Party one, Party other) => one.Address == other.Address || FirstAddressOf(one) == FirstAddressOf(other);

    /// <inheritdoc cref="SameMachine(Ipv4Address, Ipv4Address)"/>
    public bool SameMachine(Ipv4Address one, Party other) => one == other.Address || FirstAddressOf(one) == FirstAddressOf(other);

    /// <summary>Whether two addresses are two machines': their stations differ. <see langword="null"/> where one is not known.</summary>
    public bool? AreTwoMachines(Ipv4Address one, Ipv4Address other)
    {
        if (SameMachine(one, other))
            return false;
        return MacOf(one) is { } first && MacOf(other) is { } second ? first != second : null;
    }

    /// <summary>Two addresses turn out to be one machine's (union by rank).</summary>
    public void AreOneMachine(Ipv4Address one, Ipv4Address other)
    {
        if (one == other || !TellsMachines(one) || !TellsMachines(other) || IndexOf(one) is not (>= 0 and var first) || IndexOf(other) is not (>= 0 and var second))
            return;
        (first, second) = (Root(first), Root(second));
        if (first == second)
            return;
        int earlier = Math.Min(first, second);
        if (_hosts[first].Rank < _hosts[second].Rank)
            (first, second) = (second, first);
        _hosts[second].Parent = first;
        ref var root = ref _hosts[first];
        root.Rank += (byte)(root.Rank == _hosts[second].Rank ? 1 : 0);
        root.First = _hosts[earlier].First;
    }

    /// <summary>Whether a broadcast to this address, in this VLAN or virtual network, reaches a host.</summary>
    public bool Hears(Party host, Ipv4Address broadcast, uint domain)
    {
        ref readonly var facts = ref FactsOf(host);
        return !AreTwoDomains(facts.Domain, domain) && (IsDirected(facts.Broadcast) ? broadcast == facts.Broadcast || broadcast == Ipv4Address.Broadcast : BroadcastDomain.MayHear(host.Address, broadcast));
    }

    /// <summary>Whether an address sends in another VLAN or virtual network than the one that it is known from: two networks have it, each for a machine of its own.</summary>
    public bool IsElsewhere(Party host, uint domain) => AreTwoDomains(FactsOf(host).Domain, domain);

    /// <summary>Whether two hosts do not hear one another's broadcasts, whatever name server they share.</summary>
    public bool DoNotHear(Party one, Party other)
    {
        ref readonly var first = ref FactsOf(one);
        ref readonly var second = ref FactsOf(other);
        if (AreTwoDomains(first.Domain, second.Domain))
            return true;
        if (IsDirected(first.Broadcast) || IsDirected(second.Broadcast))
            return (IsDirected(first.Broadcast) && !BroadcastDomain.MayHear(other.Address, first.Broadcast)) || (IsDirected(second.Broadcast) && !BroadcastDomain.MayHear(one.Address, second.Broadcast));
        return first.Broadcast == Ipv4Address.Any && second.Broadcast == Ipv4Address.Any && one.Address.Value >> 8 != other.Address.Value >> 8; // of neither a broadcast is seen
    }

    /// <summary>Whether two hosts neither hear one another nor are seen to share a name server.</summary>
    public bool AreApart(Party one, Party other)
    {
        var server = FactsOf(one).Server;
        return !(server != Ipv4Address.Any && SameMachine(server, FactsOf(other).Server)) && DoNotHear(one, other);
    }

    /// <inheritdoc cref="AreApart(Party, Party)"/>
    public bool AreApart(Ipv4Address one, Ipv4Address other) => AreApart(Find(one), Find(other));

    /// <summary>Whether no host that is elsewhere can reach an address: of no host, of its own link (RFC 3927), or of a network that only machines of one host are in.</summary>
    public static bool IsUnreachable(Ipv4Address address) =>
        !address.IsUnicast || address.Value >> 24 is 0 or 127 || address.Value >> 16 == 0xA9FE || !TellsMachines(address);

    /// <summary>
    /// Whether an address belongs to one machine at most. Every host of containers or virtual machines has the same ones for the networks inside it: Docker's
    /// bridges 172.17.0.1 to 172.31.0.1, VirtualBox' 192.168.56.1, libvirt's 192.168.122.1 (observed).
    /// </summary>
    private static bool TellsMachines(Ipv4Address address) =>
        address.IsUnicast && address.Value >> 24 is not (0 or 127) && address.Value >> 16 != 0xA9FE
        && !(address.Value >> 16 is >= 0xAC11 and <= 0xAC1F && (address.Value & 0xFFFF) == 1) && address.Value is not (0xC0A8_3801 or 0xC0A8_7A01);

    /// <summary>0 is a frame without a tag, which may be of any VLAN: a mirror port shows some with and some without.</summary>
    private static bool AreTwoDomains(uint one, uint other) => one != 0 && other != 0 && one != other;

    private static bool IsDirected(Ipv4Address broadcast) => broadcast != Ipv4Address.Any && broadcast != Ipv4Address.Broadcast;

    /// <summary>Finds the one that stands for a machine, and shortens the way there by half.</summary>
    private int Root(int index)
    {
        for (ref var host = ref _hosts[index]; host.Parent != index; host = ref _hosts[index])
            index = host.Parent = _hosts[host.Parent].Parent;
        return index;
    }

    /// <summary>What is known of an address: the link's, the subnet's, the name server's, and which machine it belongs to.</summary>
    internal struct HostFacts : IKeyed<Ipv4Address>
    {
        public Ipv4Address Address;
        public Ipv4Address First;
        public Ipv4Address Broadcast;
        public uint Domain; // the VLAN or virtual network of its broadcasts; 0 where nothing tells
        public Ipv4Address Server;
        public NetBiosName Computer;
        public Instant FirstSpoke;
        public Instant LastSpoke;
        public Instant LastServed; // as a name server
        private ulong _mac; // one more than its value, and 0 for none: half of what a nullable one takes
        private ulong _station;
        public Instant? LastClaimed;
        public Instant? LastReleased;
        public long ReleaseFrame; // the last one's
        public int ReleasedName;
        public byte Releases; // how many names one right after the other
        public OwnerNodeType? Type;
        public int Parent;
        public byte Rank;
        public bool ServesNames;
        public bool HasSpoken;

        public readonly Ipv4Address Key => Address;

        public MacAddress? Mac
        {
            readonly get => _mac == 0 ? null : new MacAddress(_mac - 1);
            set => _mac = value is { } mac ? mac.Value + 1 : 0;
        }

        public MacAddress? Station
        {
            readonly get => _station == 0 ? null : new MacAddress(_station - 1);
            set => _station = value is { } mac ? mac.Value + 1 : 0;
        }
    }
}
