using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>The captures that a command was given, read as one: with progress, and with a word on standard error about what could not be read.</summary>
/// <param name="terminal">Where to say it.</param>
/// <param name="paths">The files.</param>
/// <param name="open">Opens one of them.</param>
/// <param name="rereads">Whether they are read more than once.</param>
internal sealed class Captures(Terminal terminal, IReadOnlyList<string> paths, Func<string, Stream> open, bool rereads = false) : IDisposable
{
    private readonly CaptureInput _input = new(paths, open) { IsRereadable = rereads };

    /// <summary>Takes a datagram of a capture.</summary>
    public delegate void Visit(in CapturedDatagram datagram);

    /// <summary>What to call them in messages.</summary>
    public string Title => _input.Title;

    /// <summary>Opens them at their beginning.</summary>
    public CaptureReader Open() => _input.Open();

    /// <summary>Goes through the datagrams.</summary>
    public void ForEach(DatagramReader datagrams, Visit visit)
    {
        using var progress = new Progress(terminal, Title, _input.Length);
        while (datagrams.TryRead(out var datagram))
        {
            progress.Report(datagrams.Capture.Position, datagram.FrameNumber);
            visit(datagram);
        }
    }

    /// <summary>Several passes, such as a replay wants.</summary>
    public CapturePasses Passes()
    {
        Progress? progress = null;
        return new CapturePasses(Open)
        {
            Progress = (position, frame) => (progress ??= new Progress(terminal, Title, _input.Length)).Report(position, frame),
            Ended = () =>
            {
                progress?.Dispose();
                progress = null;
            },
        };
    }

    /// <summary>Says why a whole capture had nothing to show, and what ICMP quotes in it.</summary>
    public void SayWhatIsMissing(DatagramReader datagrams) => terminal.Say(UnreadFrames.Remarks(datagrams).Select(remark => $"{Title}: {remark}"));

    /// <summary>Says what could not be read, and in which of several files times go back.</summary>
    /// <returns>Whether there was anything that could not be read.</returns>
    public bool SayWhatIsDamaged(DatagramReader datagrams)
    {
        terminal.Say(UnreadFrames.Complaints(datagrams.Capture, _input.Titles));
        return datagrams.Capture.Damage is not null;
    }

    /// <summary>The same of the last pass.</summary>
    public bool SayWhatIsDamaged(CapturePasses passes)
    {
        terminal.Say(UnreadFrames.Damage(passes.Damage, passes.DamageCount).Select(sentence => $"{Title}: {sentence}"));
        return passes.Damage is not null;
    }

    public void Dispose() => _input.Dispose();
}
