using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

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

    /// <summary>The captures, followed if that is asked for.</summary>
    public Captures Open(Terminal terminal, ParseResult parsed, IReadOnlyList<string> paths, bool rereads = false) =>
        new(terminal, paths, rereads, parsed.GetValue(_follow), parsed.GetValue(_idle));
}
