using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>Times of a capture as they are printed, by the clock of a time zone.</summary>
/// <param name="zone">The time zone.</param>
public sealed class WallClock(TimeZoneInfo zone)
{
    /// <summary>UTC.</summary>
    public static WallClock Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>How much later than in UTC it is here.</summary>
    /// <param name="time">When.</param>
    public TimeSpan OffsetAt(Instant time) => ReferenceEquals(this, Utc) ? TimeSpan.Zero : zone.GetUtcOffset(time.ToDateTimeOffset());

    /// <summary>The instant that a clock here calls so; in the hour that autumn has twice, the later one.</summary>
    /// <param name="here">What the clock shows, as if it were UTC.</param>
    public Instant FromHere(Instant here) => here - OffsetAt(here - OffsetAt(here));

    /// <summary>The date and time here.</summary>
    /// <param name="time">When.</param>
    public DateTime At(Instant time) => time.ToDateTimeOffset().DateTime + OffsetAt(time);

    /// <summary>How the zone is called: <c>UTC</c> or <c>UTC+02:00</c>.</summary>
    /// <param name="time">When; summer time may begin between two.</param>
    public string Zone(Instant time)
    {
        var offset = OffsetAt(time);
        return offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
    }
}
