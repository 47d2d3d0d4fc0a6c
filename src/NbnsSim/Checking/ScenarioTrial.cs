using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>
/// One run of a scenario, with properties held against it as a <see cref="Checker"/> does that lets nothing go wrong besides: those of <see cref="CheckMode.Always"/> all the while, those of
/// <see cref="CheckMode.AtEnd"/> when the network has been left alone for <see cref="ScenarioCheck.Quiet"/> after the scenario's end. Expectations do not count, and what is to be reached
/// <see cref="CheckMode.Sometimes"/> is not looked for.
/// </summary>
/// <remarks>
/// A network of up to four hosts is looked at after each event; of larger ones as many events later as they have hosts, four by four, and after each step and each event that a machine logs.
/// </remarks>
public sealed class ScenarioTrial
{
    private const int HostsLookedAtOnce = 4;

    private readonly ScenarioRun _run;
    private readonly ImmutableArray<CheckProperty> _properties;
    private readonly CheckHistories _histories;
    private readonly int _eventsPerLook;

    /// <summary>Builds the network.</summary>
    /// <param name="scenario">The scenario; its own seed counts.</param>
    /// <param name="properties">What is to hold.</param>
    public ScenarioTrial(Scenario scenario, IEnumerable<CheckProperty> properties)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(properties);
        _properties = [.. properties];
        _eventsPerLook = Math.Max(1, scenario.Hosts.Length / HostsLookedAtOnce);
        _run = ScenarioRun.Unwatched(scenario with { Expectations = [], End = scenario.End + (scenario.Check?.Quiet ?? new CheckOptions().Quiet) }, null, null);
        _histories = new CheckHistories(_properties, _run.Simulator);
    }

    /// <summary>The network; observers are added before the run.</summary>
    public Simulator Simulator => _run.Simulator;

    /// <summary>Runs up to the end, or to where a property does not hold.</summary>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The first property that does not hold; <see langword="null"/> where all do.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was asked for.</exception>
    public BrokenProperty? Run(CancellationToken stop = default)
    {
        try
        {
            int seen = 0, unseen = 0, steps = 0;
            while (_run.Advance(collects: unseen + 1 >= _eventsPerLook))
            {
                if (++unseen < _eventsPerLook && Simulator.Log.Count == seen && _run.StepCount == steps)
                    continue;
                if (Find(CheckMode.Always, seen) is { } broken)
                    return broken;
                (seen, unseen, steps) = (Simulator.Log.Count, 0, _run.StepCount);
                stop.ThrowIfCancellationRequested();
            }

            return Find(CheckMode.Always, seen) ?? Find(CheckMode.AtEnd, seen);
        }
        catch (Exception e) when (e is not OperationCanceledException) // whatever a machine throws is found here
        {
            return new BrokenProperty(CheckProperties.NothingThrows, $"{e.GetType().Name}: {e.Message}", Simulator.Now);
        }
    }

    private BrokenProperty? Find(CheckMode mode, int firstNew)
    {
        for (int i = 0; i < _properties.Length; i++)
        {
            if (_properties[i].Mode == mode && _properties[i].Look(new CheckMoment(_run, firstNew, _histories.Of(i))) is { } text)
                return new BrokenProperty(_properties[i], text, Simulator.Now);
        }

        return null;
    }
}
