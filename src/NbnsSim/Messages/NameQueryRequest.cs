using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME QUERY REQUEST (RFC 1002 §4.2.12): asks for the addresses of a name. 50 octets without scope.</summary>
public sealed class NameQueryRequest : NbnsMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="isBroadcast">B: whether it is broadcast.</param>
    /// <param name="recursionDesired">RD, as the RFC draws it; clear in the query by which a name server verifies an owner, which answers for itself alone.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameQueryRequest(ushort transactionId, NetBiosName name, bool isBroadcast = false, bool recursionDesired = true)
        : base(transactionId, Word(recursionDesired ? NbnsFlagWords.QueryRequest : (ushort)0, isBroadcast), name)
    {
    }

    internal NameQueryRequest(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameQueryRequest;

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + 4;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteQuery(buffer, TransactionId, Flags, Name);

    private protected override bool ContentEquals(NbnsMessage other) => true;
}
