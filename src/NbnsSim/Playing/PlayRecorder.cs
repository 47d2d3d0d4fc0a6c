using NbnsSim.Narrative;
using NbnsSim.Simulation;

namespace NbnsSim.Playing;

/// <summary>Keeps what is to be shown of a play; it can go back with it, since it can be copied at any moment.</summary>
public abstract class PlayRecorder : SimulationObserver
{
    /// <summary>What the machines decided.</summary>
    public abstract DecisionHistory History { get; }

    /// <inheritdoc/>
    public sealed override bool HearsDecisions => true;

    /// <summary>One that knows the same, for a fork of the simulation. It is not added to it yet.</summary>
    /// <param name="simulator">The fork.</param>
    public abstract PlayRecorder Fork(Simulator simulator);
}
