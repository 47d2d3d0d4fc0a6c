using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME REFRESH REQUEST (RFC 1002 §4.2.4): keeps a name alive at the name server.</summary>
/// <remarks>The table of §4.2.1.1 gives refresh opcode 8, the diagram of §4.2.4 opcode 9: both are read, 8 is written unless asked otherwise.</remarks>
public sealed class NameRefreshRequest : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">NB_FLAGS of the name and the address of the node that claims it.</param>
    /// <param name="timeToLive">The TTL that is asked for, in seconds; 0 is infinite, and what RFC 1002 has B nodes send.</param>
    /// <param name="isBroadcast">B: whether it is broadcast.</param>
    /// <param name="alternateOpcode">Opcode 9 instead of 8.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameRefreshRequest(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default, bool isBroadcast = false, bool alternateOpcode = false)
        : base(transactionId, Word(alternateOpcode ? NbnsFlagWords.RefreshRequestAlternate : NbnsFlagWords.RefreshRequest, isBroadcast), name, entry, timeToLive)
    {
    }

    internal NameRefreshRequest(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameRefreshRequest;
}
