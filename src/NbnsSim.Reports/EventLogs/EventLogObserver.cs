using NbnsSim.Events;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Gives every event that a simulated machine logs on as an entry of an event log; its time is that in the simulation's captures.</summary>
/// <param name="take">What takes the entries.</param>
public sealed class EventLogObserver(Action<EventLogEntry> take) : SimulationObserver
{
    /// <inheritdoc/>
    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        take(EventLogEntry.FromSimulation(logged, simulator.NameOf(host), Instant.Epoch));
    }
}
