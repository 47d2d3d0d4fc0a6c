using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NbnsSim.Files;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Runs;

/// <summary>
/// A folder of runs that live beyond one job. Each is known by what it is of (<see cref="RunKey"/>), not by where that lay or when it was written: the same content under another path has the same runs.
/// Any number of processes on any number of machines work there at a time: what is outside <c>tmp</c> was written there, forced to the disk and moved, and who finds that another was first takes
/// the other's.
/// </summary>
/// <remarks>
/// <code>
/// EXTRACTOR/OCTETS/SHA256/PIECE/   a run's files, and run.json: what it is of, what the extractor came to, length and SHA-256 of each file
/// inputs/HASH.json                 an input whose runs were made: path, length, time, SHA-256
/// tmp/                             what is being written; what a process left there that was killed may be deleted when nobody works
/// </code>
/// </remarks>
/// <param name="folder">The folder.</param>
/// <param name="storage">The file system.</param>
/// <param name="extractor">Who extracts.</param>
internal sealed class RunStore(string folder, IJobStorage storage, string extractor)
{
    private const string EntryName = "run.json";
    private const string InputsName = "inputs";
    private const int MoveAttempts = 3;

    private int _made;
    private int _found;

    public RunStore(string folder)
        : this(folder, new DiskStorage(), RunKey.Extractor)
    {
    }

    /// <summary>Refuses what can be no folder of runs.</summary>
    /// <param name="mustExist">Whether it is only read.</param>
    /// <exception cref="JobException">It is a file, or is not there.</exception>
    public void Check(bool mustExist)
    {
        if (File.Exists(folder))
            throw new JobException($"'{VisibleText.Escape(folder)}' is a file: expected a folder of runs.");
        if (mustExist && !Directory.Exists(folder))
            throw new JobException($"There is no folder '{VisibleText.Escape(folder)}' of runs.");
    }

    /// <summary>How many runs were made.</summary>
    public int Made => _made;

    /// <summary>How many were there already.</summary>
    public int Found => _found;

    /// <summary>Does a shard: takes its run from here, or makes it and leaves it here.</summary>
    /// <param name="data">The shard.</param>
    /// <param name="own">A folder of the shard's own, for what cannot be shared since its content is not known for sure: the file changes while it is read.</param>
    /// <param name="stop">Ends it.</param>
    public PieceFacts Extract(ShardData data, string own, CancellationToken stop)
    {
        var file = data.File!;
        if (data.Kind == ShardKind.Sum)
            return Extractor.Extract(data, own, stop);
        string? sum = data.Sha256;
        if (sum is null && data.Kind == ShardKind.Whole && Directory.Exists(PlaceOf(file.Octets))) // otherwise there is nothing of the kind, and one reading does both
            sum = Extractor.Extract(data with { Kind = ShardKind.Sum }, own, stop) is { } read && read.Octets == file.Octets ? read.Sha256 : null;
        if (sum is not null && TryFind(RunKey.Of(data, file.Octets, sum)) is { } found)
        {
            Interlocked.Increment(ref _found);
            return Returned(found, InputSource.ChangeOf(file));
        }

        return data.Kind == ShardKind.Range && sum is null ? Extractor.Extract(data, own, stop) : Make(data, sum, own, stop);
    }

    /// <summary>A run that is there and whole: every octet is looked at.</summary>
    public StoredRun? TryFind(RunKey key) => TryRead(FolderOf(key)) is { } run && run.Entry.Key == key && IsWhole(run) ? run : null;

    /// <summary>The runs of a content that are there, as their <c>run.json</c> say.</summary>
    public IEnumerable<StoredRun> RunsOf(long octets, string sha256)
    {
        string place = Path.Combine(PlaceOf(octets), sha256);
        return Directory.Exists(place)
            ? Directory.EnumerateDirectories(place).Order(StringComparer.Ordinal).Select(TryRead).OfType<StoredRun>().Where(run => run.Entry.Key.Octets == octets && run.Entry.Key.Sha256 == sha256)
            : [];
    }

    /// <summary>Whether a run's files are what was written.</summary>
    public static bool IsWhole(StoredRun run)
    {
        try
        {
            return run.Entry.Files.All(file =>
            {
                using var stream = new FileStream(Path.Combine(run.Folder, file.Name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                return stream.Length == file.Octets && SumOf(stream) == file.Sha256;
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Notes an input.</summary>
    public void Note(RunInput input)
    {
        string temporary = MakeTemporary();
        try
        {
            string written = Path.Combine(temporary, "input");
            storage.WriteFile(written, SealedJson.Write(input, RunJson.Default.RunInput));
            storage.CreateFolder(Path.Combine(folder, InputsName));
            storage.Move(written, NoteOf(input.File.Path));
            storage.SyncFolder(Path.Combine(folder, InputsName));
            storage.SyncFolder(folder);
        }
        finally
        {
            storage.Delete(temporary);
        }
    }

    /// <summary>What is noted of an input; null where nothing is.</summary>
    public RunInput? TryFindInput(string path) => SealedJson.TryRead(NoteOf(path), RunJson.Default.RunInput) is { } input && input.File.Path == path ? input : null;

    /// <summary>All inputs that are noted.</summary>
    public IEnumerable<RunInput> Inputs() => Directory.Exists(Path.Combine(folder, InputsName))
        ? Directory.EnumerateFiles(Path.Combine(folder, InputsName), "*.json").Select(file => SealedJson.TryRead(file, RunJson.Default.RunInput)
            ?? throw new JobException($"'{VisibleText.Escape(file)}' is damaged: delete it, and extract its input again."))
        : [];

    /// <summary>Makes an empty folder for what is being written.</summary>
    public string MakeTemporary()
    {
        string path = Path.Combine(folder, "tmp", Guid.NewGuid().ToString("n"));
        storage.CreateFolder(path);
        return path;
    }

    /// <summary>Takes one away.</summary>
    public void DeleteTemporary(string path) => storage.Delete(path);

    /// <summary>Where the runs of contents of a length are.</summary>
    private string PlaceOf(long octets) => Path.Combine(folder, extractor, octets.ToString(CultureInfo.InvariantCulture));

    private string FolderOf(RunKey key) => Path.Combine(PlaceOf(key.Octets), key.Sha256, key.Piece);

    private string NoteOf(string path) => Path.Combine(folder, InputsName, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 16))}.json");

    private static PieceFacts Returned(StoredRun run, string? change) => run.Entry.Facts with { Run = run.Folder, Change = change };

    private static StoredRun? TryRead(string place) => SealedJson.TryRead(Path.Combine(place, EntryName), RunJson.Default.RunEntry) is { } entry ? new StoredRun(place, entry) : null;

    private static string SumOf(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    private PieceFacts Make(ShardData data, string? sum, string own, CancellationToken stop)
    {
        try
        {
            string written = MakeTemporary();
            try
            {
                var facts = Extractor.Extract(data, written, stop);
                bool isSure = data.Kind == ShardKind.Whole ? facts.Octets == data.File!.Octets : facts.Change is null;
                return isSure ? Commit(written, RunKey.Of(data, data.File!.Octets, facts.Sha256 ?? sum!), facts) : Extractor.Extract(data, own, stop); // a whole file is summed up by the same reading
            }
            finally
            {
                storage.Delete(written);
            }
        }
        catch (Exception e) when (DiskFull.Is(e))
        {
            throw new OutputFailedException($"The disk of '{VisibleText.Escape(folder)}' is full. What is done is kept: make room and give the same command again.", e);
        }
    }

    private PieceFacts Commit(string written, RunKey key, PieceFacts facts)
    {
        var files = Directory.EnumerateFiles(written).Order(StringComparer.Ordinal).Select(FileOf).ToList();
        storage.WriteFile(Path.Combine(written, EntryName), SealedJson.Write(new RunEntry(key, facts with { Change = null }, files), RunJson.Default.RunEntry));
        Commit(written, key);
        return facts with { Run = FolderOf(key) };
    }

    private static RunFile FileOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return new RunFile(Path.GetFileName(path), stream.Length, SumOf(stream));
    }

    private void Commit(string written, RunKey key)
    {
        string target = FolderOf(key);
        string place = Path.GetDirectoryName(target)!;
        storage.SyncTree(written);
        storage.CreateFolder(place);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                storage.Move(written, target);
                break;
            }
            catch (IOException) when (attempt < MoveAttempts && Directory.Exists(target))
            {
                if (TryFind(key) is not null)
                {
                    Interlocked.Increment(ref _found); // another process was first
                    return;
                }

                SetAside(target);
            }
        }

        Interlocked.Increment(ref _made);
        for (string above = place; above.Length > folder.Length; above = Path.GetDirectoryName(above)!)
            storage.SyncFolder(above);
        storage.SyncFolder(folder);
    }

    /// <summary>Takes a damaged run away.</summary>
    private void SetAside(string target)
    {
        string aside = MakeTemporary();
        try
        {
            storage.Move(target, Path.Combine(aside, "damaged"));
        }
        catch (IOException)
        {
            // another process did
        }

        storage.Delete(aside);
    }
}
