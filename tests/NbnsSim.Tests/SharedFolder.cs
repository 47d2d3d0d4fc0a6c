namespace NbnsSim.Tests;

/// <summary>
/// The folder of captures that are not ours to ship: NBNSSIM_SHARED, or a folder <c>shared</c> beside the checkout or above it.
/// Tests that need it are ignored, with the reason, where it is missing.
/// </summary>
internal static class SharedFolder
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The full path of a file or folder in it; ignores the running test where it is missing.</summary>
    public static string Require(string relativePath)
    {
        if (Root is null)
            Assert.Ignore("No folder 'shared' with captures above the tests, and NBNSSIM_SHARED is not set.");
        string path = Path.Combine(Root!, relativePath);
        if (!Path.Exists(path))
            Assert.Ignore($"{path} is missing.");
        return path;
    }

    /// <summary>
    /// Every capture that has an oracle, as paths relative to the folder, in ordinal order. Where the folder is missing there is one
    /// path for <see cref="Require"/> to ignore the test by.
    /// </summary>
    public static IEnumerable<string> Captures() => Root is null
        ? ["captures"]
        : Directory.EnumerateFiles(Path.Combine(Root, "captures"), "*", SearchOption.AllDirectories)
            .Where(file => File.Exists(OracleOf(file)))
            .Select(file => Path.GetRelativePath(Root, file))
            .Order(StringComparer.Ordinal);

    /// <summary>The oracle of a capture: a pcapng shares that of the pcap it was made from.</summary>
    public static string OracleOf(string capture) =>
        File.Exists(capture + ".oracle.ndjson") ? capture + ".oracle.ndjson" : Path.ChangeExtension(capture, ".pcap") + ".oracle.ndjson";

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("NBNSSIM_SHARED") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string shared = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(shared, "captures")))
                return shared;
        }

        return null;
    }
}
