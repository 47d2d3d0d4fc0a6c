using System.Buffers.Binary;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// A hash of octets that is the same on every machine and at every time: finds a payload that is stored already, and damage of a file. It has no key, so that whoever sends packets can make some that
/// meet: octets are compared before one is taken for another.
/// </summary>
internal static class RunHash
{
    private const ulong First = 0x9E37_79B9_7F4A_7C15;
    private const ulong Second = 0xD6E8_FEB8_6659_FD93;
    private const int Pair = 2 * sizeof(ulong);

    /// <summary>The hash.</summary>
    /// <param name="octets">The octets.</param>
    public static ulong Of(ReadOnlySpan<byte> octets)
    {
        ulong hash = Fold((ulong)octets.Length ^ First, Second);
        ulong other = hash * Second;
        while (octets.Length >= 2 * Pair)
        {
            hash = Fold(Word(octets, 0) ^ hash, Word(octets, 8) ^ First); // two ways that do not wait for each other
            other = Fold(Word(octets, Pair) ^ other, Word(octets, Pair + 8) ^ Second);
            octets = octets[(2 * Pair)..];
        }

        hash ^= ulong.RotateLeft(other, 32);
        if (octets.Length >= Pair)
        {
            hash = Fold(Word(octets, 0) ^ hash, Word(octets, 8) ^ First);
            octets = octets[Pair..];
        }

        Span<byte> rest = stackalloc byte[Pair];
        rest.Clear();
        octets.CopyTo(rest);
        return Fold(Fold(Word(rest, 0) ^ hash, Word(rest, 8) ^ Second), First);
    }

    private static ulong Word(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt64LittleEndian(octets[at..]);

    /// <summary>Both halves of a product, folded together. A factor of 0 must not swallow the other.</summary>
    private static ulong Fold(ulong one, ulong other)
    {
        ulong high = Math.BigMul(one, other, out ulong low);
        return high ^ low ^ one ^ ulong.RotateLeft(other, 32);
    }
}
