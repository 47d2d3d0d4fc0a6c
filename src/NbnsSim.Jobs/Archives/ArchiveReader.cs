using NbnsSim.Captures;
using NbnsSim.Replay;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// Reads an archive's captures as one: always the earliest datagram of those that come next, of two at the same time the one of the capture that is first in the list; then what was captured in several
/// places within 50 ms counts once. Times are those of the captures' clocks as they were put right. A capture whose times go back gives its datagrams in its own order, as <see cref="CaptureReader.Merge"/> has it.
/// </summary>
internal sealed class ArchiveReader : IDisposable
{
    private readonly PriorityQueue<CaptureCursor, (long Time, int Capture)> _waiting = new();
    private readonly SightingFilter _sightings = new(CaptureFile.NameService.SightingWindow!.Value);
    private CaptureCursor? _current;
    private long _ended; // records of the captures that are at their end

    /// <summary>Begins.</summary>
    /// <param name="captures">The captures; disposed as they end, or with this.</param>
    public ArchiveReader(IEnumerable<CaptureCursor> captures)
    {
        foreach (var capture in captures)
            _waiting.Enqueue(capture, (capture.Time, capture.Capture));
    }

    /// <summary>How many datagrams were given.</summary>
    public long Datagrams { get; private set; }

    /// <summary>How many further sightings were passed over.</summary>
    public long RepeatedSightings { get; private set; }

    /// <summary>How many records were read for them.</summary>
    public long Records => _ended + (_current?.Records ?? 0) + _waiting.UnorderedItems.Sum(one => one.Element.Records);

    /// <summary>Which capture the datagram at hand is of, from 0.</summary>
    public int Capture => _current!.Capture;

    /// <summary>Told of each capture that is at its end.</summary>
    public Action<CaptureCursor>? Ended { get; init; }

    /// <summary>Reads the next datagram.</summary>
    /// <param name="record">The datagram, its frame counted in its capture, its time as captured.</param>
    /// <param name="facts">What the diagnosis goes by; its number is its place among all.</param>
    /// <returns>False at the end.</returns>
    public bool TryRead(out RunRecord record, out DatagramFacts facts)
    {
        while (Advance())
        {
            record = _current!.Read(out var payload);
            facts = record.ToFacts(Datagrams + 1, payload) with { Time = new Instant(_current.Time) };
            if (_sightings.IsRepeated(facts))
            {
                RepeatedSightings++;
                continue;
            }

            Datagrams++;
            return true;
        }

        record = default;
        facts = default;
        return false;
    }

    public void Dispose()
    {
        _current?.Dispose();
        foreach (var (capture, _) in _waiting.UnorderedItems)
            capture.Dispose();
    }

    /// <summary>Goes to the next datagram of all. While one capture's are the earliest, the others are left in peace.</summary>
    private bool Advance()
    {
        if (_current is not null && !Step(_current))
            _current = null;
        while (true)
        {
            if (_current is null)
            {
                if (!_waiting.TryDequeue(out _current, out _))
                    return false;
            }
            else if (_waiting.TryPeek(out _, out var other) && (_current.Time, _current.Capture).CompareTo(other) > 0)
            {
                _current = _waiting.EnqueueDequeue(_current, (_current.Time, _current.Capture));
            }
            else
            {
                return true;
            }

            if (!_current.IsBegun && !Step(_current))
                _current = null;
        }
    }

    private bool Step(CaptureCursor capture)
    {
        if (capture.MoveNext())
            return true;
        Ended?.Invoke(capture);
        _ended += capture.Records;
        capture.Dispose();
        return false;
    }
}
