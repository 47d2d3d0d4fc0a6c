using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <content>What frames begin with.</content>
/// <remarks>
/// <code>
/// Ethernet:        | destination (48) | source (48) | type (16), or 802.3 length and LLC |
/// Token Ring:      | access (8) | frame (8) | destination (48) | source (48) | [routing] | LLC
/// FDDI:            | frame (8) | destination (48) | source (48) | LLC
/// Linux cooked 1:  | kind (16) | ARPHRD (16) | address length (16) | address (64) | type (16) |
/// Linux cooked 2:  | type (16) | 0 (16) | interface (32) | ARPHRD (16) | kind (8) | address length (8) | address (64) |
/// IEEE 1394:       | destination (64) | source (64) | type (16) |
/// ARCnet:          | source (8) | destination (8) | [offset (16), Linux] | protocol (8) | [split flag (8) | sequence (16), RFC 1201] |
/// Cisco HDLC:      | address (8) | control (8) | type (16) |
/// Frame Relay:     | address (16) | 03 | [pad] | NLPID (8) |
/// </code>
/// </remarks>
internal sealed partial class Decapsulator
{
    private const int EthernetHeader = 14;
    private const ushort MinEtherType = 0x0600; // IEEE 802.3 §3.2.6: below it is a length

    private Place OfLink(scoped ref CapturedDatagram datagram, LinkType link, ReadOnlySpan<byte> frame)
    {
        switch (link)
        {
            case LinkType.Ethernet:
                return OfEthernet(ref datagram, frame);
            case LinkType.TokenRing when frame.Length >= 16:
                Stations(ref datagram, frame, destination: 2, source: 8);
                datagram._toGroup = (frame[2] & 0x80) != 0; // address bits in transmission order: the group bit is the highest
                int routing = (frame[8] & 0x80) != 0 ? frame[14] & 0x1F : 0; // IEEE 802.5: the source's group bit marks a routing field
                return new Place(Layer.Llc, Behind(frame, 14 + routing));
            case LinkType.Fddi when frame.Length >= 13:
                Stations(ref datagram, frame, destination: 1, source: 7);
                return new Place(Layer.Llc, frame[13..]);
            case LinkType.LinuxCooked when frame.Length >= 16:
                datagram._toGroup = frame[1] is 1 or 2; // broadcast, multicast
                if (frame[5] == MacAddress.Size)
                    datagram._sourceMac = frame.Slice(6, MacAddress.Size);
                return OfLengthOrType(U16(frame, 14), frame[16..]);
            case LinkType.LinuxCooked2 when frame.Length >= 20:
                datagram._toGroup = frame[10] is 1 or 2;
                if (frame[11] == MacAddress.Size)
                    datagram._sourceMac = frame.Slice(12, MacAddress.Size);
                return OfLengthOrType(U16(frame, 0), frame[20..]);
            case LinkType.Null or LinkType.Loop when frame.Length >= 4 && IsInternetFamily(frame):
                return new Place(Layer.Internet, frame[4..]);
            case LinkType.OpenBsdEncrypted when frame.Length >= 12 && IsInternetFamily(frame):
                return new Place(Layer.Internet, frame[12..]);
            case LinkType.OpenBsdFilterLog when frame.Length >= 2:
                return new Place(Layer.Internet, Behind(frame, (frame[0] + 3) & ~3)); // its length field does not count the padding
            case LinkType.Raw or LinkType.Raw12 or LinkType.Raw14 or LinkType.Ipv4 or LinkType.Ipv6:
                return new Place(Layer.Internet, frame);
            case LinkType.Slip:
                return new Place(Layer.Internet, Behind(frame, 16)); // direction, type, and room for a compressed header
            case LinkType.Ppp or LinkType.PppHdlc when frame is [0x0F or 0x8F, 0, _, _, ..]: // Cisco's HDLC framing on the same links
            case LinkType.CiscoHdlc when frame.Length >= 4:
                return OfLengthOrType(U16(frame, 2), frame[4..]);
            case LinkType.Ppp or LinkType.PppHdlc:
                return new Place(Layer.Ppp, frame);
            case LinkType.PppWithDirection or LinkType.PppPppd when frame.Length >= 2:
                return new Place(Layer.Ppp, frame[1] == 3 ? frame[2..] : frame[1..]); // pppd puts the direction in place of HDLC's address
            case LinkType.Pppoe:
                return Place.EtherType(EtherTypes.PppoeSession, frame);
            case LinkType.Mpls:
                return Place.EtherType(EtherTypes.Mpls, frame);
            case LinkType.AtmLlc or LinkType.AtmLlc11:
                return new Place(Layer.Llc, frame);
            case LinkType.FrameRelay when frame is [_, _, 3, ..]:
                return OfNlpid(frame[3..]);
            case LinkType.Ieee1394 when frame.Length >= 18:
                datagram._toGroup = frame[..8].IndexOfAnyExcept((byte)0xFF) < 0; // RFC 2734: all stations; EUI-64s are no MAC addresses
                return OfLengthOrType(U16(frame, 16), frame[18..]);
            case LinkType.Arcnet or LinkType.ArcnetLinux:
                return OfArcnet(ref datagram, frame, link == LinkType.ArcnetLinux ? 4 : 2);
            case LinkType.NetfilterLog:
                return OfNetfilterLog(ref datagram, frame);
            case LinkType.ApplePacketTap149 when frame.Length >= 12 && Little32(frame, 0) is < 36 or > 512:
                return default; // something else of that number
            case LinkType.ApplePacketTap or LinkType.ApplePacketTap149 when frame.Length >= 12:
                return Place.Link((LinkType)Math.Min(Little32(frame, 8), (uint)LinkType.Unknown), Behind(frame, (int)Math.Min(Little32(frame, 0), int.MaxValue)));
            case LinkType.Wireless or LinkType.WirelessRadiotap or LinkType.WirelessPrism or LinkType.WirelessAvs or LinkType.PerPacketInformation:
                return OfWirelessLink(ref datagram, link, frame);
            default:
                return default;
        }
    }

    private Place OfEthernet(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetHeader)
            return default;
        if (frame.Length >= 26 + EthernetHeader && frame is [1 or 3, 0, 0x0C, 0, 0, ..] && frame[14..].StartsWith<byte>([0xAA, 0xAA, 3]))
        {
            // Cisco's ISL, as trunks and mirror ports of its time: 26 octets, among them the VLAN, before a whole frame
            int vlan = U16(frame, 20) >> 1;
            Add(CarrierKind.Vlan, (uint)vlan, vlan);
            return Place.Link(LinkType.Ethernet, frame[26..]);
        }

        Stations(ref datagram, frame, destination: 0, source: 6);
        return OfLengthOrType(U16(frame, 12), frame[EthernetHeader..]);
    }

    private static void Stations(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> frame, int destination, int source)
    {
        datagram._destinationMac = frame.Slice(destination, MacAddress.Size);
        datagram._sourceMac = frame.Slice(source, MacAddress.Size);
        datagram._toGroup = (frame[destination] & 1) != 0;
    }

    private static Place OfLengthOrType(int type, ReadOnlySpan<byte> rest) => type < MinEtherType ? new Place(Layer.Llc, rest) : Place.EtherType(type, rest);

    /// <summary>RFC 1042, RFC 2684, and IP's own service access point (RFC 948).</summary>
    /// <remarks>
    /// <code>
    /// | AA AA 03 | organization (24) | type (16) |
    /// </code>
    /// </remarks>
    private static Place OfLlc(ReadOnlySpan<byte> rest) => rest switch
    {
        [0xAA, 0xAA, 3, 0, 0, 0, _, _, ..] or [0xAA, 0xAA, 3, 0, 0, 0xF8, _, _, ..] => OfLengthOrType(U16(rest, 6), rest[8..]), // the second: IEEE 802.1H
        [0xAA, 0xAA, 3, 0, 0x80, 0xC2, 0, 1 or 7, _, _, ..] => Place.Link(LinkType.Ethernet, rest[10..]), // bridged, with padding
        [0xFE, 0xFE, 3, ..] => OfNlpid(rest[3..]),
        [6, 6, 3, ..] => new Place(Layer.Internet, rest[3..]),
        _ => default,
    };

    /// <summary>ISO/IEC TR 9577; RFC 2427 for Frame Relay.</summary>
    private static Place OfNlpid(ReadOnlySpan<byte> rest) => rest switch
    {
        [0, ..] => OfNlpid(rest.TrimStart((byte)0)), // padding
        [0xCC or 0x8E, ..] => new Place(Layer.Internet, rest[1..]),
        [0x80, 0, 0, 0, _, _, ..] => OfLengthOrType(U16(rest, 4), rest[6..]),
        [0x80, 0, 0x80, 0xC2, 0, 1 or 7, ..] => Place.Link(LinkType.Ethernet, rest[6..]),
        [0xCF, ..] => new Place(Layer.Ppp, rest[1..]), // RFC 1973
        _ => default,
    };

    /// <summary>RFC 1661 §2, RFC 1662 §3.1; address, control and the protocol's upper octet may be compressed away (§6.6 there, §6.5 here).</summary>
    private static Place OfPpp(ReadOnlySpan<byte> rest)
    {
        if (rest is [0xFF, 3, ..])
            rest = rest[2..];
        return rest switch
        {
            [0, 0x21 or 0x57, ..] => new Place(Layer.Internet, rest[2..]),
            [0x21 or 0x57, ..] => new Place(Layer.Internet, rest[1..]),
            [2, 0x81 or 0x83, ..] => Place.EtherType(EtherTypes.Mpls, rest[2..]), // RFC 3032 §4.3
            [0, 0x3D, 0xC0, _, _, _, ..] => new Place(Layer.Ppp, rest[6..]), // RFC 1990 §3: multilink, the first and last fragment of a packet
            [0, 0x31, _, 1, ..] => Place.Link(LinkType.Ethernet, rest[4..]), // RFC 3518 §4.2: bridged IEEE 802.3
            _ => default,
        };
    }

    private static Place OfArcnet(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> frame, int header)
    {
        if (frame.Length < header + 1)
            return default;
        datagram._toGroup = frame[1] == 0;
        var rest = frame[header..];
        if (rest[0] == 0xF0) // RFC 1051 §2
            return new Place(Layer.Internet, rest[1..]);
        if (rest is [0xD4, 0xFF, _, _, ..]) // RFC 1201 §2.1: an exception packet begins anew behind four octets
            rest = rest[4..];
        bool isStart = rest is [0xD4, var split, _, _, ..] && (split == 0 || (split & 1) != 0); // whole, or the first of several pieces
        return isStart ? new Place(Layer.Internet, rest[4..]) : default;
    }

    /// <summary>What nftables logs: type, length and value in the byte order of the machine.</summary>
    /// <remarks>
    /// <code>
    /// | family (8) | version (8) | resource (16) | then: | length with header (16) | type (16) | value, padded to 32 bits … |
    /// </code>
    /// </remarks>
    private static Place OfNetfilterLog(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> frame)
    {
        const int payload = 9;
        const int hardwareAddress = 8;
        if (frame.Length < 8 || frame[1] != 0)
            return default;
        bool bigEndian = frame[6] == 0 && frame[7] != 0; // no type is as high as 256
        for (var rest = frame[4..]; rest.Length >= 4;)
        {
            int length = bigEndian ? U16(rest, 0) : BinaryPrimitives.ReadUInt16LittleEndian(rest);
            int type = (bigEndian ? U16(rest, 2) : BinaryPrimitives.ReadUInt16LittleEndian(rest[2..])) & 0x7FFF;
            if (length < 4)
                return default;
            if (type == payload)
                return new Place(Layer.Internet, rest[4..Math.Min(length, rest.Length)]);
            if (type == hardwareAddress && length >= 8 + MacAddress.Size && rest.Length >= 8 + MacAddress.Size && U16(rest, 4) == MacAddress.Size)
                datagram._sourceMac = rest.Slice(8, MacAddress.Size);
            rest = Behind(rest, (length + 3) & ~3);
        }

        return default;
    }

    /// <summary>AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 23 (Windows), 24 (NetBSD, OpenBSD), 28 (FreeBSD) or 30 (Darwin).</summary>
    private static bool IsInternetFamily(ReadOnlySpan<byte> frame)
    {
        uint family = Little32(frame, 0);
        family = family > ushort.MaxValue ? BinaryPrimitives.ReverseEndianness(family) : family;
        return family is 2 or 10 or 23 or 24 or 28 or 30;
    }

    private static uint Little32(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]);
}
