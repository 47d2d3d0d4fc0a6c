using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>END-NODE CHALLENGE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.7): the name server has the name already and tells the claimant to challenge its owner.</summary>
/// <remarks>A positive registration response with RD but without RA.</remarks>
public sealed class EndNodeChallengeNameRegistrationResponse : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">The presumed owner's NB_FLAGS and address.</param>
    /// <param name="timeToLive">TTL in seconds; means nothing here.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public EndNodeChallengeNameRegistrationResponse(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, new NbnsFlags(NbnsFlagWords.EndNodeChallenge), name, entry, timeToLive)
    {
    }

    internal EndNodeChallengeNameRegistrationResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.EndNodeChallengeNameRegistrationResponse;
}
