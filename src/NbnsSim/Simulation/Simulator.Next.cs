using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Simulation;

/// <content>Looking at what comes next, for whoever chooses among what may happen.</content>
public sealed partial class Simulator
{
    /// <summary>Lists what the next event brings to hosts that are up and that link rules look at, in the order of the hosts' turns; nothing where it is no such event.</summary>
    /// <param name="deliveries">Where they go; emptied first.</param>
    internal void ListNext(List<NextDelivery> deliveries)
    {
        deliveries.Clear();
        if (_queue.Peek(out var next) == long.MaxValue || next.Kind is not (SimulationEventKind.FanOut or SimulationEventKind.Arrival))
            return;
        ref PacketHeader header = ref _packets[next.Packet];
        var from = new HostId(_interfaces[header.Sender].Host);
        var match = MatchOf(_packets.Payload(next.Packet), header.IsBroadcast);
        if (next.Kind == SimulationEventKind.Arrival)
        {
            AddUp(next.Target);
            return;
        }

        foreach (int receiver in _segments[next.Target].Members)
        {
            if (receiver != header.Sender)
                AddUp(receiver);
        }

        void AddUp(int receiver)
        {
            int host = _interfaces[receiver].Host;
            if (!_hosts[host].IsDown)
                deliveries.Add(new NextDelivery(from, new HostId(host), match));
        }
    }

    /// <summary>The datagrams under way, in the order in which they arrive; then those that link rules keep until they end.</summary>
    public ImmutableArray<DatagramUnderWay> GetUnderWay()
    {
        var underWay = ImmutableArray.CreateBuilder<DatagramUnderWay>();
        EventQueue<SimulationEvent>.Waiting[] waiting = [];
        int count = _queue.CopyInOrder(ref waiting);
        foreach (ref readonly var next in waiting.AsSpan(0, count))
        {
            var (kind, due) = (next.Value.Kind, new Instant(next.Time));
            if (kind == SimulationEventKind.FanOut)
                underWay.Add(UnderWay(next.Value.Packet, HearersOf(next.Value.Packet, next.Value.Target), due, isAhead: true));
            else if (kind is SimulationEventKind.Arrival or SimulationEventKind.Hop or SimulationEventKind.LateArrival or SimulationEventKind.OvertakenArrival)
                underWay.Add(UnderWay(next.Value.Packet, [new HostId(_interfaces[next.Value.Target].Host)], due, kind is SimulationEventKind.Arrival or SimulationEventKind.Hop));
        }

        foreach (var kept in _activeRules.Where(rule => rule.Rule.Fault == LinkFault.Hold).SelectMany(rule => rule.Kept.InOrder))
            underWay.Add(UnderWay(kept.Packet, [new HostId(_interfaces[kept.Receiver].Host)], Instant.MaxValue, isAhead: false));
        return underWay.ToImmutable();
    }

    private DatagramUnderWay UnderWay(int packet, ImmutableArray<HostId> receivers, Instant due, bool isAhead)
    {
        var datagram = Observe(packet);
        return new DatagramUnderWay(datagram.Number, datagram.SenderNumber, datagram.Sender, datagram.Segment, receivers, due)
        {
            Source = datagram.Source,
            Destination = datagram.Destination,
            IsBroadcast = datagram.IsBroadcast,
            PassesLinkRules = isAhead,
            Octets = [.. datagram.Payload],
        };
    }

    private ImmutableArray<HostId> HearersOf(int packet, int segment)
    {
        var hearers = ImmutableArray.CreateBuilder<HostId>();
        foreach (int receiver in _segments[segment].Members)
        {
            if (receiver != _packets[packet].Sender && !_hosts[_interfaces[receiver].Host].IsDown)
                hearers.Add(new HostId(_interfaces[receiver].Host));
        }

        return hearers.ToImmutable();
    }

    /// <summary>How many datagrams on their way and timers wait.</summary>
    internal int WaitingCount => _queue.Count;

    private static PacketMatch MatchOf(ReadOnlySpan<byte> payload, bool isBroadcast)
    {
        if (!NbnsPacket.TryParse(payload, out var packet))
            return new PacketMatch { IsBroadcast = isBroadcast };
        return new PacketMatch
        {
            IsBroadcast = isBroadcast,
            Kind = NbnsClassification.Classify(packet),
            Name = packet.Name.TryGetName(out var name) ? name : null,
        };
    }
}
