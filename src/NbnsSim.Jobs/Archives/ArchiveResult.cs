using System.Collections.Concurrent;
using NbnsSim.Captures;
using NbnsSim.Jobs.Tables;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Jobs.Archives;

/// <summary>Writes what an archive came to: its tables, and the diagnosis of all of it as <c>nbnssim diagnose --json</c> has it.</summary>
/// <remarks>
/// Reading and merging, the diagnosis, and the table of datagrams take about as long: each has a thread of its own, and all see the datagrams in the same order. Captures cannot be diagnosed one by
/// one: what a datagram shows depends on those before it, of all names and machines.
/// </remarks>
internal sealed class ArchiveResult : IDisposable
{
    public const string DiagnosisName = "diagnosis.ndjson";

    private const int BufferSize = 1 << 16;
    private const int Readers = 2; // of a batch: the diagnosis, and the table of datagrams
    private const int Waiting = 4; // batches, for each of them

    private readonly IReadOnlyList<ArchiveCapture> _captures;
    private readonly string _folder;
    private readonly DiagnosisReport _report;
    private readonly DatagramTable _table;
    private readonly Stage<DatagramBatch> _diagnosing;
    private readonly Stage<DatagramBatch> _tabling;
    private readonly ConcurrentBag<DatagramBatch> _spare = [];
    private DatagramBatch _batch = new();
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
        _batch.Begin(Readers);
        _diagnosing = new Stage<DatagramBatch>("job diagnosis", Waiting, Diagnose, _report.Diagnosis.Complete);
        _tabling = new Stage<DatagramBatch>("job table", Waiting, Tabulate, _table.Complete);
    }

    /// <summary>The diagnosis, drawn; null before all is complete.</summary>
    public Picture? Picture { get; private set; }

    /// <summary>Takes the next datagram.</summary>
    /// <param name="capture">The capture that it is in.</param>
    /// <param name="record">The datagram.</param>
    /// <param name="facts">What the diagnosis goes by.</param>
    public void Add(ArchiveCapture capture, in RunRecord record, in DatagramFacts facts)
    {
        _datagrams++;
        capture.Datagrams++;
        capture.FirstTime = Math.Min(capture.FirstTime, facts.Time.Nanoseconds);
        capture.LastTime = Math.Max(capture.LastTime, facts.Time.Nanoseconds);
        _batch.Add(capture.Index, record, facts);
        if (_batch.IsFull)
            HandOver();
    }

    /// <summary>All datagrams are there.</summary>
    /// <param name="repeatedSightings">How many further sightings there were.</param>
    /// <param name="draw">Draws the diagnosis, which reads the datagrams once more, beside what is written meanwhile.</param>
    public void Complete(long repeatedSightings, Func<DiagnosisReport, Picture> draw)
    {
        HandOver();
        _diagnosing.Complete();
        Memory.GiveBack();
        _repeated = repeatedSightings;
        var judging = Task.Run(() =>
        {
            _report.Complete(repeatedSightings);
            Memory.GiveBack();
        });
        var judged = Task.WhenAll(Then(() => Picture = draw(_report)), Then(WriteVerdict));
        try
        {
            Write(JobTables.Holdings, _report.Diagnosis.Holdings);
            Write(JobTables.Decisions, _report.Diagnosis.Findings.Select((finding, index) => new DecisionRow(index + 1, finding)));
            Write(JobTables.Captures, _captures.Select(RowOf));
            _tabling.Complete();
        }
        finally
        {
            judged.GetAwaiter().GetResult();
        }

        async Task Then(Action next)
        {
            await judging.ConfigureAwait(false);
            await Task.Run(next).ConfigureAwait(false);
        }
    }

    /// <summary>The sums.</summary>
    /// <param name="recordsRead">How many records of runs were read.</param>
    /// <param name="comparesClocks">Whether clocks were looked at.</param>
    public ArchiveSummary Sum(long recordsRead, bool comparesClocks)
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
            ClocksPutRight = counted.Count(capture => !capture.Clock.IsNone),
            ClocksNotCompared = comparesClocks ? ClockCompany.CountUncompared(counted) : 0,
            Incidents = _report.Verdict.Incidents.Length,
            Findings = _report.Diagnosis.Findings.Count,
            Holdings = _report.Diagnosis.Holdings.Count,
            Headline = _report.Headline,
            NotAnalysed = [.. notAnalysed.Take(ArchiveSummary.MostNamed).Select(capture => new NotAnalysed(capture.State.File.Path, capture.State.AnalysedOctets, capture.WhyNotAll!))],
            NotAnalysedInAll = notAnalysed.Count,
        };
    }

    public void Dispose()
    {
        _diagnosing.Dispose();
        _tabling.Dispose();
        _table.Dispose();
    }

    private void HandOver()
    {
        _tabling.Add(_batch);
        _diagnosing.Add(_batch);
        if (!_spare.TryTake(out _batch!))
            _batch = new DatagramBatch();
        _batch.Begin(Readers);
    }

    private void Diagnose(DatagramBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
            _report.Add(batch.FactsOf(i));
        Release(batch);
    }

    private void Tabulate(DatagramBatch batch)
    {
        _table.Add(batch);
        Release(batch);
    }

    private void Release(DatagramBatch batch)
    {
        if (batch.Release())
            _spare.Add(batch);
    }

    private void WriteVerdict()
    {
        Write(JobTables.Incidents, _report.Verdict.Incidents.Select((incident, index) => new IncidentRow(index + 1, incident)));
        using var file = new FileStream(Path.Combine(_folder, DiagnosisName), FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);
        _report.Write(new NdjsonWriter(file));
    }

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
        ClockOffset = capture.Group is null ? null : capture.OffsetAtFirst,
        ClockOffsetAtEnd = capture.Group is null ? null : capture.OffsetAtLast,
        ClockShared = capture.Group is null ? null : capture.Shared,
        SameAs = capture.SameAs?.Index + 1,
        Damage = string.Join(' ', capture.Remarks()) is { Length: > 0 } remarks ? remarks : null,
    };
}
