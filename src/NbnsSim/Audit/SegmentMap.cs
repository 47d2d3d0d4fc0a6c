using System.Numerics;
using System.Runtime.InteropServices;
using NbnsSim.Captures;

namespace NbnsSim.Audit;

/// <summary>
/// Which machines are in one broadcast area. A directed broadcast (RFC 1002 §6 BROADCAST_ADDRESS) bounds its subnet from above by the ones at the end of its address
/// (RFC 922 §7), and from below by the addresses that send to it: where the two meet, the subnet is known.
/// </summary>
internal sealed class SegmentMap(IReadOnlyList<Ipv4Subnet> given)
{
    private const int MaxBroadcastAddresses = 65_536;

    private readonly Dictionary<Ipv4Address, Seen> _seen = [];

    /// <summary>Whether two machines are in one broadcast area.</summary>
    public enum Relation
    {
        Unknown,
        Same,
        Other,
    }

    /// <summary>Whether a broadcast tells of a subnet: the limited broadcast, multicast, and one whose sender is not in the subnet do not.</summary>
    public static bool IsTelling(Ipv4Address source, Ipv4Address broadcast) =>
        source.IsUnicast && MostHostBits(broadcast) is not (0 or 32) && source != broadcast && BroadcastDomain.MayHear(source, broadcast);

    /// <summary>A broadcast was sent.</summary>
    public void Note(Ipv4Address source, Ipv4Address broadcast, long frame)
    {
        if (!IsTelling(source, broadcast))
            return;
        if (_seen.Count >= MaxBroadcastAddresses && !_seen.ContainsKey(broadcast))
            return;
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, broadcast, out bool isKnown);
        if (!isKnown)
            seen.Frame = frame;
        seen.HostBits = Math.Max(seen.HostBits, HostBits(source, broadcast));
    }

    /// <summary>The broadcast area of a machine; null where it is not known.</summary>
    public Area? Of(Ipv4Address host)
    {
        Area? best = null;
        foreach (var subnet in given)
        {
            if (subnet.Contains(host) && (best is null || subnet.PrefixLength > best.Value.Subnet.PrefixLength))
                best = new Area(subnet, default, 0, true);
        }

        if (best is not null)
            return best;
        for (int bits = 1; bits < 31; bits++)
        {
            var broadcast = new Ipv4Address(host.Value | ((1u << bits) - 1));
            if (broadcast != host && _seen.TryGetValue(broadcast, out var seen) && seen.HostBits >= bits)
                return new Area(new Ipv4Subnet(broadcast, 32 - seen.HostBits), broadcast, seen.Frame, seen.HostBits == MostHostBits(broadcast));
        }

        return null;
    }

    /// <summary>Whether two machines are in one broadcast area.</summary>
    public static Relation Between(Ipv4Address one, Area? oneArea, Ipv4Address other, Area? otherArea)
    {
        if (one == other)
            return Relation.Same;
        if (oneArea is { } first && otherArea is { } second)
            return first.Subnet == second.Subnet ? Relation.Same : Relation.Other;
        return (oneArea is { } known && Excludes(known, other)) || (otherArea is { } area && Excludes(area, one)) ? Relation.Other : Relation.Unknown;
    }

    /// <summary>Whether an address cannot be in an area: the given one has it not, or it is beyond the most that the broadcast address has room for.</summary>
    private static bool Excludes(Area area, Ipv4Address host) => area.Frame == 0 ? !area.Subnet.Contains(host) : !BroadcastDomain.MayHear(host, area.Broadcast);

    /// <summary>How many bits at the end of a broadcast address can be the host's.</summary>
    private static int MostHostBits(Ipv4Address broadcast) => broadcast.IsUnicast ? BitOperations.TrailingZeroCount(~broadcast.Value) : 32;

    private static int HostBits(Ipv4Address host, Ipv4Address broadcast) => 32 - BitOperations.LeadingZeroCount(host.Value ^ broadcast.Value);

    /// <summary>A broadcast area.</summary>
    /// <param name="Subnet">Its addresses, or those that are known to be in it.</param>
    /// <param name="Broadcast">Its broadcast address; 0.0.0.0 where somebody said what it is.</param>
    /// <param name="Frame">The first broadcast; 0 where somebody said what it is.</param>
    /// <param name="IsExact">Whether the subnet cannot be larger.</param>
    internal readonly record struct Area(Ipv4Subnet Subnet, Ipv4Address Broadcast, long Frame, bool IsExact)
    {
        /// <summary>The subnet, and whether it may be larger.</summary>
        public override string ToString() => IsExact ? Subnet.ToString() : $"{Subnet} at least";
    }

    private struct Seen
    {
        public int HostBits;
        public long Frame;
    }
}
