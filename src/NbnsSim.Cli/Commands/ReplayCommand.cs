using System.CommandLine;
using NbnsSim.Protocol;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>replay FILE --as ADDRESS</c>: an end node stands in for a captured host, and tells what it would have logged, and why.</summary>
internal static class ReplayCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var host = Choices.Host("--as", "The IPv4 address of the host to stand in for; every host that sends something if not given.");
        var dialect = Choices.Dialect("What the stand-in behaves like", NetBtDialect.Windows2000);
        var at = Choices.At("Stop after this frame, or at this time.", "a frame number nor a time");
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("replay", "Put a NetBIOS node in the place of a captured host: its events, its names, its answers.") { file, host, dialect, at, local, json };
        var drawing = new PictureOptions(command);
        var following = new FollowOptions(command);
        command.SetAction(parsed =>
        {
            var draw = drawing.Of(parsed);
            using var captures = following.Open(terminal, parsed, [parsed.GetValue(file)!], rereads: true);
            var passes = captures.Passes();
            var request = new ReplayRequest
            {
                Dialect = Choices.FindDialect(parsed.GetValue(dialect))!,
                Host = parsed.GetValue(host),
                Until = parsed.GetValue(at) ?? default,
                Clock = Choices.Clock(terminal, parsed.GetValue(local)),
                IsInFull = parsed.GetValue(json),
                IsDrawn = draw is not null,
                HostHint = other => $"nbnssim replay {captures.Title} --as {other}",
                DialectHint = other => $" (--dialect {other.Name})",
            };
            if (!request.TryRun(passes, captures.Title, out var report, out string? problem))
                throw new BadInputException(problem);
            bool isDamaged = captures.SayWhatIsDamaged(passes);
            terminal.Print(report, parsed.GetValue(json));
            draw?.Invoke(report.Draw(passes));
            return isDamaged ? ExitCode.BadInput : ExitCode.Done;
        });
        return command;
    }
}
