namespace NbnsSim.Transport.Sockets;

/// <summary>A fixed number of datagram buffers with what belongs to each; made once per host, so that a datagram allocates nothing.</summary>
internal sealed class DatagramBatch
{
    private readonly byte[] _octets;
    private readonly int _slotSize;

    public DatagramBatch(int capacity, int slotSize)
    {
        _slotSize = slotSize;
        _octets = GC.AllocateUninitializedArray<byte>(capacity * slotSize, pinned: true); // the kernel is given addresses inside
        Capacity = capacity;
        Lengths = new int[capacity];
        Peers = new Ipv4Endpoint[capacity];
        Sockets = new int[capacity];
        Destinations = new Ipv4Address[capacity];
    }

    /// <summary>How many datagrams there is room for.</summary>
    public int Capacity { get; }

    /// <summary>How many of the slots are in use, from the first on.</summary>
    public int Count { get; set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The octets in each slot; of a received datagram that did not fit, <see cref="TooLong"/>.</summary>
    public int[] Lengths { get; }

    /// <summary>Who sent each, or who is to get it.</summary>
    public Ipv4Endpoint[] Peers { get; }

    /// <summary>The socket that each goes out of.</summary>
    public int[] Sockets { get; }

    /// <summary>The address that each received datagram was sent to.</summary>
    public Ipv4Address[] Destinations { get; }

    /// <summary>Stands in <see cref="Lengths"/> for a datagram that was cut off.</summary>
    public const int TooLong = -1;

    public Span<byte> Slot(int index) => _octets.AsSpan(index * _slotSize, _slotSize);

    public int SlotSize => _slotSize;

    /// <summary>The slot's address; the array never moves.</summary>
    public unsafe byte* Address(int index)
    {
        fixed (byte* first = _octets)
            return first + (index * _slotSize);
    }
}
