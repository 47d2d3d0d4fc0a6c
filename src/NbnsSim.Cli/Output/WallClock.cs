using System.CommandLine;
using System.Globalization;

namespace NbnsSim.Cli;

/// <summary>Times of a capture as they are printed: in UTC, or with <c>--local</c> in this machine's time zone.</summary>
internal sealed class WallClock(TimeZoneInfo zone)
{
    public static WallClock Utc { get; } = new(TimeZoneInfo.Utc);

    public static Option<bool> Option() => new("--local") { Description = "Print times in this machine's time zone rather than in UTC; JSON keeps UTC." };

    /// <summary>What the option chose.</summary>
    public static WallClock Of(Terminal terminal, bool isLocal) => isLocal ? new WallClock(terminal.LocalZone) : Utc;

    /// <summary>How much later than in UTC it is here.</summary>
    public TimeSpan OffsetAt(Instant time) => ReferenceEquals(this, Utc) ? TimeSpan.Zero : zone.GetUtcOffset(time.ToDateTimeOffset());

    /// <summary>The instant that a clock here calls so; in the hour that autumn has twice, the later one.</summary>
    public Instant FromHere(Instant here) => here - OffsetAt(here - OffsetAt(here));

    /// <summary>The date and time here.</summary>
    public DateTime At(Instant time) => time.ToDateTimeOffset().DateTime + OffsetAt(time);

    /// <summary><c>UTC</c> or <c>UTC+02:00</c>.</summary>
    public string Zone(Instant time)
    {
        var offset = OffsetAt(time);
        return offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
    }
}
