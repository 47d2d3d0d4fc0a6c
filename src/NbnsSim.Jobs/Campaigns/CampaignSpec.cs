using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>
/// A campaign: each scenario is run with each dialect and each seed in the simulator, its expectations and what holds in every network (<see cref="Testing.NetworkInvariants"/>) are held against each run,
/// and the result says how often they were not met, with which seeds, and the command line that repeats each.
/// </summary>
/// <example>
/// <code>
/// var spec = CampaignSpec.Of(["q131739"], (0, 999), dialects: "nt3.5,nt4", faults: "loss:probability=5%");
/// await using var engine = new LocalEngine(folder); // a folder for this job; the same job in it goes on where it was
/// var outcome = await JobRun.RunAsync(engine, spec, progress =&gt; Console.Error.WriteLine(JobText.Line(spec, progress)));
/// JobText.Write(spec, outcome.Result, new ReportWriter(Console.Out));
/// </code>
/// </example>
public sealed record CampaignSpec : JobSpec
{
    /// <summary>How many seeds are a shard, unless it is said.</summary>
    public const int StandardSeedsPerShard = 4_096;

    /// <summary>What <see cref="Kind"/> says.</summary>
    internal const string KindName = "campaign";

    /// <summary>Describes a campaign.</summary>
    /// <param name="scenarios">The scenarios; at least one.</param>
    /// <param name="dialects">What hosts behave like that have no dialect of their own: names such as <c>nt4</c>. None for each scenario's own.</param>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="lastSeed">The last seed; it is run, too.</param>
    /// <param name="faults">What goes wrong on every link besides.</param>
    /// <param name="seedsPerShard">How many seeds of one scenario and dialect are a shard, for networks of up to eight hosts; of larger ones fewer in proportion. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">There is no scenario, something is there twice, there is no such dialect, or the seeds end before they begin.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Less than one seed a shard.</exception>
    public CampaignSpec(
        IEnumerable<CampaignScenario> scenarios, IEnumerable<string>? dialects = null, ulong firstSeed = 0, ulong lastSeed = 0, IEnumerable<CampaignFault>? faults = null,
        int seedsPerShard = StandardSeedsPerShard)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        ArgumentOutOfRangeException.ThrowIfLessThan(seedsPerShard, 1);
        Scenarios = [.. scenarios];
        Dialects = [.. (dialects ?? []).Select(name => NetBtDialect.TryFind(name, out var dialect)
            ? dialect.Name
            : throw new ArgumentException($"There is no dialect '{VisibleText.Escape(name)}': expected {string.Join(", ", NetBtDialect.All.Select(one => one.Name))}.", nameof(dialects)))];
        Faults = [.. faults ?? []];
        FirstSeed = firstSeed;
        LastSeed = lastSeed;
        SeedsPerShard = seedsPerShard;
        if (Scenarios.IsEmpty)
            throw new ArgumentException("A campaign needs a scenario.", nameof(scenarios));
        if (lastSeed < firstSeed)
            throw new ArgumentException("The seeds end before they begin.", nameof(lastSeed));
        if (Twice(Scenarios.Select(scenario => scenario.Name)) is { } scenario)
            throw new ArgumentException($"The scenario '{VisibleText.Escape(scenario)}' is given twice.", nameof(scenarios));
        if (Twice(Dialects) is { } dialect)
            throw new ArgumentException($"The dialect '{dialect}' is given twice.", nameof(dialects));
        if (Twice(Faults.Select(fault => fault.Text)) is { } fault)
            throw new ArgumentException($"The fault '{VisibleText.Escape(fault)}' is given twice.", nameof(faults));
        if ((UInt128)CellCount * ((UInt128)(lastSeed - firstSeed) + 1) > long.MaxValue)
            throw new ArgumentException("These are more runs than can be counted.", nameof(lastSeed));
    }

    /// <summary>The scenarios.</summary>
    public ImmutableArray<CampaignScenario> Scenarios { get; }

    /// <summary>The dialects' names; empty for each scenario's own.</summary>
    public ImmutableArray<string> Dialects { get; }

    /// <summary>The first seed.</summary>
    public ulong FirstSeed { get; }

    /// <summary>The last seed.</summary>
    public ulong LastSeed { get; }

    /// <summary>What goes wrong on every link besides.</summary>
    public ImmutableArray<CampaignFault> Faults { get; }

    /// <summary>How many seeds are a shard, for networks of up to eight hosts.</summary>
    public int SeedsPerShard { get; }

    /// <summary>How many runs there are: one for each scenario, dialect and seed.</summary>
    public long RunCount => CellCount * (long)(LastSeed - FirstSeed + 1);

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string WeightUnit => "runs";

    /// <summary>How many dialects each scenario is run with.</summary>
    internal int DialectCount => Math.Max(1, Dialects.Length);

    private int CellCount => Scenarios.Length * DialectCount;

    /// <summary>A campaign as a command line has it.</summary>
    /// <param name="scenarios">Names of built-in scenarios, or paths of files.</param>
    /// <param name="seeds">The first seed and the last.</param>
    /// <param name="dialects">Dialects behind each other: <c>nt3.5,nt4</c>; null for each scenario's own.</param>
    /// <param name="faults">Faults behind each other: <see cref="CampaignFault.ParseAll"/>; null for none.</param>
    /// <exception cref="JobException">There is no such scenario, dialect or fault, or something is there twice.</exception>
    /// <exception cref="ScenarioException">A file has mistakes.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static CampaignSpec Of(IEnumerable<string> scenarios, (ulong First, ulong Last) seeds, string? dialects = null, string? faults = null)
    {
        try
        {
            return new CampaignSpec([.. scenarios.Select(CampaignScenario.Open)], dialects?.Split(','), seeds.First, seeds.Last, faults is null ? [] : CampaignFault.ParseAll(faults));
        }
        catch (ArgumentException e)
        {
            throw JobException.Of(e);
        }
        catch (FormatException e) when (e is not ScenarioException)
        {
            throw new JobException(e.Message, e);
        }
    }

    /// <summary>Reads seeds as a command line has them: <c>FIRST..LAST</c>, or how many from 1 on.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static (ulong First, ulong Last) ParseSeeds(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] ends = text.Split("..");
        ulong first = 1;
        return ends.Length <= 2 && (ends.Length == 1 || TrySeed(ends[0], out first)) && TrySeed(ends[^1], out ulong last) && first <= last
            ? (first, last)
            : throw new FormatException($"'{VisibleText.Escape(text)}' are no seeds: expected such as 0..100000, or how many.");
    }

    /// <inheritdoc/>
    public override IJobWork CreateWork() => new CampaignJob(this);

    /// <inheritdoc/>
    public override bool IsAsHoped(JsonElement summary) => summary.GetProperty("failed").GetInt64() == 0;

    /// <inheritdoc/>
    public override void WriteSummary(JsonElement summary, ReportWriter writer) => CampaignText.Write(summary, writer);

    /// <summary>Whether it is the same campaign.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(CampaignSpec? other) => ToJson() == other?.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToJson());

    /// <summary>The name of one of the dialects; null where each scenario has its own.</summary>
    internal string? DialectAt(int index) => Dialects.IsEmpty ? null : Dialects[index];

    /// <summary>The command line that repeats a run.</summary>
    internal string CommandOf(string scenario, string? dialect, ulong seed) =>
        $"nbnssim run {ShellWord.Quote(scenario)}{(dialect is null ? "" : $" --dialect {dialect}")}{string.Create(CultureInfo.InvariantCulture, $" --seed {seed}")}"
        + (Faults.IsEmpty ? "" : $" --faults {ShellWord.Quote(string.Join(',', Faults))}");

    internal static CampaignSpec Read(JsonElement spec) => new(
        spec.GetProperty("scenarios").EnumerateArray().Select(one => new CampaignScenario(one.GetProperty("name").GetString()!, one.TryGetProperty("text", out var text) ? text.GetString() : null)),
        spec.GetProperty("dialects").EnumerateArray().Select(one => one.GetString()!),
        spec.GetProperty("firstSeed").GetUInt64(),
        spec.GetProperty("lastSeed").GetUInt64(),
        spec.GetProperty("faults").EnumerateArray().Select(one => CampaignFault.Parse(one.GetString()!)),
        spec.GetProperty("seedsPerShard").GetInt32());

    /// <inheritdoc/>
    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray("scenarios");
        foreach (var scenario in Scenarios)
        {
            writer.WriteStartObject();
            writer.WriteString("name", scenario.Name);
            if (scenario.Text is { } text)
                writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteTexts("dialects", Dialects);
        writer.WriteNumber("firstSeed", FirstSeed);
        writer.WriteNumber("lastSeed", LastSeed);
        writer.WriteTexts("faults", Faults.Select(fault => fault.Text));
        writer.WriteNumber("seedsPerShard", SeedsPerShard);
    }

    private static bool TrySeed(string text, out ulong seed) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);

    private static string? Twice(IEnumerable<string> names) => names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any())?.Key;
}
