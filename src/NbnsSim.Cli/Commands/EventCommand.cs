using System.CommandLine;
using NbnsSim.Files;
using NbnsSim.Reports.EventLogs;

namespace NbnsSim.Cli.Commands;

/// <summary><c>explain FILE|TEXT</c>, also <c>event</c>: what an event, an event log or a table of names that somebody has means, and what to do.</summary>
internal static class EventCommand
{
    public static Command Create(Terminal terminal)
    {
        var text = new Argument<string[]>("TEXT")
        {
            Description = "A file (.evtx, .evt, XML, CSV, text), the text itself, or an event's number; '-', or nothing, reads standard input.",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "FILE|TEXT",
        };
        var captures = new Option<string[]>("--capture") { Description = "Look in this capture for the frames that made the event; may be given several times.", HelpName = "FILE" };
        var json = Choices.Json();
        var command = new Command("explain", "Say what an event, an event log or a table of names that somebody has means, and what to do.") { text, captures, json };
        command.Aliases.Add("event");
        command.SetAction(parsed =>
        {
            string[] words = parsed.GetValue(text) is { Length: > 0 } given ? given : [InputFiles.StandardInput];
            bool asJson = parsed.GetValue(json);
            var log = words is [var path] && (path == InputFiles.StandardInput || Path.Exists(path)) ? ReadLog(terminal, path) : null;
            if (!(log is null ? ExplainedInput.TryRead(string.Join(' ', words), out var input, out string? problem) : ExplainedInput.TryRead(log, out input, out problem)))
                throw new BadInputException(log is null && words is [var name] && Path.HasExtension(name) && !name.Contains(' ', StringComparison.Ordinal) ? $"There is no file '{name}'." : problem);
            terminal.Print(input, asJson);
            bool isDamaged = log?.Problems.Count > 0 || input.IsIncomplete;
            if (parsed.GetValue(captures) is not { Length: > 0 } files)
                return isDamaged ? ExitCode.BadInput : ExitCode.Done;
            var evidence = new EventEvidence(input.Events);
            foreach (string file in files)
            {
                using var capture = new Captures(terminal, [file]);
                var passes = capture.Passes();
                evidence.Observe(file, passes);
                isDamaged |= capture.SayWhatIsDamaged(passes);
            }

            terminal.Print(evidence, asJson);
            return isDamaged ? ExitCode.BadInput : evidence.IsComplete ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    private static EventLogFile ReadLog(Terminal terminal, string path)
    {
        using var file = terminal.OpenFile(path);
        var log = EventLogFile.Read(file);
        terminal.Say(log.Problems.Select(fault => $"{InputFiles.TitleOf(path)}: {fault}"));
        return log;
    }
}
