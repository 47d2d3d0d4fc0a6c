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
/// <para>
/// Two more reductions are there on request. With <see cref="CheckOptions.PartialOrder"/> what happens at one time is a set, and of commands at one time only the order counts in which each machine is told
/// things. Two things are independent that reach no machine in common; of each two that do both orders are tried, and where one such pair leads to two states all of it is done again with nothing left out.
/// With <see cref="CheckOptions.Symmetry"/> a state is also known by what it is with alike machines in each other's places. Neither is used where it is not known to hold, which the result says: not with
/// datagrams that are overtaken or damaged, with link rules of the scenario's own, with segments without latency; nor are machines alike for properties of one's own, for raw octets, or for name
/// servers that replicate. Properties are held against states in one of the orders of an instant. Sleep sets would have little to do besides: faults are chosen in the order of time, so that only two
/// that come in one moment are ever looked at in two orders.
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
    private const string HasOrder = "the order makes a difference in which something arrives that arrives at one time";

    private readonly CheckReductions _reductions;
    private readonly string _notReduced;
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
        _reductions = CheckReductions.Of(Scenario, Properties, Options, out _notReduced);
        _starts = StartsWith(_reductions);
    }

    /// <summary>The scenario as it is checked: without expectations, with outsiders where these may forge something, and with the quiet time at its end.</summary>
    public Scenario Scenario { get; }

    /// <summary>What is to hold.</summary>
    public ImmutableArray<CheckProperty> Properties { get; }

    /// <summary>What may go wrong, and the bounds.</summary>
    public CheckOptions Options { get; }

    /// <summary>Looks at everything.</summary>
    /// <param name="progress">Hears how far it is, from any worker; null for nobody.</param>
    /// <param name="found">Hears the fingerprint of each different state, from any worker; null for nobody. Where <see cref="CheckOptions.PartialOrder"/> turns out not to hold, also of those that were looked at till then.</param>
    /// <param name="stop">Ends it as a bound does.</param>
    public CheckResult Run(Action<CheckProgress>? progress = null, Action<UInt128>? found = null, CancellationToken stop = default)
    {
        var (reductions, notReduced) = (_reductions, _notReduced);
        var starts = _starts;
        var outcome = Search(Options, Instant.MaxValue, progress, found, stop);
        if (outcome.HasOrder)
        {
            (reductions, notReduced) = (CheckReductions.None, HasOrder);
            try
            {
                starts = StartsWith(reductions);
                outcome = Search(Options, Instant.MaxValue, progress, found, stop);
            }
            catch (ArgumentException e) when (e.ParamName == "scenario") // there are more orders than can be tried: nothing is known
            {
                notReduced = $"{HasOrder}, and commands can go in more than {CommandOrders.MaxOrders} orders";
                outcome = outcome with { Violation = null, IsComplete = false, CompleteFaults = -1 };
            }
        }

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
            Counterexample = outcome.Violation is { } broken ? CounterexampleBuilder.Build(starts[broken.Path.Order], broken, Options) : null,
            Reached = outcome.Reached,
            NotReached = outcome.NotReached,
            IsPartialOrder = reductions.IsUnordered,
            PairsTried = outcome.Pairs,
            Alike = reductions.Alike,
            NotReduced = notReduced,
        };

        CheckSearch.Outcome Search(CheckOptions options, Instant until, Action<CheckProgress>? progress, Action<UInt128>? found, CancellationToken stop) =>
            new CheckSearch(starts, Properties, options, reductions, until, progress, found, stop).Run();
    }

    /// <summary>The runs to begin with: one for each order of the commands.</summary>
    private ImmutableArray<ScenarioRun> StartsWith(CheckReductions reductions)
    {
        ImmutableArray<ImmutableArray<ScenarioStep>> orders = Options.AnyOrder ? CommandOrders.Of(Scenario, reductions.IsUnordered)
            : [reductions.IsUnordered ? [.. Scenario.Steps.SelectMany(CommandOrders.Split)] : Scenario.Steps];
        return [.. orders.Select(steps => ScenarioRun.Unwatched(Scenario with { Steps = steps }, null, null))];
    }
}
