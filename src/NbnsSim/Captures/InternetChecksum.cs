using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>The internet checksum (RFC 1071): the one's complement sum of 16-bit words.</summary>
internal static class InternetChecksum
{
    /// <summary>
    /// Adds octets to a running sum. Words are taken in little-endian order and wide: the sum is the same but for the order of its two
    /// octets (RFC 1071 §2 (B), (C)), which <see cref="Fold"/> puts right. Only the last piece may have an odd length.
    /// </summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> octets)
    {
        while (octets.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(octets);
            sum += (uint)word + (word >> 32);
            octets = octets[8..];
        }

        if (octets.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(octets);
            octets = octets[4..];
        }

        if (octets.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(octets);
            octets = octets[2..];
        }

        return octets.Length == 1 ? sum + octets[0] : sum;
    }

    /// <summary>Adds a number as it would stand in the packet, big-endian.</summary>
    public static ulong Add(ulong sum, ushort word) => sum + BinaryPrimitives.ReverseEndianness(word);

    /// <summary>The sum in 16 bits, 0xFFFF over data that holds its own right checksum.</summary>
    public static ushort Fold(ulong sum)
    {
        sum = (uint)sum + (sum >> 32);
        sum = (ushort)sum + (sum >> 16);
        sum = (ushort)sum + (sum >> 16);
        sum = (ushort)sum + (sum >> 16);
        return BinaryPrimitives.ReverseEndianness((ushort)sum);
    }
}
