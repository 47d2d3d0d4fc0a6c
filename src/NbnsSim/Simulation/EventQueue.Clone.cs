using System.Numerics;

namespace NbnsSim.Simulation;

/// <content>Copies that take what is there.</content>
internal sealed partial class EventQueue<T>
{
    /// <summary>Copies the values that wait, chain by chain, and not the room that others have left.</summary>
    private EventQueue(EventQueue<T> other)
    {
        other._occupied.CopyTo(_occupied, 0);
        _places = other._places[..other._handles];
        (_occupiedLevels, _origin, _count) = (other._occupiedLevels, other._origin, other._count);
        (_freeHandle, _handles) = (other._freeHandle, other._handles);

        int blocks = 0;
        for (int word = 0; word < _occupied.Length; word++)
        {
            if (_occupied[word] == 0)
                continue;
            _groups[word] = new Slot[GroupSize];
            foreach (ref readonly Slot slot in other._groups[word].AsSpan())
                blocks += BlocksFor(slot.Live);
        }

        _entries = new Entry[blocks * BlockSize];
        _nextBlock = new int[blocks];
        for (int word = 0; word < _occupied.Length; word++)
        {
            for (ulong left = _occupied[word]; left != 0; left &= left - 1)
            {
                int index = (word * GroupSize) + BitOperations.TrailingZeroCount(left);
                SlotAt(index) = CopyChain(other, other.SlotAt(index));
            }
        }
    }

    /// <summary>A copy that lives on by itself; the handles are good in both.</summary>
    public EventQueue<T> Clone() => new(this);

    private static int BlocksFor(int entries) => (entries + BlockSize - 1) >> BlockBits;

    /// <summary>Copies a chain to the next blocks, in a row and without its gaps.</summary>
    private Slot CopyChain(EventQueue<T> other, in Slot chain)
    {
        int first = _blocks * BlockSize, next = first;
        for (int left = chain.Used, at = chain.First; left > 0; left--, at = other.Next(at))
        {
            ref readonly Entry entry = ref other._entries[at];
            if (entry.Handle == Gone)
                continue;
            if (entry.Handle >= 0)
                _places[entry.Handle] = next;
            _entries[next++] = entry;
        }

        int end = _blocks + BlocksFor(chain.Live);
        for (; _blocks < end; _blocks++)
            _nextBlock[_blocks] = _blocks + 1; // that of the last block is not looked at
        return new Slot { First = first, Last = next - 1, Used = chain.Live, Live = chain.Live };
    }
}
