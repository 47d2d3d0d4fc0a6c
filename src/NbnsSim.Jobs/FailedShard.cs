namespace NbnsSim.Jobs;

/// <summary>A shard that could not be done: its part of the input is not analysed.</summary>
/// <param name="Id">The shard's id.</param>
/// <param name="Reason">Why not, as the last attempt said; nothing in it is hidden (<see cref="VisibleText"/>).</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Weight">The shard's weight: how much is not analysed.</param>
public sealed record FailedShard(string Id, string Reason, int Attempts, long Weight = 0);
