using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>
/// Makes a scenario smaller while it still shows something: fewer hosts, steps and link rules, then simpler hosts and shorter times, by delta debugging (Zeller, Hildebrandt: Simplifying and isolating
/// failure-inducing input, 2002), over and over until nothing more can go.
/// </summary>
/// <remarks>
/// What is tried is a scenario that a file could hold: nothing in it refers to what is gone. The result depends on the scenario and the predicate alone. Which property fails is the predicate's business,
/// and so is that it has to hold there: without its second half a name that is lost to a cut may be shrunk to one that is lost to a shutdown.
/// </remarks>
public sealed class ScenarioShrinker
{
    private readonly Func<Scenario, bool> _shows;
    private readonly int _maxRuns;

    /// <summary>Prepares it.</summary>
    /// <param name="shows">Whether a scenario still shows it.</param>
    /// <param name="maxRuns">How many scenarios are tried at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public ScenarioShrinker(Func<Scenario, bool> shows, int maxRuns = 2_000)
    {
        ArgumentNullException.ThrowIfNull(shows);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRuns, 1);
        (_shows, _maxRuns) = (shows, maxRuns);
    }

    /// <summary>How many scenarios were tried.</summary>
    public int Runs { get; private set; }

    /// <summary>Whether nothing more could go; false where the bound was reached before.</summary>
    public bool IsComplete => Runs < _maxRuns;

    /// <summary>Makes a scenario as small as it finds.</summary>
    /// <param name="scenario">One that shows it; what it expects is left out.</param>
    public Scenario Shrink(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        scenario = scenario with { Expectations = [] };
        Scenario before;
        do
        {
            before = scenario;
            Cut(ref scenario, it => it.Hosts.Length, ScenarioCuts.WithoutHosts);
            Cut(ref scenario, it => it.Steps.Length, ScenarioCuts.WithoutSteps);
            Cut(ref scenario, it => it.Rules.Length, ScenarioCuts.WithoutRules);
            Cut(ref scenario, it => it.Routers.Length, ScenarioCuts.WithoutRouters);
            Cut(ref scenario, it => it.Segments.Length, ScenarioCuts.WithoutSegments);
            CutHostsOfSteps(ref scenario);
            Simplify(ref scenario, it => it.Hosts.Length, ScenarioCuts.SimplerHosts);
            Simplify(ref scenario, it => it.Rules.Length, ScenarioCuts.SimplerRules);
            Shorten(ref scenario);
        }
        while (!ReferenceEquals(before, scenario) && IsComplete);
        return scenario;
    }

    /// <summary>Leaves out as much of a list as can go, half of it first and single items last.</summary>
    private void Cut(ref Scenario scenario, Func<Scenario, int> count, Func<Scenario, int, int, Scenario?> without)
    {
        for (int length = count(scenario); length > 0; length /= 2)
        {
            for (int first = 0; first < count(scenario);)
            {
                int piece = Math.Min(length, count(scenario) - first);
                if (!TryTake(ref scenario, without(scenario, first, piece)))
                    first += piece;
            }
        }
    }

    private void CutHostsOfSteps(ref Scenario scenario)
    {
        for (int step = 0; step < scenario.Steps.Length; step++)
        {
            if (scenario.Steps[step].Hosts.Length > 1)
                Cut(ref scenario, it => it.Steps[step].Hosts.Length, (it, first, length) => ScenarioCuts.WithoutHostsOfStep(it, step, first, length));
        }
    }

    private void Simplify(ref Scenario scenario, Func<Scenario, int> count, Func<Scenario, int, IEnumerable<Scenario>> simpler)
    {
        for (int i = 0; i < count(scenario); i++)
        {
            foreach (var one in simpler(scenario, i))
            {
                if (TryTake(ref scenario, one))
                    break; // what is simplest comes first
            }
        }
    }

    /// <summary>Takes away the time between things, from the end on: all of it, or as many halves as can go.</summary>
    private void Shorten(ref Scenario scenario)
    {
        for (int gap = ScenarioTimes.Of(scenario).Count - 1; gap >= 0; gap--)
        {
            if (gap >= ScenarioTimes.Of(scenario).Count || TryTake(ref scenario, ScenarioTimes.WithGap(scenario, gap, TimeSpan.Zero)))
                continue;
            while (ScenarioTimes.GapOf(scenario, gap) is var length && length > ScenarioTimes.Shortest && TryTake(ref scenario, ScenarioTimes.WithGap(scenario, gap, length / 2)))
            {
            }
        }
    }

    private bool TryTake(ref Scenario scenario, Scenario? smaller)
    {
        if (smaller is null || !IsComplete)
            return false;
        Runs++;
        if (!_shows(smaller))
            return false;
        scenario = smaller;
        return true;
    }
}
