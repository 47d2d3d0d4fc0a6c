namespace NbnsSim.Nodes;

/// <summary>The counters of <c>nbtstat -r</c>.</summary>
internal record struct NodeCounters
{
    public uint ResolvedByBroadcast;
    public uint ResolvedByNameServer;
    public uint RegisteredByBroadcast;
    public uint RegisteredByNameServer;
}
