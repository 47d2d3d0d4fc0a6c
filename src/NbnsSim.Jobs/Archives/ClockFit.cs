namespace NbnsSim.Jobs.Archives;

/// <summary>A datagram that two captures saw, and when by the clock of each.</summary>
/// <param name="One">The capture on whose clock the other is put.</param>
/// <param name="Other">The other capture.</param>
/// <param name="Time">When the other saw it, in nanoseconds.</param>
/// <param name="OneTime">When the one did.</param>
/// <param name="Flow">From whom to whom it went.</param>
internal readonly record struct ClockPair(int One, int Other, long Time, long OneTime, ulong Flow)
{
    /// <summary>How much later it was by the one's clock.</summary>
    public Int128 Difference => (Int128)OneTime - Time;

    /// <summary>The same from the one's clock to the other's.</summary>
    public ClockPair Back => new(Other, One, OneTime, Time, Flow);
}

/// <summary>
/// What the datagrams that two captures saw tell of their clocks. Most of them agree about one difference, which grows slowly where the clocks drift; what else is the same in both, such as a question
/// that was asked again with the same numbers on another day, agrees about nothing.
/// </summary>
internal sealed class ClockFit
{
    /// <summary>How many datagrams have to agree.</summary>
    public const int Fewest = 8;

    /// <summary>How far they may be apart: half of the time within which a datagram is another sighting.</summary>
    public const long Tolerance = 25_000_000;

    private const long Billion = 1_000_000_000;
    private const long MostDrift = 200_000; // ns a second; quartz in a machine is within 100
    private const long LongestForMode = 86_400 * Billion;
    private const long Wander = 2 * Billion; // off a straight line, as it gets warm and cold
    private const int MostInBucket = 64;

    private ClockFit(ClockMap map, int agreeing) => (Map, Agreeing) = (map, agreeing);

    /// <summary>From the one clock to the other.</summary>
    public ClockMap Map { get; }

    /// <summary>How many datagrams agree.</summary>
    public int Agreeing { get; }

    /// <summary>Finds out.</summary>
    /// <param name="pairs">The datagrams that both saw, each once; those that agree are at its beginning then, in the order of time.</param>
    /// <returns>Null where too few agree, or fewer than half.</returns>
    public static ClockFit? Of(Span<ClockPair> pairs)
    {
        if (pairs.Length < Fewest)
            return null;
        pairs.Sort(static (one, other) => (one.Time, one.OneTime, one.Flow).CompareTo((other.Time, other.OneTime, other.Flow)));
        var mode = Mode(pairs);
        if (mode.Length < Fewest)
            return null;
        var line = Line.Through(mode);
        var near = Keep(pairs, pair => Int128.Abs(line.Rest(pair)) <= Wander); // a long capture drifts out of what the mode has
        if (near.Length < Fewest)
            return null;
        var map = Knots(near, Line.Through(near));
        var agreeing = Keep(near, pair => Int128.Abs(pair.Difference - map.CorrectionAt(pair.Time)) <= Tolerance);
        return agreeing.Length >= Fewest && agreeing.Length * 2L >= pairs.Length ? new ClockFit(map, agreeing.Length) : null;
    }

    /// <summary>Moves those that are wanted to the beginning, in their order.</summary>
    private static Span<ClockPair> Keep(Span<ClockPair> pairs, Predicate<ClockPair> isWanted)
    {
        int kept = 0;
        foreach (var pair in pairs)
        {
            if (isWanted(pair))
                pairs[kept++] = pair;
        }

        return pairs[..kept];
    }

    /// <summary>The pairs about whose difference most agree, as far as drift lets them.</summary>
    private static ReadOnlySpan<ClockPair> Mode(ReadOnlySpan<ClockPair> sorted)
    {
        var span = Int128.Min((Int128)sorted[^1].Time - sorted[0].Time, LongestForMode);
        var width = (2 * Tolerance) + (span * MostDrift / Billion);
        var differences = new Int128[sorted.Length];
        for (int i = 0; i < differences.Length; i++)
            differences[i] = sorted[i].Difference;
        Array.Sort(differences);
        int first = 0, most = 0, begin = 0;
        for (int end = 0; end < differences.Length; end++)
        {
            while (differences[end] - differences[begin] > width)
                begin++;
            if (end - begin + 1 > most)
                (first, most) = (begin, end - begin + 1);
        }

        var (least, greatest) = (differences[first], differences[first + most - 1]);
        var found = new ClockPair[most];
        int count = 0;
        foreach (ref readonly var pair in sorted)
        {
            if (pair.Difference >= least && pair.Difference <= greatest)
                found[count++] = pair;
        }

        return found;
    }

    /// <summary>The line, with what clocks wander off it.</summary>
    private static ClockMap Knots(ReadOnlySpan<ClockPair> near, Line line)
    {
        int size = Math.Clamp(near.Length / 128, Fewest, MostInBucket);
        var times = new List<long>();
        var corrections = new List<long>();
        for (int from = 0; from < near.Length;)
        {
            int count = near.Length - from < 2 * size ? near.Length - from : size;
            var bucket = near.Slice(from, count);
            long time = bucket[count / 2].Time;
            if (times.Count == 0 || time > times[^1])
            {
                times.Add(time);
                corrections.Add((long)Int128.Clamp(line.At(time) + Median(line.Rests(bucket)), long.MinValue, long.MaxValue));
            }

            from += count;
        }

        return times.Count > 1 && corrections.TrueForAll(one => one == corrections[0]) && line.Drift == 0
            ? new ClockMap([times[0]], [corrections[0]], 0)
            : new ClockMap([.. times], [.. corrections], line.Drift);
    }

    /// <summary>The one in the middle; of two the lesser.</summary>
    private static Int128 Median(Span<Int128> values)
    {
        values.Sort();
        return values[(values.Length - 1) / 2];
    }

    /// <summary>A difference that grows evenly.</summary>
    private readonly record struct Line(long Time, Int128 Difference, long Drift)
    {
        /// <summary>The line that pairs in the order of time keep closest to, whatever a few of them say; even where they do not show that it is not.</summary>
        public static Line Through(ReadOnlySpan<ClockPair> pairs)
        {
            int half = pairs.Length / 2, count = 0;
            var slopes = new Int128[pairs.Length - half];
            for (int i = 0; i + half < pairs.Length; i++)
            {
                var time = (Int128)pairs[i + half].Time - pairs[i].Time;
                if (time > 0)
                    slopes[count++] = (pairs[i + half].Difference - pairs[i].Difference) * Billion / time;
            }

            var even = Through(pairs, 0);
            long drift = count == 0 ? 0 : (long)Int128.Clamp(Median(slopes.AsSpan(0, count)), -MostDrift, MostDrift);
            var sloping = Through(pairs, drift);
            var grown = Int128.Abs(((Int128)pairs[^1].Time - pairs[0].Time) * drift / Billion);
            return grown > 4 * Spread(pairs, sloping) ? sloping : even;
        }

        public Int128 At(long time) => Difference + (((Int128)time - Time) * Drift / Billion);

        public Int128 Rest(in ClockPair pair) => pair.Difference - At(pair.Time);

        private static Line Through(ReadOnlySpan<ClockPair> pairs, long drift)
        {
            var through = new Line(pairs[0].Time, 0, drift);
            return through with { Difference = Median(through.Rests(pairs)) };
        }

        private static Int128 Spread(ReadOnlySpan<ClockPair> pairs, Line line)
        {
            var rests = line.Rests(pairs);
            foreach (ref var rest in rests.AsSpan())
                rest = Int128.Abs(rest);
            return Median(rests);
        }

        public Int128[] Rests(ReadOnlySpan<ClockPair> pairs)
        {
            var rests = new Int128[pairs.Length];
            for (int i = 0; i < rests.Length; i++)
                rests[i] = Rest(pairs[i]);
            return rests;
        }
    }
}
