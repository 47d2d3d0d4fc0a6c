using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <content>A run in small steps, for whoever chooses among what may happen.</content>
public sealed partial class ScenarioRun
{
    /// <summary>The steps that are done or to be done, those put in included.</summary>
    internal ImmutableArray<ScenarioStep> Steps => _steps;

    /// <summary>When the next thing happens: an event, a step, or the end.</summary>
    internal Instant NextThing => Simulator.NextEventTime is { } due && due < NextTime ? due : NextTime;

    /// <summary>A run whose expectations nobody looks at, and which keeps no results: fast to copy.</summary>
    internal static ScenarioRun Unwatched(Scenario scenario, NetBtDialect? dialect, ulong? seed) => new(scenario, dialect, seed, isWatched: false);

    /// <summary>Lets one thing happen: the next event; where none is due by then, the next step; and after the last of these the end comes.</summary>
    /// <param name="collects">Whether results are taken from the hosts then, which looks at each host; otherwise they wait there for the next time.</param>
    /// <returns>False when the scenario was over already.</returns>
    internal bool Advance(bool collects = true)
    {
        if (IsOver)
            return false;
        if (!Simulator.StepUntil(NextTime.Nanoseconds))
        {
            Simulator.RunUntil(NextTime);
            if (_nextStep < _steps.Length)
                Do(_steps[_nextStep++]);
        }

        if (collects)
            CollectResults();
        return true;
    }

    /// <summary>Goes on with other steps than were to come; those done are the same.</summary>
    internal void TakeSteps(ImmutableArray<ScenarioStep> steps) => _steps = steps;

    /// <summary>Does a step that the scenario does not have, now.</summary>
    /// <param name="step">The step; its time is that of the whole 100 ns that is reached next, as scenario files have it.</param>
    internal void DoNow(ScenarioStep step)
    {
        _steps = _steps.Insert(_nextStep, step);
        Simulator.RunUntil(step.At);
        Do(_steps[_nextStep++]);
    }
}
