using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// The names that have changed since the driver last took them, in the order of their first change; each once, however often it has changed meanwhile. A name
/// that is gone keeps its slot until it is taken.
/// </summary>
internal sealed class ChangeJournal
{
    private readonly NameDatabase _names;
    private readonly bool _isKept;
    private int[] _slots = []; // a ring
    private int _first;
    private int _count;

    /// <summary>Makes an empty journal.</summary>
    /// <param name="names">The names.</param>
    /// <param name="isKept">Whether anything is written down at all.</param>
    public ChangeJournal(NameDatabase names, bool isKept)
    {
        _names = names;
        _isKept = isKept;
    }

    /// <summary>A copy that lives on by itself.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="names">The copy's names.</param>
    public ChangeJournal(ChangeJournal other, NameDatabase names)
    {
        _names = names;
        _isKept = other._isKept;
        _slots = (int[])other._slots.Clone();
        _first = other._first;
        _count = other._count;
    }

    /// <summary>A name has changed.</summary>
    /// <param name="slot">The name.</param>
    /// <param name="isRefresh">Whether only the time at which it runs out has.</param>
    public void Write(int slot, bool isRefresh = false)
    {
        if (!_isKept)
            return;
        if (!isRefresh)
            _names[slot].Flags |= SlotFlags.Stored;
        List(slot);
    }

    /// <summary>A name was taken out of the database; its slot is given back when nobody has to be told any more.</summary>
    /// <param name="slot">The name.</param>
    public void WriteRemoved(int slot)
    {
        if (!_isKept)
        {
            _names.Free(slot);
            return;
        }

        _names[slot].Flags |= SlotFlags.Removed;
        List(slot);
    }

    /// <summary>Takes off the name that changed first.</summary>
    /// <param name="slot">The name; where it is gone, its slot is free from now on.</param>
    /// <param name="name">The same in words.</param>
    /// <param name="kind">What has happened.</param>
    /// <returns>False when none is left.</returns>
    public bool TryTake(out int slot, out NetBiosName name, out NameServerChangeKind kind)
    {
        if (_count == 0)
        {
            (slot, name, kind) = (NameSlot.None, default, default);
            return false;
        }

        name = NameAt(0);
        slot = _slots[_first];
        _first = (_first + 1) & (_slots.Length - 1);
        _count--;
        ref var record = ref _names[slot];
        kind = record.Has(SlotFlags.Removed) ? NameServerChangeKind.Removed : record.Has(SlotFlags.Stored) ? NameServerChangeKind.Stored : NameServerChangeKind.Refreshed;
        record.Flags &= ~(SlotFlags.Listed | SlotFlags.Stored);
        if (kind == NameServerChangeKind.Removed)
            _names.Free(slot);
        return true;
    }

    /// <summary>Whether the same names are written down in both, in the same order. What of them has changed, their records say.</summary>
    /// <param name="other">The other one.</param>
    public bool HasSameStateAs(ChangeJournal other)
    {
        if (_count != other._count)
            return false;
        for (int i = 0; i < _count; i++)
        {
            if (NameAt(i) != other.NameAt(i))
                return false;
        }

        return true;
    }

    /// <summary>Carries all of it; the names have been carried before.</summary>
    public void Carry(StateCodec codec)
    {
        int count = codec.CarryCount(_count, sizeof(int));
        for (int i = 0; i < count; i++)
        {
            int slot = codec.IsReading ? NameSlot.None : SlotAt(i);
            if (codec.IsFingerprint)
            {
                var name = NameAt(i);
                codec.Carry(ref name);
                continue;
            }

            codec.Carry(ref slot);
            if (!codec.IsReading)
                continue;
            codec.Check((uint)slot < (uint)_names.SlotCount && _names[slot].Has(SlotFlags.Listed), "A change is of no name");
            Append(slot);
        }
    }

    private void List(int slot)
    {
        ref var name = ref _names[slot];
        if (name.Has(SlotFlags.Listed))
            return;
        name.Flags |= SlotFlags.Listed;
        Append(slot);
    }

    private void Append(int slot)
    {
        if (_count == _slots.Length)
        {
            int[] slots = new int[Math.Max(16, 2 * _slots.Length)];
            for (int i = 0; i < _count; i++)
                slots[i] = SlotAt(i);
            _slots = slots;
            _first = 0;
        }

        _slots[(_first + _count++) & (_slots.Length - 1)] = slot;
    }

    private int SlotAt(int position) => _slots[(_first + position) & (_slots.Length - 1)];

    private NetBiosName NameAt(int position) => _names.NameOf(SlotAt(position));
}
