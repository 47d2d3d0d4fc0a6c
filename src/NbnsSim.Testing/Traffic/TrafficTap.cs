using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <summary>Captures a network at a mirror port, where a datagram that a router passes on is seen once, and at hosts; and notes by which decision each datagram was sent.</summary>
internal sealed class TrafficTap : SimulationObserver
{
    private readonly List<Rule> _decisions = [];
    private readonly Dictionary<long, TrafficPacket> _packets = [];
    private readonly Dictionary<HostId, List<TrafficSighting>> _atHosts = [];

    public override bool HearsDecisions => true;

    /// <summary>What a mirror port of all segments shows.</summary>
    public List<TrafficSighting> Mirror { get; } = [];

    /// <summary>What a host sends and gets.</summary>
    public List<TrafficSighting> At(HostId host) => _atHosts.TryGetValue(host, out var list) ? list : _atHosts[host] = [];

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        while (_decisions.Count < number)
            _decisions.Add(decision.Rule);
        _decisions[(int)number - 1] = decision.Rule;
    }

    public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame)
    {
        if (frame.TimeToLive != SimulatedFrame.InitialTimeToLive)
            return;
        var packet = PacketOf(datagram);
        var sighting = new TrafficSighting(packet, simulator.Now, frame, packet.Payload);
        Mirror.Add(sighting);
        At(datagram.Sender).Add(sighting);
    }

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        var packet = PacketOf(datagram);
        At(receiver).Add(new TrafficSighting(packet, simulator.Now, frame, datagram.Payload.SequenceEqual(packet.Payload.Span) ? packet.Payload : datagram.Payload.ToArray()));
    }

    private TrafficPacket PacketOf(in SimulatedDatagram datagram)
    {
        if (_packets.TryGetValue(datagram.Number, out var known))
            return known;
        bool isReadable = NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _);
        return _packets[datagram.Number] = new TrafficPacket
        {
            Number = datagram.Number,
            Sender = datagram.Sender,
            Source = datagram.Source,
            Destination = datagram.Destination,
            IsBroadcast = datagram.IsBroadcast,
            Payload = datagram.Payload.ToArray(),
            Kind = isReadable ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown,
            Name = isReadable && packet.Name.TryGetName(out var name) ? name : default,
            TransactionId = isReadable ? packet.TransactionId : (ushort)0,
            Rule = datagram.Decision > 0 && datagram.Decision <= _decisions.Count ? _decisions[(int)datagram.Decision - 1] : null,
        };
    }
}
