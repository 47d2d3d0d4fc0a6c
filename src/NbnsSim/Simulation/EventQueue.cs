using System.Numerics;
using System.Runtime.CompilerServices;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>
/// A queue of timed values in the order of (time, arrival): values of equal time leave in the order in which they came. It never goes
/// back: nothing can be queued before what has been taken out.
/// </summary>
/// <remarks>
/// A hierarchical timing wheel over the 64 bits of the time (Varghese and Lauck 1987), eight bits to a level. A value waits on the
/// level of the highest digit in which its time differs from the origin; when the origin reaches a slot, its values move down, in order,
/// before anything can be queued behind them there, so that every slot stays in order of arrival without any sequence number.
/// Queuing, moving and removing take constant time; a value moves down a few levels at most in its life. Times that bunch or lie
/// aeons apart (microseconds of latency beside days of refresh timers) cost nothing extra, unlike in a calendar queue. A slot is a
/// chain of small blocks rather than of single values, so that moving down reads memory in a row. Slots come in groups that are made when
/// they are needed first, so that a small queue is small, and quick to copy.
/// </remarks>
/// <typeparam name="T">The value.</typeparam>
[NotState("a container: what is in it is carried by whoever has it")]
internal sealed partial class EventQueue<T>
    where T : unmanaged
{
    private const int DigitBits = 8;
    private const int SlotsPerLevel = 1 << DigitBits;
    private const int Levels = 64 / DigitBits;
    private const int GroupSize = 64; // slots; one word of _occupied
    private const int WordsPerLevel = SlotsPerLevel / GroupSize;
    private const int FirstBlocks = 4;
    private const int BlockBits = 3;
    private const int BlockSize = 1 << BlockBits;
    private const int None = -1;
    private const int Gone = -2; // in place of a handle: the entry was moved or removed
    private const int GoneAllowed = 16; // so many, and as many as there are values, before a slot is tidied

    private readonly Slot[]?[] _groups = new Slot[Levels * WordsPerLevel][]; // none where no slot of it was ever in use
    private readonly ulong[] _occupied = new ulong[Levels * WordsPerLevel]; // a bit for every slot that is not empty
    private Entry[] _entries; // blocks of BlockSize
    private int[] _nextBlock; // of each block, in its chain or in the list of free ones
    private int[] _places; // of each handle: its entry, or the next free handle
    private uint _occupiedLevels;
    private ulong _origin; // not after any queued time, nor after the last time taken
    private int _freeBlock = None;
    private int _blocks; // ever used
    private int _freeHandle = None;
    private int _handles; // ever used
    private int _count;

    /// <summary>Makes an empty queue.</summary>
    public EventQueue()
    {
        _entries = new Entry[FirstBlocks * BlockSize];
        _nextBlock = new int[FirstBlocks];
        _places = [];
    }

    /// <summary>How many values wait.</summary>
    public int Count => _count;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">For so many values with a handle before it grows.</param>
    public void Reserve(int capacity)
    {
        if (capacity > _places.Length)
            Array.Resize(ref _places, capacity);
        int blocks = (capacity / BlockSize) + SlotsPerLevel; // the last block of a slot may be all but empty
        if (blocks <= _nextBlock.Length)
            return;
        Array.Resize(ref _nextBlock, blocks);
        Array.Resize(ref _entries, blocks * BlockSize);
    }

    /// <summary>Queues a value.</summary>
    /// <param name="time">When it is due; not before the last time taken out.</param>
    /// <param name="value">The value.</param>
    public void Push(long time, in T value)
    {
        _count++;
        Append(new Entry { Time = (ulong)time, Handle = None, Value = value });
    }

    /// <summary>Queues a value that can be moved and removed.</summary>
    /// <param name="time">When it is due; not before the last time taken out.</param>
    /// <param name="value">The value.</param>
    /// <returns>A handle that is good until the value leaves the queue.</returns>
    public int PushMovable(long time, in T value)
    {
        int handle = _freeHandle;
        if (handle != None)
            _freeHandle = _places[handle];
        else
        {
            if (_handles == _places.Length)
                Array.Resize(ref _places, Math.Max(16, _places.Length * 2));
            handle = _handles++;
        }

        _count++;
        Append(new Entry { Time = (ulong)time, Handle = handle, Value = value });
        return handle;
    }

    /// <summary>Gives a queued value another time; it goes behind those of the same time.</summary>
    /// <param name="handle">Its handle, which stays good.</param>
    /// <param name="time">When it is due now.</param>
    public void Move(int handle, long time)
    {
        var entry = TakeAway(handle);
        entry.Time = (ulong)time;
        Append(entry);
    }

    /// <summary>Takes a value out before its time.</summary>
    /// <param name="handle">Its handle.</param>
    public T Remove(int handle)
    {
        var entry = TakeAway(handle);
        FreeHandle(handle);
        _count--;
        return entry.Value;
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
            int index = FirstSlot(level);
            ref Slot slot = ref SlotAt(index);
            while (_entries[slot.First].Handle == Gone)
                DropFirst(ref slot);
            ref Entry entry = ref _entries[slot.First];
            if (level == 0 || slot.Live == 1)
            {
                if (entry.Time > (ulong)limit)
                    break;
                _origin = entry.Time;
                time = (long)entry.Time;
                value = entry.Value;
                if (entry.Handle >= 0)
                    FreeHandle(entry.Handle);
                _count--;
                if (--slot.Live == 0)
                    Clear(index);
                else
                    DropFirst(ref slot);
                return true;
            }

            int shift = level * DigitBits;
            ulong start = (entry.Time >> shift) << shift;
            if (start > (ulong)limit)
                break;
            _origin = start;
            Lower(index);
        }

        time = 0;
        value = default;
        return false;
    }

    /// <summary>When the first value is due, or <see cref="long.MaxValue"/>; changes nothing.</summary>
    public long PeekTime() => Peek(out _);

    /// <summary>The first value, and when it is due: <see cref="long.MaxValue"/> where there is none. Changes nothing.</summary>
    /// <param name="value">The value.</param>
    public long Peek(out T value)
    {
        ulong first = long.MaxValue;
        value = default;
        if (_occupiedLevels != 0)
        {
            int level = BitOperations.TrailingZeroCount(_occupiedLevels);
            var slot = SlotAt(FirstSlot(level));
            for (int at = slot.First; slot.Used > 0; slot.Used--, at = Next(at))
            {
                ref readonly Entry entry = ref _entries[at];
                if (entry.Handle == Gone || entry.Time >= first)
                    continue;
                (first, value) = (entry.Time, entry.Value);
                if (level == 0)
                    break; // all of one time; a hundred thousand that were held back may be
            }
        }

        return (long)first;
    }

    /// <summary>A slot whose group is there, as that of every slot in use is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot SlotAt(int index) => ref _groups[index / GroupSize]![index % GroupSize];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FirstSlot(int level)
    {
        int word = level * WordsPerLevel;
        while (_occupied[word] == 0)
            word++;
        return (word * GroupSize) + BitOperations.TrailingZeroCount(_occupied[word]);
    }

    /// <summary>Where a time belongs. Since all below the origin's slots has been moved down, that is also where it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(ulong time)
    {
        int level = (63 - BitOperations.LeadingZeroCount((time ^ _origin) | 1)) / DigitBits;
        return (level * SlotsPerLevel) + (int)((time >> (level * DigitBits)) & (SlotsPerLevel - 1));
    }

    /// <summary>Puts an entry at the end of its slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(in Entry entry)
    {
        int index = SlotOf(entry.Time);
        if (_groups[index / GroupSize] is null)
            _groups[index / GroupSize] = new Slot[GroupSize];
        ref Slot slot = ref SlotAt(index);
        if (slot.Used == 0)
        {
            slot.First = slot.Last = TakeBlock() << BlockBits;
            _occupied[index >> 6] |= 1UL << index;
            _occupiedLevels |= 1u << (index / SlotsPerLevel);
        }
        else if ((++slot.Last & (BlockSize - 1)) == 0)
        {
            int block = TakeBlock();
            _nextBlock[(slot.Last - 1) >> BlockBits] = block;
            slot.Last = block << BlockBits;
        }

        slot.Used++;
        slot.Live++;
        _entries[slot.Last] = entry;
        if (entry.Handle >= 0)
            _places[entry.Handle] = slot.Last;
    }

    /// <summary>Moves the entries of a slot that the origin has reached to lower levels, in order.</summary>
    private void Lower(int index)
    {
        var slot = SlotAt(index);
        Vacate(index);
        Replay(slot);
    }

    /// <summary>Appends the entries of a chain that is in no slot any more, and gives its blocks back.</summary>
    private void Replay(Slot chain)
    {
        int at = chain.First;
        for (int left = chain.Used; left > 0; left--)
        {
            var entry = _entries[at];
            int next = Next(at);
            if (left == 1 || ((at + 1) & (BlockSize - 1)) == 0)
                FreeBlock(at >> BlockBits);
            at = next;
            if (entry.Handle != Gone)
                Append(entry);
        }
    }

    /// <summary>Takes an entry out of its slot, leaving a gap, and tidies the slot when there are too many.</summary>
    private Entry TakeAway(int handle)
    {
        int at = _places[handle];
        var entry = _entries[at];
        _entries[at].Handle = Gone;
        int index = SlotOf(entry.Time);
        ref Slot slot = ref SlotAt(index);
        if (--slot.Live == 0)
            Clear(index);
        else if (slot.Used > (2 * slot.Live) + GoneAllowed)
            Lower(index); // back to where it is, without the gaps
        return entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Next(int at) => (++at & (BlockSize - 1)) == 0 ? _nextBlock[(at - 1) >> BlockBits] << BlockBits : at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void DropFirst(ref Slot slot)
    {
        int at = slot.First;
        slot.First = Next(at);
        slot.Used--;
        if (((at + 1) & (BlockSize - 1)) == 0)
            FreeBlock(at >> BlockBits);
    }

    /// <summary>Empties a slot that holds no value any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clear(int index)
    {
        ref Slot slot = ref SlotAt(index);
        int last = slot.Last >> BlockBits;
        for (int block = slot.First >> BlockBits; block != last;)
        {
            int next = _nextBlock[block];
            FreeBlock(block);
            block = next;
        }

        FreeBlock(last);
        Vacate(index);
    }

    private void Vacate(int index)
    {
        SlotAt(index) = default;
        if ((_occupied[index >> 6] &= ~(1UL << index)) != 0)
            return;
        int level = index / SlotsPerLevel;
        ulong any = 0;
        foreach (ulong word in _occupied.AsSpan(level * WordsPerLevel, WordsPerLevel))
            any |= word;
        if (any == 0)
            _occupiedLevels &= ~(1u << level);
    }

    private int TakeBlock()
    {
        int block = _freeBlock;
        if (block != None)
        {
            _freeBlock = _nextBlock[block];
            return block;
        }

        if (_blocks == _nextBlock.Length)
        {
            int blocks = Math.Max(FirstBlocks, _blocks * 2);
            Array.Resize(ref _nextBlock, blocks);
            Array.Resize(ref _entries, blocks * BlockSize);
        }

        return _blocks++;
    }

    private void FreeBlock(int block)
    {
        _nextBlock[block] = _freeBlock;
        _freeBlock = block;
    }

    private void FreeHandle(int handle)
    {
        _places[handle] = _freeHandle;
        _freeHandle = handle;
    }

    /// <summary>A chain of blocks; the first entry of the first and the last of the last may lie in the middle of their blocks.</summary>
    private struct Slot
    {
        public int First;
        public int Last;
        public int Used; // entries from first to last, gaps included; 0 for an empty slot
        public int Live; // without the gaps
    }

    private struct Entry
    {
        public ulong Time;
        public int Handle;
        public T Value;
    }
}
