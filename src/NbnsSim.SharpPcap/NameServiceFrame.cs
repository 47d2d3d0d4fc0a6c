using System.Diagnostics.CodeAnalysis;
using PacketDotNet;

namespace NbnsSim.SharpPcap;

/// <summary>Frames with a name service packet in them: taken apart without risk, and put together with right lengths and checksums.</summary>
public static class NameServiceFrame
{
    /// <summary>
    /// How many layers <see cref="TryExtract(LinkLayers, byte[], out NameServicePacket?)"/> looks through. PacketDotNet itself has no
    /// limit: an IPv4 header of length 0 that says to carry IPv4 makes its <c>Extract</c> run for ever.
    /// </summary>
    public const int MaxLayers = 32;

    /// <summary>
    /// Finds the name service packet in a frame, through every layer that PacketDotNet knows (GRE, PPPoE, VXLAN, radiotap … which the core's own
    /// capture reader leaves out). Needs no registered decoder, and neither throws nor hangs, whatever the octets.
    /// </summary>
    /// <param name="linkLayer">The frame's link layer, as a capture device or file states it.</param>
    /// <param name="frame">The octets; the packet keeps a reference to them.</param>
    /// <param name="packet">The packet, with the UDP and IP packets around it as its parents.</param>
    /// <returns>False when there is none, the frame is cut before it, or PacketDotNet does not know a layer.</returns>
    public static bool TryExtract(LinkLayers linkLayer, byte[] frame, [NotNullWhen(true)] out NameServicePacket? packet) =>
        TryExtract(linkLayer, frame, Ipv4Endpoint.NameServicePort, out packet);

    /// <summary>Finds the name service packet in a frame, on a port other than 137.</summary>
    /// <param name="linkLayer">The frame's link layer.</param>
    /// <param name="frame">The octets; the packet keeps a reference to them.</param>
    /// <param name="port">The UDP port, of either side.</param>
    /// <param name="packet">The packet, with the UDP and IP packets around it as its parents.</param>
    /// <returns>False when there is none, the frame is cut before it, or PacketDotNet does not know a layer.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "PacketDotNet throws IndexOutOfRange, InvalidOperation, NotImplemented and others for what a frame says.")]
    public static bool TryExtract(LinkLayers linkLayer, byte[] frame, ushort port, [NotNullWhen(true)] out NameServicePacket? packet)
    {
        ArgumentNullException.ThrowIfNull(frame);
        packet = null;
        try
        {
            var layer = Packet.ParsePacket(linkLayer, frame);
            for (int depth = 0; layer is not null && depth < MaxLayers; depth++)
            {
                // The UDP header is looked at before PayloadPacket is: that would run the decoders which others have registered.
                if (layer is UdpPacket udp && NameServiceDecoderRegistration.FindDatagram(udp, port) is { } datagram)
                {
                    packet = new NameServicePacket(datagram, udp);
                    return true;
                }

                layer = layer.PayloadPacket;
            }
        }
        catch (Exception)
        {
            packet = null;
        }

        return false;
    }

    /// <summary>The datagram in a frame of Ethernet, IPv4 and UDP, if it is whole.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "As above.")]
    internal static bool TryFindDatagram(byte[] frame, out Ipv4Endpoint source, out Ipv4Endpoint destination, out ReadOnlySpan<byte> payload)
    {
        source = destination = default;
        payload = default;
        try
        {
            if (Packet.ParsePacket(LinkLayers.Ethernet, frame).PayloadPacket is not IPv4Packet { PayloadPacket: UdpPacket udp } ip
                || (ip.FragmentFlags & 1) != 0
                || NameServiceDecoderRegistration.FindDatagram(udp, port: null) is not { } datagram
                || (ushort)udp.Length != datagram.Length + UdpFields.HeaderLength)
                return false;
            source = new Ipv4Endpoint(Ipv4Address.Read(ip.SourceAddress.GetAddressBytes()), udp.SourcePort);
            destination = new Ipv4Endpoint(Ipv4Address.Read(ip.DestinationAddress.GetAddressBytes()), udp.DestinationPort);
            payload = datagram.Bytes.AsSpan(datagram.Offset, datagram.Length);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>Puts a name service packet into Ethernet, IPv4 and UDP; lengths and checksums are right.</summary>
    /// <param name="sourceAddress">The sender's Ethernet address.</param>
    /// <param name="destinationAddress">The receiver's Ethernet address, or <see cref="MacAddress.Broadcast"/>.</param>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The receiver, or the broadcast address of its subnet.</param>
    /// <param name="datagram">The UDP payload, as an encoder wrote it: right or wrong.</param>
    /// <param name="identification">IPv4's identification field.</param>
    /// <returns>The frame; <see cref="Packet.Bytes"/> are its octets.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="datagram"/> is longer than a UDP datagram over IPv4 can be (65,507 octets).</exception>
    public static EthernetPacket Create(
        MacAddress sourceAddress, MacAddress destinationAddress, Ipv4Endpoint source, Ipv4Endpoint destination, ReadOnlySpan<byte> datagram, ushort identification = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, ushort.MaxValue - IPv4Packet.HeaderMinimumLength - UdpFields.HeaderLength, nameof(datagram));
        var udp = new UdpPacket(source.Port, destination.Port) { PayloadPacket = new NameServicePacket(datagram) };
        var ip = new IPv4Packet(Conversions.ToIPAddress(source.Address), Conversions.ToIPAddress(destination.Address)) { Id = identification, PayloadPacket = udp };
        var ethernet = new EthernetPacket(Conversions.ToPhysicalAddress(sourceAddress), Conversions.ToPhysicalAddress(destinationAddress), EthernetType.IPv4) { PayloadPacket = ip };

        // Lengths first, from the outside in: both checksums cover them.
        ip.UpdateCalculatedValues();
        udp.UpdateCalculatedValues();
        udp.UpdateUdpChecksum();
        if (udp.Checksum == 0)
            udp.Checksum = ushort.MaxValue; // RFC 768: zero on the wire means that there is none
        ip.UpdateIPChecksum();
        return ethernet;
    }
}
