namespace NbnsSim.SharpPcap;

/// <summary>Expressions for <c>device.Filter</c> (libpcap's pcap-filter language), so that the kernel passes on little else than name service traffic.</summary>
public static class NameServiceFilter
{
    /// <summary>Name service datagrams right in IPv4 or IPv6; the later fragments of one are lost.</summary>
    public const string Plain = "udp port 137";

    /// <summary>
    /// All that may hold a name service datagram, on an Ethernet: fragments behind the first, GRE, IP in IP, VXLAN, PPPoE and frames with a VLAN
    /// tag. Lets through what else there is of these.
    /// </summary>
    /// <remarks><c>vlan</c> stands last: libpcap moves its offsets for everything behind it.</remarks>
    public const string Everything =
        "udp port 137 or (ip[6:2] & 0x1fff != 0) or ip proto 4 or ip proto 47 or udp port 4789 or ether proto 0x8864 or (vlan and (udp port 137 or (ip[6:2] & 0x1fff != 0)))";
}
