using System.Diagnostics.Metrics;

namespace NbnsSim.Cluster;

/// <summary>What OpenTelemetry and its like can count of a worker's jobs: the meter <c>NbnsSim.Cluster</c>.</summary>
internal static class ClusterMeter
{
    private static readonly Meter Meter = new("NbnsSim.Cluster");

    /// <summary>Shards whose files are in their place, by this worker.</summary>
    internal static readonly Counter<long> ShardsDone = Meter.CreateCounter<long>("nbnssim.cluster.shards.done", "{shard}", "Shards this worker has done.");

    /// <summary>The weight of those: octets of an archive, runs of a campaign.</summary>
    internal static readonly Counter<long> WeightDone = Meter.CreateCounter<long>("nbnssim.cluster.weight.done", null, "The weight of those: octets of an archive, runs of a campaign.");

    /// <summary>Attempts that threw.</summary>
    internal static readonly Counter<long> AttemptsFailed = Meter.CreateCounter<long>("nbnssim.cluster.attempts.failed", "{attempt}", "Attempts at a shard that failed on this worker.");

    /// <summary>Grants that were taken back.</summary>
    internal static readonly Counter<long> GrantsLost = Meter.CreateCounter<long>("nbnssim.cluster.grants.lost", "{grant}", "Shards given out again because whoever had them was lost.");
}
