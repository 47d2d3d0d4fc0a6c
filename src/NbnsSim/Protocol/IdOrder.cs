using System.Numerics;

namespace NbnsSim.Protocol;

/// <summary>Numbers ids in the order in which they first appear, so that states that differ only in which ids were drawn are alike. Nothing is allocated once it has grown.</summary>
internal sealed class IdOrder
{
    private Entry[] _entries = new Entry[32]; // open addressing, at most half full; entries of an earlier round count as empty
    private uint _round = 1;
    private int _count;

    /// <summary>How many ids have appeared.</summary>
    public int Count => _count;

    /// <summary>Forgets all ids.</summary>
    public void Clear()
    {
        _count = 0;
        if (++_round != 0)
            return;
        Array.Clear(_entries);
        _round = 1;
    }

    /// <summary>Which of the ids this is, the first being 0.</summary>
    public uint Of(ulong id)
    {
        ref var entry = ref Find(id);
        if (entry.Round == _round)
            return entry.Order;
        if (_count >= _entries.Length / 2)
        {
            Grow();
            entry = ref Find(id);
        }

        entry = new Entry { Id = id, Round = _round, Order = (uint)_count++ };
        return entry.Order;
    }

    /// <summary>Which of the ids this is, or <see cref="uint.MaxValue"/> for one that has not appeared yet, and goes on not to have.</summary>
    public uint Peek(ulong id) => Find(id) is var entry && entry.Round == _round ? entry.Order : uint.MaxValue;

    private ref Entry Find(ulong id)
    {
        int mask = _entries.Length - 1;
        int at = (int)((id * 0x9E37_79B9_7F4A_7C15) >> (64 - BitOperations.Log2((uint)_entries.Length)));
        while (_entries[at].Round == _round && _entries[at].Id != id)
            at = (at + 1) & mask;
        return ref _entries[at];
    }

    private void Grow()
    {
        var before = _entries;
        _entries = new Entry[2 * before.Length];
        foreach (ref readonly var entry in before.AsSpan())
        {
            if (entry.Round == _round)
                Find(entry.Id) = entry;
        }
    }

    private struct Entry
    {
        public ulong Id;
        public uint Round;
        public uint Order;
    }
}
