using SharpCompress.Compressors.Xz;
using ZstdSharp;

namespace NbnsSim.Files;

/// <summary>Data that was compressed by zstd or xz; gzip <see cref="Captures.CaptureReader"/> reads by itself.</summary>
internal static class CompressedStream
{
    private const int LongestMark = 6;

    /// <summary>A stream that gives what a file holds: decompressed where its first octets say that it is compressed.</summary>
    /// <param name="file">The file, at its start; need not be seekable.</param>
    /// <param name="leaveOpen">Whether disposing the result leaves the file open.</param>
    public static Stream Open(Stream file, bool leaveOpen)
    {
        var start = new byte[LongestMark];
        int length = file.ReadAtLeast(start, LongestMark, throwOnEndOfStream: false);
        bool isZstandard = start is [0x28, 0xB5, 0x2F, 0xFD, ..]; // RFC 8878 §3.1.1
        bool isXz = start is [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]; // xz-file-format §2.1.1.1
        if (file.CanSeek)
            file.Position = 0;
        else
            file = new PeekedStream(start.AsMemory(0, length), file, leaveOpen);
        return isZstandard ? new InflatingStream(new DecompressionStream(file, leaveOpen: true), file, leaveOpen)
            : isXz ? new InflatingStream(new XZStream(file), file, leaveOpen)
            : file;
    }

    /// <summary>Tells damage of the compressed data from a failure of the file, as <see cref="System.IO.Compression.GZipStream"/> does.</summary>
    private sealed class InflatingStream(Stream inflated, Stream file, bool leaveOpen) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            try
            {
                return inflated.Read(buffer);
            }
            catch (Exception e) when (e is EndOfStreamException or not (IOException or InvalidDataException or ObjectDisposedException))
            {
                // what the decoders throw at damaged data is of many kinds, down to an array that is too large
                throw new InvalidDataException(e.Message, e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && (!leaveOpen || inflated is DecompressionStream)) // the other disposes the file with itself
                inflated.Dispose();
            if (disposing && !leaveOpen)
                file.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>A stream whose first octets were looked at already.</summary>
    private sealed class PeekedStream(ReadOnlyMemory<byte> start, Stream rest, bool leaveOpen) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _left = start;

        public override int Read(Span<byte> buffer)
        {
            if (_left.IsEmpty)
                return rest.Read(buffer);
            int count = Math.Min(buffer.Length, _left.Length);
            _left.Span[..count].CopyTo(buffer);
            _left = _left[count..];
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !leaveOpen)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
