namespace NbnsSim.Protocol;

/// <summary>
/// Finished datagrams that wait for the driver, oldest first. One array of octets serves them all, so a queue that is drained after every call
/// allocates nothing once it has grown. Plain data; bounded.
/// </summary>
internal sealed class DatagramQueue
{
    private const int InitialOctets = 1024;
    private const int InitialEntries = 8;

    private readonly int _maxOctets;
    private byte[] _octets;
    private Entry[] _entries;
    private int _end;
    private int _head;
    private int _count;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="maxOctets">How many octets may wait; a datagram that does not fit is refused.</param>
    public DatagramQueue(int maxOctets)
    {
        _maxOctets = maxOctets;
        _octets = [];
        _entries = [];
    }

    /// <summary>A copy that lives on by itself.</summary>
    public DatagramQueue(DatagramQueue other)
    {
        _maxOctets = other._maxOctets;
        _octets = other._count == 0 ? [] : other._octets[..other._end];
        _entries = other._count == 0 ? [] : other._entries[..(other._head + other._count)];
        _end = other._count == 0 ? 0 : other._end;
        _head = other._count == 0 ? 0 : other._head;
        _count = other._count;
    }

    /// <summary>How many datagrams wait.</summary>
    public int Count => _count;

    /// <summary>Room to write a datagram into; <see cref="Commit"/> then queues it.</summary>
    /// <param name="length">The most octets that the datagram takes.</param>
    /// <param name="room">The room, or empty.</param>
    /// <returns>False when the queue is full.</returns>
    public bool TryReserve(int length, out Span<byte> room)
    {
        if (_octets.Length - _end < length && !TryGrow(length))
        {
            room = default;
            return false;
        }

        room = _octets.AsSpan(_end, length);
        return true;
    }

    /// <summary>Queues what was written into the room that <see cref="TryReserve"/> gave.</summary>
    /// <param name="length">How many octets were written.</param>
    /// <param name="remote">Where it goes, or came from.</param>
    /// <param name="local">Where it leaves from, or came to.</param>
    /// <param name="isBroadcast">Whether it is for everybody on the segment.</param>
    /// <param name="interfaceIndex">Which interface it uses.</param>
    /// <param name="decision">The decision that sends it, or sent it.</param>
    public void Commit(int length, Ipv4Endpoint remote, Ipv4Endpoint local, bool isBroadcast, int interfaceIndex, long decision = 0)
    {
        int at = _head + _count;
        if (at == _entries.Length)
        {
            // Where the head has left half of the room behind, there is room enough.
            var entries = _head > _count ? _entries : new Entry[Math.Max(InitialEntries, 2 * _entries.Length)];
            Array.Copy(_entries, _head, entries, 0, _count);
            _entries = entries;
            _head = 0;
            at = _count;
        }

        _entries[at] = new Entry(_end, length, remote, local, isBroadcast, interfaceIndex, decision);
        _end += length;
        _count++;
    }

    /// <summary>Copies a datagram in.</summary>
    /// <returns>False when the queue is full.</returns>
    public bool TryAdd(ReadOnlySpan<byte> octets, Ipv4Endpoint remote, Ipv4Endpoint local, bool isBroadcast, int interfaceIndex, long decision = 0)
    {
        if (!TryReserve(octets.Length, out var room))
            return false;
        octets.CopyTo(room);
        Commit(octets.Length, remote, local, isBroadcast, interfaceIndex, decision);
        return true;
    }

    /// <summary>The oldest datagram; valid until the queue is next written to.</summary>
    /// <param name="entry">What is known of it.</param>
    /// <param name="octets">Its octets.</param>
    /// <returns>False when the queue is empty.</returns>
    public bool TryTake(out Entry entry, out ReadOnlySpan<byte> octets)
    {
        if (_count == 0)
        {
            entry = default;
            octets = default;
            return false;
        }

        entry = _entries[_head++];
        octets = _octets.AsSpan(entry.Offset, entry.Length);
        if (--_count == 0)
            _head = _end = 0;
        return true;
    }

    /// <summary>Hands the oldest datagram to a driver, as <see cref="INbnsEndpoint.TryPollTransmit"/> does.</summary>
    /// <param name="buffer">Room for it.</param>
    /// <param name="transmit">Where it goes and how long it is.</param>
    /// <returns>False when the queue is empty.</returns>
    public bool TryTake(Span<byte> buffer, out Transmit transmit)
    {
        if (!TryTake(out var entry, out var octets))
        {
            transmit = default;
            return false;
        }

        octets.CopyTo(buffer);
        transmit = new Transmit(entry.Remote, octets.Length, entry.IsBroadcast, entry.InterfaceIndex, entry.Local.Port, entry.Decision);
        return true;
    }

    /// <summary>Carries all of them.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="idAt">Where in each of them NAME_TRN_ID stands.</param>
    /// <param name="least">How many octets each has at least.</param>
    public void Carry(StateCodec codec, int idAt = 0, int least = 0)
    {
        int count = codec.CarryCount(_count);
        if (count > 0)
            codec.CarryUnnamed(); // requests that wait are no packets any more
        for (int i = 0; i < count; i++)
        {
            var entry = codec.IsReading ? default : _entries[_head + i];
            int length = codec.CarryCount(entry.Length);
            var (remote, local, isBroadcast, interfaceIndex, decision) = (entry.Remote, entry.Local, entry.IsBroadcast, entry.InterfaceIndex, entry.Decision);
            codec.Carry(ref remote);
            codec.Carry(ref local);
            codec.Carry(ref isBroadcast);
            codec.Carry(ref interfaceIndex);
            codec.CarryCause(ref decision);
            codec.Check(!codec.IsReading || length >= least, "A datagram that waits is too short");
            var octets = codec.IsReading ? default : _octets.AsSpan(entry.Offset, length);
            codec.Check(!codec.IsReading || TryReserve(length, out octets), "More waits to be sent than has room");
            codec.CarryPacket(octets, idAt);
            if (codec.IsReading)
                Commit(length, remote, local, isBroadcast, interfaceIndex, decision);
        }
    }

    /// <summary>Whether the same datagrams wait in both.</summary>
    public bool HasSameStateAs(DatagramQueue other)
    {
        if (_count != other._count)
            return false;
        for (int i = 0; i < _count; i++)
        {
            var left = _entries[_head + i];
            var right = other._entries[other._head + i];
            if (left != right with { Offset = left.Offset, Decision = left.Decision } || !_octets.AsSpan(left.Offset, left.Length).SequenceEqual(other._octets.AsSpan(right.Offset, right.Length)))
                return false;
        }

        return true;
    }

    private bool TryGrow(int length)
    {
        int first = _count == 0 ? _end : _entries[_head].Offset;
        int waiting = _end - first;
        if (waiting + length > _maxOctets)
            return false;
        var octets = _octets;
        if (octets.Length - waiting < length)
            octets = new byte[Math.Min(_maxOctets, Math.Max(InitialOctets, Math.Max(2 * octets.Length, waiting + length)))];
        Array.Copy(_octets, first, octets, 0, waiting);
        for (int i = 0; i < _count; i++)
            _entries[i] = _entries[_head + i] with { Offset = _entries[_head + i].Offset - first };
        _octets = octets;
        _end = waiting;
        _head = 0;
        return true;
    }

    /// <summary>What is known of a datagram that waits.</summary>
    internal readonly record struct Entry(int Offset, int Length, Ipv4Endpoint Remote, Ipv4Endpoint Local, bool IsBroadcast, int InterfaceIndex, long Decision);
}
