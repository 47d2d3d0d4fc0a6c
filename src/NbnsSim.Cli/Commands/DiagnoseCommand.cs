using System.CommandLine;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Cli.Running;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;

namespace NbnsSim.Cli.Commands;

/// <summary><c>diagnose FILE</c>: who held which name when, and what went wrong, from the wire alone.</summary>
internal static class DiagnoseCommand
{
    private const int MaxLines = 500;

    private const string Examples =
        """
        Examples:
          nbnssim diagnose trouble.pcapng
              who held which name when, who was refused one, who released another's, and the frames that prove it
          nbnssim diagnose trouble.pcapng --name JSMITH
              only names that begin so; --name "JSMITH<03>" only that one
        """;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var name = new Option<string?>("--name") { Description = "Only this name (JSMITH<03>, JSMITH#03), or names that begin with this (JSMITH).", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print JSON objects, one a line." };
        var command = new Command("diagnose", "Who held which name when, what went wrong, and the frames that prove it.") { file, name, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(terminal, parsed.GetValue(file)!, parsed.GetValue(name) ?? "", parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, string wanted, bool asJson)
    {
        var diagnosis = new CaptureDiagnosis();
        var times = new TimeSpread();
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
        var findings = diagnosis.Findings.Where(finding => Fits(finding.Name, wanted)).ToList();
        var holdings = diagnosis.Holdings.Where(holding => Fits(holding.Name, wanted)).ToList();
        if (asJson)
            PrintJson(terminal, findings, holdings, diagnosis, datagrams.RepeatedSightings);
        else
            Print(terminal, CaptureFiles.Title(path), findings, holdings, diagnosis, times, datagrams.RepeatedSightings, wanted);
        if (wanted.Length > 0 && findings.Count + holdings.Count == 0 && times.Any)
            terminal.Error.WriteLine($"nbnssim: this capture shows nothing of a name {wanted}.");
        CaptureFiles.ReportNothing(terminal, path, datagrams);
        return CaptureFiles.ReportDamage(terminal, path, datagrams) ? ExitCode.BadInput : ExitCode.Done;
    }

    private static void Print(Terminal terminal, string title, List<Finding> findings, List<NameHolding> holdings, CaptureDiagnosis diagnosis, TimeSpread times, long repeated, string wanted)
    {
        terminal.Output.WriteLine(terminal.Paint($"{title}, as seen on the wire{times}", "1"));
        RunPrinter.Heading(terminal, "What stands out");
        if (findings.Count == 0)
        {
            Lines(terminal, "", diagnosis.Datagrams == 0
                ? "There was nothing to look at: no name service packets."
                : wanted.Length > 0
                    ? $"Nothing of a name {wanted}."
                    : "Nothing: in these frames nobody was refused a name, told of a conflict, or told to give a name up, and no name has two holders. What was not captured is not known: answers to a single host, other segments, the time before.");
        }

        foreach (var finding in findings.Take(MaxLines))
        {
            string head = $"  {times.Day(finding.Time)}{Time(finding.Time)}  ";
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
        {
            int name = Math.Clamp(shown.Max(holding => holding.Name.ToString().Length), 16, 32);
            int time = 20 + times.Day(shown[0].Since).Length;
            terminal.Output.WriteLine($"  {"Name".PadRight(name)}  Kind    Host             {"From (frame)".PadRight(time)}  {"Shown by",-16}  To (frame)");
            foreach (var holding in shown)
            {
                string until = holding.End == HoldingEnd.None ? "" : $"  {Moment(holding.Until, holding.UntilFrame)} {Word(holding.End)}";
                terminal.Output.WriteLine(
                    $"  {holding.Name.ToString().PadRight(name)}  {(holding.IsGroup ? "group" : "unique"),-6}  {holding.Host,-15}  {Moment(holding.Since, holding.SinceFrame).PadRight(time)}  {Word(holding.Evidence),-16}{until}".TrimEnd());
            }
        }

        string Moment(Instant at, long frame) => $"{times.Day(at)}{Short(at)} ({Number(frame)})";

        if (Math.Max(findings.Count, holdings.Count) > MaxLines)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {findings.Count:N0} findings and {holdings.Count:N0} holdings in all; --json has them"));
        if (!diagnosis.IsComplete)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  From frame {diagnosis.IncompleteFrom} on the capture holds more than is kept: this account is not complete."));
        if (repeated > 0)
            Lines(terminal, "  ", string.Create(CultureInfo.InvariantCulture, $"{repeated:N0} {(repeated == 1 ? "frame shows a datagram that was captured before, which counts" : "frames show datagrams that were captured before, which count")} once."));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("What was sent is taken as received: a capture does not show what was lost behind it.");
        terminal.Output.WriteLine("What a machine would have made of it: nbnssim replay FILE --as ADDRESS");
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

    private static bool Fits(NetBiosName name, string wanted) =>
        wanted.AsSpan().IndexOfAny('<', '#') > 0 && NetBiosName.TryParse(wanted.ToUpperInvariant(), out var one)
            ? name.High == one.High && name.Low == one.Low
            : name.BaseName.StartsWith(wanted, StringComparison.OrdinalIgnoreCase);

    private static string Frames(IReadOnlyList<long> frames) => string.Join(", ", frames.Select(Number));

    private static string Number(long frame) => frame.ToString(CultureInfo.InvariantCulture);

    private static string Time(Instant time) => DateTime.UnixEpoch.AddTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string Short(Instant time) => Time(time)[..^3];

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
    private sealed class TimeSpread
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

        public override string ToString() => Any ? $", {Date(_first)}{(Date(_first) == Date(_last) ? "" : $" to {Date(_last)}")} UTC" : "";

        private static string Date(Instant time) => DateTime.UnixEpoch.AddTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
