namespace NbnsSim.Cluster.Grains;

/// <summary>A shard that is wanted and not settled, or the putting together of all.</summary>
internal sealed class Unit(string id, string data, long weight)
{
    internal string Id { get; } = id;

    internal string Data { get; } = data;

    internal long Weight { get; } = weight;

    /// <summary>How often it threw.</summary>
    internal int Attempts { get; set; }

    /// <summary>How often whoever had it was lost.</summary>
    internal int Lost { get; set; }

    /// <summary>The grant it is out on; null as long as it waits.</summary>
    internal string? Grant { get; set; }

    /// <summary>Who has it.</summary>
    internal SiloAddress? Silo { get; set; }

    /// <summary>The timestamp at which the last sign of life came.</summary>
    internal long Alive { get; set; }
}
