namespace NbnsSim.Captures;

/// <summary>What a captured frame begins with: the LINKTYPE numbers of pcap and pcapng (registry at tcpdump.org/linktypes.html).</summary>
/// <remarks>Other numbers occur in captures; frames of a kind that is not listed here are counted and passed over.</remarks>
public enum LinkType : ushort
{
    /// <summary>BSD loopback: an address family of four octets in the byte order of the capturing machine.</summary>
    Null = 0,

    /// <summary>Ethernet II or IEEE 802.3, with any VLAN tags.</summary>
    Ethernet = 1,

    /// <summary>IEEE 802.5 Token Ring with LLC.</summary>
    TokenRing = 6,

    /// <summary>FDDI with LLC.</summary>
    Fddi = 10,

    /// <summary>An IPv4 or IPv6 packet: DLT_RAW as most systems number it, found in files of old writers.</summary>
    Raw12 = 12,

    /// <summary>An IPv4 or IPv6 packet: DLT_RAW as OpenBSD numbers it.</summary>
    Raw14 = 14,

    /// <summary>An IPv4 or IPv6 packet.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: an address family of four octets in network order.</summary>
    Loop = 108,

    /// <summary>Linux cooked capture, version 1: <c>tcpdump -i any</c>.</summary>
    LinuxCooked = 113,

    /// <summary>An IPv4 packet.</summary>
    Ipv4 = 228,

    /// <summary>An IPv6 packet.</summary>
    Ipv6 = 229,

    /// <summary>Linux cooked capture, version 2.</summary>
    LinuxCooked2 = 276,

    /// <summary>A link that the capture names by a number with no LINKTYPE of its own.</summary>
    Unknown = ushort.MaxValue,
}
