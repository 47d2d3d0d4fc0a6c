namespace NbnsSim.Web.Diagnosing;

/// <summary>A stream that hands on whatever is written, piece by piece.</summary>
/// <param name="put">Takes a piece, which is good until it returns.</param>
internal sealed class PieceStream(PieceStream.Taker put) : Stream
{
    private long _length;

    /// <summary>Takes a piece.</summary>
    public delegate void Taker(Span<byte> octets);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        put(buffer.AsSpan(offset, count));
        _length += count;
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
