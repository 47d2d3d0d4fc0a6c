using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>Writes UDP datagrams as Ethernet frames, as a capture or a raw socket wants them: lengths and checksums are right.</summary>
/// <remarks>
/// <code>
///  0 | destination (48) | source (48) | type 0800 (16) |
/// 14 | 45 (8) | service (8) | total length (16) | identification (16) | flags, offset (16) | TTL (8) | 17 (8) | checksum (16) | source (32) | destination (32) |
/// 34 | source port (16) | destination port (16) | length (16) | checksum (16) |
/// 42 | payload …
/// </code>
/// </remarks>
public static class UdpFrame
{
    /// <summary>Ethernet, IPv4 and UDP headers together: where the payload begins.</summary>
    public const int HeaderLength = Udp + CapturedDatagram.UdpHeader;

    /// <summary>The longest payload that IPv4 can carry.</summary>
    public const int MaxPayloadLength = ushort.MaxValue - InternetProtocol.Ipv4Header - CapturedDatagram.UdpHeader;

    private const int Ip = 14;
    private const int Udp = Ip + InternetProtocol.Ipv4Header;

    /// <summary>Writes a frame. The payload may already stand where it belongs, <see cref="HeaderLength"/> octets into the frame.</summary>
    /// <param name="frame">Room for <see cref="HeaderLength"/> octets and the payload.</param>
    /// <param name="sourceMac">The station that sends it.</param>
    /// <param name="destinationMac">The station or group that it is for.</param>
    /// <param name="source">The address and port that it is from.</param>
    /// <param name="destination">The address and port that it is for.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="identification">The IP identification; tells the datagrams of a host apart.</param>
    /// <param name="timeToLive">How many routers it may pass; Windows NT 4 and later say 128, earlier ones 32.</param>
    /// <returns>The length of the frame.</returns>
    /// <exception cref="ArgumentException">The payload is longer than <see cref="MaxPayloadLength"/>, or <paramref name="frame"/> too short for it.</exception>
    public static int Write(
        Span<byte> frame,
        MacAddress sourceMac,
        MacAddress destinationMac,
        Ipv4Endpoint source,
        Ipv4Endpoint destination,
        ReadOnlySpan<byte> payload,
        ushort identification = 0,
        byte timeToLive = 128)
    {
        int length = HeaderLength + payload.Length;
        if (payload.Length > MaxPayloadLength)
            throw new ArgumentException($"A payload of {payload.Length} octets is longer than IPv4 can carry: {MaxPayloadLength}.", nameof(payload));
        if (frame.Length < length)
            throw new ArgumentException($"A frame of {length} octets does not fit into {frame.Length}.", nameof(frame));

        payload.CopyTo(frame[HeaderLength..]); // before the headers: the payload may overlap them
        destinationMac.Write(frame);
        sourceMac.Write(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], EtherTypes.Ipv4);

        var ip = frame[Ip..Udp];
        ip[0] = 0x45;
        ip[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(length - Ip));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], identification);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], 0);
        ip[8] = timeToLive;
        ip[9] = InternetProtocol.Udp;
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
        source.Address.Write(ip[12..]);
        destination.Address.Write(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~InternetChecksum.Fold(InternetChecksum.Add(0, ip)));

        var udp = frame[Udp..length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        ulong sum = InternetChecksum.Add(0, ip[12..20]);
        sum = InternetChecksum.Add(sum, InternetProtocol.Udp);
        sum = InternetChecksum.Add(sum, (ushort)udp.Length);
        ushort checksum = (ushort)~InternetChecksum.Fold(InternetChecksum.Add(sum, udp));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? ushort.MaxValue : checksum); // RFC 768: zero means none
        return length;
    }
}
