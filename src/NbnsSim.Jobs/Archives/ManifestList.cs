using System.Text;

namespace NbnsSim.Jobs.Archives;

/// <summary>Lists the inputs of an archive: what is under folders, what patterns stand for, each file once, in the order of the paths' characters.</summary>
internal static class ManifestList
{
    public static Manifest Of(ArchiveSpec spec, CancellationToken stop)
    {
        var found = new SortedDictionary<string, string?>(Utf8Order);
        foreach (string input in spec.Inputs)
            Expand(input, found, stop);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return new Manifest([.. found.Where(one => seen.Add(Path.GetFullPath(one.Key))).Select(one => Look(one.Key, one.Value, spec.ShardOctets, stop))]);
    }

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

    private static ManifestFile Look(string path, string? problem, long? shardOctets, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (problem is not null)
            return new ManifestFile(path, 0, 0, CanSplit: false, problem);
        var file = new FileInfo(path);
        long octets = file.Length;
        if (octets == 0) // or a pipe, and to open one waits for its writer
            return new ManifestFile(path, 0, 0, CanSplit: false, null);
        bool canSplit = false;
        if (octets > shardOctets)
        {
            try
            {
                canSplit = Extractor.TryGetHead(path, octets, stop) is not null;
            }
            catch (IOException)
            {
                // who extracts it says so
            }
        }

        return new ManifestFile(path, octets, file.LastWriteTimeUtc.Ticks, canSplit, null);
    }
}
