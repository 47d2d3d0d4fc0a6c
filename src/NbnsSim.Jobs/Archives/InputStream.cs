using System.Security.Cryptography;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// What a shard reads of a file: octets that stand for what is before, if any, then the file from some place on to a last one, however much longer it has grown. Sums up what it reads, where that is
/// asked for.
/// </summary>
internal sealed class InputStream : Stream
{
    private readonly Stream _file;
    private readonly ReadOnlyMemory<byte> _head;
    private readonly long _begin;
    private readonly long _end;
    private readonly int _mostAtOnce;
    private readonly IncrementalHash? _hash;
    private readonly CancellationToken _stop;
    private long _position; // in what is read: the head counts
    private long _summed;

    /// <summary>Begins.</summary>
    /// <param name="file">The file; disposed with this.</param>
    /// <param name="head">What comes first.</param>
    /// <param name="begin">From where on the file follows.</param>
    /// <param name="end">Where the file ends.</param>
    /// <param name="isSummed">Whether the SHA-256 is wanted.</param>
    /// <param name="mostAtOnce">How much is read at once.</param>
    /// <param name="stop">Ends it.</param>
    public InputStream(Stream file, ReadOnlyMemory<byte> head, long begin, long end, bool isSummed, int mostAtOnce, CancellationToken stop)
    {
        (_file, _head, _begin, _end, _mostAtOnce, _stop) = (file, head, begin, end, mostAtOnce, stop);
        _hash = isSummed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        _file.Position = begin;
    }

    public override bool CanRead => true;

    /// <summary>A file can: what a reader looks for ahead, it finds here as there. Only to go back to the beginning is needed.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _head.Length + _end - _begin;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value, 0);
            _position = 0;
            _file.Position = _begin;
        }
    }

    /// <summary>How many octets of the file were there to be read.</summary>
    public long FileOctets { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        _stop.ThrowIfCancellationRequested();
        int count;
        if (_position < _head.Length)
        {
            count = (int)Math.Min(buffer.Length, _head.Length - _position);
            _head.Span.Slice((int)_position, count).CopyTo(buffer);
        }
        else
        {
            long at = _begin + _position - _head.Length;
            count = _file.Read(buffer[..(int)Math.Max(0, Math.Min(Math.Min(buffer.Length, _mostAtOnce), _end - at))]);
            long behind = at + count - _begin;
            if (behind > _summed) // what is read again is summed once
            {
                _hash?.AppendData(buffer.Slice(count - (int)(behind - _summed), (int)(behind - _summed)));
                _summed = behind;
            }

            FileOctets = _summed;
        }

        _position += count;
        return count;
    }

    /// <summary>Reads what nobody has read, and tells the SHA-256 of all.</summary>
    public string Sum()
    {
        var rest = new byte[1 << 16];
        while (Read(rest) > 0)
        {
        }

        return Convert.ToHexStringLower(_hash!.GetHashAndReset());
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin == SeekOrigin.Begin ? offset : throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }
}
