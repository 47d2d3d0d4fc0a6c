using System.Numerics;
using System.Runtime.CompilerServices;

namespace NbnsSim.Simulation;

/// <summary>
/// A queue of timed values in the order of (time, arrival): values of equal time leave in the order in which they came. It never goes
/// back: nothing can be queued before what has been taken out.
/// </summary>
/// <remarks>
/// A hierarchical timing wheel over the 64 bits of the time (Varghese and Lauck 1987), eight bits to a level. A value waits on the
/// level of the highest digit in which its time differs from the origin; when the origin reaches a slot, its values move down, in order,
/// before anything can be queued behind them there, so that every list stays in order of arrival without any sequence number.
/// Pushing, moving and removing take constant time; a value moves down a few levels at most in its life. Times that bunch or lie
/// aeons apart (microseconds of latency beside days of refresh timers) cost nothing extra, unlike in a calendar queue.
/// </remarks>
/// <typeparam name="T">The value.</typeparam>
internal sealed class EventQueue<T>
    where T : unmanaged
{
    private const int Bits = 8;
    private const int SlotsPerLevel = 1 << Bits;
    private const int Levels = 64 / Bits;
    private const int WordsPerLevel = SlotsPerLevel / 64;
    private const int None = -1;
    private const int Free = -1;

    private readonly Slot[] _slots = new Slot[Levels * SlotsPerLevel];
    private readonly ulong[] _occupied = new ulong[Levels * WordsPerLevel]; // a bit for every slot that is not empty
    private Node[] _nodes;
    private uint _occupiedLevels;
    private ulong _origin; // not after any queued time, nor after the last time taken
    private int _free = None; // list of unused nodes
    private int _used; // nodes ever used; those above have never been linked
    private int _count;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="capacity">Room for so many values before it grows.</param>
    public EventQueue(int capacity = 64)
    {
        _nodes = new Node[capacity];
        Array.Fill(_slots, new Slot { Head = None, Tail = None });
    }

    private EventQueue(EventQueue<T> other)
    {
        _slots = (Slot[])other._slots.Clone();
        _occupied = (ulong[])other._occupied.Clone();
        _nodes = (Node[])other._nodes.Clone();
        _occupiedLevels = other._occupiedLevels;
        _origin = other._origin;
        _free = other._free;
        _used = other._used;
        _count = other._count;
    }

    /// <summary>How many values wait.</summary>
    public int Count => _count;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">For so many values before it grows.</param>
    public void Reserve(int capacity)
    {
        if (capacity > _nodes.Length)
            Array.Resize(ref _nodes, capacity);
    }

    /// <summary>Queues a value.</summary>
    /// <param name="time">When it is due; not before the last time taken out.</param>
    /// <param name="value">The value.</param>
    /// <returns>A handle that is good until the value leaves the queue.</returns>
    public int Push(long time, in T value)
    {
        int index = _free;
        if (index != None)
            _free = _nodes[index].Next;
        else
        {
            if (_used == _nodes.Length)
                Array.Resize(ref _nodes, Math.Max(64, _nodes.Length * 2));
            index = _used++;
        }

        ref Node node = ref _nodes[index];
        node.Time = (ulong)time;
        node.Value = value;
        _count++;
        Link(ref node, index);
        return index;
    }

    /// <summary>Gives a queued value another time; it goes behind those of the same time.</summary>
    /// <param name="handle">Its handle, which stays good.</param>
    /// <param name="time">When it is due now.</param>
    public void Move(int handle, long time)
    {
        ref Node node = ref _nodes[handle];
        Unlink(ref node);
        node.Time = (ulong)time;
        Link(ref node, handle);
    }

    /// <summary>Takes a value out before its time.</summary>
    /// <param name="handle">Its handle.</param>
    public T Remove(int handle)
    {
        ref Node node = ref _nodes[handle];
        Unlink(ref node);
        return Release(ref node, handle);
    }

    /// <summary>
    /// Takes out the first value if it is due by <paramref name="limit"/>. After false, nothing may be queued before <paramref name="limit"/>
    /// unless the queue is empty.
    /// </summary>
    /// <param name="limit">The latest time wanted.</param>
    /// <param name="time">When the value was due.</param>
    /// <param name="value">The value.</param>
    public bool TryPop(long limit, out long time, out T value)
    {
        while (_occupiedLevels != 0)
        {
            int level = BitOperations.TrailingZeroCount(_occupiedLevels);
            int slot = FirstSlot(level);
            int index = _slots[slot].Head;
            ref Node node = ref _nodes[index];
            if (level == 0 || node.Next == None)
            {
                if (node.Time > (ulong)limit)
                    break;
                _origin = node.Time;
                time = (long)node.Time;
                Unlink(ref node);
                value = Release(ref node, index);
                return true;
            }

            int shift = level * Bits;
            ulong start = (node.Time >> shift) << shift;
            if (start > (ulong)limit)
                break;
            _origin = start;
            Lower(slot);
        }

        time = 0;
        value = default;
        return false;
    }

    /// <summary>When the first value is due, or <see cref="long.MaxValue"/>; changes nothing.</summary>
    public long PeekTime()
    {
        ulong first = long.MaxValue;
        if (_occupiedLevels != 0)
        {
            for (int index = _slots[FirstSlot(BitOperations.TrailingZeroCount(_occupiedLevels))].Head; index != None; index = _nodes[index].Next)
                first = Math.Min(first, _nodes[index].Time);
        }

        return (long)first;
    }

    /// <summary>A copy that lives on by itself; the handles are good in both.</summary>
    public EventQueue<T> Clone() => new(this);

    /// <summary>Moves the values of a slot that the origin has reached to lower levels, in order.</summary>
    private void Lower(int slot)
    {
        int index = _slots[slot].Head;
        _slots[slot] = new Slot { Head = None, Tail = None };
        Vacate(slot);
        while (index != None)
        {
            ref Node node = ref _nodes[index];
            int next = node.Next;
            Link(ref node, index);
            index = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FirstSlot(int level)
    {
        int word = level * WordsPerLevel;
        while (_occupied[word] == 0)
            word++;
        return (word * 64) + BitOperations.TrailingZeroCount(_occupied[word]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(ref Node node, int index)
    {
        int level = (63 - BitOperations.LeadingZeroCount((node.Time ^ _origin) | 1)) / Bits;
        int slot = (level * SlotsPerLevel) + (int)((node.Time >> (level * Bits)) & (SlotsPerLevel - 1));
        ref Slot list = ref _slots[slot];
        node.Slot = slot;
        node.Next = None;
        node.Previous = list.Tail;
        if (list.Tail == None)
        {
            list.Head = index;
            _occupied[slot >> 6] |= 1UL << slot;
            _occupiedLevels |= 1u << level;
        }
        else
            _nodes[list.Tail].Next = index;
        list.Tail = index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlink(ref Node node)
    {
        ref Slot list = ref _slots[node.Slot];
        if (node.Next == None)
            list.Tail = node.Previous;
        else
            _nodes[node.Next].Previous = node.Previous;
        if (node.Previous == None)
            list.Head = node.Next;
        else
            _nodes[node.Previous].Next = node.Next;
        if (list.Head == None)
            Vacate(node.Slot);
    }

    private void Vacate(int slot)
    {
        _occupied[slot >> 6] &= ~(1UL << slot);
        int level = slot / SlotsPerLevel;
        ulong any = 0;
        foreach (ulong word in _occupied.AsSpan(level * WordsPerLevel, WordsPerLevel))
            any |= word;
        if (any == 0)
            _occupiedLevels &= ~(1u << level);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Release(ref Node node, int index)
    {
        node.Next = _free;
        node.Slot = Free;
        _free = index;
        _count--;
        return node.Value;
    }

    private struct Slot
    {
        public int Head;
        public int Tail;
    }

    private struct Node
    {
        public ulong Time;
        public int Next;
        public int Previous;
        public int Slot;
        public T Value;
    }
}
