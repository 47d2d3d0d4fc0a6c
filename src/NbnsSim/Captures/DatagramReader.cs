using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Captures;

/// <summary>Reads the UDP datagrams of a capture: from the frames down through link layer, IPv4 or IPv6 and fragments.</summary>
/// <remarks>Frames of other protocols, tunnels and what ICMP quotes are passed over. Nothing is allocated per frame.</remarks>
public sealed class DatagramReader : IDisposable
{
    private const int MaxExtensionHeaders = 16;

    private readonly CaptureReader _capture;
    private readonly FragmentReassembler _fragments;
    private readonly int _port; // -1 for all
    private readonly SightingFilter? _sightings;

    /// <summary>Reads the datagrams of a capture.</summary>
    /// <param name="capture">The capture; disposed with this reader.</param>
    /// <param name="options">What to give; null for everything.</param>
    public DatagramReader(CaptureReader capture, DatagramReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(capture);
        options ??= new DatagramReaderOptions();
        _capture = capture;
        _port = options.Port ?? -1;
        _sightings = options.SightingWindow is { } window ? new SightingFilter(window) : null;
        _fragments = new FragmentReassembler(options.MaxFragmentedDatagrams, options.FragmentTimeout);
    }

    /// <summary>The capture that is read.</summary>
    public CaptureReader Capture => _capture;

    /// <summary>How many datagrams it has given so far.</summary>
    public long DatagramCount { get; private set; }

    /// <summary>How many further sightings of the same datagrams were passed over: see <see cref="DatagramReaderOptions.SightingWindow"/>.</summary>
    public long RepeatedSightings { get; private set; }

    /// <summary>How many fragmented datagrams were given up: too many at once, too late, or fragments that contradict each other.</summary>
    public long LostFragmentedDatagrams => _fragments.Lost;

    /// <summary>Reads the next datagram.</summary>
    /// <param name="datagram">The datagram; good until the next call.</param>
    /// <returns>False at the end of what can be read: see <see cref="CaptureReader.Damage"/>.</returns>
    public bool TryRead(out CapturedDatagram datagram)
    {
        Unsafe.SkipInit(out datagram);
        while (_capture.TryRead(out datagram._packet))
        {
            if ((TryCommon(ref datagram) || TryAny(ref datagram)) && IsWanted(in datagram))
            {
                if (_sightings is not null && _sightings.IsRepeated(in datagram))
                {
                    RepeatedSightings++;
                    continue;
                }

                DatagramCount++;
                return true;
            }
        }

        datagram = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _capture.Dispose();

    private bool IsWanted(in CapturedDatagram datagram) => _port < 0 || datagram.DestinationPort == _port || datagram.SourcePort == _port;

    /// <summary>What nearly every frame is: Ethernet, IPv4 without options or fragments, UDP; the rest is left to <see cref="TryAny"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCommon(ref CapturedDatagram datagram)
    {
        const int ip = 14;
        const int udp = ip + InternetProtocol.Ipv4Header;
        var frame = datagram._packet._data;
        if (frame.Length < udp + CapturedDatagram.UdpHeader || datagram._packet._linkType != LinkType.Ethernet)
            return false;

        ref byte start = ref MemoryMarshal.GetReference(frame);
        uint typeAndVersion = BinaryPrimitives.ReadUInt32BigEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, 12), 4)) >> 8;
        if (typeAndVersion != ((uint)InternetProtocol.Ipv4EtherType << 8 | 0x45)
            || Unsafe.Add(ref start, ip + 9) != InternetProtocol.Udp
            || (Word(ref start, ip + 6) & 0x3FFF) != 0) // more fragments, fragment offset
            return false;
        int total = Word(ref start, ip + 2);
        int length = Word(ref start, udp + 4);
        if (total < InternetProtocol.Ipv4Header + CapturedDatagram.UdpHeader || length < CapturedDatagram.UdpHeader)
            return false;

        datagram._ip = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, ip), InternetProtocol.Ipv4Header);
        datagram._udp = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.Add(ref start, udp), Math.Min(Math.Min(length, total - InternetProtocol.Ipv4Header), frame.Length - udp));
        datagram._ipv6 = false;
        datagram._toGroup = (start & 1) != 0;
        datagram._reassembled = false;
        return true;
    }

    private static int Word(ref byte start, int offset) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, offset)));

    private bool TryAny(ref CapturedDatagram datagram)
    {
        datagram._reassembled = false;
        if (!LinkLayer.TryFindInternet(datagram._packet._linkType, datagram._packet._data, out var ip, out datagram._toGroup) || ip.IsEmpty)
            return false;
        datagram._ip = ip;
        datagram._ipv6 = ip[0] >> 4 == 6;
        return (ip[0] >> 4) switch
        {
            4 => TryIpv4(ref datagram, ip),
            6 => TryIpv6(ref datagram, ip),
            _ => false,
        };
    }

    /// <summary>RFC 791 §3.1.</summary>
    /// <remarks>
    /// <code>
    /// | version (4) | IHL (4) | service (8) | total length (16) | identification (16) | 0 DF MF (3) | fragment offset (13) |
    /// | time to live (8) | protocol (8) | checksum (16) | source (32) | destination (32) | options …
    /// </code>
    /// </remarks>
    private bool TryIpv4(ref CapturedDatagram datagram, ReadOnlySpan<byte> ip)
    {
        int header = (ip[0] & 0xF) * 4;
        if (header < InternetProtocol.Ipv4Header || ip.Length < header || ip[9] != InternetProtocol.Udp)
            return false;
        int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (total == 0) // a segment that the network card would have cut up; the frame's length is all there is
            total = ip.Length;
        if (total < header)
            return false;

        var body = ip[header..Math.Min(total, ip.Length)];
        int flags = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        int offset = (flags & 0x1FFF) * 8;
        bool more = (flags & 0x2000) != 0;
        if (offset == 0 && !more)
            return TryUdp(ref datagram, body);
        if (total > ip.Length) // cut by the snap length: it cannot be put together, but the first piece shows the start
            return offset == 0 && TryUdp(ref datagram, body);
        var key = new FragmentKey(
            BinaryPrimitives.ReadUInt32BigEndian(ip[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(ip[16..]),
            BinaryPrimitives.ReadUInt16BigEndian(ip[4..]),
            IsIpv6: false);
        datagram._reassembled = true;
        return _fragments.TryAdd(key, offset, more, body, InternetProtocol.Udp, datagram._packet._time, out var whole, out _)
            && TryUdp(ref datagram, whole);
    }

    /// <summary>RFC 8200 §3, §4.</summary>
    /// <remarks>
    /// <code>
    /// | version (4) | class (8) | flow (20) | payload length (16) | next header (8) | hop limit (8) | source (128) | destination (128) |
    /// extension: | next header (8) | length in 8 octets, less 1 (8) | …
    /// fragment:  | next header (8) | 0 (8) | offset (13) 0 (2) M (1) | identification (32) |
    /// </code>
    /// </remarks>
    private bool TryIpv6(ref CapturedDatagram datagram, ReadOnlySpan<byte> ip)
    {
        if (ip.Length < InternetProtocol.Ipv6Header)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        var body = ip[InternetProtocol.Ipv6Header..];
        bool cut = length > body.Length;
        if (length != 0 && !cut) // 0 is a jumbogram, or a segment that the network card would have cut up
            body = body[..length];

        byte next = ip[6];
        for (int headers = 0; headers < MaxExtensionHeaders; headers++)
        {
            if (next == InternetProtocol.Udp)
                return TryUdp(ref datagram, body);
            if (body.Length < 8)
                return false;
            int size = 8;
            switch (next)
            {
                case InternetProtocol.HopByHop or InternetProtocol.Routing or InternetProtocol.DestinationOptions:
                    size = (body[1] + 1) * 8;
                    break;
                case InternetProtocol.Authentication: // RFC 4302 §2.2: in 4 octets, less 2
                    size = (body[1] + 2) * 4;
                    break;
                case InternetProtocol.Fragment:
                    int place = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
                    if ((place & 0xFFF9) == 0)
                        break; // RFC 6946: alone, a datagram by itself
                    if (cut)
                    {
                        if ((place & 0xFFF8) != 0)
                            return false;
                        break;
                    }

                    var key = new FragmentKey(
                        BinaryPrimitives.ReadUInt128BigEndian(ip[8..]),
                        BinaryPrimitives.ReadUInt128BigEndian(ip[24..]),
                        BinaryPrimitives.ReadUInt32BigEndian(body[4..]),
                        IsIpv6: true);
                    if (!_fragments.TryAdd(key, place & 0xFFF8, (place & 1) != 0, body[8..], body[0], datagram._packet._time, out var whole, out next))
                        return false;
                    datagram._reassembled = true;
                    body = whole;
                    continue;
                default:
                    return false;
            }

            if (body.Length < size)
                return false;
            next = body[0];
            body = body[size..];
        }

        return false;
    }

    private static bool TryUdp(ref CapturedDatagram datagram, ReadOnlySpan<byte> body)
    {
        if (body.Length < CapturedDatagram.UdpHeader)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(body[4..]);
        if (length < CapturedDatagram.UdpHeader) // RFC 768: the header counts
            return false;
        datagram._udp = body[..Math.Min(length, body.Length)];
        return true;
    }
}
