using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>
/// Whether the order makes a difference in which things happen at one time. Two that reach no machine in common are independent; of two that do both orders are tried, and are to lead to one state.
/// </summary>
/// <param name="key">What states are known by.</param>
internal sealed class SimultaneousEvents(StateKey key)
{
    private readonly List<SimulationEvent> _events = [];

    /// <summary>How many pairs were tried in both orders.</summary>
    public long Pairs { get; private set; }

    /// <summary>Whether the next event and each other one of its time can go in either order.</summary>
    /// <param name="walk">The state; it stays as it is.</param>
    public bool Commute(CheckWalk walk)
    {
        var simulator = walk.Run.Simulator;
        if (simulator.NextEventTime is not { } due || due > walk.Run.NextThing)
            return true;
        simulator.ListSimultaneous(_events);
        for (int i = 1; i < _events.Count; i++)
        {
            if (!simulator.Meet(_events[0], _events[i]))
                continue;
            Pairs++;
            if (After(walk, _events[0], _events[i]) != After(walk, _events[i], _events[0]))
                return false;
        }

        return true;
    }

    /// <summary>The state after two events; one that the other has made void does not happen.</summary>
    private UInt128 After(CheckWalk walk, in SimulationEvent first, in SimulationEvent second)
    {
        var fork = walk.Fork();
        fork.Run.Simulator.TryBringForward(first);
        fork.Advance();
        if (fork.Run.Simulator.NextEventTime == fork.Run.Simulator.Now && fork.Run.Simulator.TryBringForward(second))
            fork.Advance();
        return key.AsItIs(fork);
    }
}
