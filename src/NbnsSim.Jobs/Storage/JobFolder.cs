using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace NbnsSim.Jobs.Storage;

/// <summary>
/// A job's folder: <c>job.json</c> (what the job is), <c>shards/ID/</c> (what is committed: a shard's files and <c>facts.json</c>), <c>failed.json</c>, <c>results/</c>, <c>tmp/</c> (what is
/// being written), <c>deaths.json</c> (in the midst of which shards a process ended) and <c>lock</c>. Whatever is there outside <c>tmp/</c> is whole: it was written there, forced to the disk and moved. One
/// process at a time has it open.
/// </summary>
internal sealed class JobFolder : IDisposable
{
    /// <summary>The layout's version: greater where an older program would misread it.</summary>
    public const int Version = 1;

    /// <summary>After so many deaths in a row a shard is taken for their cause.</summary>
    public const int MostDeaths = 3;

    private const string Results = "results";
    private const string DeathsName = "deaths.json";
    private const string OwnerName = "owner";

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly IJobStorage _storage;
    private readonly IDisposable _lock;
    private readonly Dictionary<string, CommittedShard> _committed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FailedShard> _failed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _deaths = new(StringComparer.Ordinal);

    private JobFolder(string folder, IJobStorage storage, IDisposable taken)
    {
        Folder = folder;
        _storage = storage;
        _lock = taken;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>What is committed, by id.</summary>
    public IReadOnlyDictionary<string, CommittedShard> Committed => _committed;

    /// <summary>What could not be done, by id, in order.</summary>
    public IReadOnlyDictionary<string, FailedShard> Failed => _failed;

    /// <summary>Where the results are, or will be.</summary>
    public string ResultFolder => In(Results);

    /// <summary>The summary of results that are there; null where there are none.</summary>
    public string? Summary { get; private set; }

    /// <summary>The version of the program.</summary>
    public static string Program { get; } =
        (typeof(JobFolder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>Opens a job's folder, or makes one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="spec">The job that it must be of.</param>
    /// <param name="storage">The file system.</param>
    /// <exception cref="JobException">It is of another job or of another version, in use, or no job's folder.</exception>
    public static JobFolder Open(string folder, JobSpec spec, IJobStorage storage)
    {
        folder = Path.GetFullPath(folder);
        if (File.Exists(folder))
            throw new JobException($"'{VisibleText.Escape(folder)}' is a file: expected a folder for the job.");
        if (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, "job.json"))
            && Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Any(name => name is not ("lock" or "owner" or "tmp" or "job.json")))
        {
            throw new JobException($"'{VisibleText.Escape(folder)}' has other things in it and is no job's folder: name one that is empty or new.");
        }

        var above = New(folder);
        storage.CreateFolder(folder);
        above.ForEach(storage.SyncFolder);
        var taken = storage.TryLock(Path.Combine(folder, "lock")) ?? throw new JobException(InUse(folder));
        var opened = new JobFolder(folder, storage, taken);
        try
        {
            storage.WriteFile(Path.Combine(folder, OwnerName), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}")));
            opened.Load(spec);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>What is said of a folder that somebody else works in.</summary>
    /// <param name="folder">The folder.</param>
    public static string InUse(string folder)
    {
        string owner = Path.Combine(folder, OwnerName);
        return $"'{VisibleText.Escape(folder)}' is in use{(File.Exists(owner) ? $" by {VisibleText.Escape(File.ReadAllText(owner))}" : "")}: one process at a time does a job.";
    }

    /// <summary>The folder with the files of a committed shard.</summary>
    /// <param name="id">The shard's id.</param>
    public string FolderOf(string id) => In("shards", id);

    /// <summary>Makes an empty folder to write a shard's files into.</summary>
    /// <param name="id">The shard's id.</param>
    public string Begin(string id)
    {
        if (id.Length is 0 or > 100 || id[0] == '.' || id.AsSpan().ContainsAnyExcept(IdCharacters))
            throw new InvalidOperationException($"'{VisibleText.Escape(id)}' can be no shard's id.");
        return BeginIn(id);
    }

    /// <summary>Commits a shard whose files are written.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="facts">What it came to, as JSON.</param>
    public void Commit(Shard shard, string facts)
    {
        string written = In("tmp", shard.Id);
        _storage.WriteFile(Path.Combine(written, "facts.json"), FolderFiles.Facts(shard, facts));
        _storage.SyncTree(written);
        _storage.Move(written, FolderOf(shard.Id));
        _storage.SyncFolder(In("shards"));
        lock (_committed)
            _committed.Add(shard.Id, new CommittedShard(shard.Id, facts, shard.Weight));
    }

    /// <summary>How many processes in a row ended in the midst of a shard, without a word: by a signal, or for want of memory.</summary>
    /// <param name="id">The shard's id.</param>
    public int DeathsAt(string id) => _deaths.GetValueOrDefault(id);

    /// <summary>An attempt at a shard came to an end, though to no good one: what it wrote goes, and it was no death.</summary>
    /// <param name="id">The shard's id.</param>
    public void GiveUp(string id)
    {
        _storage.Delete(In("tmp", id));
        lock (_failed)
        {
            if (_deaths.Remove(id))
                NoteDeaths();
        }
    }

    /// <summary>Notes that a shard could not be done.</summary>
    /// <param name="shard">The shard.</param>
    public void Fail(FailedShard shard)
    {
        lock (_failed)
        {
            _failed.Add(shard.Id, shard);
            Replace("failed.json", FolderFiles.Failed(_failed.Values));
        }
    }

    /// <summary>Writes the results and commits them.</summary>
    /// <param name="combine">Writes into the folder that it is given, and returns the summary.</param>
    public void CommitResults(Func<string, string> combine)
    {
        string written = BeginIn("." + Results); // no shard is called so
        string summary = combine(written);
        _storage.WriteFile(Path.Combine(written, "summary.json"), Encoding.UTF8.GetBytes(summary));
        _storage.SyncTree(written);
        _storage.Move(written, ResultFolder);
        _storage.SyncFolder(Folder);
        Summary = summary;
        if (!File.Exists(In(DeathsName)))
            return;
        foreach (string id in _deaths.Keys.Where(id => !_failed.ContainsKey(id)).ToList())
            _deaths.Remove(id);
        NoteDeaths();
    }

    /// <summary>
    /// Takes the results away and forgets what could not be done, so that it is tried again; what processes ended over, once. A process that ends in the middle leaves a job that has to put its results together
    /// once more.
    /// </summary>
    public void Reopen()
    {
        foreach (string id in _deaths.Keys.ToList())
            _deaths[id] = Math.Min(_deaths[id], MostDeaths - 1);
        if (_deaths.Count > 0)
            NoteDeaths();
        _storage.Move(ResultFolder, In("tmp", ".old"));
        _storage.SyncFolder(Folder);
        _storage.Delete(In("failed.json"));
        _storage.SyncFolder(Folder);
        _failed.Clear();
        Summary = null;
    }

    /// <summary>Deletes what was begun and not committed.</summary>
    public void Clean() => _storage.Delete(In("tmp"));

    /// <summary>Lets others have the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private string In(string name) => Path.Combine(Folder, name);

    private string In(string name, string inner) => Path.Combine(Folder, name, inner);

    private string BeginIn(string name)
    {
        string folder = In("tmp", name);
        _storage.Delete(folder);
        _storage.CreateFolder(folder);
        return folder;
    }

    private void Load(JobSpec spec)
    {
        bool isNew = !File.Exists(In("job.json"));
        Summary = File.Exists(In(Results, "summary.json")) ? File.ReadAllText(In(Results, "summary.json")) : null;
        if (!isNew)
            Check(spec);
        // whatever is begun is in tmp/ until its attempt ends: what is there now, a process ended over. It goes before that is noted, so that no death counts twice
        string[] begun = Directory.Exists(In("tmp")) ? [.. Directory.EnumerateDirectories(In("tmp")).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.')] : [];
        Clean();
        _storage.CreateFolder(In("tmp"));
        CountDeaths(begun);
        if (isNew)
        {
            Replace("job.json", JsonTexts.Object(writer =>
            {
                writer.WriteNumber("version", Version);
                writer.WriteString("program", Program);
                writer.WritePropertyName("spec");
                writer.WriteRawValue(spec.ToJson());
            }));
        }

        _storage.CreateFolder(In("shards"));
        _storage.SyncFolder(Folder);
        foreach (string shard in Directory.EnumerateDirectories(In("shards")))
        {
            string id = Path.GetFileName(shard);
            _committed.Add(id, Read(Path.Combine("shards", id, "facts.json"), root => new CommittedShard(id, root.GetProperty("facts").GetRawText(), root.GetProperty("weight").GetInt64())));
        }

        if (!File.Exists(In("failed.json")))
            return;
        foreach (var one in Read("failed.json", FolderFiles.ReadFailed))
            _failed.Add(one.Id, one);
    }

    private void CountDeaths(string[] begun)
    {
        if (File.Exists(In(DeathsName)))
        {
            foreach (var (id, times) in Read(DeathsName, FolderFiles.ReadDeaths))
                _deaths.Add(id, times);
        }

        foreach (string id in begun)
            _deaths[id] = DeathsAt(id) + 1;
        if (begun.Length > 0)
            NoteDeaths();
    }

    private void NoteDeaths()
    {
        if (_deaths.Count > 0)
            Replace(DeathsName, FolderFiles.Deaths(_deaths));
        else
            _storage.Delete(In(DeathsName));
    }

    /// <summary>The folders above those that are not there yet.</summary>
    private static List<string> New(string folder)
    {
        var above = new List<string>();
        for (; !Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent; folder = parent)
            above.Insert(0, parent);
        return above;
    }

    /// <summary>Refuses a folder of another job, and one whose shards another version of the program made: theirs and ours need not fit.</summary>
    private void Check(JobSpec spec)
    {
        var (version, program, json) = Read("job.json", root =>
        {
            int read = root.GetProperty("version").GetInt32();
            return (read, read > Version ? "" : root.GetProperty("program").GetString()!, read > Version ? "" : root.GetProperty("spec").GetRawText());
        });
        if (version > Version)
            throw new JobException($"'{VisibleText.Escape(Folder)}' was made by a newer version of NbnsSim: go on with that one, or name another folder.");
        if (json != spec.ToJson())
            throw new JobException($"'{VisibleText.Escape(Folder)}' holds another job: {SpecDifference.Describe(json, spec.ToJson())}. Ask for that one, or name another folder.");
        if (program != Program && Summary is null)
        {
            throw new JobException(
                $"'{VisibleText.Escape(Folder)}' was begun by version {VisibleText.Escape(program)} of NbnsSim, and this is {Program}: end it with that one, or name another folder.");
        }
    }

    private T Read<T>(string name, Func<JsonElement, T> read)
    {
        string file = In(name);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IOException or ArgumentException)
        {
            throw new JobException($"'{VisibleText.Escape(file)}' is damaged: {VisibleText.Escape(e.Message)} {(name == "job.json"
                ? "Name another folder." : $"Delete '{VisibleText.Escape(Path.GetDirectoryName(file) == Folder ? file : Path.GetDirectoryName(file))}' and give the command again.")}", e);
        }
    }

    /// <summary>Puts a small file in the place of another: at once or not at all.</summary>
    private void Replace(string name, ReadOnlySpan<byte> octets)
    {
        string written = In("tmp", "." + name);
        _storage.WriteFile(written, octets);
        _storage.Move(written, In(name));
        _storage.SyncFolder(Folder);
    }
}
