using System.Text.Json.Serialization;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Runs;

/// <summary>What is kept beside a run's files.</summary>
/// <param name="Key">What it is of.</param>
/// <param name="Facts">What the extractor came to.</param>
/// <param name="Files">The run's files.</param>
internal sealed record RunEntry(RunKey Key, PieceFacts Facts, IReadOnlyList<RunFile> Files);

/// <summary>A file of a run, as it was written.</summary>
internal sealed record RunFile(string Name, long Octets, string Sha256);

/// <summary>A run that is there.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Entry">What it is.</param>
internal sealed record StoredRun(string Folder, RunEntry Entry);

/// <summary>An input whose runs were made, as it was then.</summary>
/// <param name="File">The input.</param>
/// <param name="Sha256">Its SHA-256; null where it is empty.</param>
/// <param name="Change">What became of it while it was read; null where nothing did.</param>
internal sealed record RunInput(ManifestFile File, string? Sha256, string? Change);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunEntry))]
[JsonSerializable(typeof(RunInput))]
[JsonSerializable(typeof(MergeShard))]
[JsonSerializable(typeof(MergeList))]
[JsonSerializable(typeof(MergedInput))]
internal sealed partial class RunJson : JsonSerializerContext;
