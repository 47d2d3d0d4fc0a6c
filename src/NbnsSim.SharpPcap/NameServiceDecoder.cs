using PacketDotNet;

namespace NbnsSim.SharpPcap;

/// <summary>Makes PacketDotNet decode name service packets: one explicit call, which can be undone.</summary>
/// <remarks>
/// PacketDotNet has one hook, <see cref="TransportPacket.CustomPayloadDecoder"/>, for the whole process and for TCP and UDP alike.
/// What was registered there before stays in use for every packet that is not ours.
/// </remarks>
public static class NameServiceDecoder
{
    /// <summary>
    /// From now on UDP datagrams from or to <paramref name="port"/> are a <see cref="NameServicePacket"/>. A datagram on that port that
    /// cannot be read is offered to the decoder that was there before; if that one does not want it, it is a packet with an error.
    /// </summary>
    /// <param name="port">The UDP port; 137 by RFC 1002 §6.</param>
    /// <returns>The registration: dispose it to undo. Forgetting it does no harm.</returns>
    public static NameServiceDecoderRegistration Register(ushort port = Ipv4Endpoint.NameServicePort) => new(port);
}
