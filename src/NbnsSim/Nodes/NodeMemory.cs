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

    /// <summary>When names were last released and registered anew.</summary>
    public Instant RenewedAt { get; set; } = Instant.MinValue;

    public int Find(ulong high, ulong low, NetBiosScope scope)
    {
        for (int i = 0; i < CacheCount; i++)
        {
            ref readonly var name = ref _cache[i].Name;
            if (name.Low == low && name.High == high && name.Scope.Equals(scope))
                return i;
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
        int at = Find(entry.Name.High, entry.Name.Low, entry.Name.Scope);
        if (at >= 0 && !isPreloaded && _cache[at].ExpiresAt == Instant.MaxValue)
            return;
        for (int i = CacheCount - 1; at < 0 && i >= 0; i--)
        {
            if (_cache[i].ExpiresAt <= now)
                RemoveAt(i);
        }

        if (at < 0 && (CacheCount < capacity || isPreloaded))
        {
            if (CacheCount == _cache.Length)
                Array.Resize(ref _cache, Math.Max(CacheCount + 1, Math.Min(capacity, CacheCount * 2)));
            at = CacheCount++;
        }

        if (at < 0)
        {
            at = 0;
            for (int i = 1; i < CacheCount; i++)
                at = _cache[i].ExpiresAt < _cache[at].ExpiresAt ? i : at;
            if (_cache[at].ExpiresAt == Instant.MaxValue)
                return;
        }

        _cache[at] = entry;
    }

    public void Correct(int index, NbEntry entry) => _cache[index].Entry = entry;

    public void RemoveAt(int index)
    {
        _cache.AsSpan((index + 1)..CacheCount).CopyTo(_cache.AsSpan(index));
        _cache[--CacheCount] = default;
    }

    /// <summary>Drops whatever names a node's address, save what is preloaded.</summary>
    public void ForgetNode(Ipv4Address address)
    {
        for (int i = CacheCount - 1; i >= 0; i--)
        {
            if (_cache[i].Entry.Address == address && _cache[i].ExpiresAt != Instant.MaxValue)
                RemoveAt(i);
        }
    }

    public void Clear(bool keepPreloaded)
    {
        for (int i = CacheCount - 1; i >= 0; i--)
        {
            if (!keepPreloaded || _cache[i].ExpiresAt != Instant.MaxValue)
                RemoveAt(i);
        }
    }

    public void NoteResolved(in NetBiosName name)
    {
        if (_resolved.Contains(name))
            return;
        _resolved = _resolved.Length < ResolvedListed ? [.. _resolved, name] : [.. _resolved.AsSpan(1), name];
    }

    public bool HasSameStateAs(NodeMemory other) =>
        Cache.SequenceEqual(other.Cache) && ResolvedByBroadcast.SequenceEqual(other.ResolvedByBroadcast)
        && (CurrentServer, ServersDownUntil, SwitchBackAt) == (other.CurrentServer, other.ServersDownUntil, other.SwitchBackAt)
        && (SwitchBacksLeft, RenewedAt) == (other.SwitchBacksLeft, other.RenewedAt);

    public NodeMemory Clone()
    {
        var copy = (NodeMemory)MemberwiseClone();
        copy._cache = Cache.ToArray();
        copy._resolved = [.. _resolved];
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
