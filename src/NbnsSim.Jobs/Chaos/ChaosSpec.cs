using System.Globalization;
using System.Text.Json;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Jobs.Chaos;

/// <summary>
/// A campaign of chaos: each seed makes a network of its own, what is done in it and what goes wrong (<see cref="ChaosScenario"/>), and what must hold of it (<see cref="ChaosProperties"/>) is held against
/// its run. Failures are made smaller (<see cref="Checking.ScenarioShrinker"/>) and written as scenario files.
/// </summary>
/// <example>
/// <code>
/// var spec = new ChaosSpec(1, 1_000, new ChaosOptions { MaxHosts = 6 });
/// await using var engine = new LocalEngine(folder); // a folder for this job
/// var outcome = await JobRun.RunAsync(engine, spec);
/// JobText.Write(spec, outcome.Result, new ReportWriter(Console.Out));
/// </code>
/// </example>
public sealed record ChaosSpec : JobSpec
{
    /// <summary>How many seeds are a shard at most, unless it is said, in networks of up to eight hosts.</summary>
    public const int StandardSeedsPerShard = 256;

    /// <summary>What <see cref="Kind"/> says.</summary>
    internal const string KindName = "chaos";

    private const int HostsOfAFullShard = 8;
    private const long MaxShards = 1_000_000;
    private const ulong FewestShards = 16; // where there are as many seeds: each core has some, and none waits long for the last

    /// <summary>Describes a campaign.</summary>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="lastSeed">The last seed; it is run, too.</param>
    /// <param name="options">What networks there may be; <see langword="null"/> for the standard ones.</param>
    /// <param name="seedsPerShard">How many seeds are a shard, for networks of up to eight hosts; of larger ones fewer in proportion, and of few seeds a sixteenth. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">The seeds end before they begin, or are too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Less than one seed a shard.</exception>
    public ChaosSpec(ulong firstSeed, ulong lastSeed, ChaosOptions? options = null, int seedsPerShard = StandardSeedsPerShard)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seedsPerShard, 1);
        if (lastSeed < firstSeed)
            throw new ArgumentException("The seeds end before they begin.", nameof(lastSeed));
        (FirstSeed, LastSeed, Options, SeedsPerShard) = (firstSeed, lastSeed, options ?? new ChaosOptions(), seedsPerShard);
        if ((lastSeed - firstSeed) / (ulong)SeedsOfAShard >= MaxShards)
            throw new ArgumentException("These are more seeds than one campaign has.", nameof(lastSeed));
    }

    /// <summary>The first seed.</summary>
    public ulong FirstSeed { get; }

    /// <summary>The last seed.</summary>
    public ulong LastSeed { get; }

    /// <summary>What networks there may be.</summary>
    public ChaosOptions Options { get; }

    /// <summary>How many seeds are a shard, for networks of up to eight hosts.</summary>
    public int SeedsPerShard { get; }

    /// <summary>How many runs there are.</summary>
    public long RunCount => (long)(LastSeed - FirstSeed + 1);

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string WeightUnit => "runs";

    internal int SeedsOfAShard => (int)Math.Max(1, Math.Min((ulong)SeedsPerShard * HostsOfAFullShard / (ulong)Math.Max(HostsOfAFullShard, Options.MaxHosts), (ulong)RunCount / FewestShards));

    /// <summary>A campaign as a command line has it.</summary>
    /// <param name="seeds">The first seed and the last.</param>
    /// <param name="hosts">The most hosts of a network; <see langword="null"/> for 8.</param>
    /// <param name="dialects">Dialects behind each other: <c>nt3.5,nt4</c>; <see langword="null"/> for all.</param>
    /// <param name="faults">Faults behind each other: <c>loss,crash</c>, <c>none</c> or <c>all</c>; <see langword="null"/> for all.</param>
    /// <exception cref="JobException">There is no such dialect or fault, or a number is out of its range.</exception>
    public static ChaosSpec Of((ulong First, ulong Last) seeds, int? hosts = null, string? dialects = null, string? faults = null)
    {
        try
        {
            var options = new ChaosOptions { MaxHosts = hosts ?? new ChaosOptions().MaxHosts, Faults = ChaosFaultNames.Parse(faults ?? "all") };
            return new ChaosSpec(seeds.First, seeds.Last, dialects is null ? options : options with { Dialects = [.. dialects.Split(',').Select(FindDialect)] });
        }
        catch (ArgumentException e)
        {
            throw JobException.Of(e);
        }
        catch (FormatException e)
        {
            throw new JobException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override IJobWork CreateWork() => new ChaosJob(this);

    /// <inheritdoc/>
    public override bool IsAsHoped(JsonElement summary) => summary.GetProperty("failed").GetInt64() == 0;

    /// <inheritdoc/>
    public override void WriteSummary(JsonElement summary, ReportWriter writer) => ChaosText.Write(summary, writer);

    /// <summary>Whether it is the same campaign.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(ChaosSpec? other) => ToJson() == other?.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToJson());

    /// <summary>The command line that repeats a run.</summary>
    internal string CommandOf(ulong seed)
    {
        var standard = new ChaosOptions();
        return string.Create(CultureInfo.InvariantCulture, $"nbnssim campaign chaos --seeds {seed}..{seed}")
            + (Options.MaxHosts == standard.MaxHosts ? "" : string.Create(CultureInfo.InvariantCulture, $" --hosts {Options.MaxHosts}"))
            + (Options.Dialects.SequenceEqual(standard.Dialects) ? "" : $" --dialects {string.Join(',', Options.Dialects.Select(dialect => dialect.Name))}")
            + (Options.Faults == standard.Faults ? "" : $" --faults {ChaosFaultNames.Text(Options.Faults)}")
            + string.Create(CultureInfo.InvariantCulture, $" --out chaos-{seed}");
    }

    internal static ChaosSpec Read(JsonElement spec) => new(
        spec.GetProperty("firstSeed").GetUInt64(),
        spec.GetProperty("lastSeed").GetUInt64(),
        new ChaosOptions
        {
            MaxHosts = spec.GetProperty("maxHosts").GetInt32(),
            Faults = ChaosFaultNames.Parse(spec.GetProperty("faults").GetString()!),
            Dialects = [.. spec.GetProperty("dialects").EnumerateArray().Select(one => FindDialect(one.GetString()!))],
        },
        spec.GetProperty("seedsPerShard").GetInt32());

    /// <inheritdoc/>
    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumber("firstSeed", FirstSeed);
        writer.WriteNumber("lastSeed", LastSeed);
        writer.WriteNumber("maxHosts", Options.MaxHosts);
        writer.WriteString("faults", ChaosFaultNames.Text(Options.Faults));
        writer.WriteTexts("dialects", Options.Dialects.Select(dialect => dialect.Name));
        writer.WriteNumber("seedsPerShard", SeedsPerShard);
    }

    private static NetBtDialect FindDialect(string name) => NetBtDialect.TryFind(name, out var dialect)
        ? dialect
        : throw new FormatException($"There is no dialect '{VisibleText.Escape(name)}': expected {string.Join(", ", NetBtDialect.All.Select(one => one.Name))}.");
}
