namespace NbnsSim.Jobs;

/// <summary>A shard that could not be done: its part of the input is not analysed.</summary>
/// <param name="Id">The shard's id.</param>
/// <param name="Reason">Why not, as the last attempt said.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record FailedShard(string Id, string Reason, int Attempts);
