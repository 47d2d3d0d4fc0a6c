using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>What is remembered of others, and for how long.</summary>
internal static class Caching
{
    /// <summary>The <c>#PRE</c> lines of LMHOSTS; of several for one name the first counts.</summary>
    public static void PreloadAll(ref NodeState node)
    {
        foreach (var entry in node.Options.LmHosts?.Entries ?? [])
        {
            foreach (var (name, isGroup) in entry.IsPreloaded ? entry.GetNames() : [])
            {
                if (node.Remembered.Cache.Find(node.InScope(name)) < 0)
                    Preload(ref node, Instant.MinValue, node.InScope(name), new NbEntry(new NbFlags(isGroup, OwnerNodeType.B), entry.Address));
            }
        }
    }

    public static void Preload(ref NodeState node, Instant now, in NetBiosName name, NbEntry entry) => Remember(ref node, now, new CachedName { Name = name, Entry = entry, ExpiresAt = Instant.MaxValue });

    public static TimeSpan Life(ref NodeState node) => node.Options.Dialect.Timing.CacheTimeout + node.Options.Dialect.Timing.CacheTimeoutSurplus;

    public static void Remember(ref NodeState node, Instant now, in CachedName entry) => node.MakeMemory().Cache.Put(entry, now, node.Options.CacheCapacity);
}
