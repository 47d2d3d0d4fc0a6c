using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <content>IPv4, IPv6, fragments, UDP, and what ICMP quotes.</content>
internal sealed partial class Decapsulator
{
    private const int MaxExtensionHeaders = 16;

    private Place OfInternet(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> ip)
    {
        if (ip.IsEmpty)
            return default;
        return (ip[0] >> 4) switch
        {
            4 => OfIpv4(ref datagram, ip),
            6 => OfIpv6(ref datagram, ip),
            _ => default,
        };
    }

    /// <summary>RFC 791 §3.1.</summary>
    /// <remarks>
    /// <code>
    /// | version (4) | IHL (4) | service (8) | total length (16) | identification (16) | 0 DF MF (3) | fragment offset (13) |
    /// | time to live (8) | protocol (8) | checksum (16) | source (32) | destination (32) | options …
    /// </code>
    /// </remarks>
    private Place OfIpv4(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> ip)
    {
        int header = (ip[0] & 0xF) * 4;
        if (ip.Length >= InternetProtocol.Ipv4Header && ip[9] == InternetProtocol.Encrypted)
            Encrypted++;
        if (header < InternetProtocol.Ipv4Header || ip.Length < header || !IsLookedInto(ip[9]))
            return default;
        int total = U16(ip, 2);
        if (total == 0) // a segment that the network card would have cut up; the frame's length is all there is
            total = ip.Length;
        if (total < header)
            return default;

        datagram._ip = ip;
        datagram._ipv6 = false;
        var body = ip[header..Math.Min(total, ip.Length)];
        int flags = U16(ip, 6);
        int offset = (flags & 0x1FFF) * 8;
        bool more = (flags & 0x2000) != 0;
        if (offset == 0 && !more)
            return new Place(Layer.Transport, body, ip[9]);
        if (total > ip.Length || ip[9] == InternetProtocol.Icmp) // cut by the snap length: it cannot be put together, but the first piece shows the start
            return offset == 0 ? new Place(Layer.Transport, body, ip[9]) : default;
        var key = new FragmentKey(U32(ip, 12), U32(ip, 16), (uint)U16(ip, 4), ip[9], IsIpv6: false);
        return TryReassemble(ref datagram, key, offset, more, body, ip[9], out var whole, out _) ? new Place(Layer.Transport, whole, ip[9]) : default;
    }

    /// <summary>RFC 8200 §3, §4.</summary>
    /// <remarks>
    /// <code>
    /// | version (4) | class (8) | flow (20) | payload length (16) | next header (8) | hop limit (8) | source (128) | destination (128) |
    /// extension: | next header (8) | length in 8 octets, less 1 (8) | …
    /// fragment:  | next header (8) | 0 (8) | offset (13) 0 (2) M (1) | identification (32) |
    /// </code>
    /// </remarks>
    private Place OfIpv6(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> ip)
    {
        if (ip.Length < InternetProtocol.Ipv6Header)
            return default;
        datagram._ip = ip;
        datagram._ipv6 = true;
        int length = U16(ip, 4);
        var body = ip[InternetProtocol.Ipv6Header..];
        bool cut = length > body.Length;
        if (length != 0 && !cut) // 0 is a jumbogram, or a segment that the network card would have cut up
            body = body[..length];

        byte next = ip[6];
        for (int headers = 0; headers < MaxExtensionHeaders; headers++)
        {
            if (IsLookedInto(next) && next != InternetProtocol.Authentication)
                return new Place(Layer.Transport, body, next);
            if (body.Length < 8)
                return default;
            if (next == InternetProtocol.Encrypted)
                Encrypted++;
            int size = 8;
            switch (next)
            {
                case InternetProtocol.HopByHop or InternetProtocol.Routing or InternetProtocol.DestinationOptions:
                    size = (body[1] + 1) * 8;
                    break;
                case InternetProtocol.Authentication:
                    size = AuthenticationLength(body);
                    break;
                case InternetProtocol.Fragment:
                    int place = U16(body, 2);
                    if ((place & 0xFFF9) == 0)
                        break; // RFC 6946: alone, a datagram by itself
                    if (cut)
                    {
                        if ((place & 0xFFF8) != 0)
                            return default;
                        break;
                    }

                    var key = new FragmentKey(
                        BinaryPrimitives.ReadUInt128BigEndian(ip[8..]), BinaryPrimitives.ReadUInt128BigEndian(ip[24..]), U32(body, 4), Protocol: 0, IsIpv6: true);
                    if (!TryReassemble(ref datagram, key, place & 0xFFF8, (place & 1) != 0, body[8..], body[0], out var whole, out next))
                        return default;
                    body = whole;
                    continue;
                default:
                    return default;
            }

            if (body.Length < size)
                return default;
            next = body[0];
            body = body[size..];
        }

        return default;
    }

    private bool TryReassemble(
        scoped ref CapturedDatagram datagram,
        scoped in FragmentKey key,
        int offset,
        bool more,
        scoped ReadOnlySpan<byte> body,
        byte protocol,
        out ReadOnlySpan<byte> whole,
        out byte wholeProtocol)
    {
        whole = default;
        wholeProtocol = 0;
        var fragments = _reassemblies switch
        {
            0 => _fragments,
            1 => _innerFragments ??= new FragmentReassembler(maxFragmentedDatagrams, fragmentTimeout),
            _ => null,
        };
        datagram._reassembled = true;
        _reassemblies++;
        return fragments is not null && fragments.TryAdd(key, offset, more, body, protocol, datagram._packet._time, out whole, out wholeProtocol);
    }

    private bool IsLookedInto(byte protocol) => protocol is InternetProtocol.Udp or InternetProtocol.Icmp or InternetProtocol.Icmpv6 or InternetProtocol.Authentication
        || (looksIntoTunnels && protocol is InternetProtocol.Ipv4 or InternetProtocol.Ipv6 or InternetProtocol.Gre or InternetProtocol.EtherIp or InternetProtocol.L2tp or InternetProtocol.Mpls);

    private Place OfTransport(scoped ref CapturedDatagram datagram, int protocol, ReadOnlySpan<byte> body)
    {
        switch (protocol)
        {
            case InternetProtocol.Udp:
                return OfUdp(ref datagram, body);
            case InternetProtocol.Icmp or InternetProtocol.Icmpv6:
                CountQuoted(body, isIpv6: protocol == InternetProtocol.Icmpv6);
                return default;
            case InternetProtocol.Authentication when body.Length >= 8 && IsLookedInto(body[0]):
                return new Place(Layer.Transport, Behind(body, AuthenticationLength(body)), body[0]);
            case InternetProtocol.Ipv4 or InternetProtocol.Ipv6:
                AddTunnel(ref datagram, CarrierKind.Ip, 0);
                return new Place(Layer.Internet, body);
            case InternetProtocol.Gre:
                return OfGre(ref datagram, body);
            case InternetProtocol.EtherIp when body is [0x30, 0, ..]: // RFC 3378 §3: version 3
                AddTunnel(ref datagram, CarrierKind.EtherIp, 0);
                return Place.Link(LinkType.Ethernet, body[2..]);
            case InternetProtocol.L2tp when body.Length >= 4 && U32(body, 0) != 0: // RFC 3931 §4.1.1.2: session 0 is control
                return OfL2tpSession(ref datagram, U32(body, 0), body[4..]);
            case InternetProtocol.Mpls: // RFC 4023
                AddTunnel(ref datagram, CarrierKind.Ip, 0);
                return Place.EtherType(EtherTypes.Mpls, body);
            default:
                return default;
        }
    }

    /// <summary>RFC 4302 §2.2: in 4 octets, less 2.</summary>
    private static int AuthenticationLength(ReadOnlySpan<byte> header) => (header[1] + 2) * 4;

    private Place OfUdp(scoped ref CapturedDatagram datagram, ReadOnlySpan<byte> body)
    {
        if (body.Length < CapturedDatagram.UdpHeader)
            return default;
        int length = U16(body, 4);
        if (length < CapturedDatagram.UdpHeader) // RFC 768: the header counts
            return default;
        datagram._udp = body[..Math.Min(length, body.Length)];
        int source = U16(body, 0);
        int destination = U16(body, 2);
        bool isWanted = port >= 0 && (source == port || destination == port);
        if (!isWanted && looksIntoTunnels && IsTunnelPort(source, destination))
        {
            var inner = OfUdpTunnel(ref datagram, source, destination, datagram._udp[CapturedDatagram.UdpHeader..]);
            if (inner.Layer != Layer.None)
                return inner;
        }

        return new Place(Layer.Found, default);
    }

    /// <summary>RFC 792, RFC 4443 §3: an error quotes the start of the packet that it is about, at least the UDP header.</summary>
    private void CountQuoted(ReadOnlySpan<byte> icmp, bool isIpv6)
    {
        const int icmpHeader = 8;
        bool isError = icmp.Length > icmpHeader && (isIpv6 ? icmp[0] is >= 1 and <= 4 : icmp[0] is 3 or 4 or 5 or 11 or 12);
        if (!isError)
            return;
        var quoted = icmp[icmpHeader..];
        int header = isIpv6 ? InternetProtocol.Ipv6Header : (quoted[0] & 0xF) * 4;
        if (quoted[0] >> 4 != (isIpv6 ? 6 : 4) || header < InternetProtocol.Ipv4Header || quoted.Length < header + 4)
            return;
        bool isUdp = quoted[isIpv6 ? 6 : 9] == InternetProtocol.Udp && (isIpv6 || (U16(quoted, 6) & 0x1FFF) == 0);
        if (isUdp && (port < 0 || U16(quoted, header) == port || U16(quoted, header + 2) == port))
            Quoted++;
    }
}
