using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Jobs.Remote;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Archives;

/// <summary>An archive: captures that are read as one, in shards, and put together in the order of time.</summary>
/// <example>
/// <code>
/// await using var engine = new LocalEngine(work); // all cores; the same again goes on where it was
/// string id = await engine.SubmitAsync(new ArchiveSpec([captures]) { ShardOctets = 268_435_456 });
/// var result = await engine.ResultAsync(id);
/// Console.WriteLine($"{result.Folder}: {string.Join(", ", Directory.GetFiles(result.Folder, "*.parquet").Select(Path.GetFileName).Order(StringComparer.Ordinal))}");
/// </code>
/// </example>
public sealed record ArchiveSpec : JobSpec
{
    /// <summary>What <see cref="JobSpec.Kind"/> is.</summary>
    public const string KindName = "archive";

    private const string AsCaptured = "as-captured";

    /// <summary>The fewest octets of a shard: one that is smaller than the headers of a capture cannot be told from the middle of a frame.</summary>
    public const long MinShardOctets = 256;

    /// <summary>How many octets make a shard on a command line that does not say it: two cores are busy with one large file, and a kill costs seconds.</summary>
    public const long StandardShardOctets = 256 << 20;

    /// <summary>Names the captures.</summary>
    /// <param name="inputs">
    /// Files, folders with all files under them, and patterns in a path's last part, such as <c>captures/*.pcap</c>; objects of a web server or an object store, by URL, and listings of a bucket
    /// (<c>https://HOST/BUCKET/?list-type=2&amp;prefix=PREFIX</c>).
    /// </param>
    /// <exception cref="JobException">A URL is none, or has what may be a secret in it.</exception>
    public ArchiveSpec(IReadOnlyList<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Inputs = inputs.Count > 0 ? [.. inputs] : throw new ArgumentException("There is no input.", nameof(inputs));
        foreach (string input in Inputs)
            ObjectUrl.Check(input);
    }

    /// <summary>
    /// An archive as a command line has it: inputs under their full paths, so that the same command in another folder is another job, and a job that is taken up again, or that goes to other machines, reads what
    /// was meant.
    /// </summary>
    /// <param name="inputs">Files, folders and patterns, relative to the current folder; URLs are taken as they are.</param>
    /// <param name="shardOctets">How many octets of a file make a shard; null for <see cref="StandardShardOctets"/>.</param>
    /// <exception cref="JobException">There is no input, a shard has fewer octets than <see cref="MinShardOctets"/>, or a URL cannot be taken.</exception>
    public static ArchiveSpec Of(IEnumerable<string> inputs, long? shardOctets = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (shardOctets < MinShardOctets)
            throw new JobException(string.Create(CultureInfo.InvariantCulture, $"A shard has at least {MinShardOctets} octets, not {shardOctets}."));
        string[] full = [.. inputs.Select(InputList.ToAbsolute)];
        return full.Length > 0 ? new ArchiveSpec(full) { ShardOctets = shardOctets ?? StandardShardOctets } : throw new JobException("There is no input.");
    }

    /// <summary>Files, folders and patterns.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>
    /// How many octets of a file make a shard, at least <see cref="MinShardOctets"/>; null for whole files. What can only be read from its beginning, such as compressed captures, is one shard in any case.
    /// The result does not depend on it.
    /// </summary>
    public long? ShardOctets
    {
        get;
        init => field = value is null or >= MinShardOctets ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"A shard has at least {MinShardOctets} octets.");
    }

    /// <summary>
    /// Whether the SHA-256 of every input is told. It takes half a second of a core for each gigabyte, several times what extracting takes where little of a capture is name service, and reads a file that is cut into ranges once more. Otherwise only those
    /// inputs are summed up whose length is another's too, so that the same content counts once in any case.
    /// </summary>
    public bool SumsAll { get; init; } = true;

    /// <summary>
    /// Whether it is told, too, if the name server may be switched off (<see cref="NbnsSim.Audit.WinsAudit"/>). What that goes by beside the name service, such as DNS, is extracted in shards of their own, so that every
    /// input is read once more.
    /// </summary>
    public bool Audit { get; init; }

    /// <summary>The subnets that an audit knows: <see cref="NbnsSim.Audit.WinsAuditOptions.Subnets"/>.</summary>
    public ImmutableArray<Ipv4Subnet> Subnets { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether clocks of captures are put right by the datagrams that several of them saw.</summary>
    public ArchiveClocks Clocks
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There are two ways to take clocks.");
    }

    /// <summary>
    /// A folder in which runs live beyond the job: what was extracted of a content once is not extracted again, whatever job or path it comes with. Null for none. The result does not depend on it. Whole files
    /// are read twice where files of the same length were extracted before, ranges once more than without, since runs are known by the SHA-256 of the whole content.
    /// </summary>
    public string? Runs
    {
        get;
        init => field = value is null or { Length: > 0 } ? value : throw new ArgumentException("A folder of runs has a name.", nameof(value));
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Reads how to take clocks as a command line has it: <c>aligned</c> or <c>as-captured</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static ArchiveClocks ParseClocks(string text) => text switch
    {
        "aligned" => ArchiveClocks.Aligned,
        AsCaptured => ArchiveClocks.AsCaptured,
        _ => throw new FormatException($"'{VisibleText.Escape(text ?? "")}' is no way to take clocks: expected aligned or as-captured."),
    };

    /// <inheritdoc/>
    public override string WeightUnit => "octets";

    /// <summary>Whether all inputs were read as far as they can be: a file that is no capture, or a damaged one, is said and no failure.</summary>
    /// <param name="summary">What the job came to.</param>
    public override bool IsWhole(JsonElement summary) => ArchiveSummary.Of(summary).NotAnalysedInAll == 0;

    /// <inheritdoc/>
    public override void WriteSummary(JsonElement summary, ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArchiveSummary.Of(summary).Write(writer);
    }

    /// <inheritdoc/>
    public override IJobWork CreateWork() => new ArchiveJob(this);

    /// <inheritdoc/>
    public bool Equals(ArchiveSpec? other) => other is not null && ToJson() == other.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    internal static JobSpec Read(JsonElement json) => new ArchiveSpec([.. json.GetProperty("inputs").EnumerateArray().Select(input => input.GetString() ?? "")])
    {
        ShardOctets = json.TryGetProperty("shardOctets", out var octets) ? octets.GetInt64() : null,
        SumsAll = !json.TryGetProperty("sumsAll", out var sums) || sums.GetBoolean(),
        Runs = json.TryGetProperty("runs", out var runs) ? runs.GetString() : null,
        Audit = ReadAudit(json),
        Subnets = ReadSubnets(json),
        Clocks = ReadClocks(json),
    };

    /// <inheritdoc/>
    protected override void WriteProperties(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray("inputs");
        foreach (string input in Inputs)
            writer.WriteStringValue(input);
        writer.WriteEndArray();
        if (ShardOctets is { } octets)
            writer.WriteNumber("shardOctets", octets);
        if (!SumsAll)
            writer.WriteBoolean("sumsAll", false);
        if (Runs is { } runs)
            writer.WriteString("runs", runs);
        WriteReading(writer);
    }

    internal static ArchiveClocks ReadClocks(JsonElement json) => json.TryGetProperty("clocks", out var clocks) ? ParseClocks(clocks.GetString() ?? "") : ArchiveClocks.Aligned;

    internal static bool ReadAudit(JsonElement json) => json.TryGetProperty("audit", out var audit) && audit.GetBoolean();

    internal static ImmutableArray<Ipv4Subnet> ReadSubnets(JsonElement json) =>
        json.TryGetProperty("subnets", out var subnets) ? [.. subnets.EnumerateArray().Select(subnet => Ipv4Subnet.Parse(subnet.GetString() ?? ""))] : [];

    /// <summary>Writes how captures are put together.</summary>
    internal void WriteReading(Utf8JsonWriter writer)
    {
        if (Clocks == ArchiveClocks.AsCaptured)
            writer.WriteString("clocks", AsCaptured);
        if (Audit)
            writer.WriteBoolean("audit", true);
        if (Subnets.IsEmpty)
            return;
        writer.WriteStartArray("subnets");
        foreach (var subnet in Subnets)
            writer.WriteStringValue(subnet.ToString());
        writer.WriteEndArray();
    }
}
