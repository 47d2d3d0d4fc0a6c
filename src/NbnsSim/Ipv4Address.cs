using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace NbnsSim;

/// <summary>An IPv4 address as a number: 10.0.0.2 is 0x0A000002. NBNS carries no other kind (RFC 1002 §4.2.1.3 NB_ADDRESS).</summary>
/// <param name="Value">The 32 bits in host order, most significant octet first.</param>
public readonly record struct Ipv4Address(uint Value) : IComparable<Ipv4Address>, ISpanFormattable
{
    /// <summary>The number of octets in an address.</summary>
    public const int Size = 4;

    private const int MaxTextLength = 15;

    /// <summary>0.0.0.0: no address.</summary>
    public static Ipv4Address Any => default;

    /// <summary>255.255.255.255: the limited broadcast, and WINS' answer for a normal group (Q130232).</summary>
    public static Ipv4Address Broadcast => new(uint.MaxValue);

    /// <summary>127.0.0.1.</summary>
    public static Ipv4Address Loopback => new(0x7F000001);

    /// <summary>Whether this is a class D address (224.0.0.0/4).</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>Whether one host can have it: not 0.0.0.0, and below 224.0.0.0, where multicast, reserved addresses and the limited broadcast follow (RFC 1112 §4).</summary>
    public bool IsUnicast => Value is not 0 and < 0xE000_0000;

    /// <summary>The same address as .NET writes it.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[Size];
        Write(octets);
        return new IPAddress(octets);
    }

    /// <summary>Takes an address of .NET: an IPv4 one, or one that is mapped into IPv6 (::ffff:10.0.0.2).</summary>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is an IPv6 address.</exception>
    public static Ipv4Address FromIPAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        if (!address.TryWriteBytes(octets, out int length) || (length != Size && !address.IsIPv4MappedToIPv6))
            throw new ArgumentException($"{address} is not an IPv4 address.", nameof(address));
        return Read(octets[(length - Size)..]);
    }

    /// <summary>Reads four octets in network order.</summary>
    /// <param name="octets">At least four octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter than four.</exception>
    public static Ipv4Address Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt32BigEndian(octets));

    /// <summary>Writes the four octets in network order.</summary>
    /// <param name="octets">Room for at least four octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter than four.</exception>
    public void Write(Span<byte> octets) => BinaryPrimitives.WriteUInt32BigEndian(octets, Value);

    /// <summary>Parses dotted decimal, four numbers from 0 to 255.</summary>
    /// <param name="text">The text, such as <c>10.0.0.2</c>.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is not an IPv4 address.</exception>
    public static Ipv4Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{VisibleText.Escape(text)}' is not an IPv4 address: expected four numbers from 0 to 255, such as 10.0.0.2.");

    /// <summary>Parses dotted decimal; leading zeros are refused since some read them as octal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, or 0.0.0.0.</param>
    /// <returns>Whether <paramref name="text"/> is an address.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Address address)
    {
        address = default;
        if (text is null)
            return false;
        uint value = 0;
        int parts = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            var part = text.AsSpan(range);
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                return false;
            value = (value << 8) | octet;
        }

        address = new Ipv4Address(value);
        return parts == 4;
    }

    /// <inheritdoc/>
    public int CompareTo(Ipv4Address other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(Ipv4Address left, Ipv4Address right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(Ipv4Address left, Ipv4Address right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> does not sort after <paramref name="right"/>.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(Ipv4Address left, Ipv4Address right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> does not sort before <paramref name="right"/>.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(Ipv4Address left, Ipv4Address right) => left.Value >= right.Value;

    /// <summary>A hash under a key that each process draws for itself, so that nobody can choose addresses that collide.</summary>
    public override int GetHashCode() => KeyedHash.Of(Value);

    /// <summary>Dotted decimal.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxTextLength];
        TryFormat(text, out int written);
        return new string(text[..written]);
    }

    /// <summary>Writes what <see cref="ToString()"/> gives, allocating nothing.</summary>
    /// <param name="destination">Room for the text; 15 characters suffice.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>False when <paramref name="destination"/> is too short.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        Span<char> text = stackalloc char[MaxTextLength + 1];
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint octet = (byte)(Value >> shift);
            if (octet >= 100)
                text[length++] = (char)('0' + (octet / 100));
            if (octet >= 10)
                text[length++] = (char)('0' + (octet / 10 % 10));
            text[length++] = (char)('0' + (octet % 10));
            text[length++] = '.';
        }

        text = text[..(length - 1)];
        bool fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
