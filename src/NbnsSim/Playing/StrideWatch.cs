using NbnsSim.Events;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Playing;

/// <summary>Notes what kinds of things happen, for steps to stop at.</summary>
internal sealed class StrideWatch : SimulationObserver
{
    private PlayStride _seen;

    public override bool HearsDecisions => true;

    /// <summary>What was seen since it was asked last.</summary>
    public PlayStride Take() => (_seen, _seen = PlayStride.Anything).Item1;

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram) => _seen |= PlayStride.Datagram;

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) => _seen |= PlayStride.Datagram;

    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => _seen |= PlayStride.Datagram;

    public override void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message) => _seen |= PlayStride.Datagram;

    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged) => _seen |= PlayStride.Decision;

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        if (decision.Rule.Telling is not null)
            _seen |= PlayStride.Decision;
    }

    public override void TimedOut(Simulator simulator, HostId host) => _seen |= PlayStride.Timer;

    public override void Commanded(Simulator simulator, HostId host, string description) => _seen |= PlayStride.Timer;

    public override void HostChanged(Simulator simulator, HostId host, bool isUp) => _seen |= PlayStride.Timer;

    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => _seen |= PlayStride.Timer;
}
