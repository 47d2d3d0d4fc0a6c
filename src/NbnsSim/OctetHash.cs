using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace NbnsSim;

/// <summary>
/// A hash of 128 bits, the same in every process and on every machine: MurmurHash3 x64 128 (Appleby 2011, public domain). For octets that nobody chooses to do harm; what
/// comes from outside is hashed by <see cref="KeyedHash"/>.
/// </summary>
internal static class OctetHash
{
    private const ulong First = 0x87C3_7B91_1142_53D5;
    private const ulong Second = 0x4CF5_AD43_2745_937F;

    /// <summary>The hash of octets.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> octets)
    {
        ulong length = (ulong)octets.Length;
        ulong one = 0, two = 0;
        while (octets.Length >= 16)
        {
            Mix(ref one, ref two, BinaryPrimitives.ReadUInt64LittleEndian(octets), BinaryPrimitives.ReadUInt64LittleEndian(octets[8..]));
            octets = octets[16..];
        }

        if (!octets.IsEmpty)
        {
            Span<byte> rest = stackalloc byte[16];
            rest.Clear();
            octets.CopyTo(rest);
            two ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]) * Second, 33) * First;
            one ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(rest) * First, 31) * Second;
        }

        one ^= length;
        two ^= length;
        one += two;
        two += one;
        one = Finish(one);
        two = Finish(two);
        one += two;
        two += one;
        return new UInt128(one, two);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref ulong one, ref ulong two, ulong low, ulong high)
    {
        one ^= BitOperations.RotateLeft(low * First, 31) * Second;
        one = ((BitOperations.RotateLeft(one, 27) + two) * 5) + 0x52DC_E729;
        two ^= BitOperations.RotateLeft(high * Second, 33) * First;
        two = ((BitOperations.RotateLeft(two, 31) + one) * 5) + 0x3849_5AB5;
    }

    private static ulong Finish(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        word = (word ^ (word >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return word ^ (word >> 33);
    }
}
