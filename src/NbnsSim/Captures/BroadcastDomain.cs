using System.Numerics;

namespace NbnsSim.Captures;

/// <summary>Who hears whom: what a broadcast address tells of the subnet behind it, and what VLAN tags and virtual networks tell.</summary>
internal static class BroadcastDomain
{
    /// <summary>
    /// Whether a host can be in the subnet whose broadcast address this is. The ones at its end (RFC 922 §7) bound the subnet from above:
    /// 172.19.2.255 is at most 172.19.2.0/24, and no host outside hears it.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="broadcast">The broadcast address; the limited one fits every host.</param>
    public static bool MayHear(Ipv4Address host, Ipv4Address broadcast)
    {
        int ones = BitOperations.TrailingZeroCount(~broadcast.Value);
        if (ones >= 32)
            return true;
        uint hosts = (1u << ones) - 1;
        return ones == 0 || (host.Value | hosts) == broadcast.Value; // no ones: an all-zero or foreign form that says nothing
    }

    /// <summary>
    /// A number for the VLAN or virtual network that a datagram was in: all its tags (IEEE 802.1ad has two) and network numbers (802.1ah, VXLAN, GENEVE) together. 0 where
    /// nothing tells. What else carries a datagram, such as a mirror's session or a label of one direction, parts no broadcast domains.
    /// </summary>
    /// <param name="carriers">What it was carried in.</param>
    public static uint Of(ReadOnlySpan<Carrier> carriers)
    {
        uint domain = 0;
        foreach (var carrier in carriers)
        {
            uint one = carrier switch
            {
                { VlanId: { } vlan } => (uint)vlan,
                { Kind: CarrierKind.BackboneBridge or CarrierKind.Vxlan or CarrierKind.Geneve } => carrier.Id | 0x8000_0000,
                _ => 0,
            };
            if (one != 0)
                domain = (domain * 0x9E37_79B1) + one;
        }

        return domain;
    }
}
