using System.Buffers.Binary;

namespace NbnsSim.Tests.Captures;

/// <summary>Builds frames from the inside out, with right lengths and checksums, without the writer under test.</summary>
internal static class Frames
{
    public static readonly byte[] Payload = Convert.FromHexString("123429100001000000000001");

    public static readonly byte[] Source4 = [10, 0, 0, 1];
    public static readonly byte[] Destination4 = [10, 0, 0, 255];
    public static readonly byte[] Source6 = Convert.FromHexString("fe800000000000000000000000000001");
    public static readonly byte[] Destination6 = Convert.FromHexString("ff020000000000000000000000000001");

    public static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Big32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    /// <summary>A UDP datagram from port 137 to 137, its checksum over the IPv4 or IPv6 addresses above.</summary>
    public static byte[] Udp(byte[]? payload = null, bool ipv6 = false, int sourcePort = 137, int destinationPort = 137)
    {
        payload ??= Payload;
        byte[] udp = [.. Big16(sourcePort), .. Big16(destinationPort), .. Big16(8 + payload.Length), 0, 0, .. payload];
        byte[] pseudo = ipv6 ? [.. Source6, .. Destination6] : [.. Source4, .. Destination4];
        int checksum = Checksum([.. pseudo, 0, 17, .. Big16(udp.Length), .. udp]);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(6), (ushort)(checksum == 0 ? 0xFFFF : checksum));
        return udp;
    }

    public static byte[] Ipv4(byte[] body, int identification = 1, int offset = 0, bool more = false, byte[]? options = null, int? totalLength = null, int protocol = 17)
    {
        options ??= [];
        byte[] header =
        [
            (byte)(0x45 + (options.Length / 4)), 0, .. Big16(totalLength ?? (20 + options.Length + body.Length)), .. Big16(identification),
            .. Big16((offset / 8) | (more ? 0x2000 : 0)), 128, (byte)protocol, 0, 0, .. Source4, .. Destination4, .. options,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), (ushort)Checksum(header));
        return [.. header, .. body];
    }

    public static byte[] Ipv6(byte[] body, byte nextHeader = 17, int? payloadLength = null) =>
        [0x60, 0, 0, 0, .. Big16(payloadLength ?? body.Length), nextHeader, 64, .. Source6, .. Destination6, .. body];

    public static byte[] Ethernet(byte[] body, int type = 0x0800, bool broadcast = true, params byte[] tags) =>
        [.. broadcast ? Convert.FromHexString("ffffffffffff") : Convert.FromHexString("020000000002"), 2, 0, 0, 0, 0, 1, .. tags, .. Big16(type), .. body];

    /// <summary>An ordinary NBNS frame.</summary>
    public static byte[] Ordinary(byte[]? payload = null) => Ethernet(Ipv4(Udp(payload)));

    /// <summary>RFC 1071, the slow way.</summary>
    public static int Checksum(byte[] octets)
    {
        long sum = 0;
        for (int i = 0; i < octets.Length; i += 2)
            sum += (octets[i] << 8) | (i + 1 < octets.Length ? octets[i + 1] : 0);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (int)(~sum & 0xFFFF);
    }
}
