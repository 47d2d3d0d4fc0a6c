using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <summary>
/// A first pass over a capture: which hosts speak NBNS in it, and what must have been true of each before it began. Without it a replay
/// starts with an empty name table and learns names only when the host first answers for them.
/// </summary>
public sealed class CaptureHosts
{
    private const int MaxHosts = 65_536;
    private const int MaxNamesPerHost = 254; // NetBIOS' own limit

    private readonly Dictionary<Ipv4Address, Host> _hosts = [];
    private readonly List<Host> _inOrder = [];

    /// <summary>The hosts that sent NBNS datagrams, in the order in which they first did; at most 65,536.</summary>
    public IEnumerable<ReplayHost> Hosts => _inOrder.Select(host => host.ToReplayHost());

    /// <summary>What the capture tells of a host.</summary>
    /// <param name="address">Its address.</param>
    /// <returns>The host, or null where it sent no NBNS datagram.</returns>
    public ReplayHost? Find(Ipv4Address address) => _hosts.TryGetValue(address, out var host) ? host.ToReplayHost() : null;

    /// <summary>Takes the next datagram of the capture. Bytes that cannot be read are passed over.</summary>
    /// <param name="frame">The frame's number, 1 for the first.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    public void Observe(long frame, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParse(payload, out var packet) || !packet.Name.TryGetName(out var name))
            return;
        if (!_hosts.TryGetValue(source.Address, out var host))
        {
            if (_hosts.Count >= MaxHosts)
                return;
            _hosts[source.Address] = host = new Host(source.Address);
            _inOrder.Add(host);
        }

        host.Datagrams++;
        if (isBroadcast)
            host.BroadcastsTo(destination.Address);
        var kind = NbnsClassification.Classify(packet);
        var entry = packet.HasRecord ? packet.Record.FirstEntry : default;
        bool ownEntry = packet.HasRecord && packet.Record.EntryCount > 0 && entry.Address == source.Address;
        switch (kind)
        {
            case NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest or NbnsMessageKind.NameOverwriteDemand or NbnsMessageKind.NameOverwriteRequest:
                host.Claimed(name, entry.Flags);
                if (!isBroadcast)
                    host.UsesNameServer(destination.Address);
                break;
            case NbnsMessageKind.NameRefreshRequest:
                if (!isBroadcast)
                    host.UsesNameServer(destination.Address);
                host.Holds(name, entry.Flags.IsGroup, frame);
                host.NodeType = entry.Flags.OwnerNodeType;
                break;
            case NbnsMessageKind.NameReleaseDemand or NbnsMessageKind.NameReleaseRequest when ownEntry:
                if (!isBroadcast)
                    host.UsesNameServer(destination.Address);
                host.Holds(name, entry.Flags.IsGroup, frame);
                break;
            case NbnsMessageKind.PositiveNameQueryResponse when ownEntry:
                host.Holds(name, entry.Flags.IsGroup, frame);
                break;
            case NbnsMessageKind.NegativeNameRegistrationResponse when packet.Rcode == NbnsRcode.ActiveError && ownEntry:
                host.Holds(name, entry.Flags.IsGroup, frame); // RFC 1002 §5.1.1.5: only an owner objects
                break;
            case NbnsMessageKind.NodeStatusResponse:
                var scope = packet.Name.GetScope();
                for (int i = 0; i < packet.Record.NodeNameCount; i++)
                {
                    var listed = packet.Record.GetNodeName(i);
                    if (!listed.Flags.IsInConflict && !listed.Flags.IsDeregistering)
                        host.Holds(listed.Name.WithScope(scope), listed.Flags.IsGroup, frame);
                }

                break;
        }
    }

    private sealed class Host(Ipv4Address address)
    {
        private readonly HashSet<NetBiosName> _claimed = [];
        private readonly List<NameFromStart> _fromStart = [];
        private readonly List<Ipv4Address> _nameServers = [];
        private readonly List<Ipv4Address> _broadcasts = [];
        private NetBiosName? _computer;

        public long Datagrams { get; set; }

        public OwnerNodeType? NodeType { get; set; }

        public void Claimed(NetBiosName name, NbFlags flags)
        {
            NodeType = flags.OwnerNodeType;
            if (_claimed.Count < MaxNamesPerHost)
                _claimed.Add(name);
            Consider(name, flags.IsGroup);
        }

        /// <summary>The host shows that it holds a name: had it not claimed it before, it held it from the start.</summary>
        public void Holds(NetBiosName name, bool isGroup, long frame)
        {
            if (name.IsWildcard || _claimed.Count >= MaxNamesPerHost || !_claimed.Add(name))
                return;
            _fromStart.Add(new NameFromStart(name, isGroup, frame));
            Consider(name, isGroup);
        }

        public void BroadcastsTo(Ipv4Address address)
        {
            if (address != Ipv4Address.Broadcast && _broadcasts.Count < 4 && !_broadcasts.Contains(address))
                _broadcasts.Add(address);
        }

        public void UsesNameServer(Ipv4Address server)
        {
            if (_nameServers.Count < 12 && !_nameServers.Contains(server))
                _nameServers.Add(server);
        }

        public ReplayHost ToReplayHost() => new(
            address,
            _computer is { } computer ? PlainText(computer) : "HOST",
            NodeType,
            [.. _nameServers],
            [.. _fromStart],
            _computer?.Scope ?? NetBiosScope.Empty,
            Datagrams)
        { BroadcastAddresses = [.. _broadcasts] };

        private void Consider(NetBiosName name, bool isGroup)
        {
            if (_computer is null && !isGroup && name.Suffix is NameSuffix.Workstation or NameSuffix.Server)
                _computer = name;
        }

        /// <summary>The fifteen octets as Latin-1 text, trailing spaces dropped: what an end node takes as its computer name.</summary>
        private static string PlainText(NetBiosName name)
        {
            Span<byte> octets = stackalloc byte[NetBiosName.Size];
            name.CopyTo(octets);
            return System.Text.Encoding.Latin1.GetString(octets[..NetBiosName.BaseSize].TrimEnd((byte)' '));
        }
    }
}
