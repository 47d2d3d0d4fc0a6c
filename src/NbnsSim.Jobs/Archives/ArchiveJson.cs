using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NbnsSim.Jobs.Remote;

namespace NbnsSim.Jobs.Archives;

/// <summary>The inputs of an archive, in the order in which they count.</summary>
internal sealed record Manifest(IReadOnlyList<ManifestFile> Files);

/// <summary>An input.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Octets">How long it was when it was listed; what it has grown by since is not read.</param>
/// <param name="Modified">When it was last written to then, in ticks of UTC.</param>
/// <param name="CanSplit">Whether it can be read from its middle on.</param>
/// <param name="Problem">Why it cannot be read at all; null where it may be.</param>
/// <param name="Version">Which version of an object that a server has; null for a file.</param>
internal sealed record ManifestFile(string Path, long Octets, long Modified, bool CanSplit, string? Problem, ObjectVersion? Version = null);

/// <summary>What a shard is to do: to list the inputs, to extract a file or a range of it, or to sum up a file that is extracted in ranges.</summary>
internal enum ShardKind
{
    List,
    Whole,
    Range,
    Sum,
}

/// <summary>A shard's data.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="File">Of which input; null for the list.</param>
/// <param name="From">Where the range begins: a record begins there or somewhere behind.</param>
/// <param name="To">The first octet that is another's.</param>
/// <param name="Head">What stands for all before <paramref name="From"/>, where a record is known to begin there; null where that is to be found out.</param>
/// <param name="IsSummed">Whether the SHA-256 of a whole file is wanted.</param>
/// <param name="IsAudited">Whether the run is to have what an audit goes by, which is more than the name service.</param>
/// <param name="Sha256">The SHA-256 of the whole file, where it is known already and runs live beyond the job.</param>
internal sealed record ShardData(ShardKind Kind, ManifestFile? File = null, long From = 0, long To = 0, byte[]? Head = null, bool IsSummed = false, bool IsAudited = false, string? Sha256 = null);

/// <summary>What a shard came to.</summary>
internal sealed record PieceFacts
{
    /// <summary>Where in the file its first record begins; null where none was found.</summary>
    public long? Begin { get; init; }

    /// <summary>What it took for all before.</summary>
    public byte[]? Head { get; init; }

    /// <summary>Where its last record ends.</summary>
    public long End { get; init; }

    /// <summary>What stands for all up to there; null where nothing behind can be read.</summary>
    public byte[]? EndHead { get; init; }

    /// <summary>The SHA-256 of the whole file; null for a range, and where it is not wanted.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How many octets of the file were read.</summary>
    public long Octets { get; init; }

    /// <summary>Why the file is no capture; null where it is one.</summary>
    public string? Problem { get; init; }

    /// <summary>The folder of its run, where that lives beyond the job; null where it is the shard's own.</summary>
    public string? Run { get; init; }

    /// <summary>What became of the file since it was listed; null where nothing did.</summary>
    public string? Change { get; init; }

    public long Frames { get; init; }

    public long FramesOutOfOrder { get; init; }

    public long FramesWithoutTime { get; init; }

    public long Quoted { get; init; }

    public long Encrypted { get; init; }

    /// <summary>The times of the first and the last frame, in nanoseconds.</summary>
    public long? FirstTime { get; init; }

    public long? LastTime { get; init; }

    /// <summary>How many records the run has, and the time of the first.</summary>
    public long Records { get; init; }

    public long? FirstRecordTime { get; init; }

    /// <summary>The earliest and the latest time of a UDP datagram over IPv4 that its frame alone tells, in nanoseconds; only where the run is an audit's.</summary>
    public long? FirstUdpTime { get; init; }

    public long? LastUdpTime { get; init; }

    public PieceDamage? Damage { get; init; }

    public long DamageCount { get; init; }
}

/// <summary>The first damage of a piece: as <see cref="Captures.CaptureDamage"/>, its place in the file, its frame counted in the piece.</summary>
internal sealed record PieceDamage(Captures.CaptureDamageKind Kind, long Offset, long Frame, string Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ShardData))]
[JsonSerializable(typeof(PieceFacts))]
[JsonSerializable(typeof(ArchiveSummary))]
internal sealed partial class ArchiveJson : JsonSerializerContext
{
    /// <summary>The inputs as JSON.</summary>
    public static string Of(Manifest manifest) => JsonSerializer.Serialize(manifest, Default.Manifest);

    /// <summary>What a shard came to as JSON.</summary>
    public static string Of(PieceFacts facts) => JsonSerializer.Serialize(facts, Default.PieceFacts);

    /// <summary>Reads what another worker wrote.</summary>
    public static T Read<T>(string json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JobException("A shard of this archive has no content.");
        }
        catch (JsonException e)
        {
            throw new JobException($"A shard of this archive cannot be read: {VisibleText.Escape(e.Message)}", e);
        }
    }
}
