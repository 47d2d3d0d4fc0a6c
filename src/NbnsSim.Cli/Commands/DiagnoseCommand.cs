using System.CommandLine;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Cli.Running;
using NbnsSim.Diagnosis;
using NbnsSim.Protocol;
using NbnsSim.Replay;

namespace NbnsSim.Cli.Commands;

/// <summary><c>diagnose FILE</c>: who held which name when, and what went wrong, from the wire alone.</summary>
internal static class DiagnoseCommand
{
    private const int MaxLines = 500;
    private const int LongestCell = 32;

    private const string Examples =
        """
        Examples:
          nbnssim diagnose trouble.pcapng
              who held which name when, who was refused one, who released another's, and the frames that prove it
          nbnssim diagnose trouble.pcapng --name JSMITH
              only names that begin so; --name "JSMITH<03>" only that one

        Ends with 1 where the capture shows nothing of that name.
        """;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var name = NameFilter.Option();
        var local = WallClock.Option();
        var json = new Option<bool>("--json") { Description = "Print JSON objects, one a line." };
        var command = new Command("diagnose", "Who held which name when, what went wrong, and the frames that prove it.") { file, name, local, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(terminal, parsed.GetValue(file)!, parsed.GetValue(name), WallClock.Of(terminal, parsed.GetValue(local)), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, NameFilter? wanted, WallClock clock, bool asJson)
    {
        var diagnosis = new CaptureDiagnosis();
        var times = new TimeSpread(clock);
        using var capture = CaptureFiles.Open(terminal, path, out long length);
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        using (var progress = new Progress(terminal, CaptureFiles.Title(path), length))
        {
            while (datagrams.TryRead(out var datagram))
            {
                progress.Report(capture.Position, datagram.FrameNumber);
                times.Add(datagram.Time);
                if (!datagram.IsIpv6)
                    diagnosis.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, CaptureFile.IsBroadcast(datagram), datagram.Payload, datagram.SourceMac);
            }
        }

        diagnosis.Complete();
        var findings = diagnosis.Findings.Where(finding => wanted?.Fits(finding.Name) ?? true).ToList();
        var holdings = diagnosis.Holdings.Where(holding => wanted?.Fits(holding.Name) ?? true).ToList();
        if (asJson)
            PrintJson(terminal, findings, holdings, diagnosis, datagrams.RepeatedSightings);
        else
            Print(terminal, CaptureFiles.Title(path), findings, holdings, diagnosis, times, datagrams.RepeatedSightings, wanted);
        bool isNone = wanted is not null && findings.Count + holdings.Count == 0;
        if (isNone && times.Any)
            terminal.Error.WriteLine($"nbnssim: this capture shows nothing of a name {wanted}.");
        CaptureFiles.ReportNothing(terminal, path, datagrams);
        return CaptureFiles.ReportDamage(terminal, path, datagrams) ? ExitCode.BadInput : isNone ? ExitCode.No : ExitCode.Done;
    }

    private static void Print(Terminal terminal, string title, List<Finding> findings, List<NameHolding> holdings, CaptureDiagnosis diagnosis, TimeSpread times, long repeated, NameFilter? wanted)
    {
        terminal.Output.WriteLine(terminal.Paint($"{title}, as seen on the wire{times}", "1"));
        RunPrinter.Heading(terminal, "What stands out");
        if (findings.Count == 0)
        {
            Lines(terminal, "", diagnosis.Datagrams == 0
                ? "There was nothing to look at: no name service packets."
                : wanted is not null
                    ? $"Nothing of a name {wanted}."
                    : "Nothing: in these frames nobody was refused a name, told of a conflict, or told to give a name up, and no name has two holders. What was not captured is not known: answers to a single host, other segments, the time before.");
        }

        foreach (var finding in findings.Take(MaxLines))
        {
            string head = $"  {times.Day(finding.Time)}{times.Time(finding.Time)}  ";
            Lines(terminal, head, $"{finding.Text}. {(finding.Frames.Count == 1 ? "Frame" : "Frames")} {Frames(finding.Frames)}.");
            if (finding.Event is { } logged && !finding.LoggedBy.IsEmpty)
                Lines(terminal, new string(' ', head.Length), string.Create(
                    CultureInfo.InvariantCulture, $"→ event {logged.Id} on {(finding.Host == Ipv4Address.Any ? "whoever holds it" : finding.Host)} if it is {Systems(finding)} ({JsonLines.Word(logged.Rule.Basis)}: {logged.Rule.Source})"));
        }

        RunPrinter.Heading(terminal, "Who held which name");
        var shown = holdings.Take(MaxLines).ToList();
        if (shown.Count == 0)
            terminal.Output.WriteLine("Nobody, as far as can be seen.");
        else
            PrintHoldings(terminal, shown, times);
        if (Math.Max(findings.Count, holdings.Count) > MaxLines)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {findings.Count:N0} findings and {holdings.Count:N0} holdings in all; --json has them"));
        if (!diagnosis.IsComplete)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  From frame {diagnosis.IncompleteFrom} on the capture holds more than is kept: this account is not complete."));
        if (repeated > 0)
            Lines(terminal, "  ", string.Create(CultureInfo.InvariantCulture, $"{repeated:N0} {(repeated == 1 ? "frame shows a datagram that was captured before, which counts" : "frames show datagrams that were captured before, which count")} once."));
        terminal.Output.WriteLine();
        Lines(terminal, "", "What was sent is taken as received: a capture does not show what was lost behind it.");
        terminal.Output.WriteLine("What a machine would have made of it: nbnssim replay FILE --as ADDRESS");
    }

    /// <summary>A line each. How a holding ended goes on a line of its own where lines would be wider than the terminal.</summary>
    private static void PrintHoldings(Terminal terminal, List<NameHolding> holdings, TimeSpread times)
    {
        List<string[]> rows = [["Name", "Kind", "Host", "From (frame)", "Shown by", "To (frame)"]];
        rows.AddRange(holdings.Select(holding => new[]
        {
            holding.Name.ToString(), holding.IsGroup ? "group" : "unique", holding.Host.ToString(), Moment(holding.Since, holding.SinceFrame), Word(holding.Evidence),
            holding.End == HoldingEnd.None ? "" : $"{Moment(holding.Until, holding.UntilFrame)} {Word(holding.End)}",
        }));
        int[] widths = [.. Enumerable.Range(0, 6).Select(column => Math.Min(LongestCell, rows.Max(row => row[column].Length)))];
        bool fits = widths.Sum() + (2 * widths.Length) <= terminal.Width;
        foreach (string[] row in rows)
        {
            string line = string.Concat(Enumerable.Range(0, 5).Select(column => "  " + row[column].PadRight(widths[column])));
            bool isHeader = ReferenceEquals(row, rows[0]);
            terminal.Output.WriteLine((fits || isHeader ? $"{line}  {row[5]}" : line).TrimEnd());
            if (!fits && !isHeader && row[5].Length > 0)
                terminal.Output.WriteLine($"    to {row[5]}");
        }

        string Moment(Instant at, long frame) => $"{times.Day(at)}{times.Time(at)[..^3]} ({Number(frame)})";
    }

    private static void PrintJson(Terminal terminal, List<Finding> findings, List<NameHolding> holdings, CaptureDiagnosis diagnosis, long repeated)
    {
        foreach (var finding in findings)
        {
            JsonLines.Write(terminal, "finding", finding, static (json, it) =>
            {
                json.WriteString("kind", it.Kind.ToString());
                json.WriteString("time", it.Time.ToString());
                json.WriteString("name", it.Name.BaseName);
                json.WriteNumber("suffix", (int)it.Name.Suffix);
                json.WriteString("scope", it.Name.Scope.ToString());
                if (it.Host == Ipv4Address.Any)
                    json.WriteNull("host");
                else
                    json.WriteString("host", it.Host.ToString());
                json.WriteString("other", it.Other.ToString());
                json.WriteStartArray("frames");
                foreach (long frame in it.Frames)
                    json.WriteNumberValue(frame);
                json.WriteEndArray();
                json.WriteString("text", it.Text);
                if (it.Event is { } logged && !it.LoggedBy.IsEmpty)
                {
                    json.WriteNumber("eventId", logged.Id);
                    json.WriteString("eventBasis", JsonLines.Word(logged.Rule.Basis));
                    json.WriteString("eventSource", logged.Rule.Source);
                    json.WriteStartArray("eventDialects");
                    foreach (var dialect in it.LoggedBy)
                        json.WriteStringValue(dialect.Name);
                    json.WriteEndArray();
                }
            });
        }

        foreach (var holding in holdings)
        {
            JsonLines.Write(terminal, "holding", holding, static (json, it) =>
            {
                json.WriteString("name", it.Name.BaseName);
                json.WriteNumber("suffix", (int)it.Name.Suffix);
                json.WriteString("scope", it.Name.Scope.ToString());
                json.WriteBoolean("group", it.IsGroup);
                json.WriteString("host", it.Host.ToString());
                json.WriteString("evidence", it.Evidence.ToString());
                json.WriteString("since", it.Since.ToString());
                json.WriteNumber("sinceFrame", it.SinceFrame);
                json.WriteString("lastSeen", it.LastSeen.ToString());
                json.WriteNumber("lastSeenFrame", it.LastSeenFrame);
                json.WriteString("end", it.End.ToString());
                if (it.End != HoldingEnd.None)
                {
                    json.WriteString("until", it.Until.ToString());
                    json.WriteNumber("untilFrame", it.UntilFrame);
                }
            });
        }

        JsonLines.Write(terminal, "diagnosed", (Findings: findings.Count, Holdings: holdings.Count, diagnosis, repeated), static (json, it) =>
        {
            json.WriteNumber("findings", it.Findings);
            json.WriteNumber("holdings", it.Holdings);
            json.WriteNumber("datagrams", it.diagnosis.Datagrams);
            json.WriteNumber("repeatedSightings", it.repeated);
            json.WriteBoolean("complete", it.diagnosis.IsComplete);
            if (!it.diagnosis.IsComplete)
                json.WriteNumber("incompleteFrom", it.diagnosis.IncompleteFrom);
        });
    }

    private static void Lines(Terminal terminal, string head, string text)
    {
        foreach (string line in TextColumns.Wrap(text, terminal.Width - head.Length))
        {
            terminal.Output.WriteLine(head + line);
            head = new string(' ', head.Length);
        }
    }

    private static string Frames(IReadOnlyList<long> frames) => string.Join(", ", frames.Select(Number));

    private static string Number(long frame) => frame.ToString(CultureInfo.InvariantCulture);

    private static string Systems(Finding finding) => finding.LoggedBy.Length == NetBtDialect.All.Length ? "a Windows machine" : string.Join(" or ", finding.LoggedBy.Select(dialect => dialect.Title));

    private static string Word(HoldingEnd end) => end switch
    {
        HoldingEnd.Released => "released",
        HoldingEnd.Conflict => "conflict",
        HoldingEnd.Refused => "refused",
        _ => "demanded",
    };

    private static string Word(HoldingEvidence evidence) => evidence switch
    {
        HoldingEvidence.UnopposedClaim => "claim (inferred)",
        HoldingEvidence.OverwriteDemand => "demand",
        HoldingEvidence.Granted => "grant",
        HoldingEvidence.Defence => "defence",
        HoldingEvidence.QueryResponse => "answer",
        HoldingEvidence.NodeStatus => "status",
        _ => "refresh",
    };

    /// <summary>From when to when a capture goes; where that is more than a day, times need their date.</summary>
    private sealed class TimeSpread(WallClock clock)
    {
        private Instant _first = Instant.MaxValue;
        private Instant _last = Instant.MinValue;

        public bool Any => _first <= _last;

        public void Add(Instant time)
        {
            _first = time < _first ? time : _first;
            _last = time > _last ? time : _last;
        }

        public string Day(Instant time) => Any && Date(_first) != Date(_last) ? Date(time) + " " : "";

        public string Time(Instant time) => clock.At(time).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

        public override string ToString() => Any ? $", {Date(_first)}{(Date(_first) == Date(_last) ? "" : $" to {Date(_last)}")} {clock.Zone(_first)}" : "";

        private string Date(Instant time) => clock.At(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
