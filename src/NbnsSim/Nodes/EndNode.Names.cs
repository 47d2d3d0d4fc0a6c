using NbnsSim.Names;

namespace NbnsSim.Nodes;

/// <content>The local name table and the tables of nbtstat.</content>
public sealed partial class EndNode
{
    /// <summary>How many names are in the node's own table.</summary>
    public int NameCount => _node.Names.Count;

    /// <summary>Another number whenever a name came into the table, left it or changed its state: whoever watches the table need not look at it in between.</summary>
    internal uint NameTableVersion => _node.Names.Version;

    /// <summary>A row of the node's own table; they stand in the order in which the names were added.</summary>
    /// <param name="index">0 to <see cref="NameCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public LocalNameInfo GetName(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_node.Names.Count, nameof(index));
        ref readonly var row = ref _node.Names[index];
        var retryAt = Debts.Of(ref _node, row.Name).RetryAt;
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
    public LocalNameState? GetNameState(NetBiosName name) => _node.Names.Find(_node.InScope(name)) is >= 0 and var index ? GetName(index).State : null;

    /// <summary>The rows of <c>nbtstat -n</c>.</summary>
    /// <param name="interfaceIndex">Which interface's table: conflict is marked for each (MS-NBTE §3.1.1).</param>
    public NbtStatNameRow[] GetNameRows(int interfaceIndex = 0)
    {
        var rows = new NbtStatNameRow[_node.Names.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref _node.Names[i];
            var status = row.IsInConflictOn(interfaceIndex) ? NbtStatStatus.Conflict : row.State switch
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
        foreach (ref readonly var entry in _node.Memory is null ? default : _node.Memory.Cache.Rows)
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
        _node.Counters.ResolvedByBroadcast, _node.Counters.ResolvedByNameServer, _node.Counters.RegisteredByBroadcast, _node.Counters.RegisteredByNameServer);

    /// <summary>The names last resolved by broadcast, the second part of <c>nbtstat -r</c>.</summary>
    public NetBiosName[] GetNamesResolvedByBroadcast() => _node.Memory is null ? [] : [.. _node.Memory.Cache.ResolvedByBroadcast];

    private static bool IsInConflict(in LocalName row, int interfaceIndex) => (row.ConflictInterfaces >> interfaceIndex & 1) != 0;
}
