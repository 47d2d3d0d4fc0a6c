namespace NbnsSim.Captures;

/// <summary>What fragments of one datagram have in common (RFC 791 §3.2, RFC 8200 §4.5); the protocol counts in IPv4 alone.</summary>
internal readonly record struct FragmentKey(UInt128 Source, UInt128 Destination, uint Identification, byte Protocol, bool IsIpv6);

/// <summary>
/// Puts IP fragments together, in memory bounded by the number of datagrams at once. Fragments may come in any order and repeat;
/// where two of them disagree about an octet, or about the length, nobody can know what the receiver saw and the datagram is given up
/// (as RFC 5722 demands for IPv6).
/// </summary>
internal sealed class FragmentReassembler(int capacity, TimeSpan timeout)
{
    private const int MaxDatagram = ushort.MaxValue;
    private const int Unit = 8; // fragments begin at multiples of it

    private readonly List<Pending> _pending = []; // oldest first
    private readonly Stack<Pending> _spare = new();

    /// <summary>How many datagrams were given up.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes a fragment.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="offset">Where it belongs.</param>
    /// <param name="more">Whether more follow.</param>
    /// <param name="data">Its octets.</param>
    /// <param name="protocol">The protocol of what it is a fragment of; that of the first fragment counts.</param>
    /// <param name="now">When it was captured.</param>
    /// <param name="whole">The datagram, when this fragment completes it; good until the next call.</param>
    /// <param name="wholeProtocol">What the datagram is.</param>
    public bool TryAdd(
        scoped in FragmentKey key, int offset, bool more, scoped ReadOnlySpan<byte> data, byte protocol, Instant now, out ReadOnlySpan<byte> whole, out byte wholeProtocol)
    {
        whole = default;
        wholeProtocol = 0;
        if (capacity == 0 || offset + data.Length > MaxDatagram || (more && (data.Length % Unit != 0 || data.IsEmpty)))
            return false; // RFC 791 §3.2: all but the last are whole units

        GiveUpOld(now);
        int index = Find(key);
        if (index < 0)
        {
            if (_pending.Count == capacity)
                GiveUp(0);
            index = _pending.Count;
            var fresh = _spare.TryPop(out var spare) ? spare : new Pending();
            fresh.Begin(key, now);
            _pending.Add(fresh);
        }

        var pending = _pending[index];
        if (!pending.TryPut(offset, more, data))
        {
            GiveUp(index);
            return false;
        }

        if (offset == 0)
            pending.Protocol = protocol;
        if (!pending.IsWhole)
            return false;
        _pending.RemoveAt(index);
        _spare.Push(pending);
        whole = pending.Octets;
        wholeProtocol = pending.Protocol;
        return true;
    }

    private int Find(in FragmentKey key)
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].Key == key)
                return i;
        }

        return -1;
    }

    private void GiveUpOld(Instant now)
    {
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            if (now - _pending[i].Started > timeout)
                GiveUp(i);
        }
    }

    private void GiveUp(int index)
    {
        _spare.Push(_pending[index]);
        _pending.RemoveAt(index);
        Lost++;
    }

    private sealed class Pending
    {
        private readonly byte[] _octets = new byte[MaxDatagram];
        private readonly ulong[] _present = new ulong[(MaxDatagram / Unit / 64) + 1]; // a bit for each unit
        private int _units;
        private int _end; // of the furthest fragment
        private int _length; // -1 until the last fragment has come

        public FragmentKey Key { get; private set; }

        public Instant Started { get; private set; }

        public byte Protocol { get; set; }

        public bool IsWhole => _length >= 0 && _units == (_length + Unit - 1) / Unit;

        public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

        public void Begin(in FragmentKey key, Instant now)
        {
            Key = key;
            Started = now;
            Array.Clear(_present);
            _units = 0;
            _end = 0;
            _length = -1;
        }

        public bool TryPut(int offset, bool more, ReadOnlySpan<byte> data)
        {
            int end = offset + data.Length;
            if (!more)
            {
                if ((_length >= 0 && _length != end) || _end > end)
                    return false;
                _length = end;
            }
            else if (_length >= 0 && end > _length)
            {
                return false;
            }

            _end = Math.Max(_end, end);
            for (int unit = offset / Unit; unit * Unit < end; unit++)
            {
                int start = unit * Unit;
                var piece = data.Slice(start - offset, Math.Min(Unit, end - start));
                ulong bit = 1UL << (unit % 64);
                if ((_present[unit / 64] & bit) == 0)
                {
                    _present[unit / 64] |= bit;
                    _units++;
                    piece.CopyTo(_octets.AsSpan(start));
                }
                else if (!piece.SequenceEqual(_octets.AsSpan(start, piece.Length)))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
