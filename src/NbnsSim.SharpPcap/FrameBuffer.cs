using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap;

/// <summary>Captured frames that nobody has taken yet, in order, up to a number of octets.</summary>
internal sealed class FrameBuffer
{
    private readonly Queue<(Instant Time, int Offset, int Length, int OriginalLength)> _frames = new();
    private byte[] _octets = [];
    private byte[] _current = [];
    private int _end;
    private int _snapLength;
    private int _limit;
    private uint _received;
    private uint _dropped;

    public bool IsEmpty => _frames.Count == 0;

    public void Clear(int snapLength, int limit)
    {
        _frames.Clear();
        _end = 0;
        (_snapLength, _limit) = (snapLength, limit);
        _received = _dropped = 0;
    }

    public void Add(Instant time, ReadOnlySpan<byte> frame)
    {
        _received++;
        var kept = frame[..Math.Min(frame.Length, _snapLength)];
        if (_frames.Count == 0)
            _end = 0; // all taken: begin again
        if (_limit - _end < kept.Length)
        {
            _dropped++;
            return;
        }

        if (_octets.Length - _end < kept.Length)
            Array.Resize(ref _octets, Math.Min(_limit, Math.Max(2 * _octets.Length, _end + 4096 + kept.Length)));
        kept.CopyTo(_octets.AsSpan(_end));
        _frames.Enqueue((time, _end, kept.Length, frame.Length));
        _end += kept.Length;
    }

    /// <summary>The oldest frame; its octets are good until the next is taken, whatever is added meanwhile.</summary>
    public PcapHeader Take(out ReadOnlySpan<byte> data)
    {
        var (time, offset, length, originalLength) = _frames.Dequeue();
        if (_current.Length < length)
            _current = new byte[Math.Max(length, 2048)];
        data = _current.AsSpan(0, length);
        _octets.AsSpan(offset, length).CopyTo(_current);
        return new PcapHeader(0, 0, (uint)originalLength, (uint)length)
        {
            Timeval = new PosixTimeval((ulong)time.Seconds, (ulong)time.NanosecondOfSecond, TimestampResolution.Nanosecond),
        };
    }

    public ICaptureStatistics Statistics() => new Counts { ReceivedPackets = _received, DroppedPackets = _dropped };

    private sealed class Counts : ICaptureStatistics
    {
        public uint ReceivedPackets { get; set; }

        public uint DroppedPackets { get; set; }

        public uint InterfaceDroppedPackets { get; set; }
    }
}
