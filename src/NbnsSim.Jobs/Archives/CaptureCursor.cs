using NbnsSim.Captures;

namespace NbnsSim.Jobs.Archives;

/// <summary>A capture of an archive as its pieces have it: its datagrams in their order, with those that only several frames together tell.</summary>
/// <param name="capture">Which one of the archive, from 0.</param>
/// <param name="pieces">The folders of its pieces, from its beginning on, and how many frames are before each.</param>
/// <param name="firstTime">The time of its first record, in nanoseconds.</param>
/// <param name="clock">How its times are put right.</param>
/// <param name="pages">How many pages of payloads are kept.</param>
/// <param name="keepsOpen">Whether files stay open.</param>
internal sealed class CaptureCursor(int capture, IReadOnlyList<(string Folder, long FramesBefore)> pieces, long firstTime, ClockMap clock, int pages, bool keepsOpen) : IDisposable
{
    private RunReader? _run;
    private int _next;
    private FrameAssembler? _assembler;
    private bool _isInFrame;
    private RunRecord _made; // of a datagram that was put together
    private byte[] _payload = []; // its payload

    /// <summary>Which capture of the archive, from 0.</summary>
    public int Capture => capture;

    /// <summary>When the datagram at hand was captured; before the first, when its record was.</summary>
    public long Time { get; private set; } = clock.Of(firstTime);

    /// <summary>Whether there is a datagram at hand.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Which datagrams are wanted of frames that only together tell them; null for those of the name service.</summary>
    public DatagramPredicate? IsWanted { get; init; }

    /// <summary>How many records were read.</summary>
    public long Records { get; private set; }

    /// <summary>What the assembler counted.</summary>
    public (long Lost, long Quoted, long Encrypted) Assembled => _assembler is { } it ? (it.LostFragmentedDatagrams, it.QuotedDatagrams, it.EncryptedFrames) : default;

    /// <summary>Goes to the next datagram.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        IsBegun = true;
        while (!_isInFrame || !TryTake())
        {
            _isInFrame = false;
            if (_run is null || !_run.MoveNext())
            {
                if (!OpenNext())
                    return false;
                continue;
            }

            Records++;
            ref readonly var record = ref _run.Current;
            if (!record.IsFrame)
            {
                Time = clock.Of(record.Time);
                return true;
            }

            _assembler ??= new FrameAssembler(IsWanted is null ? Ipv4Endpoint.NameServicePort : null);
            _assembler.Add(record.Frame + pieces[_next - 1].FramesBefore, new Instant(record.Time), record.LinkType, record.OriginalLength, _run.ReadPayload());
            _isInFrame = true;
        }

        return true;
    }

    /// <summary>The datagram at hand, with its frame counted in the capture, its time as captured.</summary>
    /// <param name="payload">Its payload; good until the cursor goes on.</param>
    public RunRecord Read(out ReadOnlySpan<byte> payload)
    {
        if (_isInFrame)
        {
            payload = _payload.AsSpan(0, _made.PayloadLength);
            return _made;
        }

        var record = _run!.Current;
        record.Frame += pieces[_next - 1].FramesBefore;
        payload = _run.ReadPayload();
        return record;
    }

    public void Dispose() => _run?.Dispose();

    private bool TryTake()
    {
        CapturedDatagram datagram;
        do
        {
            if (!_assembler!.TryTake(out datagram))
                return false;
        }
        while (IsWanted?.Invoke(datagram) == false);

        RecordMaker.Note(ref _made, datagram);
        if (_payload.Length < datagram.Payload.Length)
            _payload = new byte[ushort.MaxValue];
        datagram.Payload.CopyTo(_payload);
        Time = clock.Of(_made.Time);
        return true;
    }

    private bool OpenNext()
    {
        _run?.Dispose();
        _run = null;
        if (_next == pieces.Count)
            return false;
        _run = new RunReader(pieces[_next++].Folder, pages, keepsOpen);
        return true;
    }
}
