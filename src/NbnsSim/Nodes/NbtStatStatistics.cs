namespace NbnsSim.Nodes;

/// <summary>The counters of <c>nbtstat -r</c>.</summary>
/// <param name="ResolvedByBroadcast">Names resolved by a broadcast query.</param>
/// <param name="ResolvedByNameServer">Names resolved by a name server.</param>
/// <param name="RegisteredByBroadcast">Names registered by broadcast.</param>
/// <param name="RegisteredByNameServer">Names registered with a name server.</param>
public readonly record struct NbtStatStatistics(
    long ResolvedByBroadcast,
    long ResolvedByNameServer,
    long RegisteredByBroadcast,
    long RegisteredByNameServer);
