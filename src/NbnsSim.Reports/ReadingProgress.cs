using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>How far a long reading is, in words: nothing at first, then a line from time to time. Cheap enough to ask for every frame, of which each 1,024th looks at the clock; see <c>CapturePasses.Progress</c>.</summary>
/// <param name="title">What is read.</param>
/// <param name="first">When the first line is due.</param>
/// <param name="every">When the next one is.</param>
/// <param name="clock">The time that passes; null for the system's.</param>
public sealed class ReadingProgress(string title, TimeSpan first, TimeSpan every, TimeProvider? clock = null)
{
    private const int AsksPerLook = 1_024; // looking at the clock for every frame would cost more than the frame

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _begin = (clock ?? TimeProvider.System).GetTimestamp();
    private TimeSpan _next = first;
    private int _untilLook = AsksPerLook;

    /// <summary>What is counted.</summary>
    public string Units { get; init; } = "frames";

    /// <summary>Gives the line that is due.</summary>
    /// <param name="position">How many octets are read.</param>
    /// <param name="length">How many there are; 0 where that is not known.</param>
    /// <param name="count">How many frames are.</param>
    /// <param name="line">Such as <c>day.pcap: 50 %, 2,048 frames</c>, in MiB where the length is not known; <see langword="null"/> where none is due.</param>
    /// <returns>Whether one is due.</returns>
    public bool TryTell(long position, long length, long count, [NotNullWhen(true)] out string? line)
    {
        line = null;
        if (--_untilLook > 0)
            return false;
        _untilLook = AsksPerLook;
        var now = _clock.GetElapsedTime(_begin);
        if (now < _next)
            return false;
        _next = now + every;
        string done = length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(100, position * 100.0 / length):0} %")
            : string.Create(CultureInfo.InvariantCulture, $"{position / 1_048_576.0:N0} MiB");
        line = string.Create(CultureInfo.InvariantCulture, $"{VisibleText.Escape(title)}: {done}, {count:N0} {Units}");
        return true;
    }
}
