using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>POSITIVE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.5): the claim is granted; answers refresh and overwrite requests too.</summary>
public sealed class PositiveNameRegistrationResponse : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">The request's NB_FLAGS and address.</param>
    /// <param name="timeToLive">The TTL that is granted, in seconds; 0 is infinite.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public PositiveNameRegistrationResponse(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, new NbnsFlags(NbnsFlagWords.RegistrationResponse), name, entry, timeToLive)
    {
    }

    internal PositiveNameRegistrationResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.PositiveNameRegistrationResponse;
}
