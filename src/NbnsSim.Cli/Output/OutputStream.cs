namespace NbnsSim.Cli;

/// <summary>What a command writes to: tells an output that fails from an input that broke, and a reader who left from both.</summary>
/// <param name="inner">Where the octets go.</param>
/// <param name="title">What messages call it.</param>
/// <param name="hasReader">Whether somebody reads it who may leave, as of a pipe: then there is nothing left to do, and nothing went wrong.</param>
internal sealed class OutputStream(Stream inner, string title, bool hasReader = false) : WriteOnlyStream
{
    public override void Flush() => Try(static (stream, _) => stream.Flush(), default);

    public override void Write(ReadOnlySpan<byte> buffer) => Try(static (stream, octets) => stream.Write(octets), buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Try(static (stream, _) => stream.Dispose(), default);
        base.Dispose(disposing);
    }

    private void Try(Action<Stream, ReadOnlySpan<byte>> act, ReadOnlySpan<byte> octets)
    {
        try
        {
            act(inner, octets);
        }
        catch (IOException e) when (hasReader && IsGone(e))
        {
            throw new OutputGoneException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OutputFailedException.Of(title, e);
        }
    }

    /// <summary>EPIPE, or Windows' ERROR_BROKEN_PIPE and ERROR_NO_DATA; a full disk is another matter.</summary>
    private static bool IsGone(IOException e) => e.HResult is 32 or unchecked((int)0x8007006D) or unchecked((int)0x800700E8);
}

/// <summary>Files that a command writes.</summary>
internal static class OutputFile
{
    /// <summary>Makes the file anew.</summary>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static OutputStream Create(string path)
    {
        try
        {
            return new OutputStream(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), $"'{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw OutputFailedException.Of($"'{path}'", e);
        }
    }
}
