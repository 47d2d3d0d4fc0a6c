using NbnsSim.Files;
using NbnsSim.Jobs.Remote;

namespace NbnsSim.Jobs.Archives;

/// <summary>Where an input's octets come from: a file, or an object of a server.</summary>
internal static class InputSource
{
    /// <summary>Opens an input at its beginning; it can be read from any place on.</summary>
    /// <param name="file">The input, as it was listed.</param>
    /// <param name="stop">Ends what waits for a server.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Stream Open(ManifestFile file, CancellationToken stop) =>
        file.Version is { } version ? new ObjectStream(ObjectClient.Shared, file.Path, file.Octets, version, stop) : InputFiles.Open(file.Path);

    /// <summary>What became of an input since it was listed; null where nothing did, and of an object: its reader takes no other than was listed.</summary>
    public static string? ChangeOf(ManifestFile file)
    {
        if (file.Version is not null)
            return null;
        var now = new FileInfo(file.Path);
        return !now.Exists ? "It was taken away while it was read."
            : now.Length > file.Octets ? "It has grown since it was listed; what it had then was read."
            : now.Length < file.Octets ? "It has become shorter since it was listed."
            : now.LastWriteTimeUtc.Ticks != file.Modified ? "It was written to since it was listed."
            : null;
    }

    /// <summary>Whether an input is what it was then, as far as can be told without reading it.</summary>
    public static bool IsSame(ManifestFile now, ManifestFile then) => now.Octets == then.Octets && now.Modified == then.Modified && now.Version == then.Version && now.Version is null or { Tag: not null };
}
