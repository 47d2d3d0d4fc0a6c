using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NEGATIVE NAME QUERY RESPONSE (RFC 1002 §4.2.14): there is no such name here. 56 octets without scope.</summary>
/// <remarks>
/// The diagram has ANCOUNT 0 and a record all the same; one answer of type NULL without data is counted when this is written. Samba answers
/// a node status request for an unknown name this way too.
/// </remarks>
public sealed class NegativeNameQueryResponse : NbnsMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="rcode">Why: FMT_ERR, SRV_ERR, NAM_ERR, IMP_ERR or RFS_ERR by the RFC; any but success is taken.</param>
    /// <param name="fromNameServer">RA: whether a name server answers.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rcode"/> is success or over 15.</exception>
    public NegativeNameQueryResponse(ushort transactionId, NetBiosName name, NbnsRcode rcode = NbnsRcode.NameError, bool fromNameServer = false)
        : base(transactionId, Word(fromNameServer ? NbnsFlagWords.NameServerQueryResponse : NbnsFlagWords.QueryResponse, rcode), name)
    {
    }

    internal NegativeNameQueryResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NegativeNameQueryResponse;

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + NbnsResourceRecord.FixedSize;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteNegativeQueryResponse(buffer, TransactionId, Flags, Name);

    private protected override bool ContentEquals(NbnsMessage other) => true;
}
