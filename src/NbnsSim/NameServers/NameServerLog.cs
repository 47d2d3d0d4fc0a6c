using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>The latest log entries: a ring in which a new one takes the oldest's place when it is full.</summary>
internal sealed class NameServerLog
{
    private readonly int _capacity;
    private WinsEvent[] _entries;
    private int _first;
    private int _count;

    public NameServerLog(int capacity)
    {
        _capacity = capacity;
        _entries = [];
    }

    public NameServerLog(NameServerLog other)
    {
        _capacity = other._capacity;
        _entries = (WinsEvent[])other._entries.Clone();
        _first = other._first;
        _count = other._count;
    }

    public void Add(WinsEvent entry)
    {
        if (_capacity == 0)
            return;
        if (_entries.Length == 0)
            _entries = new WinsEvent[_capacity];
        _entries[(_first + _count) % _capacity] = entry;
        if (_count < _capacity)
            _count++;
        else
            _first = (_first + 1) % _capacity;
    }

    public bool TryTake(out WinsEvent entry)
    {
        if (_count == 0)
        {
            entry = default;
            return false;
        }

        entry = _entries[_first];
        _first = (_first + 1) % _capacity;
        _count--;
        return true;
    }

    /// <summary>Carries what nobody has taken yet, which a fingerprint leaves out.</summary>
    public void Carry(StateCodec codec)
    {
        if (codec.IsFingerprint)
            return;
        int count = codec.CarryCount(_count, most: _capacity);
        for (int i = 0; i < count; i++)
        {
            var entry = codec.IsReading ? default : _entries[(_first + i) % _capacity];
            WinsEvent.Carry(codec, ref entry);
            if (codec.IsReading)
                Add(entry);
        }
    }

    public bool HasSameStateAs(NameServerLog other)
    {
        if (_count != other._count)
            return false;
        for (int i = 0; i < _count; i++)
        {
            if (_entries[(_first + i) % _capacity] != other._entries[(other._first + i) % other._capacity])
                return false;
        }

        return true;
    }
}
