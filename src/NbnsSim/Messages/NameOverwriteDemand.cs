using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME OVERWRITE DEMAND, broadcast (RFC 1002 §4.2.3): announces that nobody objected and the name is owned.</summary>
public sealed class NameOverwriteDemand : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">NB_FLAGS of the name and the address of the node that claims it.</param>
    /// <param name="timeToLive">The TTL that is asked for, in seconds; 0 is infinite, and what RFC 1002 has B nodes send.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameOverwriteDemand(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default)
        : base(transactionId, Word(NbnsFlagWords.Overwrite, isBroadcast: true), name, entry, timeToLive)
    {
    }

    internal NameOverwriteDemand(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameOverwriteDemand;
}
