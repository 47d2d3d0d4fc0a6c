namespace NbnsSim.Captures;

/// <content>Tags and tunnels.</content>
/// <remarks>
/// <code>
/// VLAN tag:   | priority (3) | DEI (1) | VLAN (12) | type (16) |
/// VN-Tag:     | 0 (1) … | destination (14) | … | source (12) | type (16) |     802.1AE: | version SC … E C AN (8) | short length (8) | number (32) | [SCI (64)] | type (16) … ICV |
/// HSR:        | path (4) | length (12) | sequence (16) | type (16) |          Cisco's metadata: | 1 (8) | length in 4 octets (8) | option (16) | group (16) | type (16) |
/// MPLS:       | label (20) | class (3) | bottom (1) | time to live (8) | … until the bottom
/// PPPoE:      | 1 (4) | 1 (4) | code (8) | session (16) | length (16) | PPP
/// GRE:        | C R K S … version (3) | type (16) | [checksum (32)] | [key (32)] | [sequence (32)] |
/// PPTP's GRE: | … S … A … 1 (3) | type (16) | length (16) | call (16) | [sequence (32)] | [acknowledgement (32)] | PPP
/// ERSPAN II:  | 1 (4) | VLAN (12) | class (3) | tag kind (2) | T (1) | session (10) | index (32) | Ethernet
/// ERSPAN III: | 2 (4) | VLAN (12) | class (3) | BSO (2) | T (1) | session (10) | time (32) | group (16) | P (1) frame type (5) … O (1) | [platform (64)] |
/// VXLAN:      | flags (8) | … (24) | network (24) | 0 (8) | Ethernet
/// GENEVE:     | version (2) | options in 4 octets (6) | O C … (8) | type (16) | network (24) | 0 (8) | options
/// TZSP:       | 1 (8) | 0 or 1 (8) | protocol (16) | fields: kind (8) [length (8) value] … until kind 1 |
/// L2TP 2:     | T L … S … O P … version (4) | [length (16)] | tunnel (16) | session (16) | [Ns, Nr (32)] | [offset (16), pad] | PPP
/// L2TP 3:     | T … version (4) | 0 (16) | session (32) | [cookie (32 or 64)] | [sublayer (32)] |
/// </code>
/// </remarks>
internal sealed partial class Decapsulator
{
    private const int MaxLabels = 16;
    private const int L2tpPort = 1701;
    private const int VxlanPort = 4789;
    private const int OldVxlanPort = 8472; // Linux' before one was assigned
    private const int VxlanGpePort = 4790;
    private const int GenevePort = 6081;
    private const int MplsPort = 6635; // RFC 7510
    private const int TzspPort = 37008; // what MikroTik's and Aruba's packet sniffers stream to
    private const int WireGuardPort = 51820;
    private const int IpsecPort = 4500; // RFC 3948

    /// <summary>Whether a UDP datagram between these ports may be a tunnel's.</summary>
    public static bool IsTunnelPort(int source, int destination) =>
        destination is VxlanPort or OldVxlanPort or VxlanGpePort or GenevePort or MplsPort or TzspPort or L2tpPort or WireGuardPort or IpsecPort || source is L2tpPort or WireGuardPort or IpsecPort;

    private Place OfEtherType(scoped ref CapturedDatagram datagram, int type, ReadOnlySpan<byte> rest)
    {
        switch (type)
        {
            case EtherTypes.Ipv4 or EtherTypes.Ipv6:
                return new Place(Layer.Internet, rest);
            case EtherTypes.VlanTag or EtherTypes.ServiceTag or EtherTypes.OldServiceTag or EtherTypes.OlderServiceTag when rest.Length >= 4:
                int vlan = U16(rest, 0) & 0xFFF;
                Add(CarrierKind.Vlan, (uint)vlan, vlan);
                return OfLengthOrType(U16(rest, 2), rest[4..]);
            case EtherTypes.BackboneService when rest.Length >= 4:
                Add(CarrierKind.BackboneBridge, U24(rest, 1));
                return Place.Link(LinkType.Ethernet, rest[4..]);
            case EtherTypes.Mpls or EtherTypes.MplsUpstream:
                return OfMpls(rest);
            case EtherTypes.PppoeSession when rest is [0x11, 0, _, _, _, _, ..]: // RFC 2516 §4: version 1, type 1; code 0 is the session
                Add(CarrierKind.Pppoe, (uint)U16(rest, 2));
                return new Place(Layer.Ppp, rest[6..]);
            case EtherTypes.TransparentBridging:
                return Place.Link(LinkType.Ethernet, rest);
            case EtherTypes.CiscoMetadata when rest is [1, var words, ..] && rest.Length > 4 + (4 * words):
                return OfLengthOrType(U16(rest, 2 + (4 * words)), rest[(4 + (4 * words))..]);
            case EtherTypes.VirtualNetworkTag or EtherTypes.SeamlessRedundancy when rest.Length > 6:
                return OfLengthOrType(U16(rest, 4), rest[6..]);
            case EtherTypes.MacSecurity when rest.Length > 16:
                return OfMacSecurity(rest);
            case EtherTypes.Ppp:
                return new Place(Layer.Ppp, rest);
            default:
                return default;
        }
    }

    /// <summary>IEEE 802.1AE §9: what is only protected against changes can be read; what is encrypted cannot.</summary>
    private Place OfMacSecurity(ReadOnlySpan<byte> rest)
    {
        const int encrypted = 0x08;
        const int changed = 0x04;
        const int explicitChannel = 0x20;
        if ((rest[0] & (encrypted | changed)) != 0)
        {
            Encrypted++;
            return default;
        }

        int header = (rest[0] & explicitChannel) != 0 ? 14 : 6;
        return OfLengthOrType(U16(rest, header), rest[(header + 2)..]);
    }

    private Place OfMpls(ReadOnlySpan<byte> rest)
    {
        for (int labels = 0; labels < MaxLabels && rest.Length >= 4; labels++)
        {
            uint entry = U32(rest, 0);
            rest = rest[4..];
            if ((entry & 0x100) == 0)
                continue;
            Add(CarrierKind.Mpls, entry >> 12);
            if (IsInternet(rest))
                return new Place(Layer.Internet, rest);
            if (rest.Length > 4 && rest[0] >> 4 == 0 && IsEthernet(rest[4..])) // RFC 4448 §4.6: a control word
                return Place.Link(LinkType.Ethernet, rest[4..]);
            return IsEthernet(rest) ? Place.Link(LinkType.Ethernet, rest) : default;
        }

        return default;
    }

    /// <summary>RFC 4928: what MPLS carries is told by its first octets; an Ethernet frame may begin with any.</summary>
    private static bool IsInternet(ReadOnlySpan<byte> rest) => rest.Length >= InternetProtocol.Ipv4Header
        && (rest[0] >> 4 == 6 ? !IsEthernet(rest) : rest[0] >> 4 == 4 && (rest[0] & 0xF) >= 5 && U16(rest, 2) >= InternetProtocol.Ipv4Header && !IsEthernet(rest));

    private static bool IsEthernet(ReadOnlySpan<byte> rest) => rest.Length > EthernetHeader && U16(rest, 12) switch
    {
        EtherTypes.Ipv4 => rest[EthernetHeader] >> 4 == 4,
        EtherTypes.Ipv6 => rest[EthernetHeader] >> 4 == 6,
        EtherTypes.VlanTag => rest.Length > EthernetHeader + 4 && U16(rest, 16) is EtherTypes.Ipv4 or EtherTypes.Ipv6,
        _ => false,
    };

    private Place OfGre(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 4)
            return default;
        int flags = U16(rest, 0);
        int type = U16(rest, 2);
        bool hasSequence = (flags & 0x1000) != 0;
        if ((flags & 7) == 1) // RFC 2637 §4.1
        {
            if (type != EtherTypes.Ppp || rest.Length < 8)
                return default;
            AddTunnel(ref datagram, CarrierKind.Gre, (uint)U16(rest, 6));
            return new Place(Layer.Ppp, Behind(rest, 8 + (hasSequence ? 4 : 0) + ((flags & 0x80) != 0 ? 4 : 0)));
        }

        if ((flags & 0x4007) != 0) // RFC 1701's source routes, later versions
            return default;
        int at = (flags & 0x8000) != 0 ? 8 : 4;
        uint key = 0;
        if ((flags & 0x2000) != 0)
        {
            if (rest.Length < at + 4)
                return default;
            key = U32(rest, at);
            at += 4;
        }

        rest = Behind(rest, at + (hasSequence ? 4 : 0));
        switch (type)
        {
            case EtherTypes.Erspan or EtherTypes.Erspan3:
                return OfErspan(ref datagram, isThird: type == EtherTypes.Erspan3, hasSequence, rest);
            case EtherTypes.WebCacheRedirect when rest.Length > 4:
                AddTunnel(ref datagram, CarrierKind.Gre, key);
                return new Place(Layer.Internet, rest[0] >> 4 == 4 ? rest : rest[4..]); // version 2 of it has four octets in front
            default:
                AddTunnel(ref datagram, CarrierKind.Gre, key);
                return Place.EtherType(type, rest);
        }
    }

    /// <summary>draft-foschiano-erspan-03 §4: type I has no header and no sequence number, the others have both.</summary>
    private Place OfErspan(scoped ref CapturedDatagram datagram, bool isThird, bool hasSequence, ReadOnlySpan<byte> rest)
    {
        if (!isThird && !hasSequence)
        {
            AddTunnel(ref datagram, CarrierKind.Erspan, 0);
            return Place.Link(LinkType.Ethernet, rest);
        }

        int header = isThird ? 12 : 8;
        if (rest.Length < header || rest[0] >> 4 != (isThird ? 2 : 1))
            return default;
        int vlan = U16(rest, 0) & 0xFFF;
        AddTunnel(ref datagram, CarrierKind.Erspan, (uint)U16(rest, 2) & 0x3FF, vlan == 0 ? null : vlan);
        if (!isThird)
            return Place.Link(LinkType.Ethernet, rest[header..]);
        int frameType = (U16(rest, 10) >> 10) & 0x1F;
        rest = Behind(rest, header + ((rest[11] & 1) != 0 ? 8 : 0));
        return frameType switch
        {
            0 => Place.Link(LinkType.Ethernet, rest),
            2 => new Place(Layer.Internet, rest),
            _ => default,
        };
    }

    /// <returns>Nothing where the datagram is none of the tunnel that its port says.</returns>
    private Place OfUdpTunnel(scoped ref CapturedDatagram datagram, int source, int destination, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 8)
            return default;
        switch (destination)
        {
            case VxlanPort or OldVxlanPort when (payload[0] & 8) != 0 && payload[7] == 0: // RFC 7348 §5: the network is valid
                AddTunnel(ref datagram, CarrierKind.Vxlan, U24(payload, 4));
                return Place.Link(LinkType.Ethernet, payload[8..]);
            case VxlanGpePort when (payload[0] & 8) != 0 && payload[7] == 0 && payload[3] is >= 1 and <= 3: // draft-ietf-nvo3-vxlan-gpe §3.1
                AddTunnel(ref datagram, CarrierKind.Vxlan, U24(payload, 4));
                return payload[3] == 3 ? Place.Link(LinkType.Ethernet, payload[8..]) : new Place(Layer.Internet, payload[8..]);
            case GenevePort when payload[0] >> 6 == 0 && (payload[1] & 0x80) == 0: // RFC 8926 §3.4; O is control
                AddTunnel(ref datagram, CarrierKind.Geneve, U24(payload, 4));
                return Place.EtherType(U16(payload, 2), Behind(payload, 8 + ((payload[0] & 0x3F) * 4)));
            case TzspPort when payload is [1, 0 or 1, ..]:
                return OfTzsp(ref datagram, payload);
            case MplsPort:
                AddTunnel(ref datagram, CarrierKind.Ip, 0);
                return Place.EtherType(EtherTypes.Mpls, payload);
            default:
                if (source == L2tpPort || destination == L2tpPort)
                    return OfL2tp(ref datagram, payload);
                // WireGuard: its four messages; IPsec: no key exchange (four octets of 0) and no keep-alive
                if (source == WireGuardPort || destination == WireGuardPort ? payload is [>= 1 and <= 4, 0, 0, 0, ..] : payload is not [0, 0, 0, 0, ..] && (source == IpsecPort || destination == IpsecPort))
                    Encrypted++;
                return default;
        }
    }

    /// <summary>TaZmen Sniffer Protocol, as Wireshark's packet-tzsp.c documents it.</summary>
    private Place OfTzsp(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> payload)
    {
        const int end = 1;
        const int padding = 0;
        int at = 4;
        while (at < payload.Length && payload[at] != end)
            at += payload[at] == padding ? 1 : at + 1 < payload.Length ? 2 + payload[at + 1] : payload.Length;
        LinkType? link = U16(payload, 2) switch { 1 => LinkType.Ethernet, 18 => LinkType.Wireless, 119 => LinkType.WirelessPrism, 127 => LinkType.WirelessAvs, _ => null };
        if (link is not { } known)
            return default;
        AddTunnel(ref datagram, CarrierKind.Tzsp, 0);
        return Place.Link(known, Behind(payload, at + 1));
    }

    private Place OfL2tp(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> payload)
    {
        int flags = U16(payload, 0);
        bool isControl = (flags & 0x8000) != 0;
        if (isControl)
            return default;
        if ((flags & 0xF) == 3) // RFC 3931 §4.1.2.1
            return OfL2tpSession(ref datagram, U32(payload, 4), payload[8..]);
        if ((flags & 0xF) != 2) // RFC 2661 §3.1
            return default;
        int at = (flags & 0x4000) != 0 ? 4 : 2;
        uint session = (uint)U16(payload, at + 2);
        at += (flags & 0x0800) != 0 ? 8 : 4;
        if ((flags & 0x0200) != 0)
        {
            if (payload.Length < at + 2)
                return default;
            at += 2 + U16(payload, at);
        }

        AddTunnel(ref datagram, CarrierKind.L2tp, session);
        return new Place(Layer.Ppp, Behind(payload, at));
    }

    /// <summary>RFC 3931 §4.1.1: neither the cookie's length, nor the sublayer, nor what is carried stands in the packet, so an IPv4 header is looked for.</summary>
    private Place OfL2tpSession(scoped ref CapturedDatagram datagram, uint session, ReadOnlySpan<byte> rest)
    {
        AddTunnel(ref datagram, CarrierKind.L2tp, session);
        for (int at = 0; at <= 12 && at < rest.Length; at += 4)
        {
            var frame = rest[at..];
            if (IsIpv4Header(frame))
                return new Place(Layer.Internet, frame);
            if (frame.Length > EthernetHeader && U16(frame, 12) == EtherTypes.Ipv4 && IsIpv4Header(frame[EthernetHeader..]))
                return Place.Link(LinkType.Ethernet, frame);
            if (frame.Length > EthernetHeader + 4 && U16(frame, 12) == EtherTypes.VlanTag && IsIpv4Header(frame[(EthernetHeader + 4)..]))
                return Place.Link(LinkType.Ethernet, frame);
            if (frame is [0xFF, 3, 0, 0x21, ..] && IsIpv4Header(frame[4..]))
                return new Place(Layer.Ppp, frame);
            if (frame is [0, 0x21, ..] && IsIpv4Header(frame[2..]))
                return new Place(Layer.Ppp, frame);
            if (frame is [0x0F or 0x8F, 0, 8, 0, ..] && IsIpv4Header(frame[4..]))
                return Place.Link(LinkType.CiscoHdlc, frame);
        }

        return default;
    }

    private static bool IsIpv4Header(ReadOnlySpan<byte> ip)
    {
        int header = ip.Length < InternetProtocol.Ipv4Header ? 0 : (ip[0] & 0xF) * 4;
        return header >= InternetProtocol.Ipv4Header && ip.Length >= header && ip[0] >> 4 == 4
            && InternetChecksum.Fold(InternetChecksum.Add(0, ip[..header])) == ushort.MaxValue;
    }
}
