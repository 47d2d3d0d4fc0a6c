using System.Buffers.Binary;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>
/// WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE (RFC 1002 §4.2.16): the name server needs more time for the request. 58 octets without scope.
/// </summary>
/// <remarks>The RFC prints the record's type as "NULL (0x0020)": both types are read, 0x0020 is written.</remarks>
public sealed class WaitForAcknowledgementResponse : NbnsMessage
{
    private const ushort OpcodeAndNmFlags = 0x7FF0;

    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">How long to wait, in seconds; 0 is no estimate.</param>
    /// <param name="request">The flags word of the request that has to wait; its OPCODE and NM_FLAGS are sent.</param>
    /// <exception cref="ArgumentException">The scope of <paramref name="name"/> is longer than a packet has room for.</exception>
    public WaitForAcknowledgementResponse(ushort transactionId, NetBiosName name, TimeToLive timeToLive, NbnsFlags request)
        : base(transactionId, new NbnsFlags(NbnsFlagWords.Wack), name)
    {
        TimeToLive = timeToLive;
        Request = new NbnsFlags((ushort)(request.Value & OpcodeAndNmFlags));
    }

    internal WaitForAcknowledgementResponse(in NbnsPacket packet, in NetBiosName name)
        : base(packet.TransactionId, packet.Flags, name)
    {
        var data = packet.Record.Data;
        TimeToLive = packet.Record.TimeToLive;
        Request = data.Length < 2 ? default : new NbnsFlags((ushort)(BinaryPrimitives.ReadUInt16BigEndian(data) & OpcodeAndNmFlags));
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.WaitForAcknowledgementResponse;

    /// <summary>How long to wait, in seconds; 0 is no estimate.</summary>
    public TimeToLive TimeToLive { get; }

    /// <summary>OPCODE and NM_FLAGS of the request that has to wait.</summary>
    public NbnsFlags Request { get; }

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size + NbnsEncoder.EncodedLength(Name) + NbnsResourceRecord.FixedSize + 2;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) => NbnsEncoder.WriteWack(buffer, TransactionId, Flags, Name, TimeToLive, Request);

    private protected override bool ContentEquals(NbnsMessage other) =>
        other is WaitForAcknowledgementResponse response && TimeToLive == response.TimeToLive && Request == response.Request;
}
