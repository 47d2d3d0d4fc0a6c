namespace NbnsSim.Jobs;

/// <summary>How far a job is. Weights are in the unit of its shards: octets of an archive, runs of a campaign.</summary>
/// <param name="WeightDone">What is committed, or failed for good.</param>
/// <param name="WeightTotal">What is committed, failed or wanted as far as is known; it may grow as the job asks for more.</param>
/// <param name="ShardsDone">How many shards are committed.</param>
/// <param name="ShardsTotal">How many are committed, failed or wanted.</param>
/// <param name="ShardsFailed">How many could not be done.</param>
/// <param name="Rate">Weight a second since this engine took the job up; 0 as long as nothing is done.</param>
/// <param name="Remaining">How long it will take at this rate; null where there is none yet.</param>
/// <param name="IsCombining">Whether all shards are done and the results are being put together.</param>
public readonly record struct JobProgress(
    long WeightDone, long WeightTotal, int ShardsDone, int ShardsTotal, int ShardsFailed, double Rate, TimeSpan? Remaining, bool IsCombining = false);
