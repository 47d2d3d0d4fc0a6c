using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>
/// The datagrams under way: headers and octets in a few large arrays, counted by reference, so that no datagram is an object of its own.
/// </summary>
[NotState("a container: what is in it is carried by whoever has it")]
internal sealed class PacketPool
{
    private const int None = -1;
    private const int FirstSlots = 4;

    /// <summary>How many octets a slot of each class has: name service packets are 50 to 104 octets; 576 is MAX_DATAGRAM_LENGTH (RFC 1002 §6); 1,472 fill an Ethernet frame.</summary>
    private static readonly int[] ClassSizes = [112, 576, MaxLength];

    private readonly byte[][] _octets = [[], [], []];
    private readonly int[] _slots = new int[3]; // slots in use or free, of each class
    private readonly int[] _free = [None, None, None];
    private PacketHeader[] _headers = [];
    private int _used;

    /// <summary>Makes an empty pool.</summary>
    public PacketPool()
    {
    }

    /// <summary>Copies the datagrams under way, which keep their numbers, and no more room than they need.</summary>
    private PacketPool(PacketPool other)
    {
        _used = other._used;
        while (_used > 0 && other._headers[_used - 1].References == 0)
            _used--;
        _headers = other._headers[.._used];
        for (int packet = 0; packet < _used; packet++)
        {
            ref PacketHeader header = ref _headers[packet];
            header.Offset = _slots[header.SizeClass]++ * ClassSizes[header.SizeClass];
            if (header.References == 0)
                AddToFree(packet);
        }

        for (int i = 0; i < ClassSizes.Length; i++)
            _octets[i] = _slots[i] == 0 ? [] : new byte[_slots[i] * ClassSizes[i]];
        for (int packet = 0; packet < _used; packet++)
        {
            if (_headers[packet].References > 0)
                other.Payload(packet).CopyTo(MutablePayload(packet));
        }
    }

    /// <summary>The longest payload taken.</summary>
    public const int MaxLength = 1472;

    /// <summary>How many datagrams are under way.</summary>
    public int Count { get; private set; }

    /// <summary>A header, for as long as nothing is added.</summary>
    public ref PacketHeader this[int packet] => ref _headers[packet];

    /// <summary>The octets of a datagram; they stay readable even when the pool grows.</summary>
    public ReadOnlySpan<byte> Payload(int packet)
    {
        ref PacketHeader header = ref _headers[packet];
        return _octets[header.SizeClass].AsSpan(header.Offset, header.Length);
    }

    /// <summary>The octets of a datagram that nobody has seen yet.</summary>
    public Span<byte> MutablePayload(int packet)
    {
        ref PacketHeader header = ref _headers[packet];
        return _octets[header.SizeClass].AsSpan(header.Offset, header.Length);
    }

    /// <summary>Takes in a datagram, with one reference.</summary>
    public int Add(ReadOnlySpan<byte> payload)
    {
        int sizeClass = payload.Length <= ClassSizes[0] ? 0 : payload.Length <= ClassSizes[1] ? 1 : 2;
        int packet = _free[sizeClass];
        if (packet == None)
            packet = NewSlot(sizeClass);
        else
            _free[sizeClass] = _headers[packet].NextFree;
        ref PacketHeader header = ref _headers[packet];
        header.Length = (ushort)payload.Length;
        header.References = 1;
        payload.CopyTo(_octets[sizeClass].AsSpan(header.Offset));
        Count++;
        return packet;
    }

    /// <summary>A second datagram with the same header and octets, with one reference.</summary>
    public int Copy(int packet)
    {
        int copy = Add(Payload(packet));
        ref PacketHeader header = ref _headers[copy];
        (int offset, byte sizeClass) = (header.Offset, header.SizeClass);
        header = _headers[packet];
        (header.Offset, header.SizeClass, header.References) = (offset, sizeClass, 1);
        return copy;
    }

    /// <summary>Counts one more reference.</summary>
    public void Retain(int packet) => _headers[packet].References++;

    /// <summary>Counts one reference less; the last one frees the slot.</summary>
    public void Release(int packet)
    {
        ref PacketHeader header = ref _headers[packet];
        if (--header.References > 0)
            return;
        AddToFree(packet);
        Count--;
    }

    /// <summary>A copy that lives on by itself.</summary>
    public PacketPool Clone() => new(this) { Count = Count };

    private void AddToFree(int packet)
    {
        ref PacketHeader header = ref _headers[packet];
        header.NextFree = _free[header.SizeClass];
        _free[header.SizeClass] = packet;
    }

    private int NewSlot(int sizeClass)
    {
        if (_used == _headers.Length)
            Array.Resize(ref _headers, Math.Max(FirstSlots, _headers.Length * 2));
        int size = ClassSizes[sizeClass];
        int offset = checked(_slots[sizeClass]++ * size);
        if (offset + size > _octets[sizeClass].Length)
            Array.Resize(ref _octets[sizeClass], Math.Max(FirstSlots * size, _octets[sizeClass].Length * 2));
        _headers[_used].Offset = offset;
        _headers[_used].SizeClass = (byte)sizeClass;
        return _used++;
    }
}

/// <summary>All of a datagram under way but its octets.</summary>
internal struct PacketHeader
{
    public long Number; // of all that were sent, the first is 1
    public uint Source;
    public uint Destination;
    public ushort SourcePort;
    public ushort DestinationPort;
    public ushort Length;
    public byte SizeClass;
    public bool IsBroadcast;
    public int Sender; // its interface
    public ushort Router; // that passes it on, for one between segments
    public ushort Hops; // routers passed
    public uint SenderNumber; // of all that its host sent, the first is 1
    public int Offset;
    public int References;
    public long Decision; // that sent it, while somebody hears decisions

    /// <summary>While the slot is free, the next free one.</summary>
    public int NextFree
    {
        readonly get => Sender;
        set => Sender = value;
    }
}
