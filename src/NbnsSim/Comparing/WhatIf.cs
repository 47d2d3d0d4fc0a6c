using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Comparing;

/// <summary>
/// A scenario run twice, as it is and with changes, from the same seed: what is gained and lost by them, and where the runs part. Everything that it says is said by the machines of the two runs.
/// </summary>
/// <example>
/// <code>
/// var whatIf = new WhatIf(BuiltInScenarios.Find("q131739")!, "ALPHA.noNameReleaseOnDemand");
/// var comparison = whatIf.Compare();
/// foreach (var change in comparison.Events)
///     Console.WriteLine($"{(change.IsGained ? "gained" : "lost")}: {change.Host} logs {change.Event.Id}");
/// Console.WriteLine(comparison.FirstDecision?.Host);
/// </code>
/// </example>
public sealed class WhatIf
{
    private const int MaxSecondsMore = 60;

    private readonly RunRecord _before;
    private readonly RunRecord _after;

    /// <summary>Builds both networks.</summary>
    /// <param name="scenario">The scenario as it is.</param>
    /// <param name="changes">What is changed: see <see cref="ScenarioChanges"/>.</param>
    /// <exception cref="FormatException">A change is none, or names what the scenario has not.</exception>
    public WhatIf(Scenario scenario, params IEnumerable<string> changes)
        : this(scenario, ScenarioChanges.Apply(scenario, changes))
    {
    }

    /// <summary>Builds the networks of two scenarios that have machines in common.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    public WhatIf(Scenario before, Scenario after)
    {
        _before = new RunRecord(new ScenarioRun(before));
        _after = new RunRecord(new ScenarioRun(after));
    }

    /// <summary>The run as it is, for observers of the caller's before <see cref="Compare"/>.</summary>
    public ScenarioRun Before => _before.Run;

    /// <summary>The run with the changes, for observers of the caller's before <see cref="Compare"/>.</summary>
    public ScenarioRun After => _after.Run;

    /// <summary>How the run as it is met what its scenario expects; after <see cref="Compare"/>.</summary>
    public ImmutableArray<ExpectationResult> Results { get; private set; } = [];

    /// <summary>Runs both to their ends, or as much longer, a minute at most, as a command in one of them needs to end; and compares.</summary>
    public RunComparison Compare()
    {
        Results = Before.Run();
        After.Run();
        for (int second = 0; second < MaxSecondsMore && (Before.HasOpenCommands || After.HasOpenCommands); second++)
        {
            Before.Simulator.RunFor(TimeSpan.FromSeconds(1));
            After.Simulator.RunFor(TimeSpan.FromSeconds(1));
        }

        return RunComparer.Compare(_before, _after);
    }
}
