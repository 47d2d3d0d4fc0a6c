namespace NbnsSim.Web.Diagnosing;

/// <summary>A file that the browser holds, piece by piece: of it there is never more in memory than one piece.</summary>
/// <param name="length">How many octets it has.</param>
/// <param name="read">Reads octets from a place on into a span; returns how many.</param>
internal sealed class BlobStream(long length, BlobStream.Reader read) : Stream
{
    private const int PieceLength = 1 << 20;

    private readonly byte[] _piece = new byte[(int)Math.Min(PieceLength, Math.Max(1, length))];
    private long _start;
    private int _count;

    /// <summary>Reads octets of a file.</summary>
    /// <param name="from">Where they begin.</param>
    /// <param name="octets">Where to.</param>
    /// <returns>How many were read.</returns>
    public delegate int Reader(long from, Span<byte> octets);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (Position >= length || buffer.IsEmpty)
            return 0;
        if (Position < _start || Position >= _start + _count)
        {
            (_start, _count) = (Position, 0);
            _count = read(Position, _piece.AsSpan(0, (int)Math.Min(_piece.Length, length - Position)));
            if (_count <= 0)
                throw new IOException("The file cannot be read on: it was changed or taken away since it was chosen.");
        }

        var held = _piece.AsSpan((int)(Position - _start), (int)(_start + _count - Position));
        int count = Math.Min(held.Length, buffer.Length);
        held[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.End ? length : Position);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
