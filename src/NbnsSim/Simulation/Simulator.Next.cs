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
