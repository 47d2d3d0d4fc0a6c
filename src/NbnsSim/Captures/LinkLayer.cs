using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>Finds the IP packet in a frame.</summary>
/// <remarks>
/// <code>
/// Ethernet:        | destination (48) | source (48) | [VLAN tag (32) …] | type (16), or 802.3 length and LLC |
/// Token Ring:      | access (8) | frame (8) | destination (48) | source (48) | [routing] | LLC
/// FDDI:            | frame (8) | destination (48) | source (48) | LLC
/// LLC with SNAP:   | AA AA 03 | 00 00 00 | type (16) |
/// Linux cooked 1:  | kind (16) | ARPHRD (16) | address length (16) | address (64) | type (16) |
/// Linux cooked 2:  | type (16) | 0 (16) | interface (32) | ARPHRD (16) | kind (8) | address length (8) | address (64) |
/// </code>
/// </remarks>
internal static class LinkLayer
{
    private const ushort MinEtherType = 0x0600; // IEEE 802.3 §3.2.6: below it is a length
    private const ushort VlanTag = 0x8100; // IEEE 802.1Q
    private const ushort ServiceTag = 0x88A8; // IEEE 802.1ad
    private const ushort OldServiceTag = 0x9100;
    private const int MaxTags = 8;

    /// <summary>Finds the IP packet.</summary>
    /// <param name="linkType">What the frame begins with.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="internet">From the IP header to the end of the frame.</param>
    /// <param name="toGroup">Whether the link says that the frame went to several hosts.</param>
    /// <returns>False when it holds none, or is cut too short to tell.</returns>
    public static bool TryFindInternet(LinkType linkType, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> internet, out bool toGroup)
    {
        internet = default;
        toGroup = false;
        switch (linkType)
        {
            case LinkType.Ethernet:
                if (frame.Length < 14)
                    return false;
                toGroup = (frame[0] & 1) != 0;
                return TryEtherType(frame, 12, out internet);
            case LinkType.TokenRing:
                if (frame.Length < 16)
                    return false;
                toGroup = (frame[2] & 0x80) != 0; // address bits in transmission order: the group bit is the highest
                int routing = (frame[8] & 0x80) != 0 ? frame[14] & 0x1F : 0; // IEEE 802.5: the source's group bit marks a routing field
                return TryLlc(frame, 14 + routing, out internet);
            case LinkType.Fddi:
                if (frame.Length < 13)
                    return false;
                toGroup = (frame[1] & 1) != 0;
                return TryLlc(frame, 13, out internet);
            case LinkType.LinuxCooked:
                if (frame.Length < 16)
                    return false;
                toGroup = frame[1] is 1 or 2; // broadcast, multicast
                return TryEtherType(frame, 14, out internet);
            case LinkType.LinuxCooked2:
                if (frame.Length < 20)
                    return false;
                toGroup = frame[10] is 1 or 2;
                return TryType(frame, BinaryPrimitives.ReadUInt16BigEndian(frame), 20, out internet);
            case LinkType.Null or LinkType.Loop:
                if (frame.Length < 4 || !IsInternetFamily(frame))
                    return false;
                internet = frame[4..];
                return true;
            case LinkType.Raw or LinkType.Raw12 or LinkType.Raw14 or LinkType.Ipv4 or LinkType.Ipv6:
                internet = frame;
                return true;
            default:
                return false;
        }
    }

    public static MacAddress? SourceMac(LinkType linkType, ReadOnlySpan<byte> frame) => linkType switch
    {
        LinkType.Ethernet => Mac(frame, 6),
        LinkType.TokenRing => Mac(frame, 8),
        LinkType.Fddi => Mac(frame, 7),
        LinkType.LinuxCooked when frame.Length > 5 && frame[5] == MacAddress.Size => Mac(frame, 6),
        LinkType.LinuxCooked2 when frame.Length > 11 && frame[11] == MacAddress.Size => Mac(frame, 12),
        _ => null,
    };

    public static MacAddress? DestinationMac(LinkType linkType, ReadOnlySpan<byte> frame) => linkType switch
    {
        LinkType.Ethernet => Mac(frame, 0),
        LinkType.TokenRing => Mac(frame, 2),
        LinkType.Fddi => Mac(frame, 1),
        _ => null,
    };

    private static MacAddress? Mac(ReadOnlySpan<byte> frame, int offset) =>
        frame.Length >= offset + MacAddress.Size ? MacAddress.Read(frame[offset..]) : null;

    /// <summary>Goes on from an offset where a type stands, with the rest of the frame behind it.</summary>
    private static bool TryEtherType(ReadOnlySpan<byte> frame, int offset, out ReadOnlySpan<byte> internet) =>
        TryType(frame, BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]), offset + 2, out internet);

    private static bool TryType(ReadOnlySpan<byte> frame, ushort type, int offset, out ReadOnlySpan<byte> internet)
    {
        for (int tags = 0; type is VlanTag or ServiceTag or OldServiceTag; tags++)
        {
            if (frame.Length < offset + 4 || tags == MaxTags)
            {
                internet = default;
                return false;
            }

            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 2)..]);
            offset += 4;
        }

        if (type < MinEtherType)
            return TryLlc(frame, offset, out internet);
        bool found = type is InternetProtocol.Ipv4EtherType or InternetProtocol.Ipv6EtherType;
        internet = found ? frame[offset..] : default;
        return found;
    }

    private static bool TryLlc(ReadOnlySpan<byte> frame, int offset, out ReadOnlySpan<byte> internet)
    {
        internet = default;
        if (frame.Length < offset + 8 || !frame.Slice(offset, 6).SequenceEqual<byte>([0xAA, 0xAA, 3, 0, 0, 0])) // RFC 1042
            return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 6)..]) is not (InternetProtocol.Ipv4EtherType or InternetProtocol.Ipv6EtherType))
            return false;
        internet = frame[(offset + 8)..];
        return true;
    }

    /// <summary>AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 23 (Windows), 24 (NetBSD, OpenBSD), 28 (FreeBSD) or 30 (Darwin).</summary>
    private static bool IsInternetFamily(ReadOnlySpan<byte> frame)
    {
        uint family = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        family = family > ushort.MaxValue ? BinaryPrimitives.ReverseEndianness(family) : family;
        return family is 2 or 10 or 23 or 24 or 28 or 30;
    }
}
