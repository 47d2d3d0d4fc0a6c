using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>NAME REGISTRATION REQUEST (RFC 1002 §4.2.2): claims a name.</summary>
public sealed class NameRegistrationRequest : SingleEntryMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">NB_FLAGS of the name and the address of the node that claims it.</param>
    /// <param name="timeToLive">The TTL that is asked for, in seconds; 0 is infinite, and what RFC 1002 has B nodes send.</param>
    /// <param name="isBroadcast">B: whether it is broadcast.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public NameRegistrationRequest(ushort transactionId, NetBiosName name, NbEntry entry, TimeToLive timeToLive = default, bool isBroadcast = false)
        : base(transactionId, Word(NbnsFlagWords.RegistrationRequest, isBroadcast), name, entry, timeToLive)
    {
    }

    internal NameRegistrationRequest(in NbnsPacket packet, in NetBiosName name)
        : base(packet, name)
    {
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.NameRegistrationRequest;
}
