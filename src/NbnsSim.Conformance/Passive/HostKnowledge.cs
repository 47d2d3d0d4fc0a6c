using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Passive;

/// <summary>What the capture has shown of a host until now: which names are its own, and of what type it is.</summary>
internal sealed class HostKnowledge(Ipv4Address host)
{
    private readonly HashSet<NetBiosName> _unique = [];
    private readonly HashSet<NetBiosName> _groups = [];
    private readonly HashSet<NetBiosName> _mentioned = [];

    /// <summary>Its node type, by what it claimed or answered last; null where it did neither.</summary>
    public OwnerNodeType? Type { get; private set; }

    /// <summary>Whether it is a node at all: it has claimed a name, or answered somebody.</summary>
    public bool IsNode { get; private set; }

    /// <summary>Whether the capture shows what it sends to others alone: else its silence says nothing.</summary>
    public bool IsHeardAlone { get; private set; }

    public bool HoldsUnique(NetBiosName name) => _unique.Contains(name);

    public bool HoldsGroup(NetBiosName name) => _groups.Contains(name);

    /// <summary>Whether the host has had anything to do with the name.</summary>
    public bool Knows(NetBiosName name) => _mentioned.Contains(name);

    /// <summary>Learns from the next datagram.</summary>
    public void Learn(HeardDatagram heard)
    {
        var seen = heard.Seen;
        bool isOwn = heard.Source.Address == host;
        IsHeardAlone |= isOwn && !heard.IsBroadcast;
        if (!seen.IsReadable || seen.Name is not { } name || (!isOwn && heard.Destination.Address != host))
            return;
        IsNode |= isOwn && (seen.Flags.IsResponse || seen.Kind is not (NbnsMessageKind.NameQueryRequest or NbnsMessageKind.NodeStatusRequest));
        var record = seen.Read().Record;
        bool isGroup = record.EntryCount > 0 && record.GetEntry(0).Flags.IsGroup;
        if (isOwn && seen.Kind is not (NbnsMessageKind.NameQueryRequest or NbnsMessageKind.NodeStatusRequest))
            _mentioned.Add(name);
        if (isOwn && record.EntryCount > 0 && seen.Kind is NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest or NbnsMessageKind.NameRefreshRequest or NbnsMessageKind.PositiveNameQueryResponse)
            Type = record.GetEntry(0).Flags.OwnerNodeType;
        if (isOwn ? seen.Kind is NbnsMessageKind.NameOverwriteDemand or NbnsMessageKind.PositiveNameQueryResponse or NbnsMessageKind.NameRefreshRequest : seen.Kind is NbnsMessageKind.PositiveNameRegistrationResponse)
            (isGroup ? _groups : _unique).Add(name);
        if (isOwn ? seen.Kind is NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand : seen.Kind is NbnsMessageKind.NameConflictDemand or NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameReleaseRequest)
        {
            _unique.Remove(name);
            _groups.Remove(name);
        }
    }
}
