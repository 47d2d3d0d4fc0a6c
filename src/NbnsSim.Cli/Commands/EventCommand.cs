using System.CommandLine;
using NbnsSim.Captures;
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
        command.SetAction(parsed => Run(terminal, parsed.GetValue(text) ?? [], parsed.GetValue(captures) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string[] words, string[] captures, bool asJson)
    {
        string text = words.Length == 0 ? "-" : string.Join(' ', words);
        bool isDamaged = false;
        ExplainedInput? input;
        string? problem;
        if (text == "-" || (words.Length == 1 && File.Exists(text)))
        {
            using var file = terminal.OpenFile(text);
            var log = EventLogFile.Read(file);
            terminal.Output.Flush();
            foreach (string fault in log.Problems)
                terminal.Error.WriteLine($"nbnssim: {CaptureFiles.Title(text)}: {fault}");
            isDamaged = log.Problems.Count > 0;
            ExplainedInput.TryRead(log, out input, out problem);
        }
        else
        {
            ExplainedInput.TryRead(text, out input, out problem);
        }

        if (input is null)
            throw new BadInputException(problem!);
        if (asJson)
            input.Write(terminal.Ndjson);
        else
            input.Write(terminal.Report);
        int evidence = Evidence(terminal, input.Events, captures, asJson);
        return isDamaged || input.IsIncomplete ? ExitCode.BadInput : evidence;
    }

    /// <summary>The frames of captures that made events.</summary>
    private static int Evidence(Terminal terminal, IReadOnlyList<ExplainedEvent> events, string[] captures, bool asJson)
    {
        if (captures.Length == 0)
            return ExitCode.Done;
        var evidence = new EventEvidence(events);
        bool damaged = false;
        foreach (string path in captures)
        {
            using var input = CaptureFiles.OpenTwice(terminal, path);
            var passes = CaptureFiles.Passes(terminal, path, input);
            passes.ForEach((in CapturedDatagram datagram) =>
            {
                evidence.Observe(path, datagram);
                return true;
            });
            damaged |= CaptureFiles.ReportDamage(terminal, path, passes.Damage, passes.DamageCount);
        }

        if (asJson)
            evidence.Write(terminal.Ndjson);
        else
            evidence.Write(terminal.Report);
        return damaged ? ExitCode.BadInput : evidence.IsComplete ? ExitCode.Done : ExitCode.No;
    }
}
