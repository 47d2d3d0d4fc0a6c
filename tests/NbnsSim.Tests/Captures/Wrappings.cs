using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>
/// Frames that carry the one datagram of <see cref="Frames"/> in everything that mirror ports and drivers put around it, laid out by the
/// documents named beside each and not by the code under test.
/// </summary>
internal static class Wrappings
{
    /// <summary>A frame, and what is known of the datagram in it.</summary>
    /// <param name="Name">What it shows.</param>
    /// <param name="Link">What it begins with.</param>
    /// <param name="Frame">The octets.</param>
    /// <param name="Carriers">What carries it, outermost first: kind, identifier, and the ends of a tunnel.</param>
    /// <param name="ToGroup">Whether its own link says that it is a broadcast.</param>
    /// <param name="Source">The station on its own link.</param>
    /// <param name="Vlan">The VLAN that it was in.</param>
    /// <param name="TsharkReads">Whether tshark finds it without being told more; some sessions have only negotiated layouts.</param>
    public sealed record Wrapping(
        string Name, LinkType Link, byte[] Frame, string Carriers, bool ToGroup = false, string? Source = null, int? Vlan = null, bool TsharkReads = true);

    private const string Mac = "02-00-00-00-00-01";
    private const string Ends = " 192.0.2.1 192.0.2.2";

    private static readonly byte[] Ip = Frames.Ipv4(Frames.Udp());
    private static readonly byte[] Inner = Frames.Ethernet(Ip);
    private static readonly byte[] Snap = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0];
    private static readonly byte[] Mac1 = [2, 0, 0, 0, 0, 1];
    private static readonly byte[] Mac2 = [2, 0, 0, 0, 0, 2];
    private static readonly byte[] Mac3 = [2, 0, 0, 0, 0, 3];
    private static readonly byte[] Everybody = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] BottomLabel17 = [0, 1, 0x11, 64];

    public static IReadOnlyList<Wrapping> All { get; } =
    [
        // tags
        new("three tags", LinkType.Ethernet, Frames.Ethernet(Ip, tags: [0x88, 0xA8, 0, 5, 0x81, 0, 0x20, 6, 0x81, 0, 0, 7]), "Vlan 5; Vlan 6; Vlan 7", true, Mac, 7),
        new("802.1ah", LinkType.Ethernet, Frames.Ethernet([0, 0, 1, 2, .. Inner], 0x88E7), "BackboneBridge 258", true, Mac),
        new("ISL", LinkType.Ethernet, [1, 0, 0x0C, 0, 0, 0, .. Mac2, .. Frames.Big16(12 + Inner.Length), 0xAA, 0xAA, 3, 0, 0, 0x0C, .. Frames.Big16(21 << 1), 0, 0, 0, 0, .. Inner, 0, 0, 0, 0], "Vlan 21", true, Mac, 21),
        new("VN-Tag", LinkType.Ethernet, Frames.Ethernet([0, 1, 0, 2, 8, 0, .. Ip], 0x8926), "", true, Mac),
        new("Cisco's metadata", LinkType.Ethernet, Frames.Ethernet([1, 1, 0, 1, 0, 0x64, 8, 0, .. Ip], 0x8909), "", true, Mac),
        new("HSR", LinkType.Ethernet, Frames.Ethernet([.. Frames.Big16(Ip.Length + 6), 0, 1, 8, 0, .. Ip], 0x892F), "", true, Mac),
        new("802.1AE without encryption", LinkType.Ethernet, Frames.Ethernet([0, 0, 0, 0, 0, 1, 8, 0, .. Ip, .. new byte[16]], 0x88E5), "", true, Mac),
        new("802.1AE without encryption, with its channel", LinkType.Ethernet, Frames.Ethernet([0x20, 0, 0, 0, 0, 1, .. Mac1, 0, 1, 8, 0, .. Ip, .. new byte[16]], 0x88E5), "", true, Mac),
        new("MPLS, two labels", LinkType.Ethernet, Frames.Ethernet([0, 1, 0x00, 64, .. BottomLabel17, .. Ip], 0x8847, false), "Mpls 17", false, Mac),
        new("MPLS pseudowire", LinkType.Ethernet, Frames.Ethernet([.. BottomLabel17, 0, 0, 0, 0, .. Inner], 0x8847, false), "Mpls 17", true, Mac),
        new("MPLS pseudowire without a control word", LinkType.Ethernet, Frames.Ethernet([.. BottomLabel17, .. Inner], 0x8847, false), "Mpls 17", true, Mac, TsharkReads: false),
        new("MPLS alone", LinkType.Mpls, [.. BottomLabel17, .. Ip], "Mpls 17", TsharkReads: false),
        new("LLC with IP's own access point", LinkType.Ethernet, Frames.Ethernet([6, 6, 3, .. Ip], 3 + Ip.Length), "", true, Mac),
        // PPP: RFC 1661, 1662, 2516
        new("PPPoE", LinkType.Ethernet, Frames.Ethernet([0x11, 0, 0, 9, .. Frames.Big16(2 + Ip.Length), 0, 0x21, .. Ip], 0x8864, false), "Pppoe 9", false, Mac),
        new("PPPoE in a VLAN", LinkType.Ethernet, Frames.Ethernet([0x11, 0, 0, 9, .. Frames.Big16(2 + Ip.Length), 0, 0x21, .. Ip], 0x8864, false, 0x81, 0, 0, 8), "Vlan 8; Pppoe 9", false, Mac, 8),
        new("PPPoE alone", LinkType.Pppoe, [0x11, 0, 0, 9, .. Frames.Big16(2 + Ip.Length), 0, 0x21, .. Ip], "Pppoe 9"),
        new("PPP", LinkType.Ppp, [0, 0x21, .. Ip], ""),
        new("PPP in HDLC", LinkType.Ppp, [0xFF, 3, 0, 0x21, .. Ip], ""),
        new("PPP in HDLC, its own type", LinkType.PppHdlc, [0xFF, 3, 0, 0x21, .. Ip], ""),
        new("PPP with direction", LinkType.PppWithDirection, [1, 0xFF, 3, 0, 0x21, .. Ip], ""),
        new("PPP of pppd", LinkType.PppPppd, [1, 3, 0, 0x21, .. Ip], "", TsharkReads: false),
        new("PPP, compressed protocol", LinkType.Ppp, [0x21, .. Ip], ""),
        new("multilink PPP", LinkType.Ppp, [0xFF, 3, 0, 0x3D, 0xC0, 0, 0, 1, 0, 0x21, .. Ip], ""),
        new("PPP with MPLS", LinkType.Ppp, [0xFF, 3, 2, 0x81, .. BottomLabel17, .. Ip], "Mpls 17"),
        new("Cisco HDLC", LinkType.CiscoHdlc, [0x8F, 0, 8, 0, .. Ip], ""),
        new("Frame Relay", LinkType.FrameRelay, [0x18, 0x41, 3, 0xCC, .. Ip], ""),
        new("Frame Relay with SNAP", LinkType.FrameRelay, [0x18, 0x41, 3, 0x80, 0, 0, 0, 8, 0, .. Ip], ""),
        new("ATM with LLC", LinkType.AtmLlc, [.. Snap, .. Ip], ""),
        new("ATM, bridged", LinkType.AtmLlc, [0xAA, 0xAA, 3, 0, 0x80, 0xC2, 0, 7, 0, 0, .. Inner], "", true, Mac),
        new("SLIP", LinkType.Slip, [0, 0x70, .. new byte[14], .. Ip], "", TsharkReads: false),
        // tunnels over IP
        new("IP in IP", LinkType.Ethernet, Outer(4, Ip), "Ip 0" + Ends),
        new("IP in IPv6", LinkType.Ethernet, Outer6(4, Ip), "Ip 0 fe80::1 ff02::1"),
        new("IP in IP in IP", LinkType.Raw, Ip4(4, Ip4(4, Ip)), "Ip 0" + Ends + "; Ip 0" + Ends),
        new("IPv4 in IPv6 in IPv4", LinkType.Raw, Ip4(41, Frames.Ipv6(Ip, 4)), "Ip 0" + Ends + "; Ip 0 fe80::1 ff02::1"),
        new("authenticated IP in IP", LinkType.Raw, Ip4(51, [4, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, .. new byte[12], .. Ip]), "Ip 0" + Ends),
        new("Ethernet in IP", LinkType.Ethernet, Outer(97, [0x30, 0, .. Inner]), "EtherIp 0" + Ends, true, Mac),
        new("GRE", LinkType.Ethernet, Outer(47, [0, 0, 8, 0, .. Ip]), "Gre 0" + Ends),
        new("GRE with checksum, key and sequence", LinkType.Ethernet, Outer(47, GreWithAll()), "Gre 77" + Ends),
        new("GRE with Ethernet", LinkType.Ethernet, Outer(47, [0x20, 0, 0x65, 0x58, 0, 0, 0x10, 1, .. Inner]), "Gre 4097" + Ends, true, Mac),
        new("GRE with MPLS", LinkType.Ethernet, Outer(47, [0, 0, 0x88, 0x47, .. BottomLabel17, .. Ip]), "Gre 0" + Ends + "; Mpls 17"),
        new("GRE over IPv6", LinkType.Ethernet, Outer6(47, [0, 0, 8, 0, .. Ip]), "Gre 0 fe80::1 ff02::1"),
        new("GRE of PPTP", LinkType.Ethernet, Outer(47, [0x30, 0x81, 0x88, 0x0B, .. Frames.Big16(4 + Ip.Length), 0, 6, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 3, 0, 0x21, .. Ip]), "Gre 6" + Ends),
        new("GRE of WCCP", LinkType.Ethernet, Outer(47, [0, 0, 0x88, 0x3E, 0, 0, 0, 0, .. Ip]), "Gre 0" + Ends),
        new("ERSPAN I", LinkType.Ethernet, Outer(47, [0, 0, 0x88, 0xBE, .. Inner]), "Erspan 0" + Ends, true, Mac),
        new("ERSPAN II", LinkType.Ethernet, Outer(47, [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 30, 0, 101, 0, 0, 0, 3, .. Inner]), "Erspan 101" + Ends, true, Mac, 30),
        new("ERSPAN II, the frame's own tag", LinkType.Ethernet, Outer(47, [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 30, 0x18, 101, 0, 0, 0, 3, .. Frames.Ethernet(Ip, tags: [0x81, 0, 0, 31])]), "Erspan 101" + Ends + "; Vlan 31", true, Mac, 31),
        new("ERSPAN III", LinkType.Ethernet, Outer(47, [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 30, 0, 102, 0, 0, 0, 9, 0, 0, 0, 0, .. Inner]), "Erspan 102" + Ends, true, Mac, 30),
        new("ERSPAN III with a platform's part", LinkType.Ethernet, Outer(47, [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 30, 0, 102, 0, 0, 0, 9, 0, 0, 0, 1, 0x0C, 0, 0, 0, 0, 0, 0, 0, .. Inner]), "Erspan 102" + Ends, true, Mac, 30),
        new("VXLAN", LinkType.Ethernet, OuterUdp(50_000, 4789, [8, 0, 0, 0, 0, 0x13, 0x88, 0, .. Inner]), "Vxlan 5000" + Ends, true, Mac),
        new("VXLAN in a VLAN with a tag inside", LinkType.Ethernet, [.. Frames.Ethernet([], 0x8100, false), 0, 12, 8, 0, .. Ip4(17, Udp(50_000, 4789, [8, 0, 0, 0, 0, 0x13, 0x88, 0, .. Frames.Ethernet(Ip, tags: [0x81, 0, 0, 13])]))], "Vlan 12; Vxlan 5000" + Ends + "; Vlan 13", true, Mac, 13),
        new("VXLAN, Linux' old port", LinkType.Ethernet, OuterUdp(50_000, 8472, [8, 0, 0, 0, 0, 0x13, 0x88, 0, .. Inner]), "Vxlan 5000" + Ends, true, Mac, TsharkReads: false),
        new("TZSP", LinkType.Ethernet, OuterUdp(37_008, 37_008, [1, 0, 0, 1, 1, .. Inner]), "Tzsp 0" + Ends, true, Mac),
        new("TZSP with fields", LinkType.Ethernet, OuterUdp(50_000, 37_008, [1, 1, 0, 1, 10, 1, 0xC8, 0, 41, 2, 0, 99, 1, .. Inner]), "Tzsp 0" + Ends, true, Mac),
        new("VXLAN-GPE", LinkType.Ethernet, OuterUdp(50_000, 4790, [0x0C, 0, 0, 1, 0, 0x13, 0x88, 0, .. Ip]), "Vxlan 5000" + Ends),
        new("GENEVE with options", LinkType.Ethernet, OuterUdp(50_000, 6081, [2, 0, 0x65, 0x58, 0, 0x13, 0x88, 0, 1, 2, 3, 1, 0, 0, 0, 0, .. Inner]), "Geneve 5000" + Ends, true, Mac),
        new("GENEVE with IP", LinkType.Ethernet, OuterUdp(50_000, 6081, [0, 0, 8, 0, 0, 0x13, 0x88, 0, .. Ip]), "Geneve 5000" + Ends),
        new("MPLS in UDP", LinkType.Ethernet, OuterUdp(50_000, 6635, [.. BottomLabel17, .. Ip]), "Ip 0" + Ends + "; Mpls 17"),
        new("L2TP", LinkType.Ethernet, OuterUdp(1701, 1701, [0, 2, 0, 3, 0, 4, 0, 0x21, .. Ip]), "L2tp 4" + Ends),
        new("L2TP with everything", LinkType.Ethernet, OuterUdp(1701, 50_000, [0x4A, 2, .. Frames.Big16(20 + Ip.Length), 0, 3, 0, 4, 0, 1, 0, 1, 0, 2, 9, 9, 0xFF, 3, 0, 0x21, .. Ip]), "L2tp 4" + Ends),
        new("L2TP 3 in UDP with Ethernet", LinkType.Ethernet, OuterUdp(1701, 1701, [0, 3, 0, 0, 0, 0, 0, 8, .. Inner]), "L2tp 8" + Ends, true, Mac, TsharkReads: false),
        new("L2TP 3 with a cookie and a sublayer", LinkType.Ethernet, Outer(115, [0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, .. Inner]), "L2tp 8" + Ends, true, Mac, TsharkReads: false),
        new("ERSPAN in VXLAN", LinkType.Ethernet, OuterUdp(50_000, 4789, [8, 0, 0, 0, 0, 0x13, 0x88, 0, .. Outer(47, [0, 0, 0x88, 0xBE, .. Inner])]), "Vxlan 5000" + Ends + "; Erspan 0" + Ends, true, Mac),
        // IEEE 802.11 §9
        new("802.11 to the access point", LinkType.Wireless, [8, 1, 0, 0, .. Mac2, .. Mac1, .. Everybody, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("802.11 from the access point", LinkType.Wireless, [8, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("802.11 without one", LinkType.Wireless, [8, 0, 0, 0, .. Mac3, .. Mac1, .. Mac2, 0x10, 0, .. Snap, .. Ip], "Wireless 0", false, Mac),
        new("802.11 with four addresses", LinkType.Wireless, [8, 3, 0, 0, .. Mac2, .. Mac3, .. Everybody, 0x10, 0, .. Mac1, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("802.11 with QoS", LinkType.Wireless, [0x88, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, 0, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("802.11 with QoS and HT control", LinkType.Wireless, [0x88, 0x82, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, 0, 0, 1, 2, 3, 4, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("A-MSDU of one", LinkType.Wireless, [0x88, 2, 0, 0, .. Mac2, .. Mac3, .. Mac3, 0x10, 0, 0x80, 0, .. Mac2, .. Mac1, .. Frames.Big16(8 + Ip.Length), .. Snap, .. Ip], "Wireless 0", false, Mac),
        new("radiotap", LinkType.WirelessRadiotap, [0, 0, 8, 0, 0, 0, 0, 0, 8, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("radiotap with a gap", LinkType.WirelessRadiotap, [0, 0, 17, 0, 3, 0, 0, 0, .. new byte[8], 0x20, 0x88, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, 0, 0, 0, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("radiotap, two words of fields", LinkType.WirelessRadiotap, [0, 0, 13, 0, 2, 0, 0, 0x80, 0, 0, 0, 0, 0, 8, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("Prism", LinkType.WirelessPrism, [0x44, 0, 0, 0, 144, 0, 0, 0, .. new byte[136], 8, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("AVS", LinkType.WirelessAvs, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64, .. new byte[56], 8, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        new("PPI", LinkType.PerPacketInformation, [0, 0, 8, 0, 105, 0, 0, 0, 8, 2, 0, 0, .. Everybody, .. Mac2, .. Mac1, 0x10, 0, .. Snap, .. Ip], "Wireless 0", true, Mac),
        // what else drivers deliver
        new("IEEE 1394", LinkType.Ieee1394, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 3, 3, 3, 3, 3, 3, 3, 3, 8, 0, .. Ip], "", true),
        new("ARCnet, RFC 1201", LinkType.Arcnet, [1, 0, 0xD4, 0, 0, 1, .. Ip], "", true),
        new("ARCnet, RFC 1051", LinkType.Arcnet, [1, 2, 0xF0, .. Ip], ""),
        new("ARCnet of Linux", LinkType.ArcnetLinux, [1, 0, 0, 0, 0xD4, 0, 0, 1, .. Ip], "", true),
        new("NFLOG", LinkType.NetfilterLog, [2, 0, 0, 5, 8, 0, 1, 0, 8, 0, 3, 0, .. Nflog(9, Ip)], ""),
        new("NFLOG with the station", LinkType.NetfilterLog, [2, 0, 0, 5, .. Nflog(8, [0, 6, 0, 0, .. Mac1, 0, 0]), .. Nflog(9, Ip)], "", false, Mac),
        new("PKTAP", LinkType.ApplePacketTap, [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. new byte[96], .. Inner], "", true, Mac),
        new("PKTAP by its old number", LinkType.ApplePacketTap149, [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. new byte[96], .. Inner], "", true, Mac),
        new("OpenBSD's enc", LinkType.OpenBsdEncrypted, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Ip], ""),
        new("OpenBSD's filter log", LinkType.OpenBsdFilterLog, [61, 2, .. new byte[62], .. Ip], ""),
    ];

    /// <summary>An IPv4 packet between the ends of a tunnel.</summary>
    public static byte[] Ip4(int protocol, byte[] body)
    {
        byte[] header = [0x45, 0, .. Frames.Big16(20 + body.Length), 0, 7, 0, 0, 64, (byte)protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        byte[] checksum = Frames.Big16(Frames.Checksum(header));
        (header[10], header[11]) = (checksum[0], checksum[1]);
        return [.. header, .. body];
    }

    public static byte[] Udp(int source, int destination, byte[] payload) =>
        [.. Frames.Big16(source), .. Frames.Big16(destination), .. Frames.Big16(8 + payload.Length), 0, 0, .. payload];

    private static byte[] Outer(int protocol, byte[] body) => Frames.Ethernet(Ip4(protocol, body), broadcast: false);

    private static byte[] Outer6(byte protocol, byte[] body) => Frames.Ethernet(Frames.Ipv6(body, protocol), 0x86DD, broadcast: false);

    private static byte[] OuterUdp(int source, int destination, byte[] payload) => Outer(17, Udp(source, destination, payload));

    private static byte[] GreWithAll()
    {
        byte[] gre = [0xB0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 1, .. Ip];
        byte[] checksum = Frames.Big16(Frames.Checksum(gre));
        (gre[4], gre[5]) = (checksum[0], checksum[1]);
        return gre;
    }

    private static byte[] Nflog(int type, byte[] value) =>
        [(byte)(4 + value.Length), (byte)((4 + value.Length) >> 8), (byte)type, 0, .. value, .. new byte[-value.Length & 3]];
}
