using System.Runtime.CompilerServices;

namespace NbnsSim.Captures;

/// <summary>
/// Reads a piece of a capture whose other pieces are read elsewhere, at other times: gives each datagram that its frame alone tells, and each frame whose datagrams only others tell with it. What
/// <see cref="FrameAssembler"/> finds in the latter, in their places among the former, is what a <see cref="DatagramReader"/> gives of the whole capture.
/// </summary>
/// <remarks>Nothing depends on what came before in the capture, and nothing is allocated per frame. Every sighting is given: <see cref="SightingFilter"/> has its place behind the assembler.</remarks>
public sealed class CapturePieceReader
{
    private readonly CaptureReader _capture;
    private readonly Decapsulator _frames;
    private readonly int _port; // -1 for all
    private readonly DatagramPredicate? _isWanted;
    private readonly long _end;
    private Instant _last;

    /// <summary>Reads a piece.</summary>
    /// <param name="capture">The capture, where the piece begins; stays open.</param>
    /// <param name="port">Gives only datagrams from or to this UDP port.</param>
    /// <param name="end">Where the piece ends, by <see cref="CaptureReader.Position"/>: the frame that begins before is the last one.</param>
    public CapturePieceReader(CaptureReader capture, ushort port, long end = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(capture);
        _capture = capture;
        _port = port;
        _end = end;
        _frames = new Decapsulator(_port, looksIntoTunnels: true, maxFragmentedDatagrams: 0, TimeSpan.Zero);
    }

    /// <summary>Reads a piece.</summary>
    /// <param name="capture">The capture, where the piece begins; stays open.</param>
    /// <param name="isWanted">Gives only such datagrams; asked of every UDP datagram that its frame tells, of any port, in their order.</param>
    /// <param name="end">Where the piece ends, by <see cref="CaptureReader.Position"/>: the frame that begins before is the last one.</param>
    public CapturePieceReader(CaptureReader capture, DatagramPredicate isWanted, long end = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(isWanted);
        _capture = capture;
        _port = -1;
        _isWanted = isWanted;
        _end = end;
        _frames = new Decapsulator(_port, looksIntoTunnels: true, maxFragmentedDatagrams: 0, TimeSpan.Zero);
    }

    /// <summary>How many wanted datagrams were seen in what ICMP quotes: <see cref="DatagramReader.QuotedDatagrams"/>. What is in frames that need others is not counted here.</summary>
    public long QuotedDatagrams => _frames.Quoted;

    /// <summary>How many frames were encrypted: <see cref="DatagramReader.EncryptedFrames"/>. What is in frames that need others is not counted here.</summary>
    public long EncryptedFrames => _frames.Encrypted;

    /// <summary>How many frames are earlier than the one before them in the piece.</summary>
    public long FramesOutOfOrder { get; private set; }

    /// <summary>The time of the first frame; null where there is none.</summary>
    public Instant? FirstTime { get; private set; }

    /// <summary>The time of the last frame so far; null where there is none.</summary>
    public Instant? LastTime => FirstTime is null ? null : _last;

    /// <summary>Reads on.</summary>
    /// <param name="datagram">The datagram; where it is not alone, only its <see cref="CapturedDatagram.Packet"/> holds. Good until the next call.</param>
    /// <param name="isAlone">Whether the frame alone tells the datagram; otherwise it has a fragment, or is an aggregate of several frames, with a wanted datagram or a fragment in it.</param>
    /// <returns>False at the end of the piece, or of what can be read.</returns>
    public bool TryRead(out CapturedDatagram datagram, out bool isAlone)
    {
        Unsafe.SkipInit(out datagram);
        isAlone = true;
        while (_capture.Position < _end && _capture.TryRead(out datagram._packet))
        {
            Note(datagram._packet._time);
            if (DatagramReader.TryCommon(ref datagram))
            {
                bool isPlain = !Decapsulator.IsTunnelPort(datagram.SourcePort, datagram.DestinationPort);
                if ((isPlain || _port >= 0) && IsWanted(in datagram))
                    return true;
                if (isPlain)
                    continue;
            }

            if (TryOther(ref datagram, out isAlone))
                return true;
        }

        datagram = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(Instant time)
    {
        if (time < _last && FirstTime is not null)
            FramesOutOfOrder++;
        FirstTime ??= time;
        _last = time;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOther(ref CapturedDatagram datagram, out bool isAlone)
    {
        var (quoted, encrypted) = (_frames.Quoted, _frames.Encrypted);
        bool isFound = _frames.TryFind(ref datagram) && IsWanted(in datagram);
        bool needsOthers = _frames.NeedsOthers;
        bool isAggregate = _frames.AggregateAt != 0;
        while (_frames.AggregateAt != 0)
        {
            isFound |= _frames.TryFindInAggregate(ref datagram) && IsWanted(in datagram);
            needsOthers |= _frames.NeedsOthers;
        }

        isAlone = !needsOthers && !(isAggregate && isFound);
        if (isAlone)
            return isFound;
        _frames.Uncount(quoted, encrypted); // who puts them together counts that
        return true;
    }

    private bool IsWanted(in CapturedDatagram datagram) => _isWanted is not null ? _isWanted(in datagram) : datagram.DestinationPort == _port || datagram.SourcePort == _port;
}
