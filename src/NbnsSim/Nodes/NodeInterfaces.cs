using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>A node's interfaces. Most have one, which stands here itself.</summary>
internal struct NodeInterfaces
{
    private EndNodeInterface _first;
    private EndNodeInterface[]? _others; // multi-homed nodes only

    public NodeInterfaces(ReadOnlySpan<EndNodeInterface> interfaces)
    {
        _first = interfaces[0];
        _others = interfaces.Length > 1 ? interfaces[1..].ToArray() : null;
    }

    public readonly int Count => 1 + (_others?.Length ?? 0);

    public readonly bool AreSeveral => _others is not null;

    /// <summary>A bit for each of them, bit 0 the first.</summary>
    public readonly ushort All => (ushort)((1 << Count) - 1);

    /// <summary>One of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not one of theirs.</exception>
    public readonly EndNodeInterface this[int index]
    {
        get
        {
            if (index == 0)
                return _first;
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _others![index - 1];
        }
    }

    public readonly bool Has(Ipv4Address address)
    {
        if (address == _first.Address)
            return true;
        foreach (ref readonly var other in _others.AsSpan())
        {
            if (address == other.Address)
                return true;
        }

        return false;
    }

    /// <summary>Whether an address is that of an interface behind another one.</summary>
    public readonly bool IsBehind(int index, Ipv4Address address)
    {
        foreach (ref readonly var later in _others.AsSpan(Math.Min(index, Count - 1)))
        {
            if (address == later.Address)
                return true;
        }

        return false;
    }

    public void Change(int index, in EndNodeInterface attachment)
    {
        if (index == 0)
            _first = attachment;
        else
            _others![index - 1] = attachment;
    }

    /// <summary>Carries all of them; how many there are does not change.</summary>
    public void Carry(StateCodec codec)
    {
        int count = codec.CarryCount(Count);
        codec.Check(count == Count, "A node has another number of interfaces");
        EndNodeInterface.Carry(codec, ref _first);
        foreach (ref var other in _others.AsSpan())
            EndNodeInterface.Carry(codec, ref other);
    }

    public readonly NodeInterfaces Fork() => new() { _first = _first, _others = _others?.AsSpan().ToArray() };

    public readonly bool HasSameStateAs(in NodeInterfaces other) => _first == other._first && _others.AsSpan().SequenceEqual(other._others);
}
