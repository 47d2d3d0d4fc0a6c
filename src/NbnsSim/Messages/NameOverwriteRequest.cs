using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME OVERWRITE REQUEST, unicast to a name server (RFC 1002 §4.2.3; §5.1.2 calls it NAME UPDATE REQUEST): takes over a name whose owner did not defend it.</summary>
/// <remarks>RD alone tells it from a registration; Samba's AD name server sets RD the other way round.</remarks>
public sealed class NameOverwriteRequest : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">NB_FLAGS of the name and the address of the node that claims it.</param>
    /// <param name="timeToLive">The TTL that is asked for, in seconds; 0 is infinite, and what RFC 1002 has B nodes send.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameOverwriteRequest(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, Word(NbnsFlagWords.Overwrite, isBroadcast: false), name, entry, timeToLive)
    {
    }

    internal NameOverwriteRequest(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameOverwriteRequest;
}
