using System.Globalization;
using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.Replay;

namespace NbnsSim.Reports;

/// <summary>
/// Whether the name server (WINS) may be switched off, by what a capture shows, as text, NDJSON, CSV or a page: who asks it for what, what breaks, what can take its place,
/// what broadcasts there would be, and what the capture is too short to tell. <see cref="Add(in CapturedDatagram)"/> every UDP datagram, of all ports, then <see cref="Complete"/>.
/// </summary>
/// <param name="title">What the capture is called.</param>
/// <param name="options">What somebody knows that the capture does not tell; null for nothing.</param>
/// <param name="clock">How times are printed in text; null for UTC.</param>
public sealed class AuditReport(string title, WinsAuditOptions? options = null, WallClock? clock = null) : IReport
{
    private const int MaxCases = 100;

    private readonly WinsAudit _audit = new(options);
    private readonly SightingFilter _sightings = new(CaptureFile.NameService.SightingWindow!.Value);
    private readonly WallClock _clock = clock ?? WallClock.Utc;
    private WinsAuditVerdict? _verdict;

    /// <summary>How the capture is to be read: every UDP datagram. What was captured in several places is counted once here.</summary>
    public static DatagramReaderOptions Datagrams { get; } = new();

    /// <summary>The answer, as far as datagrams have been added.</summary>
    public WinsAuditVerdict Verdict => _verdict ??= _audit.Judge();

    /// <summary>Whether a datagram tells an audit more than that the capture ran; one over IPv6 is not NetBT's and does not tell that.</summary>
    /// <param name="datagram">The datagram.</param>
    public static bool IsWanted(in CapturedDatagram datagram) =>
        !datagram.IsIpv6 && WinsAudit.IsWanted(datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload);

    /// <summary>Takes a datagram of the capture in. A further sighting of one within 50 ms does not count.</summary>
    /// <param name="datagram">The datagram.</param>
    public void Add(in CapturedDatagram datagram)
    {
        if (datagram.IsIpv6)
            return;
        NoteTime(datagram.Time);
        if (IsWanted(datagram) && !_sightings.IsRepeated(datagram))
            Add(DatagramFacts.Of(datagram));
    }

    /// <summary>Takes a datagram in by its facts, whatever came before; one over IPv6 is not NetBT's.</summary>
    /// <param name="facts">The facts.</param>
    public void Add(in DatagramFacts facts)
    {
        if (facts.IsIpv6)
            return;
        bool isNameService = facts.Source.Port == Ipv4Endpoint.NameServicePort || facts.Destination.Port == Ipv4Endpoint.NameServicePort;
        _audit.Observe(facts.FrameNumber, facts.Time, facts.Source, facts.Destination, isNameService ? CaptureFile.IsBroadcast(facts) : facts.IsBroadcast, facts.Payload);
    }

    /// <summary>A datagram was captured that tells nothing but that the capture ran.</summary>
    /// <param name="time">When.</param>
    public void NoteTime(Instant time) => _audit.NoteTime(time);

    /// <summary>The capture is at its end.</summary>
    public void Complete() => _verdict = _audit.Judge();

    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var verdict = Verdict;
        writer.WriteLine($"{title}: may the name server be switched off?", ReportRole.Title);
        writer.WriteHeading("Answer");
        writer.WriteWrapped("", verdict.Sentence, AuditText.RoleOf(verdict.Answer));
        Cases(writer, AuditOutcome.Breaks, "What breaks");
        Cases(writer, AuditOutcome.CannotTell, "What the capture does not show enough of");
        if (!verdict.LmHosts.IsEmpty)
        {
            writer.WriteHeading("LMHOSTS for what breaks");
            foreach (string line in verdict.LmHosts.Take(MaxCases))
                writer.WriteLine($"  {line}");
            More(writer, verdict.LmHosts.Length, "lines");
        }

        Others(writer, AuditOutcome.GoesOn, "What goes on by broadcast");
        Others(writer, AuditOutcome.NoWorse, "What gets no worse");
        if (!verdict.Roles.IsEmpty)
        {
            writer.WriteHeading("Domains and the browser");
            foreach (var role in verdict.Roles.Take(MaxCases))
                writer.WriteWrapped("  ", AuditText.Describe(role));
            More(writer, verdict.Roles.Length, "names");
        }

        Load(writer);
        writer.WriteHeading("What the capture does not tell");
        foreach (var gap in verdict.Gaps)
            writer.WriteWrapped(gap.PreventsYes ? "! " : "  ", AuditText.Describe(gap));
        writer.WriteLine();
        writer.WriteWrapped("", $"Looked at: {AuditText.Count(verdict.Datagrams, "name service packet")}{AuditText.Span(verdict, _clock)}. {verdict.Vantage}");
        writer.WriteWrapped("", "The question is what happens when the name server is off and nothing else is changed. No capture shows what machines have in LMHOSTS files.");
    }

    /// <summary>Writes it as NDJSON: an object for each question, registrant, name with a role, segment and gap, and one that sums up.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        AuditNdjson.Write(ndjson, Verdict);
    }

    /// <summary>Writes it as CSV (RFC 4180): a row for each question and each registrant. No cell can be taken for a formula.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteCsv(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        AuditCsv.Write(output, Verdict);
    }

    /// <summary>Writes it as one HTML page that needs nothing else.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WritePage(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        AuditPage.Write(output, title, Verdict, _clock);
    }

    private void Cases(ReportWriter writer, AuditOutcome outcome, string heading)
    {
        var cases = Verdict.Dependencies.Where(one => one.Outcome == outcome).ToList();
        var registrants = Verdict.Registrants.Where(one => one.Outcome == outcome).ToList();
        if (cases.Count + registrants.Count == 0)
            return;
        writer.WriteHeading(heading);
        int number = 0;
        foreach (var one in cases.Take(MaxCases))
        {
            writer.WriteWrapped(string.Create(CultureInfo.InvariantCulture, $"{++number,3}. "), AuditText.Describe(one));
            Details(writer, one.Frames, one.Grounds, one.Replacements);
        }

        More(writer, cases.Count, "questions");
        foreach (var one in registrants.Take(MaxCases))
        {
            writer.WriteWrapped(string.Create(CultureInfo.InvariantCulture, $"{++number,3}. "), AuditText.Describe(one));
            Details(writer, one.Frames, one.Grounds, one.Replacements);
        }

        More(writer, registrants.Count, "machines");
    }

    private static void Details(ReportWriter writer, IReadOnlyList<long> frames, IReadOnlyList<AuditGround> grounds, IReadOnlyList<AuditReplacement> replacements)
    {
        Line("Frames", AuditText.Frames(frames));
        foreach (var ground in grounds)
            Line("Because", AuditText.Describe(ground));
        foreach (var replacement in replacements)
        {
            Line("Instead", AuditText.Describe(replacement));
            foreach (string line in replacement.Lines)
                writer.WriteLine($"                {line}");
        }

        void Line(string head, string text) => writer.WriteWrapped($"     {head,-8} ", text);
    }

    private void Others(ReportWriter writer, AuditOutcome outcome, string heading)
    {
        var cases = Verdict.Dependencies.Where(one => one.Outcome == outcome).ToList();
        var registrants = Verdict.Registrants.Where(one => one.Outcome == outcome).ToList();
        if (cases.Count + registrants.Count == 0)
            return;
        writer.WriteHeading(heading);
        foreach (var one in cases.Take(MaxCases))
            writer.WriteWrapped("  ", $"{AuditText.Describe(one)} {AuditText.FramesOf(one.Frames)}. {string.Join(" ", one.Grounds.Select(ground => ground.Text))}");
        More(writer, cases.Count, "questions");
        foreach (var one in registrants.Take(MaxCases))
            writer.WriteWrapped("  ", $"{AuditText.Describe(one)} {AuditText.FramesOf(one.Frames)}. {string.Join(" ", one.Grounds.Select(ground => ground.Text))}");
        More(writer, registrants.Count, "machines");
    }

    private void Load(ReportWriter writer)
    {
        if (Verdict.Segments.IsEmpty)
            return;
        writer.WriteHeading("Broadcasts, if all clients were B nodes");
        foreach (var segment in Verdict.Segments.Take(MaxCases))
            writer.WriteWrapped("  ", AuditText.Describe(segment));
        More(writer, Verdict.Segments.Length, "segments");
        if (Verdict.BusiestMinutePackets > 0)
        {
            string when = _clock.At(Verdict.BusiestMinute).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            writer.WriteWrapped("  ", string.Create(CultureInfo.InvariantCulture, $"Busiest minute, {when} {_clock.Zone(Verdict.BusiestMinute)}: at most {AuditText.Count(Verdict.BusiestMinutePackets, "packet")} in all segments together."));
        }

        foreach (var rule in Verdict.LoadRules)
            writer.WriteWrapped("  ", $"{rule.Sentence} ({rule.Basis.Word()}: {rule.Source})", ReportRole.Aside);
    }

    private static void More(ReportWriter writer, int count, string what)
    {
        if (count > MaxCases)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {count:N0} {what} in all; the NDJSON and the CSV have them"));
    }
}
