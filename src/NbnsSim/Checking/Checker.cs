using System.Collections.Immutable;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>
/// Looks at every run that a scenario can have when up to so many things go wrong, and holds properties against each state: the shipped machines themselves are what runs.
/// </summary>
/// <remarks>
/// <para>
/// Runs without a fault are looked at first, then those with one, and so on: a counterexample has as few faults as any can, and comes as early as any with so few.
/// </para>
/// <para>
/// Between two faults nothing is left to chance, so that a run is told by its faults alone. What is reached again is not looked at again: a state is known by what the machines, links and the
/// queue of events will do from there (its fingerprint) and by the time, and faults whose effect is the same, or none, lead to one state. Without
/// <see cref="CheckOptions.Reduces"/> every run is followed to its end.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var scenario = BuiltInScenarios.Find("q131739")!;
/// var result = new Checker(scenario, CheckProperties.Standard, new CheckOptions { MaxFaults = 0 }).Run();
/// Console.WriteLine(result.Counterexample!.Text); // ALPHA logs 4320 about JSMITH&lt;03&gt;, which no other machine has or claims.
/// </code>
/// </example>
public sealed class Checker
{
    private readonly ImmutableArray<ScenarioRun> _starts; // one for each order of the commands

    /// <summary>Prepares a check.</summary>
    /// <param name="scenario">The machines and what they are told; its expectations do not count.</param>
    /// <param name="properties">What is to hold.</param>
    /// <param name="options">What may go wrong, and the bounds.</param>
    /// <param name="dialect">The dialect of hosts that have none of their own; null for the scenario's.</param>
    /// <exception cref="ArgumentException">The commands can go in too many orders.</exception>
    public Checker(Scenario scenario, IEnumerable<CheckProperty> properties, CheckOptions options, NetBtDialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(properties);
        ArgumentNullException.ThrowIfNull(options);
        Properties = [.. properties];
        Options = options with { FaultsUntil = options.FaultsUntil < scenario.End ? options.FaultsUntil : scenario.End };
        var checkedScenario = (options.Faults & (CheckFaults.ForgedRelease | CheckFaults.ForgedConflict)) != CheckFaults.None ? Outsiders.Add(scenario) : scenario;
        Scenario = checkedScenario with { Dialect = scenario.Dialect with { Preset = dialect ?? scenario.Dialect.Preset }, Expectations = [], End = scenario.End + options.Quiet };
        var orders = options.AnyOrder ? CommandOrders.Of(Scenario) : [Scenario.Steps];
        _starts = [.. orders.Select(steps => ScenarioRun.Unwatched(Scenario with { Steps = steps }, null, null))];
    }

    /// <summary>The scenario as it is checked: without expectations, with outsiders where these may forge something, and with the quiet time at its end.</summary>
    public Scenario Scenario { get; }

    /// <summary>What is to hold.</summary>
    public ImmutableArray<CheckProperty> Properties { get; }

    /// <summary>What may go wrong, and the bounds.</summary>
    public CheckOptions Options { get; }

    /// <summary>Looks at everything.</summary>
    /// <param name="progress">Hears how far it is, from any worker; null for nobody.</param>
    /// <param name="found">Hears the fingerprint of each different state, from any worker; null for nobody.</param>
    /// <param name="stop">Ends it as a bound does.</param>
    public CheckResult Run(Action<CheckProgress>? progress = null, Action<UInt128>? found = null, CancellationToken stop = default)
    {
        var outcome = Search(Options, Instant.MaxValue, progress, found, stop);
        if (outcome.Violation is { } violation && Options.Workers > 1)
            outcome = outcome with { Violation = Search(Options with { Workers = 1 }, violation.At, progress, found: null, CancellationToken.None).Violation }; // which of several runs is shown must not depend on who was faster
        bool isVacuous = outcome.NotReached.Length > 0 && outcome.IsComplete;
        return new CheckResult
        {
            Verdict = outcome.Violation is not null ? CheckVerdict.Broken : !outcome.IsComplete ? CheckVerdict.OutOfBounds : isVacuous ? CheckVerdict.Vacuous : CheckVerdict.Holds,
            States = outcome.States,
            Steps = outcome.Steps,
            CompleteFaults = outcome.CompleteFaults,
            FirstSteps = outcome.FirstSteps,
            Counterexample = outcome.Violation is { } broken ? CounterexampleBuilder.Build(_starts[broken.Path.Order], broken, Options) : null,
            Reached = outcome.Reached,
            NotReached = outcome.NotReached,
        };
    }

    private CheckSearch.Outcome Search(CheckOptions options, Instant until, Action<CheckProgress>? progress, Action<UInt128>? found, CancellationToken stop) =>
        new CheckSearch(_starts, Properties, options, until, progress, found, stop).Run();
}
