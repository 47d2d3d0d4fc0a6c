using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>A state of a checked run, and how it came about, as properties look at it; good during the call only.</summary>
public readonly ref struct CheckMoment
{
    /// <summary>A network that no scenario has led to: nothing is known of how it came about, and it is as it is in the end.</summary>
    /// <param name="simulator">The network.</param>
    public CheckMoment(Simulator simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        (Simulator, Steps, End, IsEnd) = (simulator, [], simulator.Now, true);
    }

    internal CheckMoment(ScenarioRun run, int firstNew, CheckHistory? history)
    {
        (Simulator, Steps, End, IsEnd) = (run.Simulator, run.Steps, run.Scenario.End, run.IsOver);
        (FirstNew, History) = (firstNew, history);
    }

    /// <summary>The network, to look at.</summary>
    public Simulator Simulator { get; }

    /// <summary>The scenario's steps and what went wrong between them, in the order of time.</summary>
    public ImmutableArray<ScenarioStep> Steps { get; }

    /// <summary>The index in <see cref="Simulator.Log"/> from which on the events are of the last step.</summary>
    public int FirstNew { get; }

    /// <summary>What the property that looks remembers of the run (<see cref="CheckProperty.Remember"/>); <see langword="null"/> for most.</summary>
    public CheckHistory? History { get; }

    /// <summary>When the scenario ends, the time included for which the network is left alone.</summary>
    public Instant End { get; }

    /// <summary>Whether the scenario is over.</summary>
    public bool IsEnd { get; }
}
