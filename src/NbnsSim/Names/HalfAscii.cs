using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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
        bool valid = TryDecode(ref MemoryMarshal.GetReference(encoded), out var name);
        high = name.ToScalar();
        low = name.GetElement(1);
        return valid;
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

    /// <summary>Reads 32 octets that the caller knows are there.</summary>
    /// <param name="octets">The first letter.</param>
    /// <param name="name">The high word, then the low one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryDecode(ref byte octets, out Vector128<ulong> name)
    {
        if (UsesVectors)
            return TryDecodeVector(ref octets, out name);
        bool valid = TryDecodeScalar(MemoryMarshal.CreateReadOnlySpan(ref octets, EncodedSize), out ulong high, out ulong low);
        name = Vector128.Create(high, low);
        return valid;
    }

    /// <summary>Reads 32 octets from <paramref name="octets"/>; needs vectors and little-endian words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryDecodeVector(ref byte octets, out Vector128<ulong> name)
    {
        var front = Vector128.LoadUnsafe(ref octets) - Vector128.Create((byte)'A');
        var back = Vector128.LoadUnsafe(ref octets, 16) - Vector128.Create((byte)'A');
        var joined = JoinNibbles(front & Vector128.Create((byte)0x0F), back & Vector128.Create((byte)0x0F));
        name = FromNetworkOrder(joined);
        return ((front | back) & Vector128.Create((byte)0xF0)) == Vector128<byte>.Zero;
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

    /// <summary>
    /// Reverses the octets of each word. By name of the instruction: a shuffle that is left to the compiler becomes a call that takes octet by
    /// octet where it compiles ahead of time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> FromNetworkOrder(Vector128<byte> octets)
    {
        if (Ssse3.IsSupported)
            return Ssse3.Shuffle(octets, Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)).AsUInt64();
        if (AdvSimd.IsSupported)
            return AdvSimd.ReverseElement8(octets.AsUInt64());
        return FromNetworkOrderByWord(octets);
    }

    /// <summary>For processors that have neither; what the others are tested against.</summary>
    internal static Vector128<ulong> FromNetworkOrderByWord(Vector128<byte> octets) =>
        Vector128.Create(BinaryPrimitives.ReverseEndianness(octets.AsUInt64().ToScalar()), BinaryPrimitives.ReverseEndianness(octets.AsUInt64().GetElement(1)));

    /// <summary>Puts each high nibble and the low nibble behind it into one octet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> JoinNibbles(Vector128<byte> front, Vector128<byte> back)
    {
        if (Ssse3.IsSupported)
        {
            // 16 × high + 1 × low in one instruction
            var weights = Vector128.Create((short)0x0110).AsSByte();
            return Sse2.PackUnsignedSaturate(Ssse3.MultiplyAddAdjacent(front, weights), Ssse3.MultiplyAddAdjacent(back, weights));
        }

        return Vector128.Narrow(JoinNibbles(front.AsUInt16()), JoinNibbles(back.AsUInt16()));
    }

    /// <summary>In each word: the low octet holds the high nibble, the high octet the low nibble; puts them together in the low octet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> JoinNibbles(Vector128<ushort> pairs) => ((pairs << 4) | (pairs >>> 8)) & Vector128.Create((ushort)0x00FF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> SplitNibbles(Vector128<ushort> octets) =>
        (((octets >>> 4) | ((octets << 8) & Vector128.Create((ushort)0x0F00))) + Vector128.Create((ushort)0x4141)).AsByte();

    private static void ThrowTooShort(int length, string parameter) =>
        throw new ArgumentOutOfRangeException(parameter, length, $"An encoded name takes {EncodedSize} octets.");
}
