using System.Diagnostics.CodeAnalysis;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Replay;

/// <summary>
/// A first pass over a capture: which hosts speak NBNS in it, and what must have been true of each before it began. Without it a replay
/// starts with an empty name table and learns names only when the host first answers for them.
/// </summary>
/// <remarks>Feed every NBNS datagram in capture order to <see cref="Observe"/>, then ask.</remarks>
public sealed partial class CaptureHosts
{
    /// <summary>The most hosts that are kept.</summary>
    public const int MaxHosts = 65_536;

    private const int MaxTriggers = 65_536;

    private readonly Dictionary<Ipv4Address, Host> _hosts = [];
    private readonly List<Host> _inOrder = [];
    private readonly HashSet<NetBiosName> _triggers = [];
    private Dictionary<Ipv4Address, ReplayHost>? _found; // made when first asked for, of what was observed so far
    private List<ReplayHost> _machines = [];

    /// <summary>The hosts that sent NBNS datagrams, in the order in which they first did; one with several addresses comes once. At most <see cref="MaxHosts"/>.</summary>
    public IReadOnlyList<ReplayHost> Hosts
    {
        get
        {
            MakeMachines();
            return _machines;
        }
    }

    /// <summary>How many datagrams came from hosts beyond <see cref="MaxHosts"/>, and were passed over.</summary>
    public long DatagramsOfOthers { get; private set; }

    /// <summary>What the capture tells of a host.</summary>
    /// <param name="address">Its address, or one of them.</param>
    /// <returns>The host, or null where it sent no NBNS datagram.</returns>
    public ReplayHost? Find(Ipv4Address address)
    {
        MakeMachines();
        return _found.GetValueOrDefault(address);
    }

    /// <summary>
    /// Whether something in the capture may make the host log an event in some dialect: a release, a refusal or a conflict demand for a
    /// name of its own. Nothing else makes a node log one.
    /// </summary>
    /// <param name="host">One of <see cref="Hosts"/>.</param>
    public bool MayLogEvents(ReplayHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        for (int i = 0; i < host.AddressCount; i++)
        {
            if (_triggers.Count >= MaxTriggers || (_hosts.TryGetValue(host.AddressOf(i), out var known) && known.HasAnyOf(_triggers)))
                return true;
        }

        return false;
    }

    /// <summary>Takes the next datagram of the capture. Bytes that cannot be read are passed over.</summary>
    /// <param name="frame">The frame's number, 1 for the first.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    public void Observe(long frame, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out _) || !packet.Name.TryGetName(out var name)) // as leniently as every other command
            return;
        if (!_hosts.TryGetValue(source.Address, out var host))
        {
            if (_hosts.Count >= MaxHosts)
            {
                DatagramsOfOthers++;
                return;
            }

            _hosts[source.Address] = host = new Host(source.Address);
            _inOrder.Add(host);
        }

        _found = null;
        host.Datagrams++;
        if (isBroadcast)
            host.BroadcastsTo(destination.Address);
        var kind = NbnsClassification.Classify(packet);
        var entry = packet.HasRecord ? packet.Record.FirstEntry : default;
        bool ownEntry = packet.HasEntry && (entry.Address == source.Address || (!packet.IsResponse && entry.Address == Ipv4Address.Any));
        switch (kind)
        {
            case Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameOverwriteDemand or Kind.NameOverwriteRequest:
                if (!isBroadcast)
                    host.UsesNameServer(destination.Address);
                if (ownEntry)
                    host.Claimed(name, entry.Flags);
                break;
            case Kind.NameRefreshRequest:
                if (!isBroadcast)
                    host.UsesNameServer(destination.Address);
                if (ownEntry)
                    host.Refreshed(name, entry.Flags, frame);
                break;
            case Kind.NameReleaseDemand or Kind.NameReleaseRequest:
                Trigger(name);
                if (!ownEntry) // a name server tells the holder to give it up (RFC 1001 §15.5.3), or somebody poses as one
                    break;
                if (!isBroadcast)
                    host.UsesNameServer(destination.Address);
                host.Holds(name, entry.Flags.IsGroup, frame);
                break;
            case Kind.PositiveNameQueryResponse:
                Answered(host, name, packet.Record, frame, packet.Flags.RecursionAvailable);
                break;
            case Kind.NegativeNameRegistrationResponse or Kind.NameConflictDemand:
                Trigger(name);
                if (_hosts.TryGetValue(destination.Address, out var refused) && refused.NameServers.Contains(source.Address))
                    host.ServesNames = true;
                else if (kind == Kind.NegativeNameRegistrationResponse && packet.Rcode == NbnsRcode.ActiveError && ownEntry)
                    host.Holds(name, entry.Flags.IsGroup, frame); // RFC 1002 §5.1.1.5: only an owner objects
                break;
            case Kind.PositiveNameRegistrationResponse or Kind.WaitForAcknowledgementResponse: // RFC 1002 §4.2.5, §4.2.16: a name server's alone
                host.ServesNames = true;
                break;
            case Kind.NodeStatusResponse:
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

    private static void Answered(Host host, NetBiosName name, NbnsResourceRecord record, long frame, bool recursionAvailable)
    {
        bool own = false;
        bool group = false;
        for (int i = 0; i < record.EntryCount; i++)
        {
            var entry = record.GetEntry(i);
            own |= entry.Address == host.Address;
            group |= entry.Flags.IsGroup;
        }

        if (own)
            host.Holds(name, group, frame);
        else if (recursionAvailable && record.FirstEntry.Address.IsUnicast) // RFC 1002 §4.2.1.1 RA: only in responses from a name server
            host.ServesNames = true;
        for (int i = 0; own && !group && i < record.EntryCount; i++)
            host.IsAlso(record.GetEntry(i).Address, name);
    }

    private void Trigger(NetBiosName name)
    {
        if (_triggers.Count < MaxTriggers)
            _triggers.Add(name);
    }

    /// <summary>Puts the addresses of one machine together.</summary>
    [MemberNotNull(nameof(_found))]
    private void MakeMachines()
    {
        if (_found is not null)
            return;
        _found = [];
        _machines = [];
        foreach (var host in _inOrder)
        {
            if (_found.ContainsKey(host.Address))
                continue;
            var machine = new List<Host> { host };
            for (int i = 0; i < machine.Count && machine.Count < Nodes.EndNodeOptions.MaxInterfaces; i++)
            {
                foreach (var (address, name) in machine[i].Aliases)
                {
                    // Its word alone does not make another host a part of it: that one has to hold the name too.
                    if (!_found.ContainsKey(address) && _hosts.TryGetValue(address, out var other) && other.Has(name) && !machine.Contains(other)
                        && machine.Count < Nodes.EndNodeOptions.MaxInterfaces)
                        machine.Add(other);
                }
            }

            var made = Host.ToReplayHost(machine);
            _machines.Add(made);
            foreach (var part in machine)
                _found[part.Address] = made;
        }
    }
}
