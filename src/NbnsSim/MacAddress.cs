using System.Globalization;

namespace NbnsSim;

/// <summary>A 48-bit Ethernet address; the UNIT_ID of a node status response (RFC 1002 §4.2.18).</summary>
/// <param name="Value">The six octets as the low 48 bits, first octet highest.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>The number of octets in an address.</summary>
    public const int Size = 6;

    /// <summary>FF-FF-FF-FF-FF-FF.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>The locally administered address that a simulated host with <paramref name="address"/> uses: 02-00 and the four octets.</summary>
    /// <param name="address">The host's IPv4 address.</param>
    public static MacAddress FromIpv4(Ipv4Address address) => new(0x0200_0000_0000 | (ulong)address.Value);

    /// <summary>Reads six octets.</summary>
    /// <param name="octets">At least six octets.</param>
    /// <exception cref="IndexOutOfRangeException"><paramref name="octets"/> is shorter than six.</exception>
    public static MacAddress Read(ReadOnlySpan<byte> octets)
    {
        ulong value = 0;
        for (int i = 0; i < Size; i++)
            value = (value << 8) | octets[i];
        return new MacAddress(value);
    }

    /// <summary>Writes the six octets.</summary>
    /// <param name="octets">Room for at least six octets.</param>
    /// <exception cref="IndexOutOfRangeException"><paramref name="octets"/> is shorter than six.</exception>
    public void Write(Span<byte> octets)
    {
        for (int i = 0; i < Size; i++)
            octets[i] = (byte)(Value >> (8 * (Size - 1 - i)));
    }

    /// <summary>A hash under a key that each process draws for itself, so that nobody can choose addresses that collide.</summary>
    public override int GetHashCode() => KeyedHash.Of(Value);

    /// <summary>Windows' form, as nbtstat prints it: <c>00-00-C1-10-B8-BB</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(byte)(Value >> 40):X2}-{(byte)(Value >> 32):X2}-{(byte)(Value >> 24):X2}-{(byte)(Value >> 16):X2}-{(byte)(Value >> 8):X2}-{(byte)Value:X2}");
}
