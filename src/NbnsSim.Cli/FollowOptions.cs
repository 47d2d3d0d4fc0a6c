using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NbnsSim.Files;

namespace NbnsSim.Cli;

/// <summary><c>--follow</c> and <c>--idle</c>: the options of commands that read on as a capture grows.</summary>
internal sealed class FollowOptions
{
    private readonly Option<bool> _follow = new("--follow") { Description = "Read on as the file grows, until Ctrl+C." };
    private readonly Option<TimeSpan?> _idle = Choices.Option<TimeSpan?>(
        "--idle", "SECONDS", "With --follow: end when nothing came for so long.",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null,
        text => $"'{text}' is no number of seconds, more than 0 and at most 86400.");

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

    /// <summary>Whether a file is to be followed.</summary>
    public bool IsAsked(CommandResult result) => result.GetValue(_follow);

    /// <summary>What follows the file, if that was asked for; to be disposed after it.</summary>
    public Follower? Of(ParseResult parsed) =>
        parsed.GetValue(_follow) ? new Follower(parsed.GetValue(_idle)) : null;
}

/// <summary>Waits for a file to grow, until Ctrl+C: what was read by then is not lost.</summary>
internal sealed class Follower : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Interrupts _interrupts;
    private readonly TimeSpan? _idle;

    public Follower(TimeSpan? idle) => (_idle, _interrupts) = (idle, Interrupts.Cancel(_stop));

    public Stream Follow(Stream file) => CaptureStreams.Follow(file, _idle, _stop.Token);

    public void Dispose()
    {
        _interrupts.Dispose();
        _stop.Dispose();
    }
}
