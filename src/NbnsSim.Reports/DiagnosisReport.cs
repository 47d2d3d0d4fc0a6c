using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports.Pictures;
using NbnsSim.Rules;

namespace NbnsSim.Reports;

/// <summary>
/// What a capture shows of itself, in text or in NDJSON: who held which name when, what went wrong, and the frames that prove it. <see cref="Add(in CapturedDatagram)"/> every
/// datagram, then <see cref="Complete"/>.
/// </summary>
/// <param name="title">What the capture is called.</param>
/// <param name="clock">How times are printed in text; null for UTC.</param>
public sealed class DiagnosisReport(string title, WallClock? clock = null) : IReport
{
    private const int MaxLines = 500;
    private const int LongestCell = 32;

    private readonly CaptureDiagnosis _diagnosis = new();
    private readonly TimeSpread _times = new(clock ?? WallClock.Utc);
    private List<Finding> _findings = [];
    private IReadOnlyList<NameHolding> _holdings = [];
    private long _repeated;
    private string? _about;
    private NetBtDialect? _dialect;

    /// <summary>How the reader gets to know what a machine would have made of it; null for a program that offers no such thing.</summary>
    public string? ReplayHint { get; init; }

    /// <summary>How many files the capture was read from. Of several, frames are numbered over all, in the order of time.</summary>
    public int Files { get; init; } = 1;

    /// <summary>Whether any datagram was seen.</summary>
    public bool HasDatagrams => _times.Any;

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => _findings.Count + _holdings.Count == 0 && Verdict.Incidents.IsEmpty;

    /// <summary>What is behind what was found; nothing before <see cref="Complete"/>.</summary>
    public Verdict Verdict { get; private set; } = new() { Conclusion = Conclusion.NothingToSee, Incidents = [], Vantage = default, Hosts = 0, Names = 0 };

    /// <summary>What the capture comes to, in a sentence that names the gravest of what is behind it.</summary>
    public string Headline => VerdictText.Headline(Verdict, _about);

    /// <summary>What it tells: all of it, whatever the scope.</summary>
    public CaptureDiagnosis Diagnosis => _diagnosis;

    /// <summary>Takes a datagram of the capture in; one over IPv6 is not NetBT's.</summary>
    /// <param name="datagram">The datagram.</param>
    public void Add(in CapturedDatagram datagram)
    {
        _times.Add(datagram.Time);
        _diagnosis.Observe(datagram);
    }

    /// <summary>Takes a datagram in by its facts; one over IPv6 is not NetBT's.</summary>
    /// <param name="facts">The facts.</param>
    public void Add(in DatagramFacts facts)
    {
        _times.Add(facts.Time);
        _diagnosis.Observe(facts);
    }

    /// <summary>The capture is at its end.</summary>
    /// <param name="repeatedSightings">How many frames showed a datagram that was captured before; see <see cref="DatagramReader.RepeatedSightings"/>.</param>
    /// <param name="scope">What of it to tell; null for all.</param>
    public void Complete(long repeatedSightings = 0, DiagnosisScope? scope = null)
    {
        _diagnosis.Complete();
        scope ??= DiagnosisScope.All;
        Verdict = _diagnosis.Judge().Only(scope.Fits);
        _findings = [.. _diagnosis.Findings.Where(scope.Fits)];
        var logged = scope.EventId is null ? null : Verdict.Incidents.SelectMany(incident => incident.Names).ToHashSet();
        _holdings = scope == DiagnosisScope.All
            ? _diagnosis.Holdings // made as they are told, since there may be a million
            : [.. _diagnosis.Holdings.Where(holding => scope.Fits(holding) && logged?.Contains(holding.Name) != false)];
        (_repeated, _about, _dialect) = (repeatedSightings, scope.About, scope.Dialect);
    }

    /// <summary>Begins a picture of it, which wants the capture's datagrams once more.</summary>
    public CapturePicture Draw()
    {
        var names = Verdict.Incidents.SelectMany(incident => incident.Parties).Where(party => party.ComputerName is not null)
            .DistinctBy(party => party.Address).ToDictionary(party => party.Address, party => party.ComputerName);
        var notes = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{title}{_times}: {Count(_diagnosis.Datagrams, "name service packet")}, {Count(Verdict.Hosts, "address", "addresses")}, {Count(Verdict.Names, "name")}. {Verdict.Vantage}"),
            "What was sent is taken as received: a capture does not show what was lost behind it.",
        };
        if (!_diagnosis.IsComplete)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"From frame {_diagnosis.IncompleteFrom} on the capture holds more than is kept: this account is not complete."));
        return new CapturePicture(new CaptureContent
        {
            Verdict = Verdict,
            Holdings = _holdings,
            Title = title,
            Headline = VerdictText.Headline(Verdict, _about),
            Notes = notes,
            Clock = clock ?? WallClock.Utc,
            Dialect = _dialect,
            NameOf = names.GetValueOrDefault,
            Since = _times.First,
            Until = _times.Last,
        });
    }

    /// <summary>Draws it.</summary>
    /// <param name="capture">The capture, at its beginning again; stays open.</param>
    public Picture Draw(CaptureReader capture)
    {
        var picture = Draw();
        var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        while (!picture.IsComplete && datagrams.TryRead(out var datagram))
            picture.Add(datagram);
        return picture.Draw();
    }

    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine($"{title}, as seen on the wire{_times}", ReportRole.Title);
        writer.WriteHeading("Verdict");
        writer.WriteWrapped("", VerdictText.Sentence(Verdict, _about));
        VerdictText.Write(writer, Verdict, time => _times.Day(time) + _times.Time(time), _dialect);
        if (Verdict.Conclusion != Conclusion.NothingToSee)
        {
            writer.WriteLine();
            writer.WriteWrapped("", string.Create(CultureInfo.InvariantCulture, $"Looked at: {Count(_diagnosis.Datagrams, "name service packet")}, {Count(Verdict.Hosts, "address", "addresses")}, {Count(Verdict.Names, "name")}. {Verdict.Vantage}"));
        }

        writer.WriteHeading("Who held which name");
        var shown = _holdings.Take(MaxLines).ToList();
        if (shown.Count == 0)
            writer.WriteLine("Nobody, as far as can be seen.");
        else
            WriteHoldings(writer, shown);
        if (Math.Max(_findings.Count, _holdings.Count) > MaxLines)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {_findings.Count:N0} findings and {_holdings.Count:N0} holdings in all; the NDJSON has them"));
        if (!_diagnosis.IsComplete)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  From frame {_diagnosis.IncompleteFrom} on the capture holds more than is kept: this account is not complete."));
        if (_repeated > 0)
            writer.WriteWrapped("  ", string.Create(CultureInfo.InvariantCulture, $"{_repeated:N0} {(_repeated == 1 ? "frame shows a datagram that was captured before, which counts" : "frames show datagrams that were captured before, which count")} once."));
        if (Files > 1)
            writer.WriteWrapped("  ", string.Create(CultureInfo.InvariantCulture, $"Frames are numbered over all {Files} files in the order of time, as mergecap does."));
        writer.WriteLine();
        writer.WriteWrapped("", "What was sent is taken as received: a capture does not show what was lost behind it.");
        if (ReplayHint is not null)
            writer.WriteLine($"What a machine would have made of it: {ReplayHint}");
    }

    /// <summary>Writes it as NDJSON: an object for each finding and each holding, and one that sums up.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var incident in Verdict.Incidents)
            IncidentNdjson.Write(ndjson, incident, _dialect);
        foreach (var finding in _findings)
            WriteFinding(ndjson, finding);
        foreach (var holding in _holdings)
            WriteHolding(ndjson, holding);
        ndjson.Write("diagnosed", (Findings: _findings.Count, Holdings: _holdings.Count, Diagnosis: _diagnosis, Repeated: _repeated, Verdict, Files: Files), static (json, it) =>
        {
            json.WriteString("conclusion", it.Verdict.Conclusion.ToString());
            json.WriteNumber("incidents", it.Verdict.Incidents.Length);
            json.WriteString("vantage", it.Verdict.Vantage.Kind.ToString());
            if (it.Verdict.Vantage.Kind == VantageKind.OneHost)
                json.WriteString("vantageAddress", it.Verdict.Vantage.Host.ToString());
            json.WriteNumber("hosts", it.Verdict.Hosts);
            json.WriteNumber("names", it.Verdict.Names);
            json.WriteNumber("findings", it.Findings);
            json.WriteNumber("states", it.Holdings);
            json.WriteNumber("datagrams", it.Diagnosis.Datagrams);
            json.WriteNumber("files", it.Files);
            json.WriteNumber("repeatedSightings", it.Repeated);
            json.WriteBoolean("complete", it.Diagnosis.IsComplete);
            if (!it.Diagnosis.IsComplete)
                json.WriteNumber("incompleteFrom", it.Diagnosis.IncompleteFrom);
        });
    }

    private static void WriteFinding(NdjsonWriter ndjson, Finding finding) => ndjson.Write("finding", finding, static (json, it) =>
    {
        json.WriteMoment(it.Time);
        json.WriteString("kind", it.Kind.ToString());
        json.WriteString("hostAddress", it.Host == Ipv4Address.Any ? null : it.Host.ToString());
        json.WriteString("otherAddress", it.Other.ToString());
        json.WriteName(it.Name);
        json.WriteStartArray("frames");
        foreach (long frame in it.Frames)
            json.WriteNumberValue(frame);
        json.WriteEndArray();
        json.WriteString("text", it.Text);
        if (it.Event is { } logged && !it.LoggedBy.IsEmpty)
        {
            json.WriteNumber("eventId", logged.Id);
            json.WriteGrounds(logged.Rule);
            json.WriteTexts("dialects", it.LoggedBy.Select(dialect => dialect.Name));
        }
    });

    private static void WriteHolding(NdjsonWriter ndjson, NameHolding holding) => ndjson.Write("state", holding, static (json, it) =>
    {
        json.WriteMoment(it.LastSeen.Time);
        json.WriteString("hostAddress", it.Address.ToString());
        json.WriteState("capture", it.Name, it.IsGroup, it.Until is null ? "Held" : EndOf(it).State);
        json.WriteString("since", it.Since.Time.ToString());
        json.WriteNumber("sinceFrame", it.Since.Frame);
        json.WriteString("sinceRule", it.Since.Rule?.Id);
        json.WriteString("lastSeen", it.LastSeen.Time.ToString());
        json.WriteNumber("lastSeenFrame", it.LastSeen.Frame);
        if (it.Until is { } until)
        {
            json.WriteString("until", until.Time.ToString());
            json.WriteNumber("untilFrame", until.Frame);
            json.WriteString("untilRule", until.Rule?.Id);
        }
    });

    /// <summary>A line each. How a holding ended goes on a line of its own where lines would be wider than the writer is.</summary>
    private void WriteHoldings(ReportWriter writer, List<NameHolding> holdings)
    {
        List<string[]> rows = [["Name", "Kind", "Host", "From (frame)", "Shown by", "To (frame)"]];
        rows.AddRange(holdings.Select(holding => new[]
        {
            holding.Name.ToString(), holding.IsGroup ? "group" : "unique", holding.Host, Moment(holding.Since), EvidenceOf(holding),
            holding.Until is { } until ? $"{Moment(until)} {EndOf(holding).Word}" : "",
        }));
        int[] widths = [.. Enumerable.Range(0, 6).Select(column => Math.Min(LongestCell, rows.Max(row => row[column].Length)))];
        bool fits = widths.Sum() + (2 * widths.Length) <= writer.Width;
        foreach (string[] row in rows)
        {
            string line = string.Concat(Enumerable.Range(0, 5).Select(column => "  " + row[column].PadRight(widths[column])));
            bool isHeader = ReferenceEquals(row, rows[0]);
            writer.WriteLine((fits || isHeader ? $"{line}  {row[5]}" : line).TrimEnd());
            if (!fits && !isHeader && row[5].Length > 0)
                writer.WriteLine($"    to {row[5]}");
        }

        string Moment(NameMoment moment) => $"{_times.Day(moment.Time)}{_times.Time(moment.Time)[..^3]} ({Number(moment.Frame)})";
    }

    private static string Count(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    private static string Number(long frame) => frame.ToString(CultureInfo.InvariantCulture);

    /// <summary>How a holding that has ended did so: the state of the name since, and a word for the table.</summary>
    private static (string State, string Word) EndOf(NameHolding holding) => holding.Until?.Rule switch
    {
        var rule when rule == NodeRules.Released => ("Released", "released"),
        var rule when rule == NodeRules.ClaimRefused => ("Refused", "refused"),
        var rule when rule == NodeRules.ReleaseOfOwnAddress => ("ReleaseDemanded", "demanded"),
        _ => ("Conflict", "conflict"),
    };

    /// <summary>What showed a holding first. That a claim which nobody opposes succeeds is the rule; that nobody opposed it, though no frame shows an objection, is inferred.</summary>
    private static string EvidenceOf(NameHolding holding) => holding.Since.Rule switch
    {
        var rule when rule == NodeRules.NobodyObjected => "claim (inferred)",
        var rule when rule == NodeRules.DemandName => "demand",
        var rule when rule == NodeRules.ServerGranted => "grant",
        var rule when rule == NodeRules.DefendUnique || rule == NodeRules.DefendGroup => "defence",
        var rule when rule == NodeRules.AnswerQuery => "answer",
        var rule when rule == NodeRules.AnswerStatus => "status",
        _ => "refresh",
    };

    /// <summary>From when to when a capture goes; where that is more than a day, times need their date.</summary>
    private sealed class TimeSpread(WallClock clock)
    {
        private Instant _first = Instant.MaxValue;
        private Instant _last = Instant.MinValue;

        public bool Any => _first <= _last;

        public Instant First => Any ? _first : default;

        public Instant Last => Any ? _last : default;

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
