using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Which of <see cref="NbnsEncoder"/>'s forms a packet has.</summary>
internal enum OutgoingForm : byte
{
    /// <summary>One question and one NB record.</summary>
    Request,

    /// <summary>One NB answer.</summary>
    Response,

    /// <summary>One NB answer with the node's own addresses.</summary>
    OwnAddresses,

    /// <summary>One question of type NB.</summary>
    Query,

    /// <summary>One question of type NBSTAT.</summary>
    StatusQuery,

    /// <summary>One NULL answer.</summary>
    NegativeQuery,

    /// <summary>The node's names and statistics.</summary>
    NodeStatus,
}

/// <summary>A packet that waits to be polled: what it will say, not yet its octets.</summary>
internal record struct OutgoingPacket
{
    public NetBiosName Name;
    public Ipv4Endpoint Destination;
    public uint TimeToLive;
    public NbEntry Entry;
    public ushort TransactionId;
    public ushort Flags;
    public OutgoingForm Form;
    public bool IsBroadcast;
    public byte Interface;

    /// <summary>The decision that sends it, while somebody listens.</summary>
    public long Decision;
}

/// <summary>
/// A bounded first-in-first-out queue of packets. It holds an array only while it holds packets: the last small one is left to the
/// thread's next queue, so that a million idle nodes hold none and a busy one allocates none.
/// </summary>
internal struct PacketQueue
{
    /// <summary>What a node may have waiting; a driver drains after every call, so only one that does not ever gets here.</summary>
    public const int Limit = 2048;

    private const int SmallSize = 8;

    [ThreadStatic]
    private static OutgoingPacket[]? t_spare;

    private OutgoingPacket[]? _items;
    private int _head;
    private int _tail;

    public readonly int Count => _tail - _head;

    public void Enqueue(in OutgoingPacket packet)
    {
        if (_items is null)
        {
            _items = t_spare ?? new OutgoingPacket[SmallSize];
            t_spare = null;
        }
        else if (_tail == _items.Length)
        {
            if (Count >= Limit)
                return;
            if (_head > _items.Length / 2)
            {
                _items.AsSpan(_head.._tail).CopyTo(_items);
                (_head, _tail) = (0, Count);
            }
            else
                Array.Resize(ref _items, _items.Length * 2);
        }

        _items[_tail++] = packet;
    }

    public bool TryDequeue(out OutgoingPacket packet)
    {
        if (_items is null)
        {
            packet = default;
            return false;
        }

        packet = _items[_head++];
        if (_head == _tail)
        {
            if (_items.Length == SmallSize)
                t_spare = _items;
            _items = null;
            _head = _tail = 0;
        }

        return true;
    }

    public readonly PacketQueue Clone() => _items is null ? default : new PacketQueue { _items = _items.AsSpan(_head.._tail).ToArray(), _head = 0, _tail = Count };

    public readonly ReadOnlySpan<OutgoingPacket> Items => _items is null ? default : _items.AsSpan(_head.._tail);
}
