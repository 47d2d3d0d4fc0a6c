using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NEGATIVE NAME RELEASE RESPONSE (RFC 1002 §4.2.11): the name stays.</summary>
/// <remarks>The diagram has ANCOUNT 0 and a record all the same; one answer is counted when this is written. Samba answers NAM_ERR, which the RFC does not list here.</remarks>
public sealed class NegativeNameReleaseResponse : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="rcode">Why: FMT_ERR, SRV_ERR, RFS_ERR or ACT_ERR by the RFC; any but success is taken.</param>
    /// <param name="entry">The owner's NB_FLAGS and address, or the request's own.</param>
    /// <param name="timeToLive">TTL in seconds; means nothing here.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rcode"/> is success or over 15.</exception>
    public NegativeNameReleaseResponse(ushort transactionId, NetBiosName name, NbnsRcode rcode, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, Word(NbnsFlagWords.ReleaseResponse, rcode), name, entry, timeToLive)
    {
    }

    internal NegativeNameReleaseResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NegativeNameReleaseResponse;
}
