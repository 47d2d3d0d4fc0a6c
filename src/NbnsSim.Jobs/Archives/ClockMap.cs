namespace NbnsSim.Jobs.Archives;

/// <summary>How the times of a capture are put on another clock: what is added to each, told at some moments and between them in proportion; before the first and behind the last it drifts on.</summary>
/// <remarks>All in whole nanoseconds, so that it comes to the same on every machine.</remarks>
internal sealed class ClockMap
{
    private const long Billion = 1_000_000_000;

    private readonly long[] _times;
    private readonly long[] _corrections;

    /// <summary>Makes one.</summary>
    /// <param name="times">The moments, as captured, each later than the one before; at least one.</param>
    /// <param name="corrections">What is added at each.</param>
    /// <param name="drift">By how much that grows outside, in nanoseconds a second.</param>
    public ClockMap(long[] times, long[] corrections, long drift) => (_times, _corrections, Drift) = (times, corrections, drift);

    /// <summary>Leaves times as they are.</summary>
    public static ClockMap None { get; } = new([0], [0], 0);

    /// <summary>By how much the correction grows before the first moment and behind the last, in nanoseconds a second.</summary>
    public long Drift { get; }

    /// <summary>Whether all times stay as they are.</summary>
    public bool IsNone => Drift == 0 && _corrections is [0];

    /// <summary>What is added to a time, in nanoseconds.</summary>
    /// <param name="time">The time as captured, in nanoseconds since 1970.</param>
    public long CorrectionAt(long time)
    {
        if (Drift == 0 && _corrections.Length == 1)
            return _corrections[0];
        int next = Array.BinarySearch(_times, time);
        if (next >= 0)
            return _corrections[next];
        next = ~next;
        if (next == 0 || next == _times.Length)
        {
            int end = next == 0 ? 0 : next - 1;
            return Clamp(_corrections[end] + ((Int128)(time - (Int128)_times[end]) * Drift / Billion));
        }

        Int128 way = (Int128)_times[next] - _times[next - 1];
        return Clamp(_corrections[next - 1] + (((Int128)time - _times[next - 1]) * ((Int128)_corrections[next] - _corrections[next - 1]) / way));
    }

    /// <summary>The time on the other clock.</summary>
    /// <param name="time">The time as captured, in nanoseconds since 1970.</param>
    public long Of(long time) => Clamp((Int128)time + CorrectionAt(time));

    /// <summary>First this, then another.</summary>
    /// <param name="other">From the clock that this one leads to on to a third.</param>
    public ClockMap Then(ClockMap other)
    {
        var corrections = new long[_times.Length];
        for (int i = 0; i < corrections.Length; i++)
            corrections[i] = Clamp((Int128)_corrections[i] + other.CorrectionAt(Clamp((Int128)_times[i] + _corrections[i])));
        return new ClockMap(_times, corrections, Drift + other.Drift);
    }

    /// <summary>Whether no time between two moves by more than so much.</summary>
    public bool IsWithin(long nanoseconds, long first, long last)
    {
        bool isWithin = Int128.Abs(CorrectionAt(first)) <= nanoseconds && Int128.Abs(CorrectionAt(last)) <= nanoseconds;
        foreach (long correction in _corrections)
            isWithin &= Int128.Abs(correction) <= nanoseconds;
        return isWithin;
    }

    private static long Clamp(Int128 value) => (long)Int128.Clamp(value, long.MinValue, long.MaxValue);
}
