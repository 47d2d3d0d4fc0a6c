using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <content>IEEE 802.11 data frames, bare or behind what a driver says about their reception.</content>
/// <remarks>
/// <code>
/// 802.11:   | control (16) | duration (16) | address 1 (48) | address 2 (48) | address 3 (48) | sequence (16) | [address 4 (48)] | [QoS (16)] | [HT (32)] | LLC
/// A-MSDU:   | destination (48) | source (48) | length (16) | LLC …, padded to 32 bits | and again
/// radiotap: | version (8) | 0 (8) | length (16) | fields present (32) … | fields, aligned …
/// Prism:    | message (32) | length (32) | …      AVS: | version (32) | length (32) | …      PPI: | version (8) | flags (8) | length (16) | link type (32) |
/// </code>
/// Numbers of radiotap and PPI are little-endian, of AVS big-endian, of Prism as the machine has them.
/// </remarks>
internal sealed partial class Decapsulator
{
    private const int WirelessHeader = 24;
    private const int SubframeHeader = 14;

    /// <summary>Where the next frame of the aggregate that was found begins, in octets from the frame's start; 0 for none.</summary>
    public int AggregateAt { get; private set; }

    private Place OfWirelessLink(scoped ref CapturedDatagram datagram, LinkType link, ReadOnlySpan<byte> frame)
    {
        if (link == LinkType.Wireless)
            return OfWireless(ref datagram, frame, isPadded: false);
        if (frame.Length < 8)
            return default;
        switch (link)
        {
            case LinkType.WirelessRadiotap:
                int length = BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]);
                return frame[0] == 0 && length >= 8 ? OfWireless(ref datagram, Behind(frame, length), IsPadded(frame[..Math.Min(length, frame.Length)])) : default;
            case LinkType.PerPacketInformation:
                int header = BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]);
                return header >= 8 ? Place.Link((LinkType)Math.Min(Little32(frame, 4), (uint)LinkType.Unknown), Behind(frame, header)) : default;
            default:
                // drivers put AVS's header where Prism's is promised; its version tells
                bool isAvs = link == LinkType.WirelessAvs || U32(frame, 0) is 0x8021_1001 or 0x8021_1002;
                uint size = isAvs || Little32(frame, 4) > ushort.MaxValue ? U32(frame, 4) : Little32(frame, 4);
                return size is >= 8 and <= ushort.MaxValue ? OfWireless(ref datagram, Behind(frame, (int)size), isPadded: false) : default;
        }
    }

    /// <summary>Whether the driver left a gap behind the header, so that the body is aligned: radiotap's flags, field 1, bit 0x20.</summary>
    private static bool IsPadded(ReadOnlySpan<byte> radiotap)
    {
        uint present = Little32(radiotap, 4);
        if ((present & 2) == 0)
            return false;
        int at = 8;
        for (uint word = present; (word & 0x8000_0000) != 0; at += 4) // further words of fields
        {
            if (radiotap.Length < at + 4)
                return false;
            word = Little32(radiotap, at);
        }

        if ((present & 1) != 0)
            at = ((at + 7) & ~7) + 8; // field 0, the time, of 64 bits
        return at < radiotap.Length && (radiotap[at] & 0x20) != 0;
    }

    private Place OfWireless(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> frame, bool isPadded)
    {
        const int data = 0x08;
        const int noData = 0x40;
        const int qualityOfService = 0x80;
        if (frame.Length < WirelessHeader || (frame[0] & 0x0F) != data || (frame[0] & noData) != 0)
            return default;
        int flags = frame[1];
        bool isEncrypted = (flags & 0x40) != 0;
        bool isFirst = (frame[22] & 0x0F) == 0; // fragment number, IEEE 802.11 §9.2.4.4
        Encrypted += isEncrypted ? 1 : 0;
        if (isEncrypted || !isFirst)
            return default;

        bool toSystem = (flags & 1) != 0;
        bool fromSystem = (flags & 2) != 0;
        int header = WirelessHeader + (toSystem && fromSystem ? MacAddress.Size : 0);
        bool isAggregate = false;
        if ((frame[0] & qualityOfService) != 0)
        {
            if (frame.Length < header + 2)
                return default;
            isAggregate = (frame[header] & 0x80) != 0;
            header += (flags & 0x80) != 0 ? 6 : 2; // with the HT control field, §9.2.4.6
        }

        if (isPadded)
            header = (header + 3) & ~3;
        if (frame.Length < header)
            return default;

        Add(CarrierKind.Wireless, 0);
        if (isAggregate)
            return Aggregated(ref datagram, datagram._packet._data.Length - (frame.Length - header));
        // §9.3.2.1, table 9-30: which of the addresses is whose
        Stations(ref datagram, frame, destination: toSystem ? 16 : 4, source: fromSystem ? toSystem ? 24 : 16 : 10);
        return new Place(Layer.Llc, frame[header..]);
    }

    /// <summary>A frame of an aggregate (IEEE 802.11 §9.3.2.2.2), and where the next one is.</summary>
    private Place Aggregated(scoped ref CapturedDatagram datagram, int at)
    {
        var frame = Behind(datagram._packet._data, at);
        if (frame.Length < SubframeHeader)
            return default;
        Stations(ref datagram, frame, destination: 0, source: 6);
        int end = SubframeHeader + U16(frame, 12);
        int next = (end + 3) & ~3;
        AggregateAt = next + SubframeHeader <= frame.Length ? at + next : 0;
        return new Place(Layer.Llc, frame[SubframeHeader..Math.Min(end, frame.Length)]);
    }
}
