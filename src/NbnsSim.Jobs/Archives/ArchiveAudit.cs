using NbnsSim.Audit;
using NbnsSim.Files;
using NbnsSim.Jobs.Tables;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Archives;

/// <summary>Whether the name server may be switched off, by all captures of an archive as one: what <c>nbnssim audit</c> says of one file with all of them.</summary>
internal static class ArchiveAudit
{
    public const string TextName = "audit.txt";
    public const string NdjsonName = "audit.ndjson";
    public const string CsvName = "audit.csv";

    /// <summary>Finds out, and writes it.</summary>
    /// <param name="spec">The archive.</param>
    /// <param name="captures">Its captures, their clocks put right.</param>
    /// <param name="audited">How far what an audit goes by is of each.</param>
    /// <param name="folderOf">Where the files of a shard are.</param>
    /// <param name="resultFolder">Where the files go.</param>
    /// <param name="stop">Ends it.</param>
    public static ArchiveAuditSummary Write(
        ArchiveSpec spec, List<ArchiveCapture> captures, List<FileState> audited, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        var read = captures.Zip(audited, static (capture, state) => new ArchiveCapture(capture.Index, state) { SameAs = capture.SameAs, Clock = capture.Clock, Audit = new AuditSpan() }).ToList();
        var report = new AuditReport("the archive", new WinsAuditOptions { Subnets = spec.Subnets });
        using (var archive = ArchiveJob.Open(read, folderOf))
        using (var table = JobTables.AuditDatagrams.CreateIn(resultFolder))
        {
            while (archive.TryRead(out var record, out var facts))
            {
                if ((archive.Datagrams & 0xFFF) == 0)
                    stop.ThrowIfCancellationRequested();
                report.Add(facts);
                table.Add(new AuditDatagramRow
                {
                    Number = facts.FrameNumber,
                    Time = facts.Time,
                    Capture = archive.Capture + 1,
                    Frame = record.Frame,
                    Source = facts.Source,
                    Destination = facts.Destination,
                });
            }

            table.Complete();
        }

        foreach (var capture in read.Where(capture => capture.SameAs is null))
            NoteSpan(report, capture);
        report.Complete();
        OutputStream.WriteText(Path.Combine(resultFolder, TextName), output => WriteText(report, output));
        OutputStream.WriteText(Path.Combine(resultFolder, CsvName), report.WriteCsv);
        using (var file = File.Create(Path.Combine(resultFolder, NdjsonName)))
            report.Write(new NdjsonWriter(file));
        return new ArchiveAuditSummary
        {
            Answer = report.Verdict.Answer,
            Sentence = report.Verdict.Sentence,
            Breaks = report.Verdict.Count(AuditOutcome.Breaks),
            CannotTell = report.Verdict.Count(AuditOutcome.CannotTell),
            GoesOn = report.Verdict.Count(AuditOutcome.GoesOn),
            NoWorse = report.Verdict.Count(AuditOutcome.NoWorse),
        };
    }

    private static void NoteSpan(AuditReport report, ArchiveCapture capture)
    {
        foreach (var piece in capture.State.Pieces)
        {
            capture.Audit!.Note(piece.Facts.FirstUdpTime);
            capture.Audit.Note(piece.Facts.LastUdpTime);
        }

        if (capture.Audit is not { First: { } first, Last: { } last })
            return;
        report.NoteTime(new Instant(capture.Clock.Of(first)));
        report.NoteTime(new Instant(capture.Clock.Of(last)));
    }

    private static void WriteText(AuditReport report, TextWriter output)
    {
        var writer = new ReportWriter(output);
        report.Write(writer);
        writer.WriteWrapped("", "Frames are numbers of the table audit_datagrams, which has the capture and the frame of each.");
    }
}

/// <summary>What an audit of an archive came to.</summary>
internal sealed record ArchiveAuditSummary
{
    public AuditAnswer Answer { get; init; }

    public string Sentence { get; init; } = "";

    /// <summary>How many questions and registrations have which outcome.</summary>
    public int Breaks { get; init; }

    public int CannotTell { get; init; }

    public int GoesOn { get; init; }

    public int NoWorse { get; init; }
}
