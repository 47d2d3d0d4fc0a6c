using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>
/// A message about one address: every registration, overwrite, refresh and release and the responses to them. A request has a question and
/// an additional record (68 octets without scope), a response one answer (62 octets).
/// </summary>
public abstract class SingleEntryMessage : NbnsMessage
{
    private protected SingleEntryMessage(ushort transactionId, NbnsFlags flags, NetBiosName name, NbEntry entry, TimeToLive timeToLive)
        : base(transactionId, flags, name)
    {
        Entry = entry;
        TimeToLive = timeToLive;
    }

    private protected SingleEntryMessage(in NbnsPacket packet, in NetBiosName name)
        : this(packet.TransactionId, packet.Flags, name, packet.Record.FirstEntry, packet.Record.TimeToLive)
    {
    }

    /// <summary>NB_FLAGS and NB_ADDRESS; default where a refusal came without.</summary>
    public NbEntry Entry { get; }

    /// <summary>TTL in seconds; 0 is infinite (RFC 1002 §6 INFINITE_TTL).</summary>
    public TimeToLive TimeToLive { get; }

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + (Flags.IsResponse ? 16 : 22);

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => Flags.IsResponse
        ? NbnsEncoder.WriteResponse(buffer, TransactionId, Flags, Name, TimeToLive, Entry)
        : NbnsEncoder.WriteRequest(buffer, TransactionId, Flags, Name, TimeToLive, Entry);

    private protected override bool ContentEquals(NbnsMessage other) =>
        other is SingleEntryMessage message && Entry == message.Entry && TimeToLive == message.TimeToLive;
}
