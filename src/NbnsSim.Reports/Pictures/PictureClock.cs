using System.Globalization;

namespace NbnsSim.Reports.Pictures;

/// <summary>How a picture prints times: those of a run in seconds since its start, those of a capture by a clock.</summary>
/// <param name="clock">The clock; null for a run.</param>
internal sealed class PictureClock(WallClock? clock)
{
    /// <summary>As a line of a drawing has it.</summary>
    public string Short(Instant time) => clock is null
        ? $"{RunSeconds.Of(time)} s"
        : clock.At(time).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>As much of it as is known.</summary>
    public string Full(Instant time) => clock is null ? Short(time) : $"{clock.At(time).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)} {clock.Zone(time)}";

    /// <summary>From when to when.</summary>
    public string Span(Instant since, Instant until) => Short(until) == Short(since)
        ? Full(since)
        : clock is null || clock.At(since).Date != clock.At(until).Date ? $"{Full(since)} to {Full(until)}" : $"{Full(since)} to {Short(until)}";
}
