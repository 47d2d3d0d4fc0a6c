using NbnsSim.Captures;

namespace NbnsSim.Jobs.Archives;

/// <summary>Datagrams of an archive that follow each other, as one thread hands them to others, which only read them.</summary>
internal sealed class DatagramBatch
{
    /// <summary>How many there are at most.</summary>
    public const int Size = 4_096;

    private readonly int[] _captures = new int[Size];
    private readonly Instant[] _times = new Instant[Size];
    private readonly RunRecord[] _records = new RunRecord[Size];
    private readonly int[] _ends = new int[Size];
    private byte[] _payloads = new byte[Size * 64];
    private long _firstNumber;
    private int _readers;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no room for another.</summary>
    public bool IsFull => Count == Size;

    /// <summary>Makes it empty again, for a number of readers.</summary>
    public void Begin(int readers) => (Count, _readers) = (0, readers);

    /// <summary>Takes a datagram.</summary>
    /// <param name="capture">Which capture it is of, from 0.</param>
    /// <param name="record">The datagram.</param>
    /// <param name="facts">Its number, its time and its payload.</param>
    public void Add(int capture, in RunRecord record, in DatagramFacts facts)
    {
        if (Count == 0)
            _firstNumber = facts.FrameNumber;
        int begin = EndOf(Count - 1);
        int end = begin + facts.Payload.Length;
        if (end > _payloads.Length)
            Array.Resize(ref _payloads, Math.Max(end, 2 * _payloads.Length));
        facts.Payload.CopyTo(_payloads.AsSpan(begin));
        (_ends[Count], _captures[Count], _times[Count], _records[Count]) = (end, capture, facts.Time, record);
        Count++;
    }

    /// <summary>Which capture a datagram is of, from 0.</summary>
    public int CaptureOf(int index) => _captures[index];

    /// <summary>A datagram.</summary>
    public ref readonly RunRecord this[int index] => ref _records[index];

    /// <summary>What the diagnosis goes by.</summary>
    public DatagramFacts FactsOf(int index) => _records[index].ToFacts(_firstNumber + index, _payloads.AsSpan(EndOf(index - 1).._ends[index])) with { Time = _times[index] };

    /// <summary>A reader is done with it.</summary>
    /// <returns>Whether all are.</returns>
    public bool Release() => Interlocked.Decrement(ref _readers) == 0;

    private int EndOf(int index) => index < 0 ? 0 : _ends[index];
}
