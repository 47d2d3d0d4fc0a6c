using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>A name that the name server has not answered for on some of a host's interfaces.</summary>
internal struct NameDebt
{
    public NetBiosName Name;

    /// <summary>When it is asked there again.</summary>
    public Instant RetryAt;

    /// <summary>On which interfaces, bit 0 the first, it has never agreed: the name is to be claimed there.</summary>
    public ushort Claims;

    /// <summary>On which ones it has not answered a refresh.</summary>
    public ushort Refreshes;

    /// <summary>The decision to ask again, while somebody listens; no part of the state.</summary>
    public long Decision;

    public readonly int Interfaces => Claims | Refreshes;

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref Name);
        codec.Carry(ref RetryAt);
        codec.Carry(ref Claims);
        codec.Carry(ref Refreshes);
        codec.CarryCause(ref Decision);
    }

    public readonly bool HasSameStateAs(in NameDebt other) => (Name, RetryAt, Claims, Refreshes) == (other.Name, other.RetryAt, other.Claims, other.Refreshes);
}

/// <summary>What a host with several interfaces owes its name server: each interface has its own luck (Q164308). At most one entry for each of its names.</summary>
internal struct NameDebts
{
    private NameDebt[] _items = [];
    [NotState("follows from the items")]
    private Instant _dueAt = Instant.MaxValue;

    public NameDebts()
    {
    }

    public readonly ReadOnlySpan<NameDebt> Items => _items;

    /// <summary>When the first of them is due.</summary>
    public readonly Instant DueAt => _dueAt;

    /// <summary>What is owed for a name; empty where nothing is.</summary>
    public readonly NameDebt Of(in NetBiosName name) => Find(name) is >= 0 and var at ? _items[at] : new NameDebt { Name = name, RetryAt = Instant.MaxValue };

    public void Add(in NetBiosName name, int interfaceIndex, bool isClaim, Instant retryAt, long decision)
    {
        int at = Find(name);
        if (at < 0)
        {
            at = _items.Length;
            Array.Resize(ref _items, at + 1);
            _items[at] = new NameDebt { Name = name, RetryAt = retryAt };
        }

        ref var debt = ref _items[at];
        ref ushort interfaces = ref isClaim ? ref debt.Claims : ref debt.Refreshes;
        interfaces |= (ushort)(1 << interfaceIndex);
        debt.RetryAt = retryAt < debt.RetryAt ? retryAt : debt.RetryAt;
        debt.Decision = decision;
        _dueAt = retryAt < _dueAt ? retryAt : _dueAt;
    }

    /// <summary>The name server has answered on some interfaces, or they have nothing to ask any more.</summary>
    public void Settle(in NetBiosName name, int interfaces)
    {
        if (Find(name) is not (>= 0 and var at))
            return;
        ref var debt = ref _items[at];
        debt.Claims &= (ushort)~interfaces;
        debt.Refreshes &= (ushort)~interfaces;
        if (debt.Interfaces == 0)
            RemoveAt(at);
    }

    /// <summary>Takes out one that is due.</summary>
    public bool TryTake(Instant now, out NameDebt debt)
    {
        for (int i = 0; i < _items.Length; i++)
        {
            if (_items[i].RetryAt > now)
                continue;
            debt = _items[i];
            RemoveAt(i);
            return true;
        }

        debt = default;
        return false;
    }

    public readonly NameDebts Fork() => this with { _items = [.. _items] };

    /// <summary>Carries all of them.</summary>
    public void Carry(StateCodec codec)
    {
        int count = codec.CarryCount(_items.Length, most: EndNodeOptions.MaxNames);
        if (codec.IsReading)
            _items = new NameDebt[count];
        foreach (ref var debt in _items.AsSpan())
            debt.Carry(codec);
        if (codec.IsReading)
            FindDue();
    }

    public readonly bool HasSameStateAs(in NameDebts other)
    {
        if (_items.Length != other._items.Length)
            return false;
        for (int i = 0; i < _items.Length; i++)
        {
            if (!_items[i].HasSameStateAs(other._items[i]))
                return false;
        }

        return true;
    }

    private readonly int Find(in NetBiosName name)
    {
        for (int i = 0; i < _items.Length; i++)
        {
            if (_items[i].Name == name)
                return i;
        }

        return -1;
    }

    private void RemoveAt(int index)
    {
        _items.AsSpan((index + 1)..).CopyTo(_items.AsSpan(index));
        Array.Resize(ref _items, _items.Length - 1);
        FindDue();
    }

    private void FindDue()
    {
        _dueAt = Instant.MaxValue;
        foreach (ref readonly var debt in _items.AsSpan())
            _dueAt = debt.RetryAt < _dueAt ? debt.RetryAt : _dueAt;
    }
}
