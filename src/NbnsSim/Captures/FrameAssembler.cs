using System.Runtime.CompilerServices;

namespace NbnsSim.Captures;

/// <summary>
/// Finds datagrams in the frames that <see cref="CapturePieceReader"/> gave as not alone: puts their fragments together. All such frames of one capture go through one of these, in the order of the
/// capture.
/// </summary>
public sealed class FrameAssembler
{
    private readonly Decapsulator _frames;
    private readonly int _port; // -1 for all
    private readonly KeptFrame _frame = new();
    private bool _isBegun;

    /// <summary>Begins a capture.</summary>
    /// <param name="port">Gives only datagrams from or to this UDP port; null gives all.</param>
    public FrameAssembler(ushort? port)
    {
        var usual = new DatagramReaderOptions();
        _port = port ?? -1;
        _frames = new Decapsulator(_port, usual.LooksIntoTunnels, usual.MaxFragmentedDatagrams, usual.FragmentTimeout);
    }

    /// <summary>How many fragmented datagrams were given up: <see cref="DatagramReader.LostFragmentedDatagrams"/>.</summary>
    public long LostFragmentedDatagrams => _frames.Lost;

    /// <summary>How many wanted datagrams were seen in what ICMP quotes.</summary>
    public long QuotedDatagrams => _frames.Quoted;

    /// <summary>How many frames were encrypted.</summary>
    public long EncryptedFrames => _frames.Encrypted;

    /// <summary>Takes the next frame. It is copied.</summary>
    /// <param name="frameNumber">Its number.</param>
    /// <param name="time">When it was captured.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="originalLength">How long it was on the wire.</param>
    /// <param name="data">The octets that were captured.</param>
    public void Add(long frameNumber, Instant time, LinkType linkType, int originalLength, ReadOnlySpan<byte> data)
    {
        CapturePacket packet = default;
        packet._data = data;
        packet._frameNumber = frameNumber;
        packet._time = time;
        packet._originalLength = originalLength;
        packet._linkType = linkType;
        _frame.Keep(in packet);
        _isBegun = false;
    }

    /// <summary>Gives the next datagram that the frame tells, with those before it.</summary>
    /// <param name="datagram">The datagram; good until the next call.</param>
    /// <returns>False where there is no more in this frame.</returns>
    public bool TryTake(out CapturedDatagram datagram)
    {
        Unsafe.SkipInit(out datagram);
        while (_frame.IsKept)
        {
            _frame.Give(out datagram._packet);
            bool isFound = _isBegun ? _frames.TryFindInAggregate(ref datagram) : _frames.TryFind(ref datagram);
            _isBegun = true;
            _frame.IsKept = _frames.AggregateAt != 0;
            if (isFound && (_port < 0 || datagram.SourcePort == _port || datagram.DestinationPort == _port))
                return true;
        }

        datagram = default;
        return false;
    }
}
