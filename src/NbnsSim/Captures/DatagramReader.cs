using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Captures;

/// <summary>Reads the UDP datagrams of a capture: from the frames down through link layer, tags, tunnels, IPv4 or IPv6 and fragments.</summary>
/// <remarks>Frames of other protocols are passed over, and so is what ICMP quotes, which is counted. Nothing is allocated per frame.</remarks>
public sealed class DatagramReader : IDisposable
{
    private readonly CaptureReader _capture;
    private readonly Decapsulator _frames;
    private readonly int _port; // -1 for all
    private readonly SightingFilter? _sightings;
    private KeptFrame? _aggregate;

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
        _frames = new Decapsulator(_port, options.LooksIntoTunnels, options.MaxFragmentedDatagrams, options.FragmentTimeout);
    }

    /// <summary>The capture that is read.</summary>
    public CaptureReader Capture => _capture;

    /// <summary>How many datagrams it has given so far.</summary>
    public long DatagramCount { get; private set; }

    /// <summary>How many further sightings of the same datagrams were passed over: see <see cref="DatagramReaderOptions.SightingWindow"/>.</summary>
    public long RepeatedSightings { get; private set; }

    /// <summary>How many fragmented datagrams were given up: too many at once, too late, or fragments that contradict each other.</summary>
    public long LostFragmentedDatagrams => _frames.Lost;

    /// <summary>
    /// How many datagrams (of the port that is asked for) were seen in what ICMP quotes (RFC 792): they are no traffic, somebody could not
    /// deliver them where they were sent.
    /// </summary>
    public long QuotedDatagrams => _frames.Quoted;

    /// <summary>
    /// How many frames were encrypted, as far as headers say so (IPsec's ESP, IEEE 802.11, 802.1AE, WireGuard at its usual port): whether datagrams are in them cannot be known.
    /// </summary>
    public long EncryptedFrames => _frames.Encrypted;

    /// <summary>Reads the next datagram.</summary>
    /// <param name="datagram">The datagram; good until the next call.</param>
    /// <returns>False at the end of what can be read: see <see cref="CaptureReader.Damage"/>.</returns>
    public bool TryRead(out CapturedDatagram datagram)
    {
        Unsafe.SkipInit(out datagram);
        if (_aggregate is { IsKept: true } && TryRest(ref datagram))
            return true;
        while (_capture.TryRead(out datagram._packet))
        {
            bool isCommon = TryCommon(ref datagram);
            if (isCommon && _port >= 0 && IsWanted(in datagram) ? IsNew(in datagram) : TryOther(ref datagram, isCommon))
                return true;
        }

        datagram = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _capture.Dispose();

    /// <summary>What is not plainly a datagram that is wanted: other links, tunnels, aggregates, or nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOther(ref CapturedDatagram datagram, bool isCommon)
    {
        if (isCommon && !Decapsulator.IsTunnelPort(datagram.SourcePort, datagram.DestinationPort))
            return _port < 0 && IsNew(in datagram);
        bool found = (_frames.TryFind(ref datagram) && IsWanted(in datagram) && IsNew(in datagram)) || TryNextInAggregate(ref datagram);
        if (found && _frames.AggregateAt != 0)
            (_aggregate ??= new KeptFrame()).Keep(in datagram._packet);
        return found;
    }

    /// <summary>The next datagram of the frame that the last one came from, which is an aggregate of several.</summary>
    private bool TryRest(ref CapturedDatagram datagram)
    {
        _aggregate!.Give(out datagram._packet);
        bool found = TryNextInAggregate(ref datagram);
        _aggregate.IsKept = _frames.AggregateAt != 0;
        return found;
    }

    private bool TryNextInAggregate(ref CapturedDatagram datagram)
    {
        while (_frames.AggregateAt != 0)
        {
            if (_frames.TryFindInAggregate(ref datagram) && IsWanted(in datagram) && IsNew(in datagram))
                return true;
        }

        return false;
    }

    /// <summary>Counts a datagram, unless it is another sighting of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsNew(in CapturedDatagram datagram)
    {
        if (_sightings is not null && _sightings.IsRepeated(in datagram))
        {
            RepeatedSightings++;
            return false;
        }

        DatagramCount++;
        return true;
    }

    private bool IsWanted(in CapturedDatagram datagram) => _port < 0 || datagram.DestinationPort == _port || datagram.SourcePort == _port;

    /// <summary>What nearly every frame is: Ethernet, IPv4 without options or fragments, UDP; the rest is left to the decapsulator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryCommon(ref CapturedDatagram datagram)
    {
        const int ip = 14;
        const int udp = ip + InternetProtocol.Ipv4Header;
        var frame = datagram._packet._data;
        if (frame.Length < udp + CapturedDatagram.UdpHeader || datagram._packet._linkType != LinkType.Ethernet)
            return false;

        ref byte start = ref MemoryMarshal.GetReference(frame);
        uint typeAndVersion = BinaryPrimitives.ReadUInt32BigEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, 12), 4)) >> 8;
        if (typeAndVersion != ((uint)EtherTypes.Ipv4 << 8 | 0x45)
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
        datagram._isPlain = true;
        return true;
    }

    private static int Word(ref byte start, int offset) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, offset)));
}
