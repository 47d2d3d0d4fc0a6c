namespace NbnsSim.Names;

/// <summary>
/// First-level ("half-ASCII") encoding: each octet becomes two letters, 'A' plus the high and 'A' plus the low four bits
/// (RFC 1001 §14.1, RFC 1002 §4.1).
/// </summary>
public static class HalfAscii
{
    /// <summary>The number of octets that an encoded name takes.</summary>
    public const int EncodedSize = 32;

    /// <summary>Decodes 32 letters to sixteen octets.</summary>
    /// <param name="encoded">At least 32 octets.</param>
    /// <param name="high">Octets 0 to 7, first octet highest.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <returns>False when an octet is not 'A' to 'P'; the words are then what the low four bits of each octet − 'A' give.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="encoded"/> is shorter than 32 octets.</exception>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out ulong high, out ulong low)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(encoded.Length, EncodedSize, nameof(encoded));
        high = low = 0;
        uint wrong = 0;
        for (int i = 0; i < EncodedSize; i++)
        {
            uint nibble = encoded[i] - (uint)'A';
            wrong |= nibble;
            high = (high << 4) | (low >> 60);
            low = (low << 4) | (nibble & 0xF);
        }

        return wrong <= 0xF;
    }

    /// <summary>Encodes sixteen octets to 32 letters.</summary>
    /// <param name="high">Octets 0 to 7, first octet highest.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <param name="encoded">Room for at least 32 octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="encoded"/> is shorter than 32 octets.</exception>
    public static void Encode(ulong high, ulong low, Span<byte> encoded)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(encoded.Length, EncodedSize, nameof(encoded));
        for (int i = 0; i < 16; i++)
        {
            encoded[i] = (byte)('A' + ((high >> (60 - (4 * i))) & 0xF));
            encoded[16 + i] = (byte)('A' + ((low >> (60 - (4 * i))) & 0xF));
        }
    }
}
