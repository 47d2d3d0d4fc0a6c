using System.Globalization;

namespace NbnsSim;

/// <summary>
/// A point in time: nanoseconds since the Unix epoch in a capture, nanoseconds since the start in a simulation.
/// The only clock the core knows is the one its callers pass in.
/// </summary>
/// <remarks>Durations are <see cref="TimeSpan"/>: an instant is not a duration. Range: ±292 years around the epoch.</remarks>
public readonly record struct Instant : IComparable<Instant>
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Creates the instant that lies <paramref name="nanoseconds"/> after the epoch.</summary>
    /// <param name="nanoseconds">Nanoseconds; negative before the epoch.</param>
    public Instant(long nanoseconds) => Nanoseconds = nanoseconds;

    /// <summary>Nanoseconds since the epoch.</summary>
    public long Nanoseconds { get; }

    /// <summary>The epoch itself: the start of a simulation, or 1970-01-01T00:00:00Z in a capture.</summary>
    public static Instant Epoch => default;

    /// <summary>The latest instant there is; used as "never".</summary>
    public static Instant MaxValue => new(long.MaxValue);

    /// <summary>The instant <paramref name="seconds"/> whole seconds and <paramref name="nanoseconds"/> nanoseconds after the epoch.</summary>
    /// <param name="seconds">Whole seconds since the epoch.</param>
    /// <param name="nanoseconds">Nanoseconds to add.</param>
    public static Instant FromUnixTime(long seconds, long nanoseconds = 0) => new((seconds * NanosecondsPerSecond) + nanoseconds);

    /// <summary>The instant <paramref name="milliseconds"/> after the epoch.</summary>
    /// <param name="milliseconds">Whole milliseconds.</param>
    public static Instant FromMilliseconds(long milliseconds) => new(milliseconds * 1_000_000);

    /// <summary>The instant of a capture that <paramref name="time"/> is.</summary>
    /// <param name="time">The time, of any offset.</param>
    /// <exception cref="OverflowException"><paramref name="time"/> is over 292 years away from 1970.</exception>
    public static Instant FromDateTimeOffset(DateTimeOffset time) => new(checked((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick));

    /// <summary>An instant of a capture as .NET's time, in UTC, rounded towards the past to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.UnixEpoch.AddTicks((Nanoseconds / TimeSpan.NanosecondsPerTick) - (Nanoseconds % TimeSpan.NanosecondsPerTick < 0 ? 1 : 0));

    /// <summary>The earliest instant there is.</summary>
    public static Instant MinValue => new(long.MinValue);

    /// <summary>Whole seconds since the epoch, rounded towards the past.</summary>
    public long Seconds => Nanoseconds >= 0 ? Nanoseconds / NanosecondsPerSecond : ((Nanoseconds + 1) / NanosecondsPerSecond) - 1;

    /// <summary>Nanoseconds within the second, 0 to 999,999,999.</summary>
    public int NanosecondOfSecond => (int)(Nanoseconds - (Seconds * NanosecondsPerSecond));

    /// <summary>The instant <paramref name="duration"/> later; saturates at the ends of the range.</summary>
    /// <param name="instant">Where to start from.</param>
    /// <param name="duration">How far to go; negative goes back.</param>
    public static Instant operator +(Instant instant, TimeSpan duration)
    {
        const long mostTicks = long.MaxValue / 2 / TimeSpan.NanosecondsPerTick;
        if (duration.Ticks is >= -mostTicks and <= mostTicks && instant.Nanoseconds is >= long.MinValue / 2 and <= long.MaxValue / 2)
            return new Instant(instant.Nanoseconds + (duration.Ticks * TimeSpan.NanosecondsPerTick)); // what 64 bits have room for costs a fraction
        Int128 sum = (Int128)instant.Nanoseconds + ((Int128)duration.Ticks * TimeSpan.NanosecondsPerTick);
        return new Instant((long)Int128.Clamp(sum, long.MinValue, long.MaxValue));
    }

    /// <summary>The instant <paramref name="duration"/> earlier.</summary>
    /// <param name="instant">Where to start from.</param>
    /// <param name="duration">How far to go back.</param>
    public static Instant operator -(Instant instant, TimeSpan duration) => instant + -duration;

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>, rounded to 100 ns.</summary>
    /// <param name="later">The end.</param>
    /// <param name="earlier">The start.</param>
    public static TimeSpan operator -(Instant later, Instant earlier)
    {
        long difference = unchecked(later.Nanoseconds - earlier.Nanoseconds);
        bool fits = ((later.Nanoseconds ^ earlier.Nanoseconds) & (later.Nanoseconds ^ difference)) >= 0; // else it has come round
        return TimeSpan.FromTicks(fits ? difference / TimeSpan.NanosecondsPerTick : (long)(((Int128)later.Nanoseconds - earlier.Nanoseconds) / TimeSpan.NanosecondsPerTick));
    }

    /// <summary>Adds a duration: see <c>+</c>.</summary>
    /// <param name="duration">How far to go.</param>
    public Instant Add(TimeSpan duration) => this + duration;

    /// <summary>Subtracts a duration: see <c>-</c>.</summary>
    /// <param name="duration">How far to go back.</param>
    public Instant Subtract(TimeSpan duration) => this - duration;

    /// <summary>The time since <paramref name="earlier"/>: see <c>-</c>.</summary>
    /// <param name="earlier">The start.</param>
    public TimeSpan Subtract(Instant earlier) => this - earlier;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Whether <paramref name="left"/> lies before <paramref name="right"/>.</summary>
    /// <param name="left">One instant.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> lies after <paramref name="right"/>.</summary>
    /// <param name="left">One instant.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> does not lie after <paramref name="right"/>.</summary>
    /// <param name="left">One instant.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> does not lie before <paramref name="right"/>.</summary>
    /// <param name="left">One instant.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>Seconds without zeros at the end: <c>5.25</c>, <c>6</c>.</summary>
    public string ToShortString() => ToString().TrimEnd('0').TrimEnd('.');

    /// <summary>Seconds with nine decimals, as tshark's <c>frame.time_epoch</c> prints them: <c>1360546153.991301000</c>.</summary>
    public override string ToString()
    {
        string sign = Nanoseconds < 0 ? "-" : "";
        UInt128 magnitude = (UInt128)Int128.Abs(Nanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{magnitude / NanosecondsPerSecond}.{(long)(magnitude % NanosecondsPerSecond):D9}");
    }
}
