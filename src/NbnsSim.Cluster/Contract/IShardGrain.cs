namespace NbnsSim.Cluster.Contract;

/// <summary>Does one unit of a job once: a shard, or the putting together of all. Its key is made of the job's, the unit's and the grant's ids, so that a second try never meets the first.</summary>
[Alias("nbnssim.shard.v1")]
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Begins the work, and returns at once. What it comes to is reported to the job's grain.</summary>
    [Alias("start")]
    Task<Acceptance> StartAsync(UnitOrder order);
}
