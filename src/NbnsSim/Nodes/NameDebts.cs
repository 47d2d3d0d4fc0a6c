using NbnsSim.Names;

namespace NbnsSim.Nodes;

/// <summary>A name that the name server has not answered for on some of a host's interfaces.</summary>
internal record struct NameDebt
{
    public NetBiosName Name;

    /// <summary>When it is asked there again.</summary>
    public Instant RetryAt;

    /// <summary>On which interfaces, bit 0 the first, it has never agreed: the name is to be claimed there.</summary>
    public ushort Claims;

    /// <summary>On which ones it has not answered a refresh.</summary>
    public ushort Refreshes;

    public readonly int Interfaces => Claims | Refreshes;
}

/// <summary>What a host with several interfaces owes its name server: each interface has its own luck (Q164308). At most one entry for each of its names.</summary>
internal sealed class NameDebts
{
    private NameDebt[] _items = [];

    public ReadOnlySpan<NameDebt> Items => _items;

    /// <summary>When the first of them is due.</summary>
    public Instant DueAt { get; private set; } = Instant.MaxValue;

    /// <summary>What is owed for a name; empty where nothing is.</summary>
    public NameDebt Of(in NetBiosName name) => Find(name) is >= 0 and var at ? _items[at] : new NameDebt { Name = name, RetryAt = Instant.MaxValue };

    public void Add(in NetBiosName name, int interfaceIndex, bool isClaim, Instant retryAt)
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
        DueAt = retryAt < DueAt ? retryAt : DueAt;
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

    public bool HasSameStateAs(NameDebts? other) => Items.SequenceEqual(other is null ? default : other.Items);

    public NameDebts Clone() => new() { _items = [.. _items], DueAt = DueAt };

    private int Find(in NetBiosName name)
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
        DueAt = Instant.MaxValue;
        foreach (ref readonly var debt in _items.AsSpan())
            DueAt = debt.RetryAt < DueAt ? debt.RetryAt : DueAt;
    }
}
