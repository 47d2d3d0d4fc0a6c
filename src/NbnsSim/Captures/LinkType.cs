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

    /// <summary>ARCnet as BSD systems capture it (RFC 1051, RFC 1201).</summary>
    Arcnet = 7,

    /// <summary>SLIP (RFC 1055) behind 16 octets about direction and compression.</summary>
    Slip = 8,

    /// <summary>PPP, framed as HDLC or not (RFC 1661, RFC 1662).</summary>
    Ppp = 9,

    /// <summary>FDDI with LLC.</summary>
    Fddi = 10,

    /// <summary>ATM with LLC (RFC 2684): DLT_ATM_RFC1483 as most systems number it.</summary>
    AtmLlc11 = 11,

    /// <summary>An IPv4 or IPv6 packet: DLT_RAW as most systems number it, found in files of old writers.</summary>
    Raw12 = 12,

    /// <summary>An IPv4 or IPv6 packet: DLT_RAW as OpenBSD numbers it.</summary>
    Raw14 = 14,

    /// <summary>PPP framed as HDLC, or Cisco's HDLC.</summary>
    PppHdlc = 50,

    /// <summary>PPPoE (RFC 2516) without its Ethernet header.</summary>
    Pppoe = 51,

    /// <summary>ATM with LLC (RFC 2684).</summary>
    AtmLlc = 100,

    /// <summary>An IPv4 or IPv6 packet.</summary>
    Raw = 101,

    /// <summary>Cisco's HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>IEEE 802.11.</summary>
    Wireless = 105,

    /// <summary>Frame Relay with LLC (RFC 2427).</summary>
    FrameRelay = 107,

    /// <summary>OpenBSD loopback: an address family of four octets in network order.</summary>
    Loop = 108,

    /// <summary>OpenBSD's enc interface: 12 octets about IPsec, then IP.</summary>
    OpenBsdEncrypted = 109,

    /// <summary>Linux cooked capture, version 1: <c>tcpdump -i any</c>.</summary>
    LinuxCooked = 113,

    /// <summary>What OpenBSD's packet filter logs.</summary>
    OpenBsdFilterLog = 117,

    /// <summary>IEEE 802.11 behind Prism's header, or AVS's.</summary>
    WirelessPrism = 119,

    /// <summary>IEEE 802.11 behind radiotap's header.</summary>
    WirelessRadiotap = 127,

    /// <summary>ARCnet as Linux captures it.</summary>
    ArcnetLinux = 129,

    /// <summary>IP over IEEE 1394 as Apple captures it (RFC 2734).</summary>
    Ieee1394 = 138,

    /// <summary>Apple's PKTAP before it had a number of its own: one of those that are anybody's.</summary>
    ApplePacketTap149 = 149,

    /// <summary>IEEE 802.11 behind AVS's header.</summary>
    WirelessAvs = 163,

    /// <summary>PPP as Linux' pppd captures it, with the direction in place of HDLC's address.</summary>
    PppPppd = 166,

    /// <summary>CACE's per-packet information (PPI), then a frame of the link type that it names.</summary>
    PerPacketInformation = 192,

    /// <summary>PPP behind an octet that gives the direction.</summary>
    PppWithDirection = 204,

    /// <summary>MPLS (RFC 3032) without a link header.</summary>
    Mpls = 219,

    /// <summary>An IPv4 packet.</summary>
    Ipv4 = 228,

    /// <summary>An IPv6 packet.</summary>
    Ipv6 = 229,

    /// <summary>What Linux' packet filter logs (NFLOG).</summary>
    NetfilterLog = 239,

    /// <summary>Apple's PKTAP: what it says about process and interface, then a frame of the link type that it names.</summary>
    ApplePacketTap = 258,

    /// <summary>Linux cooked capture, version 2.</summary>
    LinuxCooked2 = 276,

    /// <summary>A link that the capture names by a number with no LINKTYPE of its own.</summary>
    Unknown = ushort.MaxValue,
}
