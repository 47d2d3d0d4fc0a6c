using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>
/// Somebody who watches a simulation: a trace, a capture tap, a counter. Override what is of interest; what is passed in is good during
/// the call only, and no call may run the simulator. Forks start with no observers.
/// </summary>
public abstract class SimulationObserver
{
    /// <summary>
    /// Whether this observer is to be told of datagrams on their way: <see cref="Sent"/>, <see cref="Carried"/>, <see cref="Received"/>, <see cref="Diverted"/>. Asked
    /// when it is added; one that only hears decisions need not pay for them.
    /// </summary>
    public virtual bool SeesDatagrams => true;

    /// <summary>A host sends a datagram.</summary>
    /// <param name="simulator">The simulator; its <see cref="Simulator.Now"/> is the time of sending.</param>
    /// <param name="datagram">The datagram.</param>
    public virtual void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
    }

    /// <summary>A datagram is put on a segment: by its sender, and again by each router on its way.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="datagram">The datagram.</param>
    /// <param name="frame">Its link and IP headers there.</param>
    public virtual void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame)
    {
    }

    /// <summary>A datagram arrives at a host, before the host takes it in; with a changed octet if a rule did that.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="datagram">The datagram.</param>
    /// <param name="frame">Its link and IP headers on the receiver's segment.</param>
    /// <param name="receiver">The host.</param>
    /// <param name="interfaceIndex">Which of its interfaces; 0 is the first.</param>
    public virtual void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
    }

    /// <summary>Something other than arrival in time happens to a datagram on its way to one receiver.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="datagram">The datagram.</param>
    /// <param name="fate">What happens.</param>
    public virtual void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
    }

    /// <summary>A server sends another a message, over a connection.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="message">The message; immutable.</param>
    public virtual void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message)
    {
    }

    /// <summary>A message arrives later, is lost and sent again (<see cref="DeliveryFateKind.Delayed"/>), or is given up with the connection (any other kind).</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="message">The message.</param>
    /// <param name="fate">What happens.</param>
    public virtual void MessageDiverted(Simulator simulator, HostId sender, ReplicationMessage message, in DeliveryFate fate)
    {
    }

    /// <summary>A host writes an event to its log.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="host">The host.</param>
    /// <param name="logged">The event.</param>
    public virtual void Logged(Simulator simulator, HostId host, NetBtEvent logged)
    {
    }

    /// <summary>Whether this observer is to be told of decisions: <see cref="Decided"/>. Asked when it is added.</summary>
    public virtual bool HearsDecisions => false;

    /// <summary>A machine decides something, by a rule; only where <see cref="HearsDecisions"/> says so.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="host">The machine.</param>
    /// <param name="number">The decision's number in the simulation, from 1: what the <see cref="Decision.Cause"/> of later ones refers to.</param>
    /// <param name="decision">The decision.</param>
    public virtual void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
    }

    /// <summary>
    /// Several machines decide the same about one broadcast, as all those do whom it does not concern. Calls <see cref="Decided"/> for each unless it is overridden by one
    /// who takes them together.
    /// </summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="hosts">The machines, in the order in which they decide; one that hears the broadcast twice stands there twice.</param>
    /// <param name="first">The number of the first one's decision; those of the others follow it.</param>
    /// <param name="decision">The decision, the same for each.</param>
    public virtual void DecidedAlike(Simulator simulator, ReadOnlySpan<HostId> hosts, long first, in Decision decision)
    {
        foreach (var host in hosts)
            Decided(simulator, host, first++, decision);
    }

    /// <summary>A host is told to do something: before it does it.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="host">The host.</param>
    /// <param name="description">What, for people.</param>
    public virtual void Commanded(Simulator simulator, HostId host, string description)
    {
    }

    /// <summary>A host's timer goes off, before the host acts on it.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="host">The host.</param>
    public virtual void TimedOut(Simulator simulator, HostId host)
    {
    }

    /// <summary>A host crashed or came back.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="host">The host.</param>
    /// <param name="isUp">Whether it is up now.</param>
    public virtual void HostChanged(Simulator simulator, HostId host, bool isUp)
    {
    }

    /// <summary>A link rule was added, or was removed or ended.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="isAdded">Whether it was added.</param>
    public virtual void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded)
    {
    }
}
