using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NODE STATUS REQUEST (RFC 1002 §4.2.17): asks a node for its name table. 50 octets without scope.</summary>
public sealed class NodeStatusRequest : NbnsMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">A name of the node, or <see cref="NetBiosName.Wildcard"/>.</param>
    /// <param name="isBroadcast">B: whether it is broadcast.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NodeStatusRequest(ushort transactionId, NetBiosName name, bool isBroadcast = false)
        : base(transactionId, Word(NbnsFlagWords.NodeStatusRequest, isBroadcast), name)
    {
    }

    internal NodeStatusRequest(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NodeStatusRequest;

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + 4;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteQuery(buffer, TransactionId, Flags, Name, NbnsType.NBStat);

    private protected override bool ContentEquals(NbnsMessage other) => true;
}
