using System.Text;
using System.Text.Json;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Cluster.Workers;

/// <summary>
/// A job's folder on a file system that all workers share, laid out as that of a single process, so that either can go on with what the other began. What is in its place came
/// there by one rename of a whole folder; a second one finds the place taken. What is being written is in <c>cluster/</c>, beside the folder's own id.
/// </summary>
internal sealed class SharedFolder(string path)
{
    private const string ResultsName = "results";
    private const string Owner = "the workers of a cluster"; // what others are told who find the folder in use

    private static readonly DiskStorage Disk = new();

    internal string Path => path;

    /// <summary>What is said of a folder that this machine does not see; null where it does.</summary>
    internal string? WhyMissing => Directory.Exists(path)
        ? null
        : $"The job's folder {VisibleText.Escape(path)} is not there on the worker {Environment.MachineName}: it has to be shared under the same path.";

    internal string Results => In(ResultsName);

    private string Unfinished => In("cluster", "tmp");

    internal string Shard(string id) => In("shards", id);

    /// <summary>Makes the folder where it is not there yet, and gives it an id: one that is removed and made anew is another job to the cluster's memory.</summary>
    /// <exception cref="JobException">It is of another job, or a single process is at it.</exception>
    internal string Open(JobSpec spec)
    {
        string id = Make(spec);
        using (Share())
        {
            if (File.ReadAllText(In("owner")) != Owner)
                Write(In("owner"), Owner);
        }

        return id;
    }

    /// <summary>
    /// Keeps a single process (<see cref="LocalEngine"/>) off the folder, as long as this is not disposed of; other workers are kept off by nothing. Who works in the folder has it, for each unit anew.
    /// </summary>
    /// <exception cref="FolderInUseException">A single process is at it.</exception>
    internal IDisposable Share() => DiskStorage.TryShare(In("lock")) ?? throw new FolderInUseException(JobFolder.InUse(path));

    private string Make(JobSpec spec)
    {
        if (!File.Exists(In("cluster", "id")))
        {
            try
            {
                JobFolder.Open(path, spec, Disk).Dispose();
                Write(In("cluster", "id"), $"{Guid.NewGuid():N} {spec.Id}");
            }
            catch (JobException) when (File.Exists(In("cluster", "id")))
            {
                // another client was faster
            }
        }

        return Identify(spec.Id);
    }

    /// <summary>The id of a folder that was opened.</summary>
    /// <exception cref="JobException">It is of another job.</exception>
    internal string Identify(string spec)
    {
        string file = In("cluster", "id");
        if (!File.Exists(file))
            throw new JobException("There is no such job.");
        string[] parts = File.ReadAllText(file).Split(' ');
        return parts is [{ Length: 32 } id, var job] && id.All(char.IsAsciiHexDigit)
            ? job == spec ? id : throw new JobException($"'{VisibleText.Escape(path)}' holds another job: ask for that one, or name another folder.")
            : throw new JobException($"'{VisibleText.Escape(file)}' is damaged. Name another folder.");
    }

    /// <summary>How many attempts at a unit began and did not end: workers were lost over it, or are at it yet.</summary>
    /// <param name="unit">The shard's id, or <see cref="Worker.CombineUnit"/>.</param>
    internal int Unended(string unit) => Directory.Exists(Unfinished)
        ? Directory.EnumerateDirectories(Unfinished, $"{(unit == Worker.CombineUnit ? ResultsName : unit)}.*").Count()
        : 0;

    /// <summary>Does a shard and commits it, unless that is done.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="nonce">Tells those apart who do the same shard.</param>
    /// <param name="run">Writes into the folder that it is given; returns the facts.</param>
    /// <returns>The facts of whoever committed first.</returns>
    internal string CommitShard(Shard shard, string nonce, Func<string, string> run)
    {
        var octets = Commit(Shard(shard.Id), "facts.json", nonce, tmp => FolderFiles.Facts(shard, run(tmp)));
        using var facts = JsonDocument.Parse(octets);
        return facts.RootElement.GetProperty("facts").GetRawText();
    }

    /// <summary>Puts the results together and commits them, unless that is done.</summary>
    /// <param name="failed">The shards that could not be done, by id.</param>
    /// <param name="nonce">Tells those apart who do the same.</param>
    /// <param name="combine">Writes into the folder that it is given; returns the summary.</param>
    /// <returns>The summary of whoever committed first.</returns>
    internal string CommitResults(IReadOnlyCollection<FailedShard> failed, string nonce, Func<string, string> combine)
    {
        string lost = failed.Count > 0 ? Encoding.UTF8.GetString(FolderFiles.Failed(failed)) : "";
        // results beside another list were put together from other shards: by a single process, or by a cluster whose Redis has forgotten it
        if (lost != (File.Exists(In("failed.json")) ? File.ReadAllText(In("failed.json")) : ""))
            DropResults();
        if (failed.Count > 0)
            Write(In("failed.json"), lost);
        else
            Disk.Delete(In("failed.json"));
        return Encoding.UTF8.GetString(Commit(Results, "summary.json", nonce, tmp => Encoding.UTF8.GetBytes(combine(tmp))));
    }

    /// <summary>Takes the results away, so that others can take their place.</summary>
    internal void DropResults()
    {
        if (!Directory.Exists(Results))
            return;
        string old = System.IO.Path.Combine(Unfinished, $"results.{Guid.NewGuid():N}");
        Disk.CreateFolder(Unfinished);
        Disk.Move(Results, old);
        Disk.SyncFolder(path);
        Drop(old);
    }

    /// <summary>Throws away what is half written, once nobody needs it any more.</summary>
    internal void DropUnfinished() => Drop(Unfinished);

    private string In(string name) => System.IO.Path.Combine(path, name);

    private string In(string name, string inner) => System.IO.Path.Combine(path, name, inner);

    private delegate ReadOnlySpan<byte> Writer(string folder);

    private byte[] Commit(string place, string textName, string nonce, Writer write)
    {
        string text = System.IO.Path.Combine(place, textName);
        if (File.Exists(text))
            return File.ReadAllBytes(text);
        string tmp = System.IO.Path.Combine(Unfinished, $"{System.IO.Path.GetFileName(place)}.{nonce}");
        Disk.CreateFolder(tmp);
        try
        {
            Disk.WriteFile(System.IO.Path.Combine(tmp, textName), write(tmp));
            Disk.SyncTree(tmp);
            try
            {
                Disk.Move(tmp, place);
                Disk.SyncFolder(System.IO.Path.GetDirectoryName(place)!);
            }
            catch (IOException) when (File.Exists(text))
            {
                // somebody was faster: what is there is what counts
            }

            return File.ReadAllBytes(text);
        }
        finally
        {
            Drop(tmp);
        }
    }

    // A small file, whole or not at all; the last of several writers counts.
    private void Write(string file, string text)
    {
        string tmp = System.IO.Path.Combine(Unfinished, Guid.NewGuid().ToString("N"));
        Disk.CreateFolder(Unfinished);
        Disk.WriteFile(tmp, Encoding.UTF8.GetBytes(text));
        Disk.Move(tmp, file);
        Disk.SyncFolder(System.IO.Path.GetDirectoryName(file)!);
    }

    private static void Drop(string folder)
    {
        try
        {
            Disk.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a writer that is taken for dead may still be at it; what is left takes room and nothing else
        }
    }
}
