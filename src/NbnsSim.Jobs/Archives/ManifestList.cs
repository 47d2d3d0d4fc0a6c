using System.Runtime.ExceptionServices;
using System.Text;
using NbnsSim.Jobs.Remote;

namespace NbnsSim.Jobs.Archives;

/// <summary>Lists the inputs of an archive: what is under folders, what patterns stand for, each file once, in the order of the paths' characters.</summary>
internal static class ManifestList
{
    private const int AtOnce = 16;

    public static Manifest Of(ArchiveSpec spec, CancellationToken stop)
    {
        var found = new SortedDictionary<string, string?>(Utf8Order);
        var listed = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (string input in spec.Inputs)
        {
            if (ObjectListing.Is(input))
                List(input, found, listed, stop);
            else if (ObjectUrl.Is(input))
                found[input] = null;
            else
                Expand(input, found, stop);
        }

        string[] paths = [.. Once(found.Keys)];
        var files = new ManifestFile[paths.Length];
        try
        {
            Parallel.For(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, index => // a server takes its time
                files[index] = WithSplit(listed.TryGetValue(paths[index], out var file) ? file : Look(paths[index], found[paths[index]], stop), spec.ShardOctets, stop));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return new Manifest(files);
    }

    /// <summary>Paths in the order in which they count; of several to one place the first.</summary>
    public static IEnumerable<string> Once(IEnumerable<string> paths) => paths.Order(Utf8Order).DistinctBy(InputList.ToAbsolute, StringComparer.Ordinal);

    /// <summary>By code points, as every system has it.</summary>
    private static Comparer<string> Utf8Order { get; } = Comparer<string>.Create(static (one, other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)));

    private static void Expand(string input, SortedDictionary<string, string?> found, CancellationToken stop)
    {
        if (Directory.Exists(input))
        {
            AddFolder(input, found, stop);
            return;
        }

        string pattern = Path.GetFileName(input);
        string folder = Path.GetDirectoryName(input) is { Length: > 0 } named ? named : ".";
        if (File.Exists(input) || pattern.AsSpan().IndexOfAny('*', '?') < 0 || !Directory.Exists(folder))
        {
            found[input] = File.Exists(input) ? null : $"There is no file '{VisibleText.Escape(input)}'.";
            return;
        }

        bool isAny = false;
        foreach (string file in Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { AttributesToSkip = FileAttributes.None, MatchType = MatchType.Simple, MatchCasing = MatchCasing.CaseSensitive }))
        {
            isAny = true;
            found[folder == "." && !input.StartsWith('.') ? Path.GetFileName(file) : file] = null;
        }

        if (!isAny)
            found[input] = $"No file is called '{VisibleText.Escape(input)}'.";
    }

    /// <summary>Links to folders are not followed: they may lead round in a circle.</summary>
    private static void AddFolder(string folder, SortedDictionary<string, string?> found, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder))
                found[file] = null;
            foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories())
            {
                if (inner.LinkTarget is null)
                    AddFolder(Path.Combine(folder, inner.Name), found, stop);
            }
        }
        catch (UnauthorizedAccessException)
        {
            found[folder] = $"The folder '{VisibleText.Escape(folder)}' may not be read.";
        }
    }

    private static void List(string listing, SortedDictionary<string, string?> found, Dictionary<string, ManifestFile> listed, CancellationToken stop)
    {
        try
        {
            foreach (var (url, octets, version) in ObjectListing.Read(ObjectClient.Shared, listing, stop))
            {
                found[url] = null;
                listed[url] = new ManifestFile(url, octets, 0, CanSplit: false, null, version);
            }
        }
        catch (IOException e)
        {
            found[listing] = e.Message;
            listed[listing] = new ManifestFile(listing, 0, 0, CanSplit: false, e.Message);
        }
    }

    private static ManifestFile Look(string path, string? problem, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (problem is not null)
            return new ManifestFile(path, 0, 0, CanSplit: false, problem);
        if (ObjectUrl.Is(path))
            return LookAtObject(path, stop);
        var file = new FileInfo(path);
        long octets = file.Length; // 0 of a pipe, too, and to open one waits for its writer
        return new ManifestFile(path, octets, octets == 0 ? 0 : file.LastWriteTimeUtc.Ticks, CanSplit: false, null);
    }

    private static ManifestFile LookAtObject(string url, CancellationToken stop)
    {
        try
        {
            var (octets, version) = ObjectClient.Shared.Look(url, stop);
            return new ManifestFile(url, octets, 0, CanSplit: false, null, version);
        }
        catch (IOException e)
        {
            return new ManifestFile(url, 0, 0, CanSplit: false, e.Message);
        }
    }

    /// <summary>Finds out whether it can be read from its middle on, where that matters.</summary>
    private static ManifestFile WithSplit(ManifestFile file, long? shardOctets, CancellationToken stop)
    {
        if (!(file.Octets > shardOctets) || file.Version is { HasRanges: false })
            return file;
        try
        {
            return file with { CanSplit = Extractor.TryGetHead(file, stop) is not null };
        }
        catch (IOException)
        {
            return file; // who extracts it says so
        }
    }
}
