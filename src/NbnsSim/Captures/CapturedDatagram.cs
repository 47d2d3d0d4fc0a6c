using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>A captured UDP datagram: a view into the reader's buffers that is good until the reader moves on.</summary>
/// <remarks>
/// <code>
/// UDP (RFC 768): | source port (16) | destination port (16) | length with header (16) | checksum (16) | payload …
/// </code>
/// </remarks>
public ref struct CapturedDatagram
{
    internal const int UdpHeader = 8;

    internal CapturePacket _packet;
    internal ReadOnlySpan<byte> _ip;
    internal ReadOnlySpan<byte> _udp; // no longer than its own length field says
    internal bool _ipv6;
    internal bool _toGroup;
    internal bool _reassembled;
    internal bool _isPlain; // IPv4 in Ethernet: the four fields below are not set
    internal ReadOnlySpan<byte> _sourceMac; // empty for none
    internal ReadOnlySpan<byte> _destinationMac;
    internal ReadOnlySpan<Carrier> _carriers;

    /// <summary>The frame that it came in; of a fragmented datagram, the frame that completed it.</summary>
    public readonly CapturePacket Packet => _packet;

    /// <summary>The frame's place in the capture, from 1, as Wireshark numbers it.</summary>
    public readonly long FrameNumber => _packet._frameNumber;

    /// <summary>When the frame was captured.</summary>
    public readonly Instant Time => _packet._time;

    /// <summary>What the frame began with.</summary>
    public readonly LinkType LinkType => _packet._linkType;

    /// <summary>Whether it came over IPv6: <see cref="SourceIpv6"/> and <see cref="DestinationIpv6"/> hold.</summary>
    public readonly bool IsIpv6 => _ipv6;

    /// <summary>Who sent it; 0.0.0.0 over IPv6.</summary>
    public readonly Ipv4Endpoint Source => new(_ipv6 ? default : Ipv4Address.Read(_ip[12..]), SourcePort);

    /// <summary>Whom it was sent to; 0.0.0.0 over IPv6.</summary>
    public readonly Ipv4Endpoint Destination => new(_ipv6 ? default : Ipv4Address.Read(_ip[16..]), DestinationPort);

    /// <summary>Who sent it over IPv6; :: over IPv4.</summary>
    public readonly Ipv6Address SourceIpv6 => _ipv6 ? Ipv6Address.Read(_ip[8..]) : default;

    /// <summary>Whom it was sent to over IPv6; :: over IPv4.</summary>
    public readonly Ipv6Address DestinationIpv6 => _ipv6 ? Ipv6Address.Read(_ip[24..]) : default;

    /// <summary>The UDP port that it was sent from.</summary>
    public readonly ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_udp);

    /// <summary>The UDP port that it was sent to.</summary>
    public readonly ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_udp[2..]);

    /// <summary>What it carries, as far as it was captured.</summary>
    public readonly ReadOnlySpan<byte> Payload => _udp[UdpHeader..];

    /// <summary>How many octets it carried on the wire, by its UDP header.</summary>
    public readonly int OriginalPayloadLength => Math.Max(UdpLength, _udp.Length) - UdpHeader;

    /// <summary>Whether <see cref="Payload"/> lacks its end, because the snap length cut it or its length field lies.</summary>
    public readonly bool IsTruncated => _udp.Length < UdpLength;

    /// <summary>Whether it was put together from IP fragments.</summary>
    public readonly bool IsReassembled => _reassembled;

    /// <summary>
    /// Whether it went to several hosts: the link says broadcast or multicast, or the address is the limited broadcast or a multicast
    /// address. A subnet's own broadcast address cannot be told from a host's where the link layer was not captured.
    /// </summary>
    public readonly bool IsBroadcast => _toGroup
        || (_ipv6 ? _ip[24] == 0xFF : _ip[16] >> 4 == 0xE || BinaryPrimitives.ReadUInt32BigEndian(_ip[16..]) == uint.MaxValue);

    /// <summary>
    /// The station that put the frame on the link, of a tunnelled frame that on its own link; null where the link layer was not captured,
    /// or knows no such address, or a tunnel carries IP without one.
    /// </summary>
    public readonly MacAddress? SourceMac =>
        _isPlain ? MacAddress.Read(_packet._data[MacAddress.Size..]) : _sourceMac.IsEmpty ? null : MacAddress.Read(_sourceMac);

    /// <summary>The station or group that the frame was for; null where the capture does not say, as <see cref="SourceMac"/>.</summary>
    public readonly MacAddress? DestinationMac =>
        _isPlain ? MacAddress.Read(_packet._data) : _destinationMac.IsEmpty ? null : MacAddress.Read(_destinationMac);

    /// <summary>What it was carried in besides its frame, outermost first: tags and tunnels with their ends. Good until the reader moves on; at most 16.</summary>
    public readonly ReadOnlySpan<Carrier> Carriers => _isPlain ? default : _carriers;

    /// <summary>The VLAN that it was in, by its innermost tag or a mirror port's word; null where nothing says so.</summary>
    public readonly int? VlanId
    {
        get
        {
            var carriers = Carriers;
            for (int i = carriers.Length - 1; i >= 0; i--)
            {
                if (carriers[i].VlanId is { } vlan)
                    return vlan;
            }

            return null;
        }
    }

    private readonly int UdpLength => BinaryPrimitives.ReadUInt16BigEndian(_udp[4..]);

    /// <summary>Verifies the UDP checksum (RFC 768, RFC 8200 §8.1). Reading a capture does not do it by itself.</summary>
    public readonly ChecksumStatus VerifyUdpChecksum()
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(_udp[6..]) == 0 && !_ipv6)
            return ChecksumStatus.Absent;
        if (IsTruncated)
            return ChecksumStatus.Unverifiable;
        ulong sum = InternetChecksum.Add(0, _ipv6 ? _ip.Slice(8, 32) : _ip.Slice(12, 8));
        sum = InternetChecksum.Add(sum, InternetProtocol.Udp);
        sum = InternetChecksum.Add(sum, (ushort)_udp.Length);
        sum = InternetChecksum.Add(sum, _udp);
        return InternetChecksum.Fold(sum) == ushort.MaxValue ? ChecksumStatus.Correct : ChecksumStatus.Wrong;
    }

    /// <summary>Verifies the checksum of the IPv4 header (RFC 791 §3.1) in this frame; IPv6 has none.</summary>
    public readonly ChecksumStatus VerifyIpChecksum()
    {
        if (_ipv6)
            return ChecksumStatus.Absent;
        return InternetChecksum.Fold(InternetChecksum.Add(0, _ip[..((_ip[0] & 0xF) * 4)])) == ushort.MaxValue ? ChecksumStatus.Correct : ChecksumStatus.Wrong;
    }
}
