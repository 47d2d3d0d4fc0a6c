using System.Buffers.Binary;
using System.Security.Cryptography;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Tables;

/// <summary>SHA-256 of payloads, of which the last thousand or so are remembered: requests are sent three times with the same octets (RFC 1002 §6), and a sum takes as long as the rest of a row.</summary>
internal sealed class PayloadSums
{
    /// <summary>How many are remembered at most.</summary>
    public const int Places = 1 << 10;

    private const int Longest = 128; // of what is remembered

    private readonly Known[] _known = new Known[Places]; // by hash
    private readonly byte[] _octets = new byte[Places * Longest];

    /// <summary>The first eight octets of a payload's SHA-256, most significant first.</summary>
    /// <param name="payload">The payload.</param>
    public ulong Of(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is 0 or > Longest)
            return Sum(payload);
        int place = (int)(RunHash.Of(payload) & (Places - 1));
        ref var known = ref _known[place];
        var octets = _octets.AsSpan(place * Longest, Longest);
        if (!payload.SequenceEqual(octets[..known.Length]))
        {
            payload.CopyTo(octets);
            known = new Known(payload.Length, Sum(payload));
        }

        return known.Sum;
    }

    private static ulong Sum(ReadOnlySpan<byte> payload)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, sum);
        return BinaryPrimitives.ReadUInt64BigEndian(sum);
    }

    private readonly record struct Known(int Length, ulong Sum);
}
