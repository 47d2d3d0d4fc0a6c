using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>POSITIVE NAME RELEASE RESPONSE (RFC 1002 §4.2.10).</summary>
public sealed class PositiveNameReleaseResponse : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">The request's NB_FLAGS and address.</param>
    /// <param name="timeToLive">TTL in seconds; means nothing here.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public PositiveNameReleaseResponse(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, new NbnsFlags(NbnsFlagWords.ReleaseResponse), name, entry, timeToLive)
    {
    }

    internal PositiveNameReleaseResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.PositiveNameReleaseResponse;
}
