using System.Numerics;
using System.Text.Json;
using NbnsSim.Jobs.Remote;
using NbnsSim.Jobs.Runs;

namespace NbnsSim.Jobs.Archives;

/// <summary>Reads an archive: extracts its captures, in shards, and tells what the wire tells of all of them as one.</summary>
internal sealed class ArchiveJob(ArchiveSpec spec) : IJobWork
{
    private const int MostOpen = 256;
    private const int PagesInAll = 1 << 14; // of 4 KiB
    private const int MostPages = 256;
    private const int FewestPages = 4;

    private readonly RunStore? _runs = spec.Runs is { } runs ? new RunStore(runs) : null;
    private ArchivePlan _plan = new(spec);
    private (int Committed, int Failed) _settled;

    /// <inheritdoc/>
    public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
    {
        ArgumentNullException.ThrowIfNull(committed);
        ArgumentNullException.ThrowIfNull(failed);
        _runs?.Check(mustExist: false);
        if (spec.Inputs.Any(ObjectUrl.Is))
            ObjectClient.Prepare();
        if (committed.Count < _settled.Committed || failed.Count < _settled.Failed)
            _plan = new ArchivePlan(spec); // it is another job's ledger, or a job that is opened again
        _settled = (committed.Count, failed.Count);
        return _plan.Next(new ArchiveLedger(committed, failed.ToDictionary(id => id, _ => "", StringComparer.Ordinal)));
    }

    /// <inheritdoc/>
    public string Run(Shard shard, string folder, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(shard);
        var data = ArchiveJson.Read(shard.Data, ArchiveJson.Default.ShardData);
        return data.Kind == ShardKind.List
            ? ArchiveJson.Of(ManifestList.Of(spec, stop))
            : ArchiveJson.Of(_runs is null ? Extractor.Extract(data, folder, stop) : _runs.Extract(data, folder, stop));
    }

    /// <inheritdoc/>
    public string Combine(
        IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        var (captures, audited) = CapturesOf(spec, committed, failed);
        return Combine(spec, captures, audited, folderOf, resultFolder, stop);
    }

    /// <summary>Puts captures together.</summary>
    /// <param name="spec">How.</param>
    /// <param name="captures">The captures, in their order.</param>
    /// <param name="audited">How far what an audit goes by is of each.</param>
    /// <param name="folderOf">Where the files of a shard are.</param>
    /// <param name="resultFolder">Where results go.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The summary.</returns>
    internal static string Combine(
        ArchiveSpec spec, List<ArchiveCapture> captures, List<FileState> audited, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        try
        {
            Align(spec, captures, folderOf, stop);
            using var archive = Open(captures, folderOf, Count);
            using var result = new ArchiveResult(captures, resultFolder);
            while (archive.TryRead(out var record, out var facts))
            {
                if ((archive.Datagrams & 0xFFF) == 0)
                    stop.ThrowIfCancellationRequested();
                result.Add(captures[archive.Capture], record, facts);
            }

            result.Complete(archive.RepeatedSightings, report =>
            {
                using var again = Open(captures, folderOf);
                return ArchivePage.Draw(report, captures, again, stop);
            });
            var sum = result.Sum(archive.Records, spec.Clocks == ArchiveClocks.Aligned);
            if (sum.RecordsRead != sum.RecordsWritten)
                throw new JobException($"The shards of this archive wrote {sum.RecordsWritten} records, and {sum.RecordsRead} were read.");
            if (spec.Audit)
                sum = sum with { Audit = ArchiveAudit.Write(spec, captures, audited, folderOf, resultFolder, stop) };
            ArchivePage.Write(result.Picture!, captures, sum.Audit, resultFolder);
            return JsonSerializer.Serialize(sum, ArchiveJson.Default.ArchiveSummary);
        }
        catch (InvalidDataException e)
        {
            throw new JobException($"What a shard wrote cannot be read: {VisibleText.Escape(e.Message)}", e);
        }
    }

    /// <summary>Puts the clocks of captures right, if that is wanted.</summary>
    internal static void Align(ArchiveSpec spec, IEnumerable<ArchiveCapture> captures, Func<string, string> folderOf, CancellationToken stop)
    {
        if (spec.Clocks != ArchiveClocks.Aligned)
            return;
        ClockAlignment.Align([.. captures.Where(capture => capture.IsRead)], folderOf, stop);
        Memory.GiveBack();
    }

    /// <summary>All captures as one, in memory that their number does not determine.</summary>
    /// <param name="captures">The captures.</param>
    /// <param name="folderOf">Where the files of a shard are.</param>
    /// <param name="ended">Told of each that is at its end; null for nobody.</param>
    internal static ArchiveReader Open(IReadOnlyCollection<ArchiveCapture> captures, Func<string, string> folderOf, Action<ArchiveCapture, CaptureCursor>? ended = null)
    {
        var read = captures.Where(capture => capture.IsRead).ToList();
        int pages = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(PagesInAll / Math.Max(1, read.Count), FewestPages, MostPages));
        var byIndex = captures.ToDictionary(capture => capture.Index);
        return new ArchiveReader(read.Select(capture => capture.Open(folderOf, pages, keepsOpen: read.Count <= MostOpen)))
        {
            Ended = cursor => ended?.Invoke(byIndex[cursor.Capture], cursor),
        };
    }

    /// <summary>Counts what only several frames together tell.</summary>
    private static void Count(ArchiveCapture capture, CaptureCursor cursor)
    {
        var (lost, quoted, encrypted) = cursor.Assembled;
        (capture.Lost, capture.Quoted, capture.Encrypted) = (capture.Lost + lost, capture.Quoted + quoted, capture.Encrypted + encrypted);
    }

    /// <summary>The captures, and how far what an audit goes by is of each. The same content under a second path counts once, as that of the first path.</summary>
    internal static (List<ArchiveCapture> Captures, List<FileState> Audited) CapturesOf(ArchiveSpec spec, IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed)
    {
        var ledger = new ArchiveLedger(committed, failed.ToDictionary(one => one.Id, one => one.Reason, StringComparer.Ordinal));
        var plan = new ArchivePlan(spec);
        plan.Next(ledger);
        if (plan.Manifest is null)
            throw new JobException($"The inputs cannot be listed: {ledger.FailureOf(ArchivePlan.ListId)}");
        return (CapturesOf(plan.Files(ledger)), [.. plan.Audits(ledger)]);
    }

    /// <summary>The captures.</summary>
    /// <param name="files">How far each is.</param>
    internal static List<ArchiveCapture> CapturesOf(IEnumerable<FileState> files)
    {
        var captures = files.Select((state, index) => new ArchiveCapture(index, state)).ToList();
        var known = new Dictionary<(string, long), ArchiveCapture>();
        foreach (var capture in captures)
        {
            if (capture.State is { Sum: { } sum, Failure: null, File.Octets: var octets } && !known.TryAdd((sum, octets), capture))
                capture.SameAs = known[(sum, octets)];
        }

        return captures;
    }
}
