namespace NbnsSim.Captures;

/// <summary>A frame that is kept while its reader moves on: one that holds several datagrams (A-MSDU), or whose turn has not come yet where captures are merged.</summary>
internal sealed class KeptFrame
{
    private byte[] _octets = [];
    private int _length;
    private long _number;
    private long _offset;
    private Instant _time;
    private int _originalLength;
    private int _interface;
    private LinkType _linkType;

    /// <summary>Whether there is one; of several datagrams, whether there is more to find in it.</summary>
    public bool IsKept { get; set; }

    /// <summary>When it was captured.</summary>
    public Instant Time => _time;

    /// <summary>Its octets.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

    public void Keep(in CapturePacket packet)
    {
        IsKept = true;
        if (_octets.Length < packet._data.Length)
            _octets = new byte[Math.Max(packet._data.Length, 2048)]; // what nearly all fit in
        packet._data.CopyTo(_octets);
        _length = packet._data.Length;
        _number = packet._frameNumber;
        _offset = packet._offset;
        _time = packet._time;
        _originalLength = packet._originalLength;
        _interface = packet._interface;
        _linkType = packet._linkType;
    }

    /// <summary>The frame again, without its comments.</summary>
    public void Give(out CapturePacket packet)
    {
        packet = default;
        packet._data = _octets.AsSpan(0, _length);
        packet._frameNumber = _number;
        packet._offset = _offset;
        packet._time = _time;
        packet._originalLength = _originalLength;
        packet._interface = _interface;
        packet._linkType = _linkType;
    }
}
