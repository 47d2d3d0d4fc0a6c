using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NbnsSim.Cli;

/// <summary>A file that is read on as somebody writes it, until it is told to stop or nothing came for a while.</summary>
/// <param name="file">The file.</param>
/// <param name="waitForMore">Waits a little where the file has no more for the moment; false ends it. Gets how often in a row it was called.</param>
internal sealed class GrowingFile(Stream file, Func<int, bool> waitForMore) : ReadOnlyStream
{
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        for (int quiet = 0; !_ended && !buffer.IsEmpty; quiet++)
        {
            int count = file.Read(buffer);
            if (count > 0)
                return count;
            _ended = !waitForMore(quiet);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary><c>--follow</c> and <c>--idle</c>: the options of commands that read on as a capture grows.</summary>
internal sealed class FollowOptions
{
    private readonly Option<bool> _follow = new("--follow") { Description = "Read on as the file grows, until Ctrl+C." };
    private readonly Option<TimeSpan?> _idle = new("--idle")
    {
        Description = "With --follow: end when nothing came for so long.",
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 86_400)
                return TimeSpan.FromSeconds(seconds);
            result.AddError($"'{result.Tokens[0].Value}' is no number of seconds, more than 0 and at most 86400.");
            return null;
        },
    };

    public FollowOptions(Command command)
    {
        command.Options.Add(_follow);
        command.Options.Add(_idle);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_idle) is { Implicit: false } && !result.GetValue(_follow))
                result.AddError("--idle goes with --follow.");
        });
    }

    /// <summary>What follows the file, if that was asked for; to be disposed after it.</summary>
    public Follower? Of(ParseResult parsed) =>
        parsed.GetValue(_follow) ? new Follower(parsed.GetValue(_idle)) : null;
}

/// <summary>Waits for a file to grow, until Ctrl+C: what was read by then is not lost.</summary>
internal sealed class Follower : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ManualResetEventSlim _stopped = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly TimeSpan? _idle;

    public Follower(TimeSpan? idle)
    {
        _idle = idle;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public Stream Follow(Stream file) => new GrowingFile(file, WaitForMore);

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stopped.Dispose();
    }

    private bool WaitForMore(int quiet) => !(Pause * quiet >= _idle) && !_stopped.Wait(Pause < _idle ? Pause : _idle ?? Pause);

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopped.Set();
    }
}
