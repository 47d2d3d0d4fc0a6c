using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Reports;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Reports.Pasted;

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
        string text = string.Join(' ', words);
        bool isFile = words.Length == 0 || text == "-" || (words.Length == 1 && File.Exists(text));
        if (!isFile)
            return One(terminal, text, null, captures, asJson);
        string path = words.Length == 0 ? "-" : text;
        using var input = terminal.OpenFile(path);
        var log = EventLogFile.Read(input);
        terminal.Output.Flush();
        foreach (string problem in log.Problems)
            terminal.Error.WriteLine($"nbnssim: {CaptureFiles.Title(path)}: {problem}");
        int damaged = log.Problems.Count > 0 ? ExitCode.BadInput : ExitCode.Done;
        if (log.Text is { } pasted && (log.Count <= 1 || (log.Events.Count == 0 && PastedText.Read(pasted).Form != PastedForm.Unknown)))
            return One(terminal, pasted, log.Events.Count > 0 ? log.Events[0] : null, captures, asJson);
        if (asJson)
        {
            foreach (var one in log.Events)
                ExplanationReport.Write(terminal.Ndjson, one);
        }
        else
        {
            ExplanationReport.Write(terminal.Report, log);
        }

        return Math.Max(damaged, Evidence(terminal, log.Events, captures, asJson));
    }

    /// <summary>One event, or a text that is none.</summary>
    private static int One(Terminal terminal, string text, ExplainedEvent? read, string[] captures, bool asJson)
    {
        var other = PastedText.Read(text);
        if (other.Form != PastedForm.Unknown && read?.Event.Definition is null)
        {
            if (asJson)
                ExplanationReport.Write(terminal.Ndjson, other);
            else
                ExplanationReport.Write(terminal.Report, other);
            return ExitCode.Done;
        }

        if (read is null)
        {
            if (!PastedEvent.TryParse(text, out var pasted, out string? error))
                throw new BadInputException(error);
            read = new ExplainedEvent(pasted);
        }

        var found = read.Event;
        if (!found.IsNetBt && !read.IsOfInterest)
            throw new BadInputException($"This is an event of '{found.Provider}'{(found.Id is { } number ? $", number {number}" : "")}: not one of NetBT's.");
        if (asJson)
            ExplanationReport.Write(terminal.Ndjson, read);
        else
            ExplanationReport.Write(terminal.Report, read);
        int evidence = Evidence(terminal, [read], captures, asJson);
        return found.Address is null && (found.Data?.IsTruncated ?? found.Id is null) ? ExitCode.BadInput : evidence;
    }

    /// <summary>The frames of captures that made events.</summary>
    private static int Evidence(Terminal terminal, IReadOnlyList<ExplainedEvent> events, string[] captures, bool asJson)
    {
        const int most = 1_000; // each datagram is held against each of them
        if (captures.Length == 0)
            return ExitCode.Done;
        EventFrames[] searched = [.. events.Take(most).Select(one => new EventFrames(one))];
        bool damaged = false;
        foreach (string path in captures)
        {
            using var input = CaptureFiles.OpenTwice(terminal, path);
            var passes = CaptureFiles.Passes(terminal, path, input);
            passes.ForEach((in CapturedDatagram datagram) =>
            {
                foreach (var frames in searched)
                    frames.Observe(path, datagram);
                return true;
            });
            damaged |= CaptureFiles.ReportDamage(terminal, path, passes.Damage, passes.DamageCount);
        }

        foreach (var frames in searched)
        {
            if (asJson)
                frames.Write(terminal.Ndjson);
            else
                frames.Write(terminal.Report);
        }

        return damaged ? ExitCode.BadInput : searched.Any(frames => frames.Found.Count == 0) ? ExitCode.No : ExitCode.Done;
    }
}
