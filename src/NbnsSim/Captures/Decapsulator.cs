using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>
/// Finds the UDP datagram in a frame, through link layers, tags and tunnels: each step takes one header off. At most
/// <see cref="MaxLayers"/> headers are looked at, each step moves forward, and nothing is allocated.
/// </summary>
internal sealed partial class Decapsulator(int port, bool looksIntoTunnels, int maxFragmentedDatagrams, TimeSpan fragmentTimeout)
{
    /// <summary>More headers than that have no use; a frame that has them means harm.</summary>
    private const int MaxLayers = 32;

    private const int MaxCarriers = 16;

    private readonly Carrier[] _carriers = new Carrier[MaxCarriers];
    private readonly FragmentReassembler _fragments = new(maxFragmentedDatagrams, fragmentTimeout);

    // a tunnel's packets may be fragments, and what they carry, too: the outer datagram must stay while the inner one is put together
    private FragmentReassembler? _innerFragments;
    private int _carrierCount;
    private int _reassemblies; // in this frame

    /// <summary>How many fragmented datagrams were given up.</summary>
    public long Lost => _fragments.Lost + (_innerFragments?.Lost ?? 0);

    /// <summary>How many of the wanted datagrams were seen in what ICMP quotes.</summary>
    public long Quoted { get; private set; }

    /// <summary>How many frames or packets were encrypted.</summary>
    public long Encrypted { get; private set; }

    /// <summary>Whether the frame, or of an aggregate the one that was looked at last, has a fragment that is put together with others, so that more than itself tells what is in it.</summary>
    public bool NeedsOthers => _reassemblies > 0;

    /// <summary>Counts what a frame added to <see cref="Quoted"/> and <see cref="Encrypted"/> no longer.</summary>
    /// <param name="quoted">What the one was before.</param>
    /// <param name="encrypted">What the other was before.</param>
    public void Uncount(long quoted, long encrypted) => (Quoted, Encrypted) = (quoted, encrypted);

    /// <summary>Finds the datagram in the packet of <paramref name="datagram"/>.</summary>
    /// <returns>False when it holds none, or is cut too short to tell.</returns>
    public bool TryFind(scoped ref CapturedDatagram datagram) => TryFind(ref datagram, Place.Link(datagram._packet._linkType, datagram._packet._data));

    /// <summary>The same for the next frame of an aggregate: see <see cref="AggregateAt"/>.</summary>
    public bool TryFindInAggregate(scoped ref CapturedDatagram datagram)
    {
        int at = AggregateAt;
        AggregateAt = 0;
        Begin(ref datagram);
        Add(CarrierKind.Wireless, 0);
        return TryFind(ref datagram, Aggregated(ref datagram, at), begun: true);
    }

    private bool TryFind(scoped ref CapturedDatagram datagram, Place place, bool begun = false)
    {
        if (!begun)
        {
            AggregateAt = 0;
            Begin(ref datagram);
        }

        for (int layers = 0; layers < MaxLayers; layers++)
        {
            switch (place.Layer)
            {
                case Layer.Link:
                    place = OfLink(ref datagram, (LinkType)place.Type, place.Rest);
                    break;
                case Layer.EtherType:
                    place = OfEtherType(ref datagram, place.Type, place.Rest);
                    break;
                case Layer.Llc:
                    place = OfLlc(place.Rest);
                    break;
                case Layer.Ppp:
                    place = OfPpp(place.Rest);
                    break;
                case Layer.Internet:
                    place = OfInternet(ref datagram, place.Rest);
                    break;
                case Layer.Transport:
                    place = OfTransport(ref datagram, place.Type, place.Rest);
                    break;
                case Layer.Found:
                    datagram._carriers = _carriers.AsSpan(0, _carrierCount);
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    private void Begin(scoped ref CapturedDatagram datagram)
    {
        _carrierCount = 0;
        _reassemblies = 0;
        datagram._isPlain = false;
        datagram._reassembled = false;
        datagram._ipv6 = false;
        datagram._ip = default;
        datagram._carriers = default;
        LeaveLink(ref datagram);
    }

    /// <summary>What is found from here on did not come over the link that was seen.</summary>
    private static void LeaveLink(scoped ref CapturedDatagram datagram)
    {
        datagram._toGroup = false;
        datagram._sourceMac = default;
        datagram._destinationMac = default;
    }

    /// <summary>Notes what the datagram is carried in; without effect behind the last that is remembered.</summary>
    private void Add(CarrierKind kind, uint id, int? vlan = null)
    {
        if (_carrierCount < MaxCarriers)
            _carriers[_carrierCount++] = new Carrier { Kind = kind, Id = id, VlanId = vlan };
    }

    /// <summary>Notes a tunnel over the IP packet that was found last, and leaves its link behind.</summary>
    private void AddTunnel(scoped ref CapturedDatagram datagram, CarrierKind kind, uint id, int? vlan = null)
    {
        LeaveLink(ref datagram);
        var ip = datagram._ip;
        if (_carrierCount == MaxCarriers || ip.IsEmpty)
            return;
        _carriers[_carrierCount++] = datagram._ipv6
            ? new Carrier { Kind = kind, Id = id, VlanId = vlan, SourceIpv6 = Ipv6Address.Read(ip[8..]), DestinationIpv6 = Ipv6Address.Read(ip[24..]) }
            : new Carrier { Kind = kind, Id = id, VlanId = vlan, Source = Ipv4Address.Read(ip[12..]), Destination = Ipv4Address.Read(ip[16..]) };
    }

    private static int U16(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt16BigEndian(data[offset..]);

    private static uint U32(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32BigEndian(data[offset..]);

    /// <summary>24 bits.</summary>
    private static uint U24(ReadOnlySpan<byte> data, int offset) => ((uint)data[offset] << 16) | ((uint)data[offset + 1] << 8) | data[offset + 2];

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> data, int offset) => offset <= data.Length ? data[offset..] : default;
}
