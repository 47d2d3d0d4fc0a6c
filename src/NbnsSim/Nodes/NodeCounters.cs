using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>The counters of <c>nbtstat -r</c>.</summary>
internal record struct NodeCounters
{
    public uint ResolvedByBroadcast;
    public uint ResolvedByNameServer;
    public uint RegisteredByBroadcast;
    public uint RegisteredByNameServer;

    /// <summary>Carries all of them; a fingerprint has none.</summary>
    public void Carry(StateCodec codec)
    {
        if (codec.IsFingerprint)
            return;
        codec.Carry(ref ResolvedByBroadcast);
        codec.Carry(ref ResolvedByNameServer);
        codec.Carry(ref RegisteredByBroadcast);
        codec.Carry(ref RegisteredByNameServer);
    }
}
