using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>The process ends here.</summary>
internal sealed class ProcessEndedException : Exception;

/// <summary>
/// A file system on which the process ends at the n-th operation, in the middle of it; nothing is done afterwards. <see cref="CutPower"/> takes back what was not on the disk by then: names whose folder
/// was not synchronised, and half of each file that was not.
/// </summary>
/// <param name="folder">The job's folder.</param>
/// <param name="fatal">At which operation; 0 for none.</param>
/// <param name="random">What else is left to chance.</param>
/// <param name="full">Whether the disk is full at that operation and ever after, rather than the process at its end.</param>
internal sealed class FaultyStorage(string folder, int fatal, RandomStream random, bool full = false) : IJobStorage, IDisposable
{
    private readonly DiskStorage _disk = new();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _onDisk = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)] : [];
    private readonly List<(string Folder, Action Undo)> _names = []; // changes of names that are not on the disk, in their order

    private IDisposable? _lock;

    /// <summary>How many operations there were.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the process has ended.</summary>
    public bool IsDead { get; private set; }

    public void CreateFolder(string path) => Do(() => _disk.CreateFolder(path));

    public void WriteFile(string file, ReadOnlySpan<byte> octets)
    {
        byte[] all = octets.ToArray();
        Do(() =>
        {
            File.WriteAllBytes(file, all);
            _onDisk.Add(file);
        }, () => File.WriteAllBytes(file, all[..(all.Length / 2)]));
    }

    public void SyncTree(string path) => Do(() => _onDisk.UnionWith(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)));

    public void SyncFolder(string path) => Do(() => _names.RemoveAll(name => name.Folder == path));

    public void Move(string from, string to) => Do(() =>
    {
        bool isFolder = Directory.Exists(from);
        byte[]? before = File.Exists(to) ? File.ReadAllBytes(to) : null;
        _disk.Move(from, to);
        foreach (string file in _onDisk.Where(file => file == from || file.StartsWith(from + "/", StringComparison.Ordinal)).ToList())
            _onDisk.Add(to + file[from.Length..]);
        bool isThrownAway = to.StartsWith(Path.Combine(folder, "tmp"), StringComparison.Ordinal); // then only that it is gone matters
        _names.Add((Path.GetDirectoryName(isThrownAway ? from : to)!, () =>
        {
            if (isFolder)
                Directory.Move(to, from);
            else if (before is null)
                File.Delete(to);
            else
                File.WriteAllBytes(to, before);
        }
        ));
    });

    public void Delete(string path) => Do(() =>
    {
        if (File.Exists(path))
        {
            byte[] before = File.ReadAllBytes(path);
            _names.Add((Path.GetDirectoryName(path)!, () => File.WriteAllBytes(path, before)));
        }

        _disk.Delete(path);
    }, () =>
    {
        if (Directory.Exists(path))
            Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where((_, i) => i % 2 == 0).ToList().ForEach(File.Delete);
    });

    public IDisposable? TryLock(string file)
    {
        Do(() => _lock = _disk.TryLock(file));
        return _lock;
    }

    /// <summary>A place in a shard's own work at which the process may end.</summary>
    public void Pass() => Do(() => { });

    /// <summary>The lock ends with the process, even where it had only just been taken.</summary>
    public void Dispose() => _lock?.Dispose();

    /// <summary>What the disk looks like when the machine comes up again.</summary>
    public void CutPower()
    {
        int kept = (int)random.Next((uint)_names.Count + 1);
        for (int i = _names.Count - 1; i >= kept; i--)
            _names[i].Undo();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !_onDisk.Contains(file)))
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..^(int)(new FileInfo(file).Length / 2)]);
    }

    private void Do(Action operation, Action? half = null)
    {
        lock (_gate)
        {
            if (IsDead)
                throw new ProcessEndedException();
            if (++Count < fatal || fatal == 0)
            {
                operation();
                return;
            }

            if (full)
                throw new IOException("No space left on device", 28);
            IsDead = true;
            if (random.Next(2) == 0)
                half?.Invoke();
            else
                operation();
            throw new ProcessEndedException();
        }
    }
}
