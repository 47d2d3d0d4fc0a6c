namespace NbnsSim.Captures;

/// <summary>A captured frame: a view into the reader's buffer that is good until the reader moves on.</summary>
public ref struct CapturePacket
{
    internal ReadOnlySpan<byte> _data;
    internal ReadOnlySpan<byte> _options;
    internal long _frameNumber;
    internal long _offset;
    internal Instant _time;
    internal int _originalLength;
    internal int _interface;
    internal LinkType _linkType;
    internal bool _swapped;

    /// <summary>The octets that were captured.</summary>
    public readonly ReadOnlySpan<byte> Data => _data;

    /// <summary>Its place in the capture, from 1, as Wireshark numbers it.</summary>
    public readonly long FrameNumber => _frameNumber;

    /// <summary>Where its record begins, in octets from the start of the (decompressed) data.</summary>
    public readonly long Offset => _offset;

    /// <summary>When it was captured; the epoch where the capture does not say (pcapng's simple packet blocks).</summary>
    public readonly Instant Time => _time;

    /// <summary>How long it was on the wire.</summary>
    public readonly int OriginalLength => _originalLength;

    /// <summary>Whether the snap length cut it: fewer octets were captured than were on the wire.</summary>
    public readonly bool IsTruncated => _data.Length < _originalLength;

    /// <summary>Which interface of the section it was captured on: an index into <see cref="CaptureReader.Interfaces"/>.</summary>
    public readonly int InterfaceIndex => _interface;

    /// <summary>What it begins with.</summary>
    public readonly LinkType LinkType => _linkType;

    /// <summary>The comments that people or tools attached to it (pcapng's opt_comment).</summary>
    public readonly CaptureComments Comments => new(_options, _swapped);
}
