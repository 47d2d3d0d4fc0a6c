using System.Numerics;

namespace NbnsSim.Captures;

/// <summary>What a broadcast address tells of the subnet behind it.</summary>
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
}
