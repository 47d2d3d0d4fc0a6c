using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Runs;

/// <summary>A shard of a merge: to list the inputs, or to find the runs of one.</summary>
/// <param name="Path">The input; null for the list.</param>
/// <param name="MustBeComplete">Whether it fails where they break off.</param>
/// <param name="IsAudited">Whether runs with what an audit goes by are looked for.</param>
internal sealed record MergeShard(string? Path = null, bool MustBeComplete = false, bool IsAudited = false);

/// <summary>The inputs of a merge, in the order in which they count.</summary>
internal sealed record MergeList(IReadOnlyList<string> Paths);

/// <summary>Runs of an input that follow each other, from its beginning on.</summary>
/// <param name="Input">The input.</param>
/// <param name="Pieces">What the runs came to.</param>
/// <param name="IsComplete">Whether nothing is left behind the last.</param>
internal sealed record MergedInput(RunInput Input, IReadOnlyList<PieceFacts> Pieces, bool IsComplete);
