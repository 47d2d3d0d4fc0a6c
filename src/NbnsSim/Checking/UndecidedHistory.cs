using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Checking;

/// <summary>Whether machines decide about each datagram that reaches them. Between two steps there is nothing to remember.</summary>
internal sealed class UndecidedHistory : CheckHistory
{
    private string? _missed;
    private int _host = -1; // who has been handed a datagram and has not decided yet
    private (NbnsMessageKind Kind, NetBiosName Name, HostId From) _datagram;

    public override bool HearsDecisions => true;

    public override CheckHistory Fork() => new UndecidedHistory { _missed = _missed, _host = _host, _datagram = _datagram };

    public override void WriteState(StateCodec codec, Simulator simulator)
    {
        bool isBroken = Find(simulator) is not null;
        codec.Carry(ref isBroken);
    }

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        _missed ??= Missed(simulator);
        _host = -1;
        if (simulator.EndpointOf(receiver) is SilentEndpoint || !NbnsPacket.TryParse(datagram.Payload, out var packet))
            return;
        packet.Name.TryGetName(out var name);
        (_host, _datagram) = (receiver.Index, (NbnsClassification.Classify(packet), name, datagram.Sender));
    }

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        if (host.Index == _host)
            _host = -1;
    }

    /// <summary>About what nobody decided, in a sentence.</summary>
    /// <param name="simulator">The network.</param>
    public string? Find(Simulator simulator) => _missed ?? Missed(simulator);

    private string? Missed(Simulator simulator) => _host < 0 ? null
        : $"{simulator.NameOf(new HostId(_host))} gets {simulator.NameOf(_datagram.From)}'s {_datagram.Kind} about {_datagram.Name} and decides nothing.";
}
