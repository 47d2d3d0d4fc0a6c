using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NEGATIVE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.6): the claim is refused.</summary>
/// <remarks>The diagram has ANCOUNT 0 and a record all the same; one answer is counted when this is written.</remarks>
public sealed class NegativeNameRegistrationResponse : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="rcode">Why: FMT_ERR, SRV_ERR, IMP_ERR, RFS_ERR or ACT_ERR by the RFC; any but success and CFT_ERR is taken.</param>
    /// <param name="entry">The owner's NB_FLAGS and address, or the request's own.</param>
    /// <param name="timeToLive">TTL in seconds; means nothing here.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rcode"/> is success, CFT_ERR or over 15.</exception>
    public NegativeNameRegistrationResponse(ushort transactionId, NetBiosName name, NbnsRcode rcode, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, Word(NbnsFlagWords.RegistrationResponse, rcode), name, entry, timeToLive)
    {
        if (rcode == NbnsRcode.ConflictError)
            throw new ArgumentOutOfRangeException(nameof(rcode), rcode, "CFT_ERR makes it a NameConflictDemand.");
    }

    internal NegativeNameRegistrationResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NegativeNameRegistrationResponse;
}
