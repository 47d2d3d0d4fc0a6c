namespace NbnsSim.Cluster.Contract;

/// <summary>A yes, or a no with its reason.</summary>
/// <param name="Refusal">Why not; null for yes.</param>
[GenerateSerializer, Alias("nbnssim.answer.v1"), Immutable]
internal sealed record Answer([property: Id(0)] string? Refusal)
{
    internal static readonly Answer Yes = new((string?)null);
}

/// <summary>What a client asks for.</summary>
/// <param name="Version">The client's version of this package.</param>
/// <param name="Folder">The job's folder, under a path that all workers share.</param>
/// <param name="Spec">The job's specification as JSON.</param>
[GenerateSerializer, Alias("nbnssim.submission.v1"), Immutable]
internal sealed record Submission([property: Id(0)] string Version, [property: Id(1)] string Folder, [property: Id(2)] string Spec);

/// <summary>How a job stands.</summary>
/// <param name="Refusal">Why nothing is said: another version, no such job.</param>
/// <param name="Change">Grows with each change; differs between activations.</param>
/// <param name="WeightDone">What is committed or failed for good.</param>
/// <param name="WeightTotal">What is committed, failed or wanted.</param>
/// <param name="ShardsDone">How many shards are committed.</param>
/// <param name="ShardsTotal">How many are committed, failed or wanted.</param>
/// <param name="ShardsFailed">How many could not be done.</param>
/// <param name="IsCombining">Whether all shards are done.</param>
/// <param name="Stopped">Why the job cannot go on; null where it does.</param>
/// <param name="Summary">What was found; null until the end.</param>
/// <param name="Failed">At the end: what could not be done.</param>
/// <param name="IsDiskFull">Whether it cannot go on because a worker's disk is full.</param>
[GenerateSerializer, Alias("nbnssim.state.v1"), Immutable]
internal sealed record JobState(
    [property: Id(0)] string? Refusal, [property: Id(1)] long Change, [property: Id(2)] long WeightDone, [property: Id(3)] long WeightTotal,
    [property: Id(4)] int ShardsDone, [property: Id(5)] int ShardsTotal, [property: Id(6)] int ShardsFailed, [property: Id(7)] bool IsCombining,
    [property: Id(8)] string? Stopped, [property: Id(9)] string? Summary, [property: Id(10)] LedgerEntry[] Failed, [property: Id(11)] bool IsDiskFull)
{
    internal static JobState Refused(string why) => new(why, 0, 0, 0, 0, 0, 0, false, null, null, [], false);
}

/// <summary>What a worker is to do.</summary>
/// <param name="Version">The version of this package that the job is done with.</param>
/// <param name="Job">The key of the job's grain.</param>
/// <param name="Folder">The job's folder.</param>
/// <param name="Spec">The job's specification as JSON.</param>
/// <param name="Unit">The shard's id, or that of the putting together.</param>
/// <param name="Data">What there is to do.</param>
/// <param name="Weight">The shard's weight.</param>
/// <param name="Grant">Which grant of this unit it is.</param>
/// <param name="Lease">How long the unit is the worker's without a heartbeat.</param>
[GenerateSerializer, Alias("nbnssim.order.v1"), Immutable]
internal sealed record UnitOrder(
    [property: Id(0)] string Version, [property: Id(1)] string Job, [property: Id(2)] string Folder, [property: Id(3)] string Spec,
    [property: Id(4)] string Unit, [property: Id(5)] string Data, [property: Id(6)] long Weight, [property: Id(7)] string Grant, [property: Id(8)] TimeSpan Lease);

/// <summary>What a worker says to an order.</summary>
/// <param name="Refusal">Why it does not take it; null where it does.</param>
/// <param name="Slots">How many units it does at a time.</param>
[GenerateSerializer, Alias("nbnssim.acceptance.v1"), Immutable]
internal sealed record Acceptance([property: Id(0)] string? Refusal, [property: Id(1)] int Slots);

/// <summary>What a unit came to.</summary>
/// <param name="Version">The worker's version of this package.</param>
/// <param name="Unit">The shard's id, or that of the putting together.</param>
/// <param name="Grant">Which grant of this unit it is.</param>
/// <param name="Text">The facts or the summary, or why it could not be done.</param>
/// <param name="Weight">The shard's weight.</param>
/// <param name="StopsJob">Whether the whole job has to wait for somebody's help: a full disk, or a single process that is at the folder.</param>
/// <param name="LostWorkers">How many workers were lost over the unit, where it is not to be tried any more because of them; 0 otherwise.</param>
/// <param name="IsDiskFull">Whether the worker's disk is full, which stops the job.</param>
[GenerateSerializer, Alias("nbnssim.outcome.v1"), Immutable]
internal sealed record UnitOutcome(
    [property: Id(0)] string Version, [property: Id(1)] string Unit, [property: Id(2)] string Grant, [property: Id(3)] string Text, [property: Id(4)] long Weight, [property: Id(5)] bool StopsJob,
    [property: Id(6)] int LostWorkers, [property: Id(7)] bool IsDiskFull = false);
