using System.Diagnostics;
using System.Globalization;

namespace NbnsSim.Cli;

/// <summary>
/// How far a long input has been read, on standard error: one line that renews itself on a terminal, a line every few seconds in a log,
/// nothing within the first second, and nothing where it would run into the output.
/// </summary>
/// <param name="terminal">Where to.</param>
/// <param name="what">What is read.</param>
/// <param name="total">Its octets; 0 where that is not known.</param>
/// <param name="units">What is counted.</param>
/// <param name="clock">Milliseconds since the start; null for the real time.</param>
internal sealed class Progress(Terminal terminal, string what, long total, string units = "frames", Func<long>? clock = null) : IDisposable
{
    private const long FirstAfter = 1_000;
    private const long EveryOnTerminal = 200;
    private const long EveryInLog = 5_000;
    private const int ReportsPerLook = 1_024; // looking at the clock for every frame would cost more than the frame

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly bool _silent = terminal.ErrorIsTerminal && terminal.OutputIsTerminal;
    private long _next = terminal.ErrorIsTerminal ? FirstAfter : EveryInLog;
    private int _untilLook = ReportsPerLook;
    private int _shown;

    /// <summary>Tells how far things are; cheap enough to call for every frame.</summary>
    /// <param name="position">Octets read so far.</param>
    /// <param name="count">Frames read so far.</param>
    public void Report(long position, long count)
    {
        if (_silent || --_untilLook > 0)
            return;
        _untilLook = ReportsPerLook;
        long now = clock?.Invoke() ?? _watch.ElapsedMilliseconds;
        if (now < _next)
            return;
        _next = now + (terminal.ErrorIsTerminal ? EveryOnTerminal : EveryInLog);
        string done = total > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(100, position * 100.0 / total):0} %, ")
            : string.Create(CultureInfo.InvariantCulture, $"{position / 1_048_576.0:N0} MiB, ");
        string line = string.Create(CultureInfo.InvariantCulture, $"{VisibleText.Escape(what)}: {done}{count:N0} {units}");
        if (terminal.ErrorIsTerminal)
        {
            terminal.RewriteErrorLine(line.PadRight(_shown));
            _shown = line.Length;
        }
        else
        {
            terminal.Error.WriteLine(line);
        }
    }

    public void Dispose()
    {
        if (_shown == 0)
            return;
        terminal.RewriteErrorLine(new string(' ', _shown));
        terminal.RewriteErrorLine("");
    }
}
