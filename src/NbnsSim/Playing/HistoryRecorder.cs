using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Playing;

/// <summary>Keeps what the machines decide, and nothing else.</summary>
public sealed class HistoryRecorder : PlayRecorder
{
    private readonly HistoryObserver _observer;

    /// <summary>Makes one for a simulation.</summary>
    /// <param name="simulator">The simulation.</param>
    public HistoryRecorder(Simulator simulator)
        : this(new HistoryObserver(simulator))
    {
    }

    private HistoryRecorder(HistoryObserver observer) => _observer = observer;

    /// <inheritdoc/>
    public override DecisionHistory History => _observer.History;

    /// <inheritdoc/>
    public override PlayRecorder Fork(Simulator simulator) => new HistoryRecorder(_observer.Fork(simulator));

    /// <inheritdoc/>
    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => _observer.Decided(simulator, host, number, decision);

    /// <inheritdoc/>
    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => _observer.Diverted(simulator, datagram, fate);

    /// <inheritdoc/>
    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => _observer.RuleChanged(simulator, rule, isAdded);
}
