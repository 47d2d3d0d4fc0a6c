using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>A remote name in the cache.</summary>
internal record struct CachedName
{
    public NetBiosName Name;

    /// <summary>When it is forgotten; <see cref="Instant.MaxValue"/> for a preloaded entry.</summary>
    public Instant ExpiresAt;
    public NbEntry Entry;

    /// <summary>A name server said it: a proxy passes on no other's word.</summary>
    public bool FromNameServer;
}

/// <summary>What a node remembers beside its own names. Made when there is something: most simulated nodes never have any.</summary>
internal sealed class NodeMemory
{
    /// <summary>How many of the names last resolved by broadcast are listed (<c>nbtstat -r</c>).</summary>
    private const int ResolvedListed = 8;

    /// <summary>What a node that remembers nothing remembers; never changed.</summary>
    public static readonly NodeMemory Empty = new();

    private CachedName[] _cache = [];
    private NetBiosName[] _resolved = [];
    private NameIndex? _index; // of the cache; made when it is needed
    private Instant _firstExpiry = Instant.MaxValue; // no entry is forgotten before

    public ReadOnlySpan<CachedName> Cache => _cache.AsSpan(0, CacheCount);

    public ReadOnlySpan<NetBiosName> ResolvedByBroadcast => _resolved;

    public int CacheCount { get; private set; }

    /// <summary>Which of the configured name servers is asked first.</summary>
    public byte CurrentServer { get; set; }

    /// <summary>Until when name servers are left alone, none having answered (<c>WinsDownTimeout</c>).</summary>
    public Instant ServersDownUntil { get; set; } = Instant.MinValue;

    /// <summary>When the primary name server is tried again.</summary>
    public Instant SwitchBackAt { get; set; } = Instant.MaxValue;

    public int SwitchBacksLeft { get; set; }

    /// <summary>What the name server has not answered on one of several interfaces; made when there is something.</summary>
    public NameDebts? Debts { get; set; }

    /// <summary>When names were last released and registered anew.</summary>
    public Instant RenewedAt { get; set; } = Instant.MinValue;

    /// <summary>The row of a name in the cache; −1 where there is none.</summary>
    public int Find(in NetBiosName name)
    {
        if (CacheCount <= NameIndex.LookedThrough)
        {
            for (int i = 0; i < CacheCount; i++)
            {
                if (_cache[i].Name == name)
                    return i;
            }

            return -1;
        }

        var index = Index();
        for (int at = index.Start(name.High, name.Low); index.Row(at) is >= 0 and var row; at = index.Next(at))
        {
            if (_cache[row].Name == name)
                return row;
        }

        return -1;
    }

    /// <summary>The row of a packet's name; allocates nothing, once the index is made.</summary>
    public int Find(ulong high, ulong low, NbnsNameView view)
    {
        if (CacheCount <= NameIndex.LookedThrough)
        {
            for (int i = 0; i < CacheCount; i++)
            {
                if (Is(_cache[i].Name, high, low, view))
                    return i;
            }

            return -1;
        }

        var index = Index();
        for (int at = index.Start(high, low); index.Row(at) is >= 0 and var row; at = index.Next(at))
        {
            if (Is(_cache[row].Name, high, low, view))
                return row;
        }

        return -1;
    }

    /// <summary>
    /// Adds or replaces an entry; when the cache is full, the entry that would be forgotten first makes room. A preloaded entry neither makes
    /// room nor is replaced by one that is not, and is added even where the cache is full.
    /// </summary>
    public void Put(in CachedName entry, Instant now, int capacity)
    {
        bool isPreloaded = entry.ExpiresAt == Instant.MaxValue;
        int at = Find(entry.Name);
        if (at >= 0 && !isPreloaded && _cache[at].ExpiresAt == Instant.MaxValue)
            return;
        if (at < 0 && _firstExpiry <= now)
            RemoveAll(now, static (cached, time) => cached.ExpiresAt <= time);
        if (at < 0 && (CacheCount < capacity || isPreloaded))
        {
            if (CacheCount == _cache.Length)
                Array.Resize(ref _cache, Math.Max(CacheCount + 1, isPreloaded ? CacheCount * 2 : Math.Min(capacity, CacheCount * 2)));
            at = CacheCount++;
            if (_index is not null && !_index.TryAdd(entry.Name, at))
                _index = null;
        }

        if (at < 0)
        {
            at = 0;
            for (int i = 1; i < CacheCount; i++)
                at = _cache[i].ExpiresAt < _cache[at].ExpiresAt ? i : at;
            if (_cache[at].ExpiresAt == Instant.MaxValue)
                return;
            _index = null;
        }

        _cache[at] = entry;
        _firstExpiry = entry.ExpiresAt < _firstExpiry ? entry.ExpiresAt : _firstExpiry;
    }

    public void Correct(int index, NbEntry entry) => _cache[index].Entry = entry;

    public void RemoveAt(int index)
    {
        _cache.AsSpan((index + 1)..CacheCount).CopyTo(_cache.AsSpan(index));
        _cache[--CacheCount] = default;
        _index = null;
    }

    /// <summary>Drops whatever names a node's address, save what is preloaded.</summary>
    public void ForgetNode(Ipv4Address address) => RemoveAll(address, static (cached, node) => cached.Entry.Address == node && cached.ExpiresAt != Instant.MaxValue);

    public void Clear(bool keepPreloaded) => RemoveAll(keepPreloaded, static (cached, keep) => !keep || cached.ExpiresAt != Instant.MaxValue);

    private void RemoveAll<T>(T what, Func<CachedName, T, bool> goes)
    {
        int kept = 0;
        _firstExpiry = Instant.MaxValue;
        for (int i = 0; i < CacheCount; i++)
        {
            if (goes(_cache[i], what))
                continue;
            _firstExpiry = _cache[i].ExpiresAt < _firstExpiry ? _cache[i].ExpiresAt : _firstExpiry;
            _cache[kept++] = _cache[i];
        }

        _cache.AsSpan(kept..CacheCount).Clear();
        CacheCount = kept;
        _index = null;
    }

    private NameIndex Index()
    {
        if (_index is not null)
            return _index;
        _index = new NameIndex(CacheCount * 2);
        for (int i = 0; i < CacheCount; i++)
            _index.TryAdd(_cache[i].Name, i);
        return _index;
    }

    private static bool Is(in NetBiosName name, ulong high, ulong low, NbnsNameView view) => name.Low == low && name.High == high && view.ScopeIs(name.Scope);

    public void NoteResolved(in NetBiosName name)
    {
        if (_resolved.Contains(name))
            return;
        _resolved = _resolved.Length < ResolvedListed ? [.. _resolved, name] : [.. _resolved.AsSpan(1), name];
    }

    public bool HasSameStateAs(NodeMemory other) =>
        Cache.SequenceEqual(other.Cache) && ResolvedByBroadcast.SequenceEqual(other.ResolvedByBroadcast)
        && (CurrentServer, ServersDownUntil, SwitchBackAt) == (other.CurrentServer, other.ServersDownUntil, other.SwitchBackAt)
        && (SwitchBacksLeft, RenewedAt) == (other.SwitchBacksLeft, other.RenewedAt)
        && (Debts?.HasSameStateAs(other.Debts) ?? other.Debts is null or { Items.Length: 0 });

    public NodeMemory Clone()
    {
        var copy = (NodeMemory)MemberwiseClone();
        copy._cache = Cache.ToArray();
        copy._resolved = [.. _resolved];
        copy._index = null;
        copy.Debts = Debts?.Clone();
        return copy;
    }
}

/// <summary>The counters of <c>nbtstat -r</c>.</summary>
internal record struct NodeCounters
{
    public uint ResolvedByBroadcast;
    public uint ResolvedByNameServer;
    public uint RegisteredByBroadcast;
    public uint RegisteredByNameServer;
}
