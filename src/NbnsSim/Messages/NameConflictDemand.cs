using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME CONFLICT DEMAND (RFC 1002 §4.2.8): tells a node that its unique name has another owner too.</summary>
/// <remarks>Laid out as a negative registration response with CFT_ERR; no answer is expected. Its address is 0.0.0.0 by the RFC.</remarks>
public sealed class NameConflictDemand : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="ownerNodeType">ONT.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameConflictDemand(ushort transactionId, NetBiosName name, OwnerNodeType ownerNodeType = OwnerNodeType.B)
        : base(transactionId, new NbnsFlags(NbnsFlagWords.ConflictDemand), name, new NbEntry(new NbFlags(group: false, ownerNodeType), Ipv4Address.Any), 0)
    {
    }

    internal NameConflictDemand(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameConflictDemand;
}
