using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>The captures that a command was given, read as one: with progress, and with a word on standard error about what could not be read.</summary>
internal sealed class Captures : IDisposable
{
    private readonly Terminal _terminal;
    private readonly CaptureInput _input;
    private readonly CancellationTokenSource _stop = new();
    private readonly Interrupts? _interrupts;

    /// <summary>Names them; none is opened yet.</summary>
    /// <param name="terminal">Where standard input is, and standard error.</param>
    /// <param name="paths">The files.</param>
    /// <param name="rereads">Whether they are read more than once.</param>
    /// <param name="follows">Whether they are read on as they grow, until Ctrl+C: what was read by then is not lost.</param>
    /// <param name="idle">How long nothing may come before that is the end, too.</param>
    /// <param name="open">Opens one of them; null for files.</param>
    public Captures(Terminal terminal, IReadOnlyList<string> paths, bool rereads = false, bool follows = false, TimeSpan? idle = null, Func<string, Stream>? open = null)
    {
        _terminal = terminal;
        _input = new CaptureInput(paths, open ?? terminal.OpenFile) { IsRereadable = rereads, IsFollowed = follows, Idle = idle, Stop = _stop.Token };
        _interrupts = follows ? Interrupts.Do(_stop.Cancel) : null;
    }

    /// <summary>Takes a datagram of a capture.</summary>
    public delegate void Visit(in CapturedDatagram datagram);

    /// <summary>What to call them in messages.</summary>
    public string Title => _input.Title;

    /// <summary>Opens them at their beginning.</summary>
    public CaptureReader Open() => _input.Open();

    /// <summary>Goes through the datagrams, once.</summary>
    /// <returns>What was read: its counts stay.</returns>
    public DatagramReader Read(DatagramReaderOptions options, Visit visit)
    {
        using var datagrams = new DatagramReader(Open(), options);
        using var progress = new Progress(_terminal, Title);
        while (datagrams.TryRead(out var datagram))
        {
            progress.Report(datagrams.Capture.Position, _input.Length, datagram.FrameNumber);
            visit(datagram);
        }

        return datagrams;
    }

    /// <summary>Several passes, such as a replay wants.</summary>
    public CapturePasses Passes()
    {
        var progress = new Progress(_terminal, Title);
        return new CapturePasses(Open) { Progress = (position, frame) => progress.Report(position, _input.Length, frame), Ended = progress.Dispose };
    }

    /// <summary>Says why a whole capture had nothing to show, and what ICMP quotes in it.</summary>
    public void SayWhatIsMissing(DatagramReader datagrams) => _terminal.Say(UnreadFrames.Remarks(datagrams).Select(remark => $"{Title}: {remark}"));

    /// <summary>Says what could not be read, and in which of several files times go back.</summary>
    /// <returns>Whether there was anything that could not be read.</returns>
    public bool SayWhatIsDamaged(DatagramReader datagrams)
    {
        _terminal.Say(UnreadFrames.Complaints(datagrams.Capture, _input.Titles));
        return datagrams.Capture.Damage is not null;
    }

    /// <summary>The same of the last pass.</summary>
    public bool SayWhatIsDamaged(CapturePasses passes)
    {
        _terminal.Say(UnreadFrames.Damage(passes.Damage, passes.DamageCount).Select(sentence => $"{Title}: {sentence}"));
        return passes.Damage is not null;
    }

    public void Dispose()
    {
        _interrupts?.Dispose();
        _input.Dispose();
        _stop.Dispose();
    }
}
