using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>The local name table and the tables of nbtstat.</content>
public sealed partial class EndNode
{
    /// <summary>How many names are in the node's own table.</summary>
    public int NameCount => _nameCount;

    /// <summary>Another number whenever a name came into the table, left it or changed its state: whoever watches the table need not look at it in between.</summary>
    internal uint NameTableVersion => _nameChanges;

    /// <summary>A row of the node's own table; they stand in the order in which the names were added.</summary>
    /// <param name="index">0 to <see cref="NameCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public LocalNameInfo GetName(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, _nameCount, nameof(index));
        ref readonly var row = ref _names[index];
        var retryAt = DebtOf(row.Name).RetryAt;
        var refreshAt = row.RefreshAt < retryAt ? row.RefreshAt : retryAt;
        return new LocalNameInfo(
            row.Name,
            row.IsGroup,
            row.ConflictInterfaces != 0 ? LocalNameState.Conflict : row.State,
            row.TimeToLive,
            refreshAt == Instant.MaxValue ? null : refreshAt,
            row.Has(LocalNameFlags.ByNameServer));
    }

    /// <summary>What is up with a name in the node's own table.</summary>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <returns><see langword="null"/> where the name is not in the table.</returns>
    public LocalNameState? GetNameState(NetBiosName name) => Find(InScope(name)) is >= 0 and var index ? GetName(index).State : null;

    /// <summary>The rows of <c>nbtstat -n</c>.</summary>
    /// <param name="interfaceIndex">Which interface's table: conflict is marked for each (MS-NBTE §3.1.1).</param>
    public NbtStatNameRow[] GetNameRows(int interfaceIndex = 0)
    {
        var rows = new NbtStatNameRow[_nameCount];
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref _names[i];
            var status = IsInConflict(row, interfaceIndex) ? NbtStatStatus.Conflict : row.State switch
            {
                LocalNameState.Registering => NbtStatStatus.Registering,
                LocalNameState.Releasing => NbtStatStatus.Deregistered,
                _ => NbtStatStatus.Registered,
            };
            rows[i] = new NbtStatNameRow(row.Name, row.IsGroup, status);
        }

        return rows;
    }

    /// <summary>The rows of <c>nbtstat -c</c>: remote names, in the order in which they were learnt.</summary>
    /// <param name="now">The current time, from which their lives count.</param>
    public NbtStatCacheRow[] GetCacheRows(Instant now)
    {
        var rows = new List<NbtStatCacheRow>();
        foreach (ref readonly var entry in _memory is null ? default : _memory.Cache)
        {
            if (entry.ExpiresAt == Instant.MaxValue)
                rows.Add(new NbtStatCacheRow(entry.Name, entry.Entry.Flags.IsGroup, entry.Entry.Address, NbtStatCacheRow.Preloaded));
            else if (entry.ExpiresAt > now)
                rows.Add(new NbtStatCacheRow(entry.Name, entry.Entry.Flags.IsGroup, entry.Entry.Address, (int)(entry.ExpiresAt - now).TotalSeconds));
        }

        return [.. rows];
    }

    /// <summary>The counters of <c>nbtstat -r</c>.</summary>
    public NbtStatStatistics GetStatistics() => new(
        _counters.ResolvedByBroadcast, _counters.ResolvedByNameServer, _counters.RegisteredByBroadcast, _counters.RegisteredByNameServer);

    /// <summary>The names last resolved by broadcast, the second part of <c>nbtstat -r</c>.</summary>
    public NetBiosName[] GetNamesResolvedByBroadcast() => _memory is null ? [] : [.. _memory.ResolvedByBroadcast];

    private static bool IsInConflict(in LocalName row, int interfaceIndex) => (row.ConflictInterfaces >> interfaceIndex & 1) != 0;

    /// <summary>A name as a command has it, in the node's scope unless it brings its own.</summary>
    private NetBiosName InScope(NetBiosName name) => name.Scope.IsEmpty ? name.WithScope(_options.Scope) : name;

    private int Find(in NetBiosName name)
    {
        if (_nameIndex is null)
        {
            for (int i = 0; i < _nameCount; i++)
            {
                if (_names[i].Name == name)
                    return i;
            }

            return -1;
        }

        for (int at = _nameIndex.Start(name.High, name.Low); _nameIndex.Row(at) is >= 0 and var row; at = _nameIndex.Next(at))
        {
            if (_names[row].Name == name)
                return row;
        }

        return -1;
    }

    /// <summary>The row of the name in a packet, scope included (RFC 1002 §5.1); allocates nothing.</summary>
    private int Find(ulong high, ulong low, NbnsNameView view)
    {
        var names = _names;
        if (_nameIndex is null)
        {
            for (int i = 0; i < names.Length && i < _nameCount; i++)
            {
                if (IsName(names[i].Name, high, low, view))
                    return i;
            }

            return -1;
        }

        for (int at = _nameIndex.Start(high, low); _nameIndex.Row(at) is >= 0 and var row; at = _nameIndex.Next(at))
        {
            if (IsName(names[row].Name, high, low, view))
                return row;
        }

        return -1;
    }

    private static bool IsName(in NetBiosName name, ulong high, ulong low, NbnsNameView view) => name.Low == low && name.High == high && view.ScopeIs(name.Scope);

    /// <summary>Which bit of the name filter a name sets: a name whose bit is clear is not in the table, and the table need not be looked at.</summary>
    private static ulong FilterBit(ulong high, ulong low) => 1UL << (int)(((high ^ (low * 0x9E37_79B9_7F4A_7C15)) * 0xD6E8_FEB8_6659_FD93) >> 58);

    private void SetState(ref LocalName row, LocalNameState state)
    {
        row.State = state;
        _nameChanges++;
    }

    private void SetConflictInterfaces(ref LocalName row, int interfaces)
    {
        row.ConflictInterfaces = (ushort)interfaces;
        _nameChanges++;
    }

    private int AddRow(in NetBiosName name, bool isGroup, LocalNameState state)
    {
        _nameChanges++;
        if (_nameCount == _names.Length)
            Array.Resize(ref _names, _nameCount + 1); // exact: most nodes add a few names once
        _names[_nameCount] = new LocalName { Name = name, RefreshAt = Instant.MaxValue, State = state, Flags = isGroup ? LocalNameFlags.Group : LocalNameFlags.None };
        _nameFilter |= FilterBit(name.High, name.Low);
        _nameIndex = NameIndex.Of(_names);
        return _nameCount++;
    }

    private void RemoveRow(int index)
    {
        _memory?.Debts?.Settle(_names[index].Name, AllInterfaces);
        _nameChanges++;
        Teller?.StopTimer(_names[index].Name);
        _names.AsSpan((index + 1)..).CopyTo(_names.AsSpan(index));
        _nameCount--;
        Array.Resize(ref _names, _nameCount);
        _nameIndex = NameIndex.Of(_names);
        _nameFilter = 0;
        foreach (ref readonly var row in _names.AsSpan())
            _nameFilter |= FilterBit(row.Name.High, row.Name.Low);
    }
}
