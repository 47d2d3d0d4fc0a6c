namespace NbnsSim.Transport;

/// <summary>Datagrams that wait until what they promise is safe, in their order; as many as there is room for.</summary>
internal sealed class HeldDatagrams(int capacity, int slotSize)
{
    private readonly byte[] _octets = GC.AllocateUninitializedArray<byte>(capacity * slotSize); // takes memory as it is used
    private readonly Held[] _held = new Held[capacity];
    private int _first;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The one that waits longest.</summary>
    public ref readonly Held First => ref _held[_first];

    public ReadOnlySpan<byte> FirstOctets => _octets.AsSpan(_first * slotSize, _held[_first].Length);

    public void Add(ReadOnlySpan<byte> octets, in Held held)
    {
        int at = (_first + Count++) % capacity;
        _held[at] = held;
        octets.CopyTo(_octets.AsSpan(at * slotSize, slotSize));
    }

    public void RemoveFirst()
    {
        _first = (_first + 1) % capacity;
        Count--;
    }
}

/// <summary>A datagram that is held.</summary>
/// <param name="Number">What must be safe before it leaves.</param>
/// <param name="Length">Its octets.</param>
/// <param name="Peer">Who is to get it.</param>
/// <param name="Socket">The socket that it goes out of.</param>
/// <param name="AnswersRefresh">Whether it is the answer to a refresh.</param>
internal readonly record struct Held(long Number, int Length, Ipv4Endpoint Peer, int Socket, bool AnswersRefresh);
