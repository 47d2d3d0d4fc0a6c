namespace NbnsSim.Jobs;

/// <summary>What a shard came to. Its files lie in the folder of its id.</summary>
/// <param name="Id">The shard's id.</param>
/// <param name="Facts">What it came to, as <see cref="IJobWork.Run"/> returned it: a little JSON.</param>
/// <param name="Weight">The shard's weight.</param>
public sealed record CommittedShard(string Id, string Facts, long Weight);
