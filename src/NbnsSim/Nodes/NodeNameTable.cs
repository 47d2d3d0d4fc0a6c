using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>
/// A node's own names, in the order in which they were added. Rows are read in place and changed by methods alone, so that <see cref="Version"/> tells of every change
/// that others can see.
/// </summary>
internal struct NodeNameTable
{
    private LocalName[] _rows;
    [NotState("follows from the rows")]
    private NameIndex? _index; // of a long table
    [NotState("follows from the rows")]
    private ulong _filter;
    [NotState("tells of changes since somebody looked")]
    private uint _version;
    private byte _count;

    public NodeNameTable() => _rows = [];

    public readonly int Count => _count;

    /// <summary>Another number whenever a name came into the table, left it or changed its state.</summary>
    public readonly uint Version => _version;

    public readonly ReadOnlySpan<LocalName> Rows => _rows.AsSpan(0, _count);

    public readonly ref readonly LocalName this[int index] => ref _rows[index];

    /// <summary>When the first refresh is due.</summary>
    public readonly Instant DueAt
    {
        get
        {
            var due = Instant.MaxValue;
            foreach (ref readonly var row in Rows)
                due = row.RefreshAt < due ? row.RefreshAt : due;
            return due;
        }
    }

    /// <summary>Whether a name may be in the table: false means that it is not, and costs no look at the table.</summary>
    public readonly bool MayHave(ulong high, ulong low) => (_filter & FilterBit(high, low)) != 0;

    /// <summary>The row of a name; −1 where it is not in the table.</summary>
    public readonly int Find(in NetBiosName name)
    {
        if (_index is null)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_rows[i].Name == name)
                    return i;
            }

            return -1;
        }

        for (int at = _index.Start(name.High, name.Low); _index.Row(at) is >= 0 and var row; at = _index.Next(at))
        {
            if (_rows[row].Name == name)
                return row;
        }

        return -1;
    }

    /// <summary>The row of the name in a packet, scope included (RFC 1002 §5.1); allocates nothing.</summary>
    public readonly int Find(ulong high, ulong low, NbnsNameView view)
    {
        var rows = _rows;
        if (_index is null)
        {
            for (int i = 0; i < rows.Length && i < _count; i++)
            {
                if (Is(rows[i].Name, high, low, view))
                    return i;
            }

            return -1;
        }

        for (int at = _index.Start(high, low); _index.Row(at) is >= 0 and var row; at = _index.Next(at))
        {
            if (Is(rows[row].Name, high, low, view))
                return row;
        }

        return -1;
    }

    public int Add(in NetBiosName name, bool isGroup, LocalNameState state)
    {
        _version++;
        if (_count == _rows.Length)
            Array.Resize(ref _rows, _count + 1); // exact: most nodes add a few names once
        _rows[_count] = new LocalName { Name = name, RefreshAt = Instant.MaxValue, State = state, Flags = isGroup ? LocalNameFlags.Group : LocalNameFlags.None };
        _filter |= FilterBit(name.High, name.Low);
        _index = NameIndex.Of(_rows);
        return _count++;
    }

    public void RemoveAt(int index)
    {
        _version++;
        _rows.AsSpan((index + 1)..).CopyTo(_rows.AsSpan(index));
        _count--;
        Array.Resize(ref _rows, _count);
        FindAnew();
    }

    public void SetState(int index, LocalNameState state)
    {
        _rows[index].State = state;
        _version++;
    }

    /// <summary>Marks a name on one interface (MS-NBTE §3.1.1).</summary>
    public void Mark(int index, int interfaceIndex)
    {
        _rows[index].ConflictInterfaces |= (ushort)(1 << interfaceIndex);
        _version++;
    }

    /// <summary>The conflict is over on one interface.</summary>
    public void Unmark(int index, int interfaceIndex)
    {
        _rows[index].ConflictInterfaces &= (ushort)~(1 << interfaceIndex);
        _version++;
    }

    public readonly void SetFlags(int index, LocalNameFlags flags) => _rows[index].Flags |= flags;

    public readonly void ClearFlags(int index, LocalNameFlags flags) => _rows[index].Flags &= ~flags;

    public readonly void SetTimeToLive(int index, uint seconds) => _rows[index].TimeToLive = seconds;

    public readonly void RefreshAt(int index, Instant at) => _rows[index].RefreshAt = at;

    public readonly void StopRefresh(int index) => _rows[index].RefreshAt = Instant.MaxValue;

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        _count = (byte)codec.CarryCount(_count, most: EndNodeOptions.MaxNames);
        if (codec.IsReading)
            _rows = new LocalName[_count];
        foreach (ref var row in _rows.AsSpan(0, _count))
            row.Carry(codec);
        if (!codec.IsReading)
            return;
        _version++;
        FindAnew();
    }

    public readonly NodeNameTable Fork() => this with { _rows = Rows.ToArray() }; // the index of a table never changes, so both have it

    public readonly bool HasSameStateAs(in NodeNameTable other) => Rows.SequenceEqual(other.Rows);

    private void FindAnew()
    {
        _index = NameIndex.Of(_rows);
        _filter = 0;
        foreach (ref readonly var row in _rows.AsSpan())
            _filter |= FilterBit(row.Name.High, row.Name.Low);
    }

    private static bool Is(in NetBiosName name, ulong high, ulong low, NbnsNameView view) => name.Low == low && name.High == high && view.ScopeIs(name.Scope);

    /// <summary>Which bit of the filter a name sets.</summary>
    private static ulong FilterBit(ulong high, ulong low) => 1UL << (int)(((high ^ (low * 0x9E37_79B9_7F4A_7C15)) * 0xD6E8_FEB8_6659_FD93) >> 58);
}
