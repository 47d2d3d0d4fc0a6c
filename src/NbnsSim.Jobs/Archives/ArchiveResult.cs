using NbnsSim.Captures;
using NbnsSim.Jobs.Tables;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Archives;

/// <summary>Writes what an archive came to: its tables, and the diagnosis of all of it as <c>nbnssim diagnose --json</c> has it.</summary>
internal sealed class ArchiveResult : IDisposable
{
    public const string DiagnosisName = "diagnosis.ndjson";

    private const int BufferSize = 1 << 16;

    private readonly IReadOnlyList<ArchiveCapture> _captures;
    private readonly string _folder;
    private readonly DiagnosisReport _report;
    private readonly DatagramTable _table;
    private long _datagrams;
    private long _repeated;

    /// <summary>Begins.</summary>
    /// <param name="captures">The captures.</param>
    /// <param name="folder">Where the files go.</param>
    public ArchiveResult(IReadOnlyList<ArchiveCapture> captures, string folder)
    {
        (_captures, _folder) = (captures, folder);
        _report = new DiagnosisReport("the archive") { Files = captures.Count };
        _table = new DatagramTable(folder);
    }

    /// <summary>Takes the next datagram.</summary>
    /// <param name="capture">The capture that it is in.</param>
    /// <param name="record">The datagram.</param>
    /// <param name="facts">What the diagnosis goes by.</param>
    public void Add(ArchiveCapture capture, in RunRecord record, in DatagramFacts facts)
    {
        _datagrams++;
        capture.Datagrams++;
        capture.FirstTime = Math.Min(capture.FirstTime, record.Time);
        capture.LastTime = Math.Max(capture.LastTime, record.Time);
        _report.Add(facts);
        _table.Add(capture.Index + 1, record, facts);
    }

    /// <summary>All datagrams are there.</summary>
    /// <param name="repeatedSightings">How many further sightings there were.</param>
    public void Complete(long repeatedSightings)
    {
        _repeated = repeatedSightings;
        _table.Complete();
        _report.Complete(repeatedSightings);
        Write(JobTables.Captures, _captures.Select(RowOf));
        Write(JobTables.Holdings, _report.Diagnosis.Holdings);
        Write(JobTables.Decisions, _report.Diagnosis.Findings.Select((finding, index) => new DecisionRow(index + 1, finding)));
        Write(JobTables.Incidents, _report.Verdict.Incidents.Select((incident, index) => new IncidentRow(index + 1, incident)));
        using var file = new FileStream(Path.Combine(_folder, DiagnosisName), FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);
        _report.Write(new NdjsonWriter(file));
    }

    /// <summary>The sums.</summary>
    /// <param name="recordsRead">How many records of runs were read.</param>
    public ArchiveSummary Sum(long recordsRead)
    {
        var counted = _captures.Where(capture => capture.SameAs is null).ToList();
        var notAnalysed = _captures.Where(capture => capture.WhyNotAll is not null).ToList();
        return new ArchiveSummary
        {
            Captures = _captures.Count,
            SameContent = _captures.Count - counted.Count,
            NoCaptures = _captures.Count(capture => capture.Problem is not null),
            Damaged = _captures.Count(capture => capture.Damage is not null),
            Octets = _captures.Sum(capture => capture.State.File.Octets),
            OctetsDone = _captures.Sum(capture => capture.State.Failure is null ? capture.State.File.Octets : capture.State.AnalysedOctets),
            Frames = counted.Sum(capture => capture.Frames),
            RecordsWritten = counted.Sum(capture => capture.Records),
            RecordsRead = recordsRead,
            Datagrams = _datagrams,
            RepeatedSightings = _repeated,
            LostFragmentedDatagrams = counted.Sum(capture => capture.Lost),
            QuotedDatagrams = counted.Sum(capture => capture.Quoted),
            EncryptedFrames = counted.Sum(capture => capture.Encrypted),
            Incidents = _report.Verdict.Incidents.Length,
            Findings = _report.Diagnosis.Findings.Count,
            Holdings = _report.Diagnosis.Holdings.Count,
            Headline = _report.Headline,
            NotAnalysed = [.. notAnalysed.Take(ArchiveSummary.MostNamed).Select(capture => new NotAnalysed(capture.State.File.Path, capture.State.AnalysedOctets, capture.WhyNotAll!))],
            NotAnalysedInAll = notAnalysed.Count,
        };
    }

    public void Dispose() => _table.Dispose();

    private void Write<TRow>(Table<TRow> table, IEnumerable<TRow> rows)
    {
        using var writer = table.CreateIn(_folder);
        foreach (var row in rows)
            writer.Add(row);
        writer.Complete();
    }

    private static CaptureRow RowOf(ArchiveCapture capture) => new()
    {
        Capture = capture.Index + 1,
        Path = capture.State.File.Path,
        Sha256 = capture.State.Sum,
        Octets = capture.State.Octets,
        Frames = capture.Frames,
        Datagrams = capture.Datagrams,
        FirstTime = capture.Datagrams > 0 ? new Instant(capture.FirstTime) : null,
        LastTime = capture.Datagrams > 0 ? new Instant(capture.LastTime) : null,
        SameAs = capture.SameAs?.Index + 1,
        Damage = string.Join(' ', capture.Remarks()) is { Length: > 0 } remarks ? remarks : null,
    };
}
