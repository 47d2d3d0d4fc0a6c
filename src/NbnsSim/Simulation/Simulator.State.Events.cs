using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>What is to come as octets: events with the datagrams that they are about, in order.</content>
public sealed partial class Simulator
{
    private void CarryEvents(SimulationCodec codec)
    {
        var octets = codec.Octets;
        int count = octets.CarryCount(octets.IsReading ? 0 : _queue.CopyInOrder(ref codec.Events), sizeof(long));
        if (octets.IsReading)
            (_queue, _packets) = (new EventQueue<SimulationEvent>(), new PacketPool());
        else if (octets.IsUnordered)
            PutInOrder(codec, codec.Events.AsSpan(0, count));
        long earliest = _now;
        for (int i = 0; i < count; i++)
        {
            var time = octets.IsReading ? default : new Instant(codec.Events[i].Time);
            var item = octets.IsReading ? default : codec.Events[i].Value;
            octets.Carry(ref time);
            octets.Carry(ref item.Kind, SimulationEventKind.RuleEnd);
            CarryTarget(octets, ref item);
            if (HasPacket(item.Kind))
                CarryPacket(codec, ref item.Packet);
            if (!octets.IsReading)
                continue;
            octets.Check(time.Nanoseconds >= earliest, "Events are not in the order of time");
            earliest = time.Nanoseconds;
            Queue(codec, earliest, item);
        }

        if (octets.IsReading)
            octets.Check(_streams.TrueForAll(stream => !stream.IsMoving || stream.HasEvent), "A message has no event");
    }

    private static bool HasPacket(SimulationEventKind kind) => kind is not (SimulationEventKind.Timer or SimulationEventKind.Message or SimulationEventKind.RuleEnd);

    /// <summary>Puts events of one time in an order that follows from what they are, and not from when they were queued.</summary>
    private void PutInOrder(SimulationCodec codec, Span<EventQueue<SimulationEvent>.Waiting> events)
    {
        if (codec.Hashes.Length < events.Length)
            codec.Hashes = new UInt128[Math.Max(events.Length, 2 * codec.Hashes.Length)];
        for (int from = 0, to; from < events.Length; from = to)
        {
            for (to = from + 1; to < events.Length && events[to].Time == events[from].Time;)
                to++;
            if (to - from == 1)
                continue;
            for (int i = from; i < to; i++)
                codec.Hashes[i] = Glance(codec, events[i].Value);
            codec.Hashes.AsSpan(from..to).Sort(events[from..to]);
        }
    }

    private UInt128 Glance(SimulationCodec codec, SimulationEvent item)
    {
        var octets = codec.Octets;
        int from = octets.Position;
        octets.IsGlance = true;
        octets.Carry(ref item.Kind, SimulationEventKind.RuleEnd);
        CarryTarget(octets, ref item);
        if (HasPacket(item.Kind))
        {
            octets.CarryPacket(_packets.MutablePayload(item.Packet));
            CarryHeader(codec, ref _packets[item.Packet]);
        }

        octets.IsGlance = false;
        return octets.Take(from);
    }

    /// <summary>Whom an event is about. In a fingerprint streams go by their ends, and rules by their order among those that work.</summary>
    private void CarryTarget(StateCodec octets, ref SimulationEvent item)
    {
        int target = item.Target;
        if (octets.IsFingerprint)
        {
            switch (item.Kind)
            {
                case SimulationEventKind.Message:
                    int sender = PlaceOf(octets, _streams[target].Sender);
                    octets.Carry(ref sender);
                    target = PlaceOf(octets, _streams[target].Receiver);
                    break;
                case SimulationEventKind.RuleEnd:
                    target = _activeRules.IndexOf(_rules[target]);
                    break;
                case SimulationEventKind.OvertakenArrival:
                    int rule = _activeRules.IndexOf(_rules[item.Detail]);
                    octets.Carry(ref rule);
                    target = PlaceOf(octets, target);
                    break;
                case SimulationEventKind.Hop:
                    octets.Carry(ref item.Detail);
                    target = PlaceOf(octets, target);
                    break;
                case SimulationEventKind.Arrival or SimulationEventKind.LateArrival:
                    target = PlaceOf(octets, target);
                    break;
                case SimulationEventKind.Timer:
                    target = octets.Renaming?.PlaceOf(target) ?? target;
                    break;
            }

            octets.Carry(ref target);
            return;
        }

        octets.Carry(ref item.Target);
        octets.Carry(ref item.Detail);
        int most = item.Kind switch
        {
            SimulationEventKind.FanOut => _segments.Count,
            SimulationEventKind.Timer => HostCount,
            SimulationEventKind.Message => _streams.Count,
            SimulationEventKind.RuleEnd => MaxRules,
            _ => _interfaceCount,
        };
        octets.Check((uint)item.Target < (uint)most && (item.Kind != SimulationEventKind.Hop || item.Detail < _segments.Count), "An event is about nobody");
    }

    /// <summary>Puts an event that was read back into the queue.</summary>
    private void Queue(SimulationCodec codec, long time, in SimulationEvent item)
    {
        switch (item.Kind)
        {
            case SimulationEventKind.Timer:
                codec.Octets.Check(_hosts[item.Target].Due == long.MaxValue && !_hosts[item.Target].IsDown && time < long.MaxValue, "A host has two timers, or is down and has one");
                Arm(item.Target, time);
                break;
            case SimulationEventKind.RuleEnd:
                codec.Octets.Check(codec.RuleEnds.TryAdd(item.Target, _queue.PushMovable(time, item)), "A rule ends twice");
                break;
            case SimulationEventKind.OvertakenArrival:
                codec.Octets.Check(codec.Overtaken.TryAdd((item.Detail, item.Packet, item.Target), _queue.PushMovable(time, item)), "A datagram is to be overtaken twice");
                break;
            case SimulationEventKind.Message:
                var stream = _streams[item.Target];
                codec.Octets.Check(stream.IsMoving && !stream.HasEvent, "A message has two events");
                stream.HasEvent = true;
                _queue.Push(time, item);
                break;
            default:
                _queue.Push(time, item);
                break;
        }
    }

    /// <summary>A datagram under way: in full where it appears first, by its number among them afterwards.</summary>
    private void CarryPacket(SimulationCodec codec, ref int packet)
    {
        var octets = codec.Octets;
        uint known = (uint)(octets.IsReading ? codec.Read.Count : codec.Packets.Count);
        uint order = octets.IsReading ? 0 : codec.Packets.Of((uint)packet);
        octets.Carry(ref order);
        if (order < known)
        {
            if (octets.IsReading)
                _packets.Retain(packet = codec.Read[(int)order]);
            return;
        }

        octets.Check(order == known, "A datagram is of no known number");
        int length = octets.CarryCount(octets.IsReading ? 0 : _packets[packet].Length, most: PacketPool.MaxLength);
        if (octets.IsReading)
            codec.Read.Add(packet = _packets.Add(_scratch.AsSpan(0, length)));
        octets.CarryPacket(_packets.MutablePayload(packet));
        CarryHeader(codec, ref _packets[packet]);
    }

    private void CarryHeader(SimulationCodec codec, ref PacketHeader header)
    {
        var octets = codec.Octets;
        if (octets.IsFingerprint)
        {
            uint number = octets.IsGlance ? 0 : codec.Numbers.Of((ulong)header.Number);
            octets.Carry(ref number);
        }
        else
        {
            octets.Carry(ref header.Number);
        }

        if (!octets.IsFingerprint || octets.HasDraws)
            octets.Carry(ref header.SenderNumber);
        var (source, destination) = (new Ipv4Address(header.Source), new Ipv4Address(header.Destination));
        octets.Carry(ref source);
        octets.Carry(ref header.SourcePort);
        octets.Carry(ref destination);
        octets.Carry(ref header.DestinationPort);
        (header.Source, header.Destination) = (source.Value, destination.Value);
        octets.Carry(ref header.IsBroadcast);
        int sender = PlaceOf(octets, header.Sender);
        octets.Carry(ref sender);
        header.Sender = octets.IsReading ? sender : header.Sender;
        octets.Carry(ref header.Router);
        octets.Carry(ref header.Hops);
        octets.CarryCause(ref header.Decision);
        octets.Check((uint)header.Sender < (uint)_interfaceCount && (header.Router == 0 || header.Router < _routers.Count), "A datagram is from nobody");
    }
}
