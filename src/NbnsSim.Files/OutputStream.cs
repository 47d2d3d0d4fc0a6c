namespace NbnsSim.Files;

/// <summary>What a command writes to, a file or a standard stream: tells an output that fails from an input that broke, and a reader who left from both.</summary>
/// <param name="inner">Where the octets go; null for an output that was closed before the process began.</param>
/// <param name="title">What messages call it.</param>
/// <param name="hasReader">Whether somebody reads it who may leave, as of a pipe: then there is nothing left to do, and nothing went wrong.</param>
public sealed class OutputStream(Stream? inner, string title, bool hasReader = false) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Makes a file anew.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static OutputStream Create(string path) => Open(path, FileMode.Create);

    private static OutputStream Open(string path, FileMode mode)
    {
        try
        {
            return new OutputStream(new FileStream(path, mode, FileAccess.Write, FileShare.Read), $"'{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Directory.Exists(path) ? new OutputFailedException($"'{path}' is a folder, not a file.") : OutputFailedException.Of($"'{path}'", e); // the system says that a folder is forbidden
        }
    }

    /// <summary>Says at once that files cannot be written, before hours are spent on what goes into them. What is in them stays; what was not there is not there afterwards.</summary>
    /// <param name="paths">The files; null for none.</param>
    /// <exception cref="OutputFailedException">One of them cannot be written.</exception>
    public static void Check(params ReadOnlySpan<string?> paths)
    {
        foreach (string? path in paths)
        {
            if (path is null || new FileInfo(path) is { Exists: true, Length: 0 })
                continue; // what has no octets may be a pipe, and opening one waits for its reader
            bool isNew = !Path.Exists(path);
            Open(path, FileMode.OpenOrCreate).Dispose();
            if (isNew)
                File.Delete(path);
        }
    }

    /// <summary>Makes a file of text anew; lines end with <c>\n</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static StreamWriter CreateText(string path) => new(Create(path)) { NewLine = "\n" };

    /// <summary>Writes a file of text anew, where one is asked for.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="write">Writes the text.</param>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static void WriteText(string? path, Action<TextWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = path is null ? null : CreateText(path);
        if (file is not null)
            write(file);
    }

    /// <summary>Writes a file of octets anew, where one is asked for.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="write">Writes the octets.</param>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static void WriteOctets(string? path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = path is null ? null : Create(path);
        if (file is not null)
            write(file);
    }

    /// <inheritdoc/>
    public override void Flush() => Try(static (stream, _) => stream.Flush(), default);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (inner is null && !buffer.IsEmpty)
            throw new OutputFailedException($"{title} is closed.");
        Try(static (stream, octets) => stream.Write(octets), buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
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
            act(inner ?? Null, octets);
        }
        catch (IOException e) when (hasReader && (e.HResult is 32 or unchecked((int)0x8007006D) or unchecked((int)0x800700E8)))
        {
            throw new OutputGoneException(); // EPIPE, or Windows' ERROR_BROKEN_PIPE and ERROR_NO_DATA; a full disk is another matter
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OutputFailedException.Of(title, e);
        }
    }
}
