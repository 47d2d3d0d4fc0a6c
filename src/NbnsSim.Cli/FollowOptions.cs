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
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"'{text}' is no number of seconds, more than 0 and at most 86400."));

    public FollowOptions(Command command)
    {
        command.Options.Add(_follow);
        command.Options.Add(_idle);
        command.Refuse("--idle goes with --follow.", result => result.GetResult(_idle) is { Implicit: false } && !result.GetValue(_follow));
    }

    /// <summary>Whether a file is to be followed.</summary>
    public bool IsAsked(CommandResult result) => result.GetValue(_follow);

    /// <summary>What opens the files as is asked for; to be disposed after them.</summary>
    public Follower Of(ParseResult parsed, Terminal terminal) => new(terminal, parsed.GetValue(_follow), parsed.GetValue(_idle));
}

/// <summary>Opens files, and waits for them to grow if that is wanted, until Ctrl+C: what was read by then is not lost.</summary>
internal sealed class Follower(Terminal terminal, bool follows, TimeSpan? idle = null) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Interrupts? _interrupts;

    /// <summary>Whether files are followed.</summary>
    public bool Follows => follows;

    public Stream Open(string path)
    {
        var file = terminal.OpenFile(path);
        if (!follows || path == InputFiles.StandardInput) // a pipe tells by itself when it has ended
            return file;
        _interrupts ??= Interrupts.Do(_stop.Cancel);
        return CaptureStreams.Follow(file, idle, _stop.Token);
    }

    public void Dispose()
    {
        _interrupts?.Dispose();
        _stop.Dispose();
    }
}
