using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Benchmarks;

/// <summary>An archive whose shards are done, one after the other in this thread, for its parts to be measured by themselves.</summary>
internal sealed class Extracted
{
    private readonly string _folder;
    private readonly List<ArchiveCapture> _captures;

    /// <summary>Does the shards.</summary>
    /// <param name="input">A capture, or a folder of them.</param>
    /// <param name="folder">Where the shards go; what is there is removed.</param>
    /// <param name="isSummed">Whether the SHA-256 of each is taken.</param>
    public Extracted(string input, string folder, bool isSummed)
    {
        _folder = folder;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var spec = new ArchiveSpec([input]) { SumsAll = isSummed };
        var work = spec.CreateWork();
        var committed = new Dictionary<string, CommittedShard>(StringComparer.Ordinal);
        while (work.Next(committed, []) is { Count: > 0 } wanted)
        {
            foreach (var shard in wanted)
                committed.Add(shard.Id, new CommittedShard(shard.Id, work.Run(shard, Directory.CreateDirectory(FolderOf(shard.Id)).FullName, CancellationToken.None), shard.Weight));
        }

        (_captures, _) = ArchiveJob.CapturesOf(spec, committed, []);
    }

    private delegate void Take(int capture, in RunRecord record, in DatagramFacts facts);

    /// <summary>How many frames there were.</summary>
    public long Frames() => _captures.Sum(capture => capture.Frames);

    /// <summary>Merges all.</summary>
    /// <returns>How many datagrams there are.</returns>
    public long Merge() => Read(static (int _, in RunRecord _, in DatagramFacts _) => { });

    /// <summary>Merges and diagnoses all.</summary>
    public void Diagnose()
    {
        var diagnosis = new CaptureDiagnosis();
        Read((int _, in RunRecord _, in DatagramFacts facts) => diagnosis.Observe(facts));
        diagnosis.Complete();
    }

    /// <summary>Merges all and writes the table of datagrams.</summary>
    public void Tabulate(string folder)
    {
        using var table = new DatagramTable(folder);
        var batch = new DatagramBatch();
        Read((int capture, in RunRecord record, in DatagramFacts facts) =>
        {
            batch.Add(capture, record, facts);
            if (!batch.IsFull)
                return;
            table.Add(batch);
            batch.Begin(1);
        });
        table.Add(batch);
        table.Complete();
    }

    private long Read(Take take)
    {
        using var archive = ArchiveJob.Open(_captures, FolderOf);
        while (archive.TryRead(out var record, out var facts))
            take(archive.Capture, record, facts);
        return archive.Datagrams;
    }

    private string FolderOf(string id) => Path.Combine(_folder, id);
}
