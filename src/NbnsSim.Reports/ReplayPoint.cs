using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>Where a replay is to stop: after a frame, at a time, or at the end (default).</summary>
/// <param name="Frame">The last frame; null for no limit.</param>
/// <param name="Time">The time; null for no limit.</param>
/// <param name="Since">What <paramref name="Time"/> counts from.</param>
public readonly record struct ReplayPoint(long? Frame, Instant? Time, ReplayPointOrigin Since)
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK"];
    private static readonly string[] TimeFormats = [@"hh\:mm\:ss\.FFFFFFF", @"hh\:mm\:ss", @"hh\:mm"];

    /// <summary>
    /// Reads one as people write it. A number is a frame; what has a point, a colon or a plus is a time: <c>14:31:00</c>, <c>2024-02-29T14:31:00</c>,
    /// <c>1709217060.5</c> (since 1970), <c>+90.5</c> (since the first datagram).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="point">The point.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out ReplayPoint point)
    {
        ArgumentNullException.ThrowIfNull(text);
        point = default;
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            bool whole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long frame);
            point = new ReplayPoint(frame, null, default);
            return whole && frame > 0;
        }

        var culture = CultureInfo.InvariantCulture;
        bool relative = text.StartsWith('+');
        if (decimal.TryParse(relative ? text[1..] : text, NumberStyles.AllowDecimalPoint, culture, out decimal seconds) && seconds < 9_000_000_000m)
            point = new ReplayPoint(null, new Instant((long)(seconds * 1_000_000_000m)), relative ? ReplayPointOrigin.FirstDatagram : ReplayPointOrigin.Epoch);
        else if (TimeSpan.TryParseExact(text, TimeFormats, culture, out var time))
            point = new ReplayPoint(null, Instant.Epoch + time, ReplayPointOrigin.Midnight);
        else if (DateTime.TryParseExact(text, DateFormats, culture, DateTimeStyles.RoundtripKind, out var date))
            point = date.Kind == DateTimeKind.Unspecified
                ? new ReplayPoint(null, Instant.Epoch + (date - DateTime.UnixEpoch), ReplayPointOrigin.Calendar)
                : new ReplayPoint(null, Instant.Epoch + (date.ToUniversalTime() - DateTime.UnixEpoch), ReplayPointOrigin.Epoch);
        return point.Time is not null;
    }

    /// <summary>The time in a capture; null for no limit.</summary>
    /// <param name="first">When the capture's first datagram was captured.</param>
    /// <param name="clock">The clock by which times are printed, and the point was written.</param>
    public Instant? TimeIn(Instant first, WallClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return Time is not { } time ? null : Since switch
        {
            ReplayPointOrigin.FirstDatagram => first + (time - Instant.Epoch),
            ReplayPointOrigin.Midnight => clock.FromHere(Instant.Epoch + (clock.At(first).Date - DateTime.UnixEpoch) + (time - Instant.Epoch)),
            ReplayPointOrigin.Calendar => clock.FromHere(time),
            _ => time,
        };
    }
}
