using System.Buffers.Binary;

namespace NbnsSim.Jobs.Archives;

/// <summary>A datagram that a capture saw: what tells it apart from others, when, and from whom to whom it went.</summary>
internal readonly record struct ClockSighting(ulong Key, int Capture, long Time, ulong Flow);

/// <summary>
/// Datagrams of all captures, so many that they fit in memory: all, or those whose hash is small, so that of what several captures saw each has the same. Which ones follows from the archive alone.
/// </summary>
/// <param name="most">How many are kept.</param>
/// <param name="expected">How many records there are, so that memory is taken once.</param>
internal sealed class ClockSample(int most, long expected = 0)
{
    private readonly List<ClockSighting> _sightings = new((int)Math.Min(most, expected));
    private ulong _limit = ulong.MaxValue;

    /// <summary>All that were kept, in the order of what they are, of captures and of time.</summary>
    public List<ClockSighting> Sorted()
    {
        _sightings.Sort(static (one, other) => (one.Key, one.Capture, one.Time).CompareTo((other.Key, other.Capture, other.Time)));
        return _sightings;
    }

    /// <summary>Takes a record of a run.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="record">The record; frames whose datagrams only others tell are passed over, and so is IPv6, whose header has no identification.</param>
    public void Add(int capture, in RunRecord record)
    {
        if (record.Has(RunFlags.Frame | RunFlags.Ipv6))
            return;
        ulong addresses = ((ulong)record.Source << 32) | (uint)record.Destination;
        ulong ports = ((ulong)record.SourcePort << 48) | ((ulong)record.DestinationPort << 32) | ((ulong)record.Identification << 16) | record.TransactionId;
        Span<byte> octets = stackalloc byte[28];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, addresses);
        BinaryPrimitives.WriteUInt64LittleEndian(octets[8..], ports);
        BinaryPrimitives.WriteUInt64LittleEndian(octets[16..], record.PayloadHash);
        BinaryPrimitives.WriteInt32LittleEndian(octets[24..], record.PayloadLength);
        ulong key = RunHash.Of(octets);
        while (key <= _limit && _sightings.Count >= most && _limit > 0)
        {
            _limit >>= 1;
            _sightings.RemoveAll(one => one.Key > _limit);
        }

        if (key <= _limit)
            _sightings.Add(new ClockSighting(key, capture, record.Time, addresses));
    }
}
