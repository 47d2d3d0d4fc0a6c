using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME RELEASE REQUEST, unicast (RFC 1002 §4.2.9): gives a name up at the name server.</summary>
/// <remarks>The same octets from a name server to a node are a demand to give the name up (RFC 1001 §15.5.3).</remarks>
public sealed class NameReleaseRequest : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">NB_FLAGS of the name and the address of the node that gives it up.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameReleaseRequest(ushort transactionId, NetBiosName name, NbEntry entry)
        : base(transactionId, Word(NbnsFlagWords.Release, isBroadcast: false), name, entry, 0)
    {
    }

    internal NameReleaseRequest(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameReleaseRequest;
}
