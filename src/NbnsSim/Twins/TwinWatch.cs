using NbnsSim.Simulation;

namespace NbnsSim.Twins;

/// <summary>What the machines of a twin send while it runs, and what of it the capture has been found to have.</summary>
/// <param name="machines">Whose address each is: a machine with several is the same party by each of them.</param>
internal sealed class TwinWatch(IReadOnlyDictionary<Ipv4Address, TwinMachine> machines) : SimulationObserver
{
    private readonly Dictionary<TwinKey, List<TwinPacket>> _unmatched = [];
    private readonly Dictionary<TwinKey, Queue<Instant>> _promises = [];
    private readonly Dictionary<(Instant, Ipv4Address, Ipv4Address), List<byte[]>> _byHand = [];

    /// <summary>Everything that was sent by the machines themselves, in order.</summary>
    public List<TwinPacket> All { get; } = [];

    /// <summary>What is compared besides the time: kind, name, and who sends it to whom.</summary>
    public TwinKey KeyOf(TwinPacket packet) => new(packet.Kind, packet.Name, PartyOf(packet.Source), PartyOf(packet.Destination));

    /// <summary>What is sent then between these two, with these octets, is put in by hand and no machine's doing.</summary>
    public void ExpectByHand(Instant time, Ipv4Address source, Ipv4Address destination, byte[] payload)
    {
        if (!_byHand.TryGetValue((time, source, destination), out var payloads))
            _byHand[(time, source, destination)] = payloads = [];
        payloads.Add(payload);
    }

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        if (TwinPacket.Read(datagram.Number, simulator.Now, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload) is not { } packet || IsByHand(packet))
            return;
        All.Add(packet);
        if (KeepsPromise(packet))
            return;
        if (!_unmatched.TryGetValue(KeyOf(packet), out var sightings))
            _unmatched[KeyOf(packet)] = sightings = [];
        sightings.Add(packet);
    }

    /// <summary>Takes the oldest packet of its kind that nothing was found for yet and that was sent no longer ago.</summary>
    public bool TryTake(TwinPacket like, Instant since)
    {
        if (!_unmatched.TryGetValue(KeyOf(like), out var sightings))
            return false;
        int index = sightings.FindIndex(one => one.Time >= since);
        if (index < 0)
            return false;
        sightings.RemoveRange(0, index + 1);
        return true;
    }

    /// <summary>A captured packet whose twin is yet to come: the next of its kind is that, if it is sent by then.</summary>
    public void Promise(TwinPacket like, Instant until)
    {
        var key = KeyOf(like);
        if (!_promises.TryGetValue(key, out var promises))
            _promises[key] = promises = [];
        promises.Enqueue(until);
    }

    private Ipv4Address PartyOf(Ipv4Address address) => machines.TryGetValue(address, out var machine) ? machine.Addresses[0] : address;

    private bool KeepsPromise(TwinPacket packet)
    {
        if (!_promises.TryGetValue(KeyOf(packet), out var promises))
            return false;
        while (promises.TryDequeue(out var until))
        {
            if (packet.Time <= until)
                return true;
        }

        return false;
    }

    private bool IsByHand(TwinPacket packet)
    {
        if (!_byHand.TryGetValue((packet.Time, packet.Source, packet.Destination), out var payloads))
            return false;
        int index = payloads.FindIndex(payload => payload.AsSpan().SequenceEqual(packet.Payload));
        if (index >= 0)
            payloads.RemoveAt(index);
        return index >= 0;
    }
}
