namespace NbnsSim.Captures;

/// <content>Several captures as one.</content>
public sealed partial class CaptureReader
{
    private readonly CaptureSource[] _sources = [];
    private readonly PriorityQueue<CaptureSource, CaptureSource> _next = new(CaptureSource.ByTurn);
    private CaptureSource? _given;

    private CaptureReader(CaptureSource[] sources)
    {
        _source = _stream = Stream.Null;
        _buffer = [];
        _streamEnded = true;
        _sources = sources;
        Format = CaptureFormat.Merged;
        foreach (var source in sources)
            Advance(source);
    }

    /// <summary>The captures that are read as one; none where it is one by itself.</summary>
    public IReadOnlyList<CaptureSource> Sources => _sources;

    /// <summary>
    /// Reads several captures as one, such as the pieces of a long one or what several machines saw: always the earliest frame of those that come next, numbered anew
    /// from 1. The order in which they are given makes no difference. Of each capture one frame is kept, so memory is bounded by their number.
    /// </summary>
    /// <remarks>
    /// A capture whose times go back gives its frames in its own order: <see cref="CaptureSource.FramesOutOfOrder"/> counts them. Clocks are taken as they are. What
    /// several captures saw is given as often; <see cref="DatagramReaderOptions.SightingWindow"/> has it count once. Comments do not come along.
    /// </remarks>
    /// <param name="captures">The captures, at their beginnings; disposed with this reader.</param>
    public static CaptureReader Merge(params IEnumerable<CaptureReader> captures)
    {
        ArgumentNullException.ThrowIfNull(captures);
        return new CaptureReader([.. captures.Select(capture => new CaptureSource(capture))]);
    }

    private bool TryReadMerged(out CapturePacket packet)
    {
        if (_given is not null)
            Advance(_given);
        if (!_next.TryDequeue(out _given, out _))
        {
            packet = default;
            return false;
        }

        _given.Give(out packet);
        packet._interface = _given.InterfaceIn(_interfaces, packet._interface);
        packet._frameNumber = ++_frame;
        return true;
    }

    private void Advance(CaptureSource source)
    {
        if (source.TryAdvance())
        {
            _next.Enqueue(source, source);
            return;
        }

        Damage ??= source.Capture.Damage;
        DamageCount += source.Capture.DamageCount;
    }
}
