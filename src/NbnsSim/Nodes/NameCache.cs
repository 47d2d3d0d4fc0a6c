using NbnsSim.Names;
using NbnsSim.Protocol;
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

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref Name);
        codec.CarryUntil(ref ExpiresAt);
        codec.Carry(ref Entry);
        codec.Carry(ref FromNameServer);
    }
}

/// <summary>Remote names that a node has found, and the list of those last found by broadcast. Bounded; by its name, and for a packet without allocating.</summary>
internal struct NameCache
{
    /// <summary>How many of the names last resolved by broadcast are listed (<c>nbtstat -r</c>).</summary>
    private const int ResolvedListed = 8;

    private const int RowsInBlock = 16;

    private CachedName[] _rows = [];
    private NetBiosName[] _resolved = [];
    [NotState("follows from the rows")]
    private NameIndex? _index; // made when it is needed
    [NotState("follows from the rows")]
    private Instant[]? _firsts; // of so many rows each, when the first of them is forgotten; made when the cache is full
    [NotState("follows from the rows")]
    private bool _isIndexed;
    [NotState("follows from the rows")]
    private bool _hasFirsts;
    [NotState("follows from the rows")]
    private Instant _firstExpiry = Instant.MaxValue; // no entry is forgotten before
    private int _count;

    public NameCache()
    {
    }

    public readonly ReadOnlySpan<CachedName> Rows => _rows.AsSpan(0, _count);

    public readonly ReadOnlySpan<NetBiosName> ResolvedByBroadcast => _resolved;

    public readonly int Count => _count;

    /// <summary>What is known of a name and not forgotten by now.</summary>
    /// <returns>False where nothing is.</returns>
    public bool TryGet(in NetBiosName name, Instant now, out CachedName cached)
    {
        int at = Find(name);
        cached = at >= 0 ? _rows[at] : default;
        return at >= 0 && cached.ExpiresAt > now;
    }

    /// <summary>The row of a name in the cache; −1 where there is none.</summary>
    public int Find(in NetBiosName name)
    {
        if (_count <= NameIndex.LookedThrough)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_rows[i].Name == name)
                    return i;
            }

            return -1;
        }

        var index = Index();
        for (int at = index.Start(name.High, name.Low); index.Row(at) is >= 0 and var row; at = index.Next(at))
        {
            if (_rows[row].Name == name)
                return row;
        }

        return -1;
    }

    /// <summary>The row of a packet's name; allocates nothing, once the index is made.</summary>
    public int Find(ulong high, ulong low, NbnsNameView view)
    {
        if (_count <= NameIndex.LookedThrough)
        {
            for (int i = 0; i < _count; i++)
            {
                if (Is(_rows[i].Name, high, low, view))
                    return i;
            }

            return -1;
        }

        var index = Index();
        for (int at = index.Start(high, low); index.Row(at) is >= 0 and var row; at = index.Next(at))
        {
            if (Is(_rows[row].Name, high, low, view))
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
        if (at >= 0 && !isPreloaded && _rows[at].ExpiresAt == Instant.MaxValue)
            return;
        if (at < 0 && _firstExpiry <= now)
            RemoveAll(now, static (cached, time) => cached.ExpiresAt <= time);
        if (at < 0 && (_count < capacity || isPreloaded))
        {
            if (_count == _rows.Length)
                Array.Resize(ref _rows, Math.Max(_count + 1, isPreloaded ? _count * 2 : Math.Min(capacity, _count * 2)));
            at = _count++;
            _isIndexed = _isIndexed && _index!.TryAdd(entry.Name, at);
        }

        if (at < 0)
        {
            at = FirstForgotten();
            if (_rows[at].ExpiresAt == Instant.MaxValue)
                return;
            if (_isIndexed)
            {
                _index!.Remove(_rows, at);
                _index.TryAdd(entry.Name, at); // there is room: one has gone
            }
        }

        _rows[at] = entry;
        _firstExpiry = entry.ExpiresAt < _firstExpiry ? entry.ExpiresAt : _firstExpiry;
        if (_hasFirsts)
            NoteFirst(at / RowsInBlock);
    }

    /// <summary>Corrects the entry of a packet's name; one that nobody asked for is not learnt, what was preloaded stays.</summary>
    public bool TryCorrect(ulong high, ulong low, NbnsNameView view, NbEntry entry)
    {
        if (Find(high, low, view) is not (>= 0 and var at) || _rows[at].ExpiresAt == Instant.MaxValue)
            return false;
        _rows[at].Entry = entry;
        return true;
    }

    /// <summary>Drops the entry of a packet's name, which is no longer true; what was preloaded stays.</summary>
    public bool TryForget(ulong high, ulong low, NbnsNameView view)
    {
        if (Find(high, low, view) is not (>= 0 and var at) || _rows[at].ExpiresAt == Instant.MaxValue)
            return false;
        RemoveAt(at);
        return true;
    }

    public void RemoveAt(int index)
    {
        _rows.AsSpan((index + 1).._count).CopyTo(_rows.AsSpan(index));
        _rows[--_count] = default;
        (_isIndexed, _hasFirsts) = (false, false);
    }

    /// <summary>Drops whatever names a node's address, save what is preloaded.</summary>
    public void ForgetNode(Ipv4Address address) => RemoveAll(address, static (cached, node) => cached.Entry.Address == node && cached.ExpiresAt != Instant.MaxValue);

    public void Clear(bool keepPreloaded) => RemoveAll(keepPreloaded, static (cached, keep) => !keep || cached.ExpiresAt != Instant.MaxValue);

    private void RemoveAll<T>(T what, Func<CachedName, T, bool> goes)
    {
        int kept = 0;
        _firstExpiry = Instant.MaxValue;
        for (int i = 0; i < _count; i++)
        {
            if (goes(_rows[i], what))
                continue;
            _firstExpiry = _rows[i].ExpiresAt < _firstExpiry ? _rows[i].ExpiresAt : _firstExpiry;
            _rows[kept++] = _rows[i];
        }

        _rows.AsSpan(kept.._count).Clear();
        _count = kept;
        (_isIndexed, _hasFirsts) = (false, false);
    }

    private NameIndex Index()
    {
        if (_isIndexed)
            return _index!;
        if (_index?.HasRoomFor(_count) == true)
            _index.Clear();
        else
            _index = new NameIndex(_count * 2);
        for (int i = 0; i < _count; i++)
            _index.TryAdd(_rows[i].Name, i);
        _isIndexed = true;
        return _index;
    }

    /// <summary>The row of a full cache that is forgotten first; of several at once, the first.</summary>
    private int FirstForgotten()
    {
        int blocks = (_count + RowsInBlock - 1) / RowsInBlock;
        if (!_hasFirsts)
        {
            if (_firsts is null || _firsts.Length < blocks)
                _firsts = new Instant[blocks];
            for (int i = 0; i < blocks; i++)
                NoteFirst(i);
            _hasFirsts = true;
        }

        int block = 0;
        for (int i = 1; i < blocks; i++)
            block = _firsts![i] < _firsts[block] ? i : block;
        int at = block * RowsInBlock;
        while (_rows[at].ExpiresAt != _firsts![block])
            at++;
        return at;
    }

    private void NoteFirst(int block)
    {
        if (block >= _firsts!.Length)
            Array.Resize(ref _firsts, block * 2);
        var first = Instant.MaxValue;
        foreach (ref readonly var row in _rows.AsSpan(block * RowsInBlock, Math.Min(RowsInBlock, _count - (block * RowsInBlock))))
            first = row.ExpiresAt < first ? row.ExpiresAt : first;
        _firsts[block] = first;
    }

    private static bool Is(in NetBiosName name, ulong high, ulong low, NbnsNameView view) => name.Low == low && name.High == high && view.ScopeIs(name.Scope);

    public void NoteResolved(in NetBiosName name)
    {
        if (_resolved.Contains(name))
            return;
        if (_resolved.Length < ResolvedListed)
        {
            _resolved = [.. _resolved, name];
            return;
        }

        _resolved.AsSpan(1).CopyTo(_resolved);
        _resolved[^1] = name;
    }

    public readonly NameCache Fork() => this with { _rows = Rows.ToArray(), _resolved = [.. _resolved], _index = null, _firsts = null, _isIndexed = false, _hasFirsts = false };

    /// <summary>Carries all of it, but for a fingerprint the list of names last found, which is only shown.</summary>
    public void Carry(StateCodec codec)
    {
        _count = codec.CarryCount(_count, least: NetBiosName.Size);
        if (codec.IsReading)
            _rows = new CachedName[_count];
        foreach (ref var row in _rows.AsSpan(0, _count))
            row.Carry(codec);
        if (codec.IsFingerprint)
            return;
        int resolved = codec.CarryCount(_resolved.Length, most: ResolvedListed);
        if (codec.IsReading)
            _resolved = new NetBiosName[resolved];
        foreach (ref var name in _resolved.AsSpan())
            codec.Carry(ref name);
        if (!codec.IsReading)
            return;
        foreach (ref readonly var row in Rows)
            _firstExpiry = row.ExpiresAt < _firstExpiry ? row.ExpiresAt : _firstExpiry;
    }

    public readonly bool HasSameStateAs(in NameCache other) => Rows.SequenceEqual(other.Rows) && ResolvedByBroadcast.SequenceEqual(other.ResolvedByBroadcast);
}
