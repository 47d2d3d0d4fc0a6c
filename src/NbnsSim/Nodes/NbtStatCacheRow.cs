using NbnsSim.Names;

namespace NbnsSim.Nodes;

/// <summary>A line of <c>nbtstat -c</c>.</summary>
/// <param name="Name">The remote name.</param>
/// <param name="IsGroup">Whether it is a group name.</param>
/// <param name="Address">Its address.</param>
/// <param name="LifeSeconds">How long it stays in the cache, in seconds; <see cref="Preloaded"/> for an entry without end.</param>
public readonly record struct NbtStatCacheRow(NetBiosName Name, bool IsGroup, Ipv4Address Address, int LifeSeconds)
{
    /// <summary>The life of an entry that LMHOSTS preloads with <c>#PRE</c>: −1 (Q150800).</summary>
    public const int Preloaded = -1;
}
