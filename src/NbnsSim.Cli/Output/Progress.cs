using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>
/// How far a long input has been read, on standard error: one line that renews itself on a terminal, a line every few seconds in a log,
/// nothing within the first second, and nothing where it would run into the output.
/// </summary>
/// <param name="terminal">Where to.</param>
/// <param name="what">What is read.</param>
/// <param name="units">What is counted.</param>
/// <param name="clock">The time; null for the real one.</param>
internal sealed class Progress(Terminal terminal, string what, string units = "frames", TimeProvider? clock = null) : IDisposable
{
    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(5);

    private readonly ReadingProgress? _reading = terminal.ErrorIsTerminal && terminal.OutputIsTerminal ? null : new(
        what, terminal.ErrorIsTerminal ? TimeSpan.FromSeconds(1) : InLog, terminal.ErrorIsTerminal ? TimeSpan.FromMilliseconds(200) : InLog, clock)
    { Units = units };
    private int _shown;

    /// <summary>Tells how far things are; cheap enough to call for every frame.</summary>
    /// <param name="position">Octets read so far.</param>
    /// <param name="total">All octets; 0 where that is not known.</param>
    /// <param name="count">Frames read so far.</param>
    public void Report(long position, long total, long count)
    {
        if (_reading?.TryTell(position, total, count, out string? line) != true)
            return;
        Show(line!);
    }

    /// <summary>Shows a line in place of the one before it.</summary>
    public void Show(string line)
    {
        if (!terminal.ErrorIsTerminal)
        {
            terminal.Error.WriteLine(line);
            return;
        }

        terminal.RewriteErrorLine(line.PadRight(_shown));
        _shown = line.Length;
    }

    /// <summary>Takes the line away; there may be another one.</summary>
    public void Dispose()
    {
        if (_shown == 0)
            return;
        terminal.RewriteErrorLine(new string(' ', _shown));
        terminal.RewriteErrorLine("");
        _shown = 0;
    }
}
