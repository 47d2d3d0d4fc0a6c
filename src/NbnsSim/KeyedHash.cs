using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim;

/// <summary>
/// Hashes of values that come from outside: names, scopes, addresses. The key is drawn once in each process, so that nobody who sends
/// packets or writes files can choose values that collide. Nothing may follow from the order of such hashes.
/// </summary>
/// <remarks>
/// Two rounds of a multiplication whose upper and lower halves are folded together, each factor covered by a secret word. The first
/// round's product is kept whole, so that two values meet there only where a factor is zero, and nobody outside can make it zero.
/// </remarks>
internal static class KeyedHash
{
    private const ulong Prime = (1UL << 61) - 1;

    private const int MaxPaired = 576;

    private static readonly ulong[] Secret = new ulong[MaxPaired / sizeof(ulong)];

    private static readonly Keys Key = Draw();

    /// <summary>The hash of 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ulong value) => Of(0, value);

    /// <summary>The hash of 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ulong high, ulong low)
    {
        ulong upper = Math.BigMul(high ^ Key.First, low ^ Key.Second, out ulong lower);
        upper = Math.BigMul(upper ^ Key.Third, lower ^ Key.Fourth, out lower);
        return (int)(upper ^ lower);
    }

    /// <summary>
    /// The hash of octets. Up to 576 of them, the longest NBNS datagram (RFC 1002 §4.2.1), by NH (Black, Halevi, Krawczyk, Krovetz, Rogaway 1999): words and secret words added, multiplied in pairs,
    /// summed. No product waits for the one before, and two strings meet at one of 2⁶⁴ keys. Longer ones by a polynomial over a prime field at a point that nobody knows (Wegman and Carter
    /// 1981), at which two strings of n octets collide at no more than n/4 of 2⁶¹ points.
    /// </summary>
    public static int Of(ReadOnlySpan<byte> octets)
    {
        const int pair = 2 * sizeof(ulong);
        if (octets.Length > MaxPaired)
            return OfLong(octets);
        ulong high = (ulong)octets.Length, low = 0; // the length tells a string from the same one with zeros behind it
        if (octets.Length < pair)
        {
            Span<byte> padded = stackalloc byte[pair];
            padded.Clear();
            octets.CopyTo(padded);
            AddProduct(padded, 0, 0, ref high, ref low);
            return Of(high, low);
        }

        int at = 0;
        for (; at <= octets.Length - pair; at += pair)
            AddProduct(octets, at, at, ref high, ref low);
        if (at < octets.Length)
            AddProduct(octets, octets.Length - pair, at, ref high, ref low); // some of the octets twice: of strings of one length that tells no less
        return Of(high, low);
    }

    /// <summary>Adds the product of two words, each covered by a secret one.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="at">Where the words stand in them.</param>
    /// <param name="place">The place of the secret words, in octets.</param>
    /// <param name="high">The upper half of the sum.</param>
    /// <param name="low">The lower half.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(ReadOnlySpan<byte> octets, int at, int place, ref ulong high, ref ulong low)
    {
        ref byte words = ref Unsafe.Add(ref MemoryMarshal.GetReference(octets), at);
        ref ulong secret = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Secret), place / sizeof(ulong));
        ulong upper = Math.BigMul(Unsafe.ReadUnaligned<ulong>(ref words) + secret, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref words, sizeof(ulong))) + Unsafe.Add(ref secret, 1), out ulong lower);
        low += lower;
        high += upper + (low < lower ? 1UL : 0);
    }

    private static int OfLong(ReadOnlySpan<byte> octets)
    {
        ulong sum = (ulong)octets.Length + 1;
        while (octets.Length >= sizeof(uint))
        {
            sum = Next(sum, MemoryMarshal.Read<uint>(octets));
            octets = octets[sizeof(uint)..];
        }

        uint rest = 0;
        foreach (byte octet in octets)
            rest = (rest << 8) | octet;
        return Of(Next(sum, rest));
    }

    /// <summary>sum × point + word, modulo 2⁶¹ − 1.</summary>
    private static ulong Next(ulong sum, uint word)
    {
        ulong high = Math.BigMul(sum, Key.Point, out ulong low);
        sum = (low & Prime) + ((high << 3) | (low >> 61)) + word; // below 2⁶² + 2³²
        sum = (sum & Prime) + (sum >> 61);
        return sum >= Prime ? sum - Prime : sum;
    }

    private static Keys Draw()
    {
        // The one draw in the core that no seed decides: no order, and so no trace, depends on it. A GUID's random bits come from the
        // system's generator; folding it in two puts random bits over the few that are always the same.
#pragma warning disable RS0030
        var random = new RandomStream(Fold(Guid.NewGuid()));
        ulong other = Fold(Guid.NewGuid());
#pragma warning restore RS0030
        for (int i = 0; i < Secret.Length; i++)
            Secret[i] = random.NextUInt64() ^ other;
        return new Keys(random.NextUInt64(), random.NextUInt64() ^ other, random.NextUInt64(), random.NextUInt64() ^ other, random.NextUInt64() % Prime);
    }

    private static ulong Fold(Guid guid)
    {
        var words = MemoryMarshal.Cast<Guid, ulong>(MemoryMarshal.CreateReadOnlySpan(ref guid, 1));
        return words[0] ^ words[1];
    }

    private readonly struct Keys(ulong first, ulong second, ulong third, ulong fourth, ulong point)
    {
        public readonly ulong First = first;
        public readonly ulong Second = second;
        public readonly ulong Third = third;
        public readonly ulong Fourth = fourth;
        public readonly ulong Point = point;
    }
}
