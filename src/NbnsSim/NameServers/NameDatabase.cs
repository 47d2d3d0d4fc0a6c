using System.Runtime.CompilerServices;
using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>
/// The names of a server: slots in pages, which never move, and an open-addressing index of their numbers. Nothing is allocated but when the
/// table grows, and nothing of it depends on the order of an index: who wants an order sorts by name or version.
/// </summary>
internal sealed partial class NameDatabase
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;
    private const int FirstPageSize = 8;

    private NameSlot[][] _pages;
    private int _used;
    private int _free = NameSlot.None;
    private IndexEntry[] _index;
    private int _count;

    /// <summary>Makes an empty database.</summary>
    /// <param name="maxScopes">How many scopes it may hold.</param>
    /// <param name="countsSources">Whether it counts what each source has registered.</param>
    public NameDatabase(int maxScopes, bool countsSources)
    {
        Sources = countsSources ? new SourceTable() : null;
        Scopes = new ScopeTable(maxScopes);
        _pages = [];
        _index = new IndexEntry[2 * FirstPageSize];
    }

    public NameDatabase(NameDatabase other)
    {
        Scopes = new ScopeTable(other.Scopes);
        Sources = other.Sources is { } sources ? new SourceTable(sources) : null;
        _pages = new NameSlot[other._pages.Length][];
        for (int page = 0; page < _pages.Length; page++)
            _pages[page] = (NameSlot[])other._pages[page].Clone();
        _used = other._used;
        _free = other._free;
        _index = (IndexEntry[])other._index.Clone();
        _count = other._count;
        _members = (MemberSlot[])other._members.Clone();
        _membersUsed = other._membersUsed;
        _freeMember = other._freeMember;
        _buckets = (int[]?)other._buckets?.Clone();
        _occupied = (ulong[])other._occupied.Clone();
        _tick = other._tick;
    }

    /// <summary>The scopes of the names.</summary>
    public ScopeTable Scopes { get; }

    /// <summary>What each source holds; null where nobody counts.</summary>
    public SourceTable? Sources { get; }

    /// <summary>How many names there are.</summary>
    public int Count => _count;

    /// <summary>One more than the highest slot number.</summary>
    public int SlotCount => _used;

    /// <summary>A slot. The reference holds until a name is added.</summary>
    public ref NameSlot this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _pages[slot >> PageBits][slot & (PageSize - 1)];
    }

    /// <summary>The name in a slot.</summary>
    public NetBiosName NameOf(int slot)
    {
        ref var name = ref this[slot];
        return new NetBiosName(name.High, name.Low, Scopes[name.Scope]);
    }

    /// <summary>Where a name is, or <see cref="NameSlot.None"/>.</summary>
    public int Find(in NetBiosName name) => Find(name.High, name.Low, Scopes.Find(name.Scope.Encoded));

    /// <summary>Where a name is, or <see cref="NameSlot.None"/>.</summary>
    /// <param name="high">Octets 0 to 7.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <param name="scope">The scope's number; negative for one that is not in use.</param>
    public int Find(ulong high, ulong low, int scope)
    {
        if (scope < 0)
            return NameSlot.None;
        uint hash = Hash(high, low, scope);
        var index = _index;
        for (uint at = hash; ; at++)
        {
            ref var entry = ref index[at & (uint)(index.Length - 1)];
            if (entry.SlotPlusOne == 0)
                return NameSlot.None;
            if (entry.Hash != hash)
                continue;
            ref var name = ref this[entry.SlotPlusOne - 1];
            if (name.High == high && name.Low == low && name.Scope == scope)
                return entry.SlotPlusOne - 1;
        }
    }

    /// <summary>Adds a name that is not there yet; the slot holds nothing but the name. The scope's user count is the caller's.</summary>
    public int Add(ulong high, ulong low, int scope)
    {
        if ((_count + 1) * 4L > _index.Length * 3L)
            GrowIndex();
        int slot = TakeSlot();
        ref var name = ref this[slot];
        name = new NameSlot
        {
            High = high,
            Low = low,
            Scope = scope,
            FirstMember = NameSlot.None,
            Challenge = NameSlot.None,
            Next = NameSlot.None,
            Previous = NameSlot.None,
            Bucket = NameSlot.None,
            Flags = SlotFlags.InUse,
            Deadline = long.MaxValue,
        };
        Insert(_index, Hash(high, low, scope), slot + 1);
        _count++;
        return slot;
    }

    /// <summary>Takes a name out, with its addresses; the slot stays until <see cref="Free"/>.</summary>
    public void Remove(int slot)
    {
        Unschedule(slot);
        ClearMembers(slot);
        SetSource(slot, null);
        ref var name = ref this[slot];
        uint mask = (uint)(_index.Length - 1);
        uint at = Hash(name.High, name.Low, name.Scope) & mask;
        while (_index[at].SlotPlusOne != slot + 1)
            at = (at + 1) & mask;

        // Close the gap, so that no look-up stops short: an entry moves up unless its own place lies behind the gap.
        uint gap = at;
        for (uint next = (gap + 1) & mask; _index[next].SlotPlusOne != 0; next = (next + 1) & mask)
        {
            if (((next - _index[next].Hash) & mask) < ((next - gap) & mask))
                continue;
            _index[gap] = _index[next];
            gap = next;
        }

        _index[gap] = default;
        _count--;
    }

    /// <summary>Gives a removed slot back.</summary>
    public void Free(int slot)
    {
        ref var name = ref this[slot];
        Scopes.Release(name.Scope);
        name = new NameSlot { Next = _free };
        _free = slot;
    }

    private int TakeSlot()
    {
        if (_free != NameSlot.None)
        {
            int slot = _free;
            _free = this[slot].Next;
            return slot;
        }

        int page = _used >> PageBits;
        if (page == _pages.Length)
        {
            Array.Resize(ref _pages, page + 1);
            _pages[page] = new NameSlot[page == 0 ? FirstPageSize : PageSize];
        }
        else if ((_used & (PageSize - 1)) == _pages[page].Length)
        {
            Array.Resize(ref _pages[page], 2 * _pages[page].Length); // the first page: small servers stay small
        }

        return _used++;
    }

    private void GrowIndex()
    {
        var index = new IndexEntry[2 * _index.Length];
        foreach (var entry in _index)
        {
            if (entry.SlotPlusOne != 0)
                Insert(index, entry.Hash, entry.SlotPlusOne);
        }

        _index = index;
    }

    private static void Insert(IndexEntry[] index, uint hash, int slotPlusOne)
    {
        uint at = hash;
        while (index[at & (uint)(index.Length - 1)].SlotPlusOne != 0)
            at++;
        index[at & (uint)(index.Length - 1)] = new IndexEntry { Hash = hash, SlotPlusOne = slotPlusOne };
    }

    /// <summary>Nobody can choose names that collide; the numbers of scopes are small and only have to be spread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Hash(ulong high, ulong low, int scope) => (uint)KeyedHash.Of(high, low) + ((uint)scope * 0x9E37_79B1);

    private struct IndexEntry
    {
        public uint Hash;
        public int SlotPlusOne;
    }
}
