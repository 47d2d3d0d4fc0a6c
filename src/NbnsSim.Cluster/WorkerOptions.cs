using System.Collections.Immutable;
using System.Reflection;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster;

/// <summary>How a worker does its part of a cluster's jobs.</summary>
public sealed class WorkerOptions
{
    internal const string StorageName = "nbnssim";

    /// <summary>How many shards a worker does at a time; as many as it has processors.</summary>
    public int Parallel { get; set; } = Environment.ProcessorCount;

    /// <summary>How long a shard is a worker's without a sign of life; then it is given to another. Signs of life come three times as often.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a shard is tried that throws.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>
    /// After how many workers that ended in the midst of a shard it is taken for the cause. It is counted in the job's folder, which outlives them all; the last of them has the shard and nothing else in hand.
    /// </summary>
    public int LostWorkers { get; set; } = 3;

    /// <summary>Kinds of jobs beside those of NbnsSim.Jobs.</summary>
    public ImmutableArray<JobKind> Kinds { get; set; } = [];

    /// <summary>
    /// The version of the jobs' code: workers, coordinator and client have to be of the same, since only then a shard comes to the same octets on each.
    /// </summary>
    internal string Version { get; set; } = PackageVersion;

    internal static string PackageVersion { get; } =
        typeof(JobSpec).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>What to say to a caller of another version; null where it is the same.</summary>
    internal string? Refusal(string theirs, string who) => theirs == Version
        ? null
        : $"{who} has NbnsSim {VisibleText.Escape(theirs)}, this worker ({Environment.MachineName}) has {Version}: a job is done by one version, install the same everywhere.";
}
