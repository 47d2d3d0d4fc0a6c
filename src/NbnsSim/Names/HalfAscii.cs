using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NbnsSim.Names;

/// <summary>
/// First-level ("half-ASCII") encoding: each octet becomes two letters, 'A' plus the high and 'A' plus the low four bits
/// (RFC 1001 §14.1, RFC 1002 §4.1). Sixteen octets at a time where the processor has 128-bit vectors.
/// </summary>
public static class HalfAscii
{
    /// <summary>The number of octets that an encoded name takes.</summary>
    public const int EncodedSize = 32;

    // The vector form packs pairs of letters as little-endian words.
    private static bool UsesVectors => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    /// <summary>Decodes 32 letters to sixteen octets.</summary>
    /// <param name="encoded">At least 32 octets.</param>
    /// <param name="high">Octets 0 to 7, first octet highest.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <returns>False when an octet is not 'A' to 'P'; the words are then what the low four bits of each octet − 'A' give.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="encoded"/> is shorter than 32 octets.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out ulong high, out ulong low)
    {
        if (encoded.Length < EncodedSize)
            ThrowTooShort(encoded.Length, nameof(encoded));
        return UsesVectors ? TryDecodeVector(ref MemoryMarshal.GetReference(encoded), out high, out low) : TryDecodeScalar(encoded, out high, out low);
    }

    /// <summary>Whether the first 32 octets are letters 'A' to 'P'.</summary>
    /// <param name="encoded">At least 32 octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="encoded"/> is shorter than 32 octets.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsValid(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < EncodedSize)
            ThrowTooShort(encoded.Length, nameof(encoded));
        if (!UsesVectors)
            return TryDecodeScalar(encoded, out _, out _);
        ref byte octets = ref MemoryMarshal.GetReference(encoded);
        var front = Vector128.LoadUnsafe(ref octets) - Vector128.Create((byte)'A');
        var back = Vector128.LoadUnsafe(ref octets, 16) - Vector128.Create((byte)'A');
        return ((front | back) & Vector128.Create((byte)0xF0)) == Vector128<byte>.Zero;
    }

    /// <summary>Encodes sixteen octets to 32 letters.</summary>
    /// <param name="high">Octets 0 to 7, first octet highest.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <param name="encoded">Room for at least 32 octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="encoded"/> is shorter than 32 octets.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encode(ulong high, ulong low, Span<byte> encoded)
    {
        if (encoded.Length < EncodedSize)
            ThrowTooShort(encoded.Length, nameof(encoded));
        Encode(high, low, ref MemoryMarshal.GetReference(encoded));
    }

    /// <summary>Writes 32 octets to room that the caller has checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Encode(ulong high, ulong low, ref byte octets)
    {
        if (UsesVectors)
            EncodeVector(high, low, ref octets);
        else
            EncodeScalar(high, low, MemoryMarshal.CreateSpan(ref octets, EncodedSize));
    }

    /// <summary>One letter after the other, as the RFC tells it; what the vector form is tested against.</summary>
    internal static bool TryDecodeScalar(ReadOnlySpan<byte> encoded, out ulong high, out ulong low)
    {
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

    /// <summary>One letter after the other; what the vector form is tested against.</summary>
    internal static void EncodeScalar(ulong high, ulong low, Span<byte> encoded)
    {
        for (int i = 0; i < 16; i++)
        {
            encoded[i] = (byte)('A' + ((high >> (60 - (4 * i))) & 0xF));
            encoded[16 + i] = (byte)('A' + ((low >> (60 - (4 * i))) & 0xF));
        }
    }

    /// <summary>Reads 32 octets from <paramref name="octets"/>; needs vectors and little-endian words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryDecodeVector(ref byte octets, out ulong high, out ulong low)
    {
        var front = Vector128.LoadUnsafe(ref octets) - Vector128.Create((byte)'A');
        var back = Vector128.LoadUnsafe(ref octets, 16) - Vector128.Create((byte)'A');
        bool valid = ((front | back) & Vector128.Create((byte)0xF0)) == Vector128<byte>.Zero;
        var name = Vector128.Narrow(JoinNibbles(front), JoinNibbles(back)).AsUInt64();
        high = BinaryPrimitives.ReverseEndianness(name.ToScalar());
        low = BinaryPrimitives.ReverseEndianness(name.GetElement(1));
        return valid;
    }

    /// <summary>Writes 32 octets to <paramref name="octets"/>; needs vectors and little-endian words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void EncodeVector(ulong high, ulong low, ref byte octets)
    {
        var name = Vector128.Create(BinaryPrimitives.ReverseEndianness(high), BinaryPrimitives.ReverseEndianness(low)).AsByte();
        var (front, back) = Vector128.Widen(name);
        SplitNibbles(front).StoreUnsafe(ref octets);
        SplitNibbles(back).StoreUnsafe(ref octets, 16);
    }

    /// <summary>In each word: the low octet holds the high nibble, the high octet the low nibble; puts them together in the low octet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> JoinNibbles(Vector128<byte> nibbles)
    {
        var pairs = nibbles.AsUInt16();
        return ((pairs << 4) & Vector128.Create((ushort)0x00F0)) | ((pairs >>> 8) & Vector128.Create((ushort)0x000F));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> SplitNibbles(Vector128<ushort> octets) =>
        (((octets >>> 4) | ((octets << 8) & Vector128.Create((ushort)0x0F00))) + Vector128.Create((ushort)0x4141)).AsByte();

    private static void ThrowTooShort(int length, string parameter) =>
        throw new ArgumentOutOfRangeException(parameter, length, $"An encoded name takes {EncodedSize} octets.");
}
