using NbnsSim.Captures;
using NbnsSim.Jobs.Archives;
using NbnsSim.Replay;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>Does archive jobs without an engine: shards in whatever order is asked for, in a folder that is removed afterwards.</summary>
internal sealed class ArchiveRuns : IDisposable
{
    private int _runs;

    /// <summary>The folder of inputs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("nbnssim-archive-").FullName;

    /// <summary>Puts an input there.</summary>
    public string Put(string name, byte[] octets)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, octets);
        return path;
    }

    /// <summary>Does a job.</summary>
    /// <param name="spec">Which one.</param>
    /// <param name="seed">In which order its shards are done; 0 for that in which they are asked for.</param>
    /// <param name="listed">What happens between the listing of the inputs and the rest.</param>
    /// <param name="fails">Which shards cannot be done.</param>
    /// <param name="done">What happens with the folder of results.</param>
    /// <param name="extracted">What happens to the folder of the shards before they are put together.</param>
    public Outcome Do(ArchiveSpec spec, int seed = 0, Action? listed = null, Func<string, bool>? fails = null, Action<string>? extracted = null, Action<string>? done = null)
    {
        string work = Path.Combine(Path.GetTempPath(), Path.GetFileName(Folder) + $"-{++_runs}");
        var committed = new Dictionary<string, CommittedShard>(StringComparer.Ordinal);
        var failed = new List<FailedShard>();
        var random = new Random(seed);
        var job = spec.CreateWork();
        try
        {
            while (job.Next(committed, [.. failed.Select(one => one.Id)]) is { Count: > 0 } wanted)
            {
                // whoever goes on wants what one wants who begins anew
                Assert.That(wanted, Is.EqualTo(spec.CreateWork().Next(committed, [.. failed.Select(one => one.Id)])));
                foreach (var shard in seed == 0 ? wanted : random.GetItems([.. wanted], wanted.Count).Concat(wanted))
                {
                    string folder = Path.Combine(work, shard.Id);
                    if (committed.ContainsKey(shard.Id) || failed.Exists(one => one.Id == shard.Id))
                        continue;
                    Directory.CreateDirectory(folder);
                    if (fails?.Invoke(shard.Id) == true)
                        failed.Add(new FailedShard(shard.Id, "The disk is broken.", 3));
                    else
                        committed.Add(shard.Id, new CommittedShard(shard.Id, job.Run(shard, folder, CancellationToken.None), shard.Weight));
                }

                listed?.Invoke();
                listed = null;
            }

            extracted?.Invoke(work);
            string results = Directory.CreateDirectory(Path.Combine(work, "results")).FullName;
            string summary = job.Combine(committed, failed, id => Path.Combine(work, id), results, CancellationToken.None);
            done?.Invoke(results);
            var (captures, _) = ArchiveJob.CapturesOf(spec, committed, failed);
            ArchiveJob.Align(spec, captures, id => Path.Combine(work, id), CancellationToken.None);
            var datagrams = new List<string>();
            var frames = new List<long>();
            using (var archive = ArchiveJob.Open(captures, id => Path.Combine(work, id)))
            {
                while (archive.TryRead(out var record, out var facts))
                {
                    datagrams.Add(Text(facts));
                    frames.Add(record.Frame);
                }
            }

            var files = Directory.GetFiles(results).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}");
            return new Outcome(summary, string.Join('\n', files), datagrams, frames, captures, [.. committed.Keys]);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>What a reader of the whole file gives, numbered from 1.</summary>
    public static (List<string> Datagrams, List<long> Frames) Whole(CaptureReader capture)
    {
        var datagrams = new List<string>();
        var frames = new List<long>();
        using var reader = new DatagramReader(capture, CaptureFile.NameService);
        while (reader.TryRead(out var datagram))
        {
            frames.Add(datagram.FrameNumber);
            datagrams.Add(Text(DatagramFacts.Of(datagram) with { FrameNumber = frames.Count }));
        }

        return (datagrams, frames);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Text(in DatagramFacts one) =>
        $"{one.FrameNumber} {one.Time} {one.IsIpv6} {one.Source} {one.Destination} {one.Identification} {one.IsBroadcast} {one.HasLink} {one.IsTruncated} {one.SourceMac} {one.Domain} {Convert.ToHexString(one.Payload)}";
}

/// <summary>What a job came to.</summary>
/// <param name="Summary">Its summary.</param>
/// <param name="Files">Its files: their names and what is in them.</param>
/// <param name="Datagrams">Its datagrams, in order.</param>
/// <param name="Frames">Their frames.</param>
/// <param name="Captures">Its captures.</param>
/// <param name="Shards">The shards that were done.</param>
internal sealed record Outcome(string Summary, string Files, List<string> Datagrams, List<long> Frames, List<ArchiveCapture> Captures, List<string> Shards)
{
    /// <summary>What is not to depend on how the archive was cut.</summary>
    public string Whole => $"{Summary}\n{Files}\n{string.Join('\n', Datagrams)}\n{string.Join(' ', Frames)}\n{string.Join('\n', Captures.Select(capture => $"{capture.State.Sum} {capture.State.Octets} {capture.Frames} {string.Join(' ', capture.Remarks())}"))}";
}
