namespace NbnsSim.Testing.Chaos;

/// <summary>Draws of one part of chaos: another part's do not move them.</summary>
internal sealed class ChaosDraws(ulong seed, string part)
{
    private RandomStream _stream = RandomStream.Derive(seed, "chaos " + part);

    /// <summary>A number from 0 to one less than that.</summary>
    public int Below(int exclusiveMaximum) => (int)_stream.Next((uint)exclusiveMaximum);

    /// <summary>A number from one to another, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>Yes, so many times in a hundred.</summary>
    public bool Percent(int percent) => Below(100) < percent;

    /// <summary>One of several.</summary>
    public T OneOf<T>(IReadOnlyList<T> all) => all[Below(all.Count)];

    /// <summary>A time from one to another, in whole milliseconds.</summary>
    public Instant Time(Instant from, Instant to) => from + TimeSpan.FromMilliseconds(Below((int)((to - from).TotalMilliseconds) + 1));

    /// <summary>A duration, in whole milliseconds.</summary>
    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));
}
