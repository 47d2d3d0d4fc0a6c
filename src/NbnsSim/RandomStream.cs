namespace NbnsSim;

/// <summary>
/// A reproducible stream of random numbers: the same seed gives the same numbers on every machine and .NET version.
/// Plain data: copying the struct forks the stream.
/// </summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.</remarks>
public struct RandomStream : IEquatable<RandomStream>
{
    private ulong _state;

    /// <summary>Where the stream stands: one that starts there goes on alike.</summary>
    internal readonly ulong State => _state;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Any number.</param>
    public RandomStream(ulong seed) => _state = seed;

    /// <summary>
    /// A stream of its own for one part of a system (a host, a rule): it depends on the seed and the label only, so that adding
    /// another part moves nobody else's draws.
    /// </summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="label">The part's name.</param>
    public static RandomStream Derive(ulong seed, ReadOnlySpan<char> label)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325; // FNV-1a over UTF-16 units: stable across processes, unlike string.GetHashCode
        foreach (char unit in label)
            hash = (hash ^ unit) * 0x0000_0100_0000_01B3;
        var mixer = new RandomStream(seed ^ hash);
        return new RandomStream(mixer.NextUInt64());
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    /// <summary>A number from 0 to <paramref name="exclusiveMaximum"/> − 1, by multiply-shift (bias below 2⁻³²).</summary>
    /// <param name="exclusiveMaximum">The number of outcomes; 0 gives 0.</param>
    public uint Next(uint exclusiveMaximum) => (uint)(((ulong)NextUInt32() * exclusiveMaximum) >> 32);

    /// <summary>A signed duration within ± <paramref name="magnitude"/>, whole ticks (100 ns).</summary>
    /// <param name="magnitude">The largest distance from zero; zero draws nothing.</param>
    public TimeSpan NextWithin(TimeSpan magnitude)
    {
        if (magnitude <= TimeSpan.Zero)
            return TimeSpan.Zero;
        var span = ((UInt128)magnitude.Ticks * 2) + 1;
        return TimeSpan.FromTicks((long)(UInt128)((span * NextUInt64()) >> 64) - magnitude.Ticks);
    }

    /// <summary>True with probability <paramref name="partsPerMillion"/> / 1,000,000; integers keep schedules equal on every machine.</summary>
    /// <param name="partsPerMillion">0 never, 1,000,000 always.</param>
    public bool Chance(uint partsPerMillion) => Next(1_000_000) < partsPerMillion;

    /// <inheritdoc/>
    public readonly bool Equals(RandomStream other) => _state == other._state;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is RandomStream other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => unchecked((int)_state ^ (int)(_state >> 32));

    /// <summary>Whether both streams will give the same numbers.</summary>
    /// <param name="left">One stream.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(RandomStream left, RandomStream right) => left.Equals(right);

    /// <summary>Whether the streams differ.</summary>
    /// <param name="left">One stream.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(RandomStream left, RandomStream right) => !left.Equals(right);
}
