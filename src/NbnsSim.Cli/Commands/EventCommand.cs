using System.CommandLine;
using NbnsSim.Captures;
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
            bool isDamaged = false;
            var input = Read(terminal, parsed.GetValue(text) is { Length: > 0 } words ? words : [InputFiles.StandardInput], ref isDamaged);
            terminal.Print(input, parsed.GetValue(json));
            var evidence = new EventEvidence(input.Events);
            bool isEvidenceDamaged = false;
            foreach (string path in parsed.GetValue(captures) ?? [])
                isEvidenceDamaged |= Search(terminal, path, evidence);
            bool isSearched = parsed.GetValue(captures) is { Length: > 0 };
            if (isSearched)
                terminal.Print(evidence, parsed.GetValue(json));
            return isDamaged || input.IsIncomplete || isEvidenceDamaged ? ExitCode.BadInput : isSearched && !evidence.IsComplete ? ExitCode.No : ExitCode.Done;
        });
        return command;
    }

    private static ExplainedInput Read(Terminal terminal, string[] words, ref bool isDamaged)
    {
        string text = string.Join(' ', words);
        ExplainedInput? input;
        string? problem;
        if (text == InputFiles.StandardInput || (words.Length == 1 && File.Exists(text)))
        {
            using var file = terminal.OpenFile(text);
            var log = EventLogFile.Read(file);
            terminal.Say(log.Problems.Select(fault => $"{InputFiles.TitleOf(text)}: {fault}"));
            isDamaged = log.Problems.Count > 0;
            ExplainedInput.TryRead(log, out input, out problem);
        }
        else
        {
            ExplainedInput.TryRead(text, out input, out problem);
        }

        bool isFileName = words is [var name] && Path.HasExtension(name) && !name.Contains(' ', StringComparison.Ordinal) && !File.Exists(name);
        return input ?? throw new BadInputException(isFileName ? $"There is no file '{text}'." : problem!);
    }

    /// <summary>Looks in a capture for the frames that made events.</summary>
    /// <returns>Whether something in it could not be read.</returns>
    private static bool Search(Terminal terminal, string path, EventEvidence evidence)
    {
        using var captures = new Captures(terminal, [path], terminal.OpenFile);
        var passes = captures.Passes();
        passes.ForEach((in CapturedDatagram datagram) =>
        {
            evidence.Observe(path, datagram);
            return true;
        });
        return captures.SayWhatIsDamaged(passes);
    }
}
