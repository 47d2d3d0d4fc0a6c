using System.Diagnostics.CodeAnalysis;
using NbnsSim.Captures;

namespace NbnsSim.Files;

/// <summary>Opens captures as people have them: compressed, from a pipe, or growing while they are read.</summary>
/// <example>
/// <code>
/// using var datagrams = new DatagramReader(CaptureStreams.Open(path)); // trouble.pcapng.zst, say
/// while (datagrams.TryRead(out var datagram))
///     Console.WriteLine(datagram.FrameNumber);
/// </code>
/// </example>
public static class CaptureStreams
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Opens a capture file: pcap, pcapng, snoop or Network Monitor; plain, or compressed by gzip, zstd or xz.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no capture; the message says what it is instead.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static CaptureReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan); // whoever captures may write on
        try
        {
            return CaptureReader.Open(Decompress(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Gives what a stream holds: decompressed where its first octets say that it is zstd (RFC 8878 §3.1.1) or xz, else as it is. gzip stays as it is too:
    /// <see cref="CaptureReader"/> reads that by itself.
    /// </summary>
    /// <param name="stream">The stream, at its start; need not seek.</param>
    /// <param name="leaveOpen">Whether disposing the result leaves <paramref name="stream"/> open.</param>
    /// <returns>A stream to read; <paramref name="stream"/> itself, at its start, where it can seek and is not compressed. Data that cannot be decompressed is an <see cref="InvalidDataException"/> of its reads.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Stream Decompress(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CompressedStream.Open(stream, leaveOpen);
    }

    /// <summary>Whether a file is a capture, compressed or not.</summary>
    /// <param name="file">The file; it can seek, and is at its start afterwards.</param>
    /// <param name="problem">What it is instead, in a sentence; <see langword="null"/> for a capture.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsCapture(Stream file, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Position = 0;
        bool isCapture = CaptureReader.TryOpen(Decompress(file, leaveOpen: true), out var capture, out problem, leaveOpen: true);
        capture?.Dispose();
        file.Position = 0;
        return isCapture;
    }

    /// <summary>Reads a file on as somebody writes it: where it has no more for the moment, a read waits.</summary>
    /// <param name="file">The file; disposed with the result.</param>
    /// <param name="idle">How long nothing may come before that is the end; <see langword="null"/> for ever.</param>
    /// <param name="stop">Ends it, within a tenth of a second.</param>
    public static Stream Follow(Stream file, TimeSpan? idle, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new GrowingStream(file, quiet => !(Pause * quiet >= idle) && !stop.WaitHandle.WaitOne(Pause < idle ? Pause : idle ?? Pause));
    }

    /// <summary>Makes a stream one that can be read from its start again: what cannot seek, such as a pipe, is read to its end into a temporary file that nobody else sees.</summary>
    /// <param name="stream">The stream; disposed with the result, or once it is copied.</param>
    /// <exception cref="IOException">The stream cannot be read, or there is no room for it.</exception>
    public static Stream Rewindable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek)
            return stream;
        var copy = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.SequentialScan);
        try
        {
            using (stream)
                stream.CopyTo(copy);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
