using NbnsSim.Names;
using NbnsSim.Protocol;
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

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref Name);
        codec.Carry(ref Destination);
        codec.Carry(ref TimeToLive);
        codec.Carry(ref Entry);
        codec.CarryTransactionId(ref TransactionId);
        codec.Carry(ref Flags);
        codec.Carry(ref Form, OutgoingForm.NodeStatus);
        codec.Carry(ref IsBroadcast);
        codec.Carry(ref Interface);
        codec.CarryCause(ref Decision);
    }
}

/// <summary>
/// A bounded first-in-first-out queue of packets. It holds a buffer only while it holds packets: the last small one is left to the
/// thread's next queue, so that a million idle nodes hold none and a busy one allocates none.
/// </summary>
internal struct PacketQueue
{
    /// <summary>What a node may have waiting; a driver drains after every call, so only one that does not ever gets here.</summary>
    public const int Limit = 2048;

    private const int SmallSize = 8;

    [ThreadStatic]
    private static Buffer? t_spare;

    private Buffer? _buffer;

    public readonly int Count => _buffer is null ? 0 : _buffer.Tail - _buffer.Head;

    public readonly bool IsEmpty => _buffer is null;

    public void Enqueue(in OutgoingPacket packet)
    {
        if (_buffer is null)
        {
            _buffer = t_spare ?? new Buffer(new OutgoingPacket[SmallSize]);
            t_spare = null;
        }

        if (!_buffer.IsFull || _buffer.TryMakeRoom())
            _buffer.Items[_buffer.Tail++] = packet;
    }

    public bool TryDequeue(out OutgoingPacket packet)
    {
        if (_buffer is null)
        {
            packet = default;
            return false;
        }

        packet = _buffer.Items[_buffer.Head++];
        if (_buffer.Head == _buffer.Tail)
        {
            if (_buffer.Items.Length == SmallSize)
            {
                _buffer.Head = _buffer.Tail = 0;
                t_spare = _buffer;
            }

            _buffer = null;
        }

        return true;
    }

    /// <summary>Carries all of them.</summary>
    public void Carry(StateCodec codec)
    {
        int count = codec.CarryCount(Count, most: Limit);
        if (codec.IsReading)
            _buffer = count == 0 ? null : new Buffer(new OutgoingPacket[Math.Max(count, SmallSize)]) { Tail = count };
        if (_buffer is null)
            return;
        foreach (ref var packet in _buffer.Items.AsSpan(_buffer.Head.._buffer.Tail))
            packet.Carry(codec);
    }

    public readonly PacketQueue Clone() => _buffer is null ? default : new PacketQueue { _buffer = new Buffer(Items.ToArray()) { Tail = Count } };

    public readonly ReadOnlySpan<OutgoingPacket> Items => _buffer is null ? default : _buffer.Items.AsSpan(_buffer.Head.._buffer.Tail);

    private sealed class Buffer(OutgoingPacket[] items)
    {
        public OutgoingPacket[] Items = items;
        public int Head;
        public int Tail;

        public bool IsFull => Tail == Items.Length;

        public bool TryMakeRoom()
        {
            if (Tail - Head >= Limit)
                return false;
            if (Head > Items.Length / 2)
            {
                Items.AsSpan(Head..Tail).CopyTo(Items);
                (Head, Tail) = (0, Tail - Head);
            }
            else
            {
                Array.Resize(ref Items, Items.Length * 2);
            }

            return true;
        }
    }
}
