using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>Captures a network at a mirror port, where a datagram that a router passes on is seen once, and at hosts; and notes by which decision each datagram was sent.</summary>
internal sealed class CaseTap : SimulationObserver
{
    private readonly List<Rule> _decisions = [];
    private readonly Dictionary<long, SentPacket> _packets = [];
    private readonly Dictionary<HostId, List<Sighting>> _atHosts = [];

    public override bool HearsDecisions => true;

    /// <summary>What was sent, in order.</summary>
    public IEnumerable<SentPacket> Packets => Mirror.Select(sighting => sighting.Packet);

    /// <summary>What a mirror port of all segments shows.</summary>
    public List<Sighting> Mirror { get; } = [];

    /// <summary>What a host sends and gets.</summary>
    public List<Sighting> At(HostId host) => _atHosts.TryGetValue(host, out var list) ? list : _atHosts[host] = [];

    /// <summary>Whether a machine that claimed a name from a name server three times got no response at all.</summary>
    public bool IsUnanswered(NetBiosName name, Ipv4Address server) => Packets.Where(it => it.Name == name && it.Destination.Address == server && it.Claims()).GroupBy(it => it.Request)
        .Any(tries => tries.Count() >= 3 && !At(tries.Key.Sender).Any(seen => seen.Packet.Source.Address == server && seen.Packet.TransactionId == tries.Key.Id && seen.Packet.Name == name));

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
        var sighting = new Sighting(packet, simulator.Now, frame.Source, packet.Payload);
        Mirror.Add(sighting);
        At(datagram.Sender).Add(sighting);
    }

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        var packet = PacketOf(datagram);
        At(receiver).Add(new Sighting(packet, simulator.Now, frame.Source, datagram.Payload.SequenceEqual(packet.Payload) ? packet.Payload : datagram.Payload.ToArray()));
    }

    private SentPacket PacketOf(in SimulatedDatagram datagram)
    {
        if (_packets.TryGetValue(datagram.Number, out var known))
            return known;
        bool isReadable = NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _);
        return _packets[datagram.Number] = new SentPacket
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
