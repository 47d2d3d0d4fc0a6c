namespace NbnsSim.Captures;

/// <summary>A frame that holds several datagrams (A-MSDU), kept from one of them to the next.</summary>
internal sealed class AggregateFrame
{
    private byte[] _octets = [];
    private int _length;
    private long _number;
    private long _offset;
    private Instant _time;
    private int _originalLength;
    private int _interface;
    private LinkType _linkType;

    /// <summary>Whether there is more to find in it.</summary>
    public bool IsKept { get; set; }

    public void Keep(in CapturePacket packet)
    {
        IsKept = true;
        if (_octets.Length < packet._data.Length)
            _octets = new byte[packet._data.Length];
        packet._data.CopyTo(_octets);
        _length = packet._data.Length;
        _number = packet._frameNumber;
        _offset = packet._offset;
        _time = packet._time;
        _originalLength = packet._originalLength;
        _interface = packet._interface;
        _linkType = packet._linkType;
    }

    /// <summary>The frame again; its comments went with the first datagram.</summary>
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
