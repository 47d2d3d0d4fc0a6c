using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <summary>Keeps what all machines of a simulation decide. Add it before the first step.</summary>
public sealed class HistoryObserver : SimulationObserver
{
    /// <summary>Makes one for a simulation; <see cref="Simulator.AddObserver"/> lets it listen.</summary>
    /// <param name="simulator">The simulation.</param>
    public HistoryObserver(Simulator simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        History = new DecisionHistory(Names(simulator));
    }

    private HistoryObserver(DecisionHistory history) => History = history;

    /// <summary>What was decided so far.</summary>
    public DecisionHistory History { get; }

    /// <summary>One that knows the same, for a fork of the simulation.</summary>
    /// <param name="simulator">The fork; <see cref="Simulator.AddObserver"/> lets it listen.</param>
    public HistoryObserver Fork(Simulator simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        return new HistoryObserver(History.Clone(Names(simulator)));
    }

    private static Func<Ipv4Address, string?> Names(Simulator simulator) => address => simulator.FindHost(address) is { } host ? simulator.NameOf(host) : null;

    /// <inheritdoc/>
    public override bool HearsDecisions => true;

    /// <inheritdoc/>
    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        History.Add(number, simulator.NameOf(host), decision);
    }

    /// <inheritdoc/>
    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        bool lost = fate.Kind is DeliveryFateKind.Lost or DeliveryFateKind.CutOff or DeliveryFateKind.HostDown or DeliveryFateKind.NoRoute;
        if (lost && fate.Receiver is { } receiver)
            History.AddLoss(datagram.Decision, simulator.NameOf(receiver));
    }

    /// <inheritdoc/>
    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(rule);
        History.AddNote(simulator.Now, $"Link rule '{rule.Name}' {(isAdded ? "begins" : "ends")}.");
    }
}
