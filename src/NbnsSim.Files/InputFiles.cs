namespace NbnsSim.Files;

/// <summary>Files as people name them on a command line, where <c>-</c> is standard input. What cannot be read is an <see cref="IOException"/> whose message is a sentence that names it.</summary>
public static class InputFiles
{
    /// <summary>What stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>What to call a file in messages: its path, or <c>standard input</c>.</summary>
    /// <param name="path">The file.</param>
    public static string TitleOf(string path) => path == StandardInput ? "standard input" : path;

    /// <summary>Whether two paths lead to one file, links followed. Standard input is no file.</summary>
    /// <param name="path">A file, which need not be there.</param>
    /// <param name="other">Another one.</param>
    public static bool AreSame(string path, string other) => path != StandardInput && other != StandardInput && Real(path) == Real(other);

    /// <summary>Opens a file or standard input, not buffered. Whoever writes the file may write on.</summary>
    /// <param name="path">The file; <c>-</c> for standard input.</param>
    /// <exception cref="IOException">There is no such file, it is a folder, it may not be read, or the process was started without standard input.</exception>
    public static Stream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path == StandardInput)
            return StandardDescriptor.IsOpen(0) ? Console.OpenStandardInput() : throw new IOException("Standard input is closed: there is nothing to read.");
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder, not a file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Where a path leads; dots in it are taken out first, since they may go through a folder that is not there.</summary>
    private static string Real(string path) =>
        Path.GetFullPath(path) is var full && File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
}
