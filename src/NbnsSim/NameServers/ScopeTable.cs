using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>The scopes in use, each with a small number; 0 is no scope. Counted, so that a scope goes with its last name.</summary>
[NotState("follows from the names, which are carried with their scopes")]
internal sealed class ScopeTable
{
    private readonly int _maxScopes;
    private Entry[] _entries;
    private int[] _buckets;
    private int _used;
    private int _free;
    private int _count;

    public ScopeTable(int maxScopes)
    {
        _maxScopes = maxScopes;
        _entries = [];
        _buckets = [];
        _used = 1; // number 0 is taken
    }

    public ScopeTable(ScopeTable other)
    {
        _maxScopes = other._maxScopes;
        _entries = (Entry[])other._entries.Clone();
        _buckets = (int[])other._buckets.Clone();
        _used = other._used;
        _free = other._free;
        _count = other._count;
    }

    /// <summary>The scope with a number.</summary>
    public NetBiosScope this[int scope] => scope == 0 ? NetBiosScope.Empty : _entries[scope].Scope!;

    /// <summary>The number of a scope, or −1 where it is not in use.</summary>
    /// <param name="encoded">Its labels, each behind its length octet.</param>
    public int Find(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
            return 0;
        if (_buckets.Length == 0)
            return -1;
        uint hash = (uint)KeyedHash.Of(encoded);
        for (int at = _buckets[hash & (uint)(_buckets.Length - 1)]; at != 0; at = _entries[at].Next)
        {
            if (_entries[at].Hash == hash && _entries[at].Scope!.Encoded.SequenceEqual(encoded))
                return at;
        }

        return -1;
    }

    /// <summary>The number of a scope that has one more user now.</summary>
    /// <returns>−1 where there are too many scopes.</returns>
    public int Acquire(ReadOnlySpan<byte> encoded)
    {
        int scope = Find(encoded);
        if (scope >= 0)
        {
            Acquire(scope);
            return scope;
        }

        if (_count >= _maxScopes)
            return -1;
        if (_free != 0)
        {
            scope = _free;
            _free = _entries[scope].Next;
        }
        else
        {
            scope = _used++;
            if (scope >= _entries.Length)
                Array.Resize(ref _entries, Math.Max(8, 2 * scope));
        }

        _entries[scope] = new Entry { Scope = NetBiosScope.FromEncoded(encoded.ToArray()), Hash = (uint)KeyedHash.Of(encoded), Users = 1 };
        if (++_count > _buckets.Length)
            Rehash(Math.Max(8, 2 * _buckets.Length));
        else
            Link(scope);
        return scope;
    }

    /// <summary>Counts one more user of a scope.</summary>
    public void Acquire(int scope)
    {
        if (scope != 0)
            _entries[scope].Users++;
    }

    /// <summary>Counts one user less; the last one takes the scope with it.</summary>
    public void Release(int scope)
    {
        if (scope == 0 || --_entries[scope].Users > 0)
            return;
        ref int link = ref _buckets[_entries[scope].Hash & (uint)(_buckets.Length - 1)];
        while (link != scope)
            link = ref _entries[link].Next;
        link = _entries[scope].Next;
        _entries[scope] = new Entry { Next = _free };
        _free = scope;
        _count--;
    }

    private void Rehash(int size)
    {
        _buckets = new int[size];
        for (int scope = 1; scope < _used; scope++)
        {
            if (_entries[scope].Scope is not null)
                Link(scope);
        }
    }

    private void Link(int scope)
    {
        ref int bucket = ref _buckets[_entries[scope].Hash & (uint)(_buckets.Length - 1)];
        _entries[scope].Next = bucket;
        bucket = scope;
    }

    private struct Entry
    {
        public NetBiosScope? Scope;
        public uint Hash;
        public int Users;
        public int Next;
    }
}
