using System.Buffers.Binary;
using System.Net;

namespace NbnsSim;

/// <summary>An IPv6 address as a number. NBNS knows no IPv6 (MS-NBTE §2.1), but captures hold datagrams that came over it.</summary>
/// <param name="Value">The 128 bits, most significant octet first.</param>
public readonly record struct Ipv6Address(UInt128 Value)
{
    /// <summary>The number of octets in an address.</summary>
    public const int Size = 16;

    /// <summary>Whether this is a multicast address (ff00::/8).</summary>
    public bool IsMulticast => (byte)(Value >> 120) == 0xFF;

    /// <summary>Reads sixteen octets in network order.</summary>
    /// <param name="octets">At least sixteen octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter than sixteen.</exception>
    public static Ipv6Address Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt128BigEndian(octets));

    /// <summary>Writes the sixteen octets in network order.</summary>
    /// <param name="octets">Room for at least sixteen octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter than sixteen.</exception>
    public void Write(Span<byte> octets) => BinaryPrimitives.WriteUInt128BigEndian(octets, Value);

    /// <summary>A hash under a key that each process draws for itself, so that nobody can choose addresses that collide.</summary>
    public override int GetHashCode() => KeyedHash.Of((ulong)(Value >> 64), (ulong)Value);

    /// <summary>The shortest form, such as <c>fe80::1</c> (RFC 5952).</summary>
    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[Size];
        Write(octets);
        return new IPAddress(octets).ToString();
    }
}
