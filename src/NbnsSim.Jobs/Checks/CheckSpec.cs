using System.Collections.Immutable;
using System.Text.Json;
using NbnsSim.Checking;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Reports.Checks;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Checks;

/// <summary>
/// A check of a scenario (<see cref="Checker"/>) as a job: each shard has the first fault come at some of the steps of the run without a fault. The results are <c>check.json</c> and, where a property does
/// not hold, <c>scenario.json</c>, <c>run.txt</c>, <c>run.pcapng</c>, <c>run.html</c> and <c>CounterexampleTests.cs</c>.
/// </summary>
public sealed record CheckSpec : JobSpec
{
    internal const string KindName = "check";

    /// <summary>Describes a check.</summary>
    /// <param name="scenario">The scenario: a built-in one, or one with its text.</param>
    /// <param name="properties">The names of what is to hold; none for <see cref="CheckProperties.Standard"/>.</param>
    /// <param name="options">What may go wrong, and the bounds; <see cref="CheckOptions.MaxStates"/> holds for each shard. Workers are the engine's business.</param>
    /// <param name="dialect">The dialect of hosts that have none of their own; null for the scenario's.</param>
    /// <exception cref="ArgumentException">There is no such property, or <see cref="CheckOptions.PartialOrder"/> or <see cref="CheckOptions.Symmetry"/> is asked for.</exception>
    public CheckSpec(CampaignScenario scenario, IEnumerable<string> properties, CheckOptions options, NetBtDialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(properties);
        ArgumentNullException.ThrowIfNull(options);
        (Scenario, Properties, Options, Dialect) = (scenario, [.. properties], options, dialect);
        if (options.PartialOrder || options.Symmetry)
            throw new ArgumentException("A check in parts takes no machines as alike, and nothing as a set: a part does not know what others have seen.", nameof(options));
        if (Properties.FirstOrDefault(name => CheckProperties.Find(name) is null) is { } unknown)
            throw new ArgumentException($"There is no property '{VisibleText.Escape(unknown)}'.", nameof(properties));
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string WeightUnit => "steps";

    /// <summary>The scenario.</summary>
    public CampaignScenario Scenario { get; }

    /// <summary>The names of what is to hold; none for all that should.</summary>
    public ImmutableArray<string> Properties { get; }

    /// <summary>What may go wrong, and the bounds.</summary>
    public CheckOptions Options { get; }

    /// <summary>The dialect of hosts that have none of their own; null for the scenario's.</summary>
    public NetBtDialect? Dialect { get; }

    /// <inheritdoc/>
    /// <exception cref="JobException">The commands can go in too many orders.</exception>
    public override IJobWork CreateWork()
    {
        try
        {
            Make(Range.All); // rather than in each part
        }
        catch (ArgumentException e)
        {
            throw JobException.Of(e);
        }

        return new CheckJob(this);
    }

    /// <inheritdoc/>
    public override bool IsAsHoped(JsonElement summary) => summary.GetProperty("verdict").GetString() == nameof(CheckVerdict.Holds);

    /// <inheritdoc/>
    public override void WriteSummary(JsonElement summary, ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteWrapped("", summary.GetProperty("text").GetString()!);
    }

    /// <summary>Whether it is the same check.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(CheckSpec? other) => ToJson() == other?.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToJson());

    internal static CheckSpec Read(JsonElement spec) => new(
        new CampaignScenario(spec.GetProperty("scenario").GetString()!, spec.TryGetProperty("text", out var text) ? text.GetString() : null),
        spec.GetProperty("properties").EnumerateArray().Select(one => one.GetString()!),
        new CheckOptions
        {
            Faults = spec.GetProperty("faults").EnumerateArray().Aggregate(CheckFaults.None, (sum, one) => sum | CheckFaultNames.Parse(one.GetString()!)),
            MaxFaults = spec.GetProperty("maxFaults").GetInt32(),
            FaultsUntil = new Instant(spec.GetProperty("faultsUntilNs").GetInt64()),
            Quiet = TimeSpan.FromTicks(spec.GetProperty("quietTicks").GetInt64()),
            AnyOrder = spec.GetProperty("anyOrder").GetBoolean(),
            Reduces = spec.GetProperty("reduces").GetBoolean(),
            MaxStates = spec.GetProperty("maxStates").GetInt64(),
        },
        spec.GetProperty("dialect").GetString() is { } dialect ? NetBtDialect.TryFind(dialect, out var found) ? found : throw new FormatException($"There is no dialect '{dialect}'.") : null);

    /// <summary>The check, of which one part may be done.</summary>
    internal Checker Make(Range firstFaultAt) => new(
        Scenario.Read(), Properties.IsEmpty ? CheckProperties.Standard : Properties.Select(name => CheckProperties.Find(name)!), Options with { FirstFaultAt = firstFaultAt }, Dialect);

    /// <inheritdoc/>
    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString("scenario", Scenario.Name);
        if (Scenario.Text is { } text)
            writer.WriteString("text", text);
        writer.WriteString("dialect", Dialect?.Name);
        writer.WriteTexts("properties", Properties);
        writer.WriteTexts("faults", CheckFaultNames.Of(Options.Faults));
        writer.WriteNumber("maxFaults", Options.MaxFaults);
        writer.WriteNumber("faultsUntilNs", Options.FaultsUntil.Nanoseconds);
        writer.WriteNumber("quietTicks", Options.Quiet.Ticks);
        writer.WriteBoolean("anyOrder", Options.AnyOrder);
        writer.WriteBoolean("reduces", Options.Reduces);
        writer.WriteNumber("maxStates", Options.MaxStates);
    }
}
