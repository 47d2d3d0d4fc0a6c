using System.Runtime.InteropServices;

namespace NbnsSim.Jobs.Archives;

/// <summary>A datagram that two captures saw: when the one did by its clock, and how much later it was then by the other's.</summary>
/// <param name="Time">When, in nanoseconds.</param>
/// <param name="Difference">The other's time less this.</param>
/// <param name="Flow">From whom to whom it went.</param>
internal readonly record struct ClockPair(long Time, Int128 Difference, ulong Flow);

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

    private ClockFit(ClockMap map, List<ClockPair> agreeing) => (Map, Agreeing) = (map, agreeing);

    /// <summary>From the one clock to the other.</summary>
    public ClockMap Map { get; }

    /// <summary>The datagrams that agree, in the order of time.</summary>
    public IReadOnlyList<ClockPair> Agreeing { get; }

    /// <summary>Finds out.</summary>
    /// <param name="pairs">The datagrams that both saw, each once.</param>
    /// <returns>Null where too few agree, or fewer than half.</returns>
    public static ClockFit? Of(IReadOnlyList<ClockPair> pairs)
    {
        if (pairs.Count < Fewest)
            return null;
        List<ClockPair> sorted = [.. pairs];
        sorted.Sort(static (one, other) => (one.Time, one.Difference, one.Flow).CompareTo((other.Time, other.Difference, other.Flow)));
        var near = Mode(sorted);
        if (near.Count < Fewest)
            return null;
        var line = Line.Through(near);
        near = sorted.FindAll(pair => Int128.Abs(line.Rest(pair)) <= Wander); // a long capture drifts out of what the mode has
        if (near.Count < Fewest)
            return null;
        var map = Knots(near, line = Line.Through(near));
        var agreeing = near.FindAll(pair => Int128.Abs(pair.Difference - map.CorrectionAt(pair.Time)) <= Tolerance);
        return agreeing.Count >= Fewest && agreeing.Count * 2 >= sorted.Count ? new ClockFit(map, agreeing) : null;
    }

    /// <summary>The pairs about whose difference most agree, as far as drift lets them.</summary>
    private static List<ClockPair> Mode(List<ClockPair> sorted)
    {
        var span = Int128.Min((Int128)sorted[^1].Time - sorted[0].Time, LongestForMode);
        var width = (2 * Tolerance) + (span * MostDrift / Billion);
        List<ClockPair> byDifference = [.. sorted];
        byDifference.Sort(static (one, other) => (one.Difference, one.Time, one.Flow).CompareTo((other.Difference, other.Time, other.Flow)));
        int first = 0, most = 0, begin = 0;
        for (int end = 0; end < byDifference.Count; end++)
        {
            while (byDifference[end].Difference - byDifference[begin].Difference > width)
                begin++;
            if (end - begin + 1 > most)
                (first, most) = (begin, end - begin + 1);
        }

        var found = byDifference.GetRange(first, most);
        found.Sort(static (one, other) => (one.Time, one.Difference).CompareTo((other.Time, other.Difference)));
        return found;
    }

    /// <summary>The line, with what clocks wander off it.</summary>
    private static ClockMap Knots(List<ClockPair> near, Line line)
    {
        int size = Math.Clamp(near.Count / 128, Fewest, MostInBucket);
        var times = new List<long>();
        var corrections = new List<long>();
        for (int from = 0; from < near.Count;)
        {
            int count = near.Count - from < 2 * size ? near.Count - from : size;
            var bucket = CollectionsMarshal.AsSpan(near).Slice(from, count);
            var rests = new Int128[count];
            for (int i = 0; i < count; i++)
                rests[i] = line.Rest(bucket[i]);
            long time = bucket[count / 2].Time;
            if (times.Count == 0 || time > times[^1])
            {
                times.Add(time);
                corrections.Add((long)Int128.Clamp(line.At(time) + Median(rests), long.MinValue, long.MaxValue));
            }

            from += count;
        }

        return times.Count > 1 && corrections.TrueForAll(one => one == corrections[0]) && line.Drift == 0
            ? new ClockMap([times[0]], [corrections[0]], 0)
            : new ClockMap([.. times], [.. corrections], line.Drift);
    }

    /// <summary>The one in the middle; of two the lesser.</summary>
    private static Int128 Median(Int128[] values)
    {
        Array.Sort(values);
        return values[(values.Length - 1) / 2];
    }

    /// <summary>A difference that grows evenly.</summary>
    private readonly record struct Line(long Time, Int128 Difference, long Drift)
    {
        /// <summary>The line that pairs in the order of time keep closest to, whatever a few of them say; even where they do not show that it is not.</summary>
        public static Line Through(List<ClockPair> pairs)
        {
            int half = pairs.Count / 2;
            var slopes = new List<Int128>(half);
            for (int i = 0; i + half < pairs.Count; i++)
            {
                var time = (Int128)pairs[i + half].Time - pairs[i].Time;
                if (time > 0)
                    slopes.Add((pairs[i + half].Difference - pairs[i].Difference) * Billion / time);
            }

            var even = Through(pairs, 0);
            long drift = slopes.Count == 0 ? 0 : (long)Int128.Clamp(Median([.. slopes]), -MostDrift, MostDrift);
            var sloping = Through(pairs, drift);
            var grown = Int128.Abs(((Int128)pairs[^1].Time - pairs[0].Time) * drift / Billion);
            return grown > 4 * Spread(pairs, sloping) ? sloping : even;
        }

        public Int128 At(long time) => Difference + (((Int128)time - Time) * Drift / Billion);

        public Int128 Rest(in ClockPair pair) => pair.Difference - At(pair.Time);

        private static Line Through(List<ClockPair> pairs, long drift)
        {
            var through = new Line(pairs[0].Time, 0, drift);
            return through with { Difference = Median([.. pairs.Select(pair => through.Rest(pair))]) };
        }

        private static Int128 Spread(List<ClockPair> pairs, Line line) => Median([.. pairs.Select(pair => Int128.Abs(line.Rest(pair)))]);
    }
}
