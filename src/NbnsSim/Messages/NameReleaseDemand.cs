using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME RELEASE DEMAND, broadcast (RFC 1002 §4.2.9): tells everybody that a name is given up.</summary>
public sealed class NameReleaseDemand : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">NB_FLAGS of the name and the address of the node that gives it up.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameReleaseDemand(ushort transactionId, NetBiosName name, NbEntry entry)
        : base(transactionId, Word(NbnsFlagWords.Release, isBroadcast: true), name, entry, 0)
    {
    }

    internal NameReleaseDemand(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameReleaseDemand;
}
