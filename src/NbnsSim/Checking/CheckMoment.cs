using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>A state of a checked run, and how it came about, as properties look at it; good during the call only.</summary>
public readonly ref struct CheckMoment
{
    internal CheckMoment(ScenarioRun run, int firstNew, CheckHistory? history)
    {
        Run = run;
        FirstNew = firstNew;
        History = history;
        IsEnd = run.IsOver;
    }

    /// <summary>The network, to look at.</summary>
    public Simulator Simulator => Run.Simulator;

    /// <summary>The scenario's steps and what went wrong between them, in the order of time.</summary>
    public ImmutableArray<ScenarioStep> Steps => Run.Steps;

    /// <summary>The index in <see cref="Simulator.Log"/> from which on the events are of the last step.</summary>
    public int FirstNew { get; }

    /// <summary>What the property that looks remembers of the run (<see cref="CheckProperty.Remember"/>); <see langword="null"/> for most.</summary>
    public CheckHistory? History { get; }

    /// <summary>When the scenario ends, the time included for which the network is left alone.</summary>
    public Instant End => Run.Scenario.End;

    /// <summary>Whether the scenario is over.</summary>
    public bool IsEnd { get; }

    private ScenarioRun Run { get; }
}
