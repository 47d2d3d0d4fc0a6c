using System.Collections.Immutable;

namespace NbnsSim.Jobs;

/// <summary>What a job came to.</summary>
/// <param name="Folder">The folder with its result files.</param>
/// <param name="Summary">What was found: JSON of the kind's own, as <see cref="IJobWork.Combine"/> returned it.</param>
/// <param name="Failed">The shards that were not analysed, by id; empty where everything was.</param>
public sealed record JobResult(string Folder, string Summary, ImmutableArray<FailedShard> Failed);
