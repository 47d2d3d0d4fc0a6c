namespace NbnsSim.Cli;

/// <summary>A file that a command writes; what goes wrong is told as a fault of the output, not of the input.</summary>
internal sealed class OutputFile : WriteOnlyStream
{
    private readonly FileStream _file;
    private readonly string _path;

    private OutputFile(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Makes the file anew.</summary>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static OutputFile Create(string path)
    {
        try
        {
            return new OutputFile(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Failed(path, e);
        }
    }

    public override void Flush() => Try(static (file, _) => file.Flush(), default);

    public override void Write(ReadOnlySpan<byte> buffer) => Try(static (file, octets) => file.Write(octets), buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Try(static (file, _) => file.Dispose(), default);
        base.Dispose(disposing);
    }

    private void Try(Action<FileStream, ReadOnlySpan<byte>> act, ReadOnlySpan<byte> octets)
    {
        try
        {
            act(_file, octets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(_path, e);
        }
    }

    private static OutputFailedException Failed(string path, Exception e) => new($"'{path}' cannot be written: {e.GetBaseException().Message.Replace($" : '{path}'", "", StringComparison.Ordinal)}");
}
