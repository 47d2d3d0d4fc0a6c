using System.Collections.Immutable;
using System.Text.Json;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Remote;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Runs;

/// <summary>Puts together the runs that <see cref="RunExtraction"/> made, wherever and by whatever scheduler. The result is that of an <see cref="ArchiveSpec"/> of the same captures, octet for octet; they need not be there any more.</summary>
/// <example>
/// <code>
/// RunExtraction.Extract(new ArchiveSpec([captures]) { Runs = runs }); // here, or by any number of processes on any number of machines
/// await using var engine = new LocalEngine(work);
/// var outcome = await JobRun.RunAsync(engine, new MergeSpec([runs]));
/// Console.WriteLine(outcome.Verdict); // Done
/// </code>
/// </example>
public sealed record MergeSpec : JobSpec
{
    /// <summary>What <see cref="JobSpec.Kind"/> is.</summary>
    public const string KindName = "merge";

    /// <summary>Names the runs.</summary>
    /// <param name="runs">Folders of runs.</param>
    public MergeSpec(IReadOnlyList<string> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Runs = runs.Count > 0 ? [.. runs] : throw new ArgumentException("There is no folder of runs.", nameof(runs));
    }

    /// <summary>A merge as a command line has it: folders and captures under their full paths, as <see cref="ArchiveSpec.Of"/> has them.</summary>
    /// <param name="runs">Folders of runs, relative to the current folder.</param>
    /// <param name="inputs">The captures that there have to be; null for those that there are.</param>
    /// <exception cref="JobException">A URL cannot be taken.</exception>
    public static MergeSpec Of(IEnumerable<string> runs, IEnumerable<string>? inputs = null) =>
        new([.. runs.Select(Path.GetFullPath)]) { Inputs = inputs is null ? null : [.. inputs.Select(InputList.ToAbsolute)] };

    /// <summary>Folders of runs. What is in several counts once.</summary>
    public IReadOnlyList<string> Runs { get; }

    /// <summary>The captures that there have to be, under the paths that they were extracted with: one without runs is not analysed, and said. Null for those that there are.</summary>
    /// <exception cref="JobException">A URL is none, or has what may be a secret in it.</exception>
    public IReadOnlyList<string>? Inputs
    {
        get;
        init
        {
            foreach (string input in value ?? [])
                ObjectUrl.Check(input);
            field = value;
        }
    }

    /// <summary>Whether clocks of captures are put right: <see cref="ArchiveSpec.Clocks"/>.</summary>
    public ArchiveClocks Clocks { get; init; }

    /// <summary>Whether it is told, too, if the name server may be switched off; the runs for that must have been made (<see cref="ArchiveSpec.Audit"/>).</summary>
    public bool Audit { get; init; }

    /// <summary>The subnets that an audit knows.</summary>
    public ImmutableArray<Ipv4Subnet> Subnets { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The archive that comes of it.</summary>
    internal ArchiveSpec Archive => new(Runs) { Clocks = Clocks, Audit = Audit, Subnets = Subnets };

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string WeightUnit => "files";

    /// <summary>Whether all captures could be put together.</summary>
    /// <param name="summary">What the job came to.</param>
    public override bool IsWhole(JsonElement summary) => ArchiveSummary.Of(summary).NotAnalysedInAll == 0;

    /// <inheritdoc/>
    public override void WriteSummary(JsonElement summary, ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArchiveSummary.Of(summary).Write(writer);
    }

    /// <inheritdoc/>
    public override IJobWork CreateWork() => new MergeJob(this);

    /// <inheritdoc/>
    public bool Equals(MergeSpec? other) => other is not null && ToJson() == other.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    internal static JobSpec Read(JsonElement json) => new MergeSpec(TextsOf(json.GetProperty("runs")))
    {
        Inputs = json.TryGetProperty("inputs", out var inputs) ? TextsOf(inputs) : null,
        Clocks = ArchiveSpec.ReadClocks(json),
        Audit = ArchiveSpec.ReadAudit(json),
        Subnets = ArchiveSpec.ReadSubnets(json),
    };

    /// <inheritdoc/>
    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteTexts("runs", Runs);
        if (Inputs is { } inputs)
            writer.WriteTexts("inputs", inputs);
        Archive.WriteReading(writer);
    }

    private static List<string> TextsOf(JsonElement texts) => [.. texts.EnumerateArray().Select(text => text.GetString() ?? "")];
}
