using System.Buffers.Binary;
using PacketDotNet;

namespace NbnsSim.SharpPcap;

/// <summary>
/// Brings name service datagrams out of the layers that the core's capture reader leaves out (GRE, PPPoE, VXLAN, IP in IP, PPP, radiotap …),
/// by way of PacketDotNet: such a frame becomes its innermost IP packet behind a plain link header. All other frames stay as they are.
/// </summary>
/// <remarks>One look at type and protocol decides; only frames that may hold a tunnel are handed to PacketDotNet, which allocates.</remarks>
internal sealed class TunnelUnwrapper
{
    private const int VxlanPort = 4789; // RFC 7348 §5

    private readonly LinkLayers _linkLayer;
    private readonly ushort _port;
    private readonly int _headerSize;
    private readonly int _typeOffset;
    private readonly bool _known;
    private byte[] _frame = [];

    public TunnelUnwrapper(LinkLayers linkLayer, ushort port)
    {
        _linkLayer = linkLayer;
        _port = port;
        (_headerSize, _typeOffset, _known) = linkLayer switch
        {
            LinkLayers.Ethernet => (14, 12, true),
            LinkLayers.LinuxSll => (16, 14, true),
            LinkLayers.LinuxSll2 => (20, 0, true),
            LinkLayers.Null or LinkLayers.Loop => (4, -1, true),
            LinkLayers.Raw or LinkLayers.RawLegacy or LinkLayers.IPv4 or LinkLayers.IPv6 => (0, -1, true),
            _ => (14, 12, false),
        };
        OutputLinkLayer = _known ? linkLayer : LinkLayers.Ethernet;
    }

    /// <summary>The link layer of the frames that come out: the same as before, or Ethernet for one that the core does not know.</summary>
    public LinkLayers OutputLinkLayer { get; }

    /// <summary>Unwraps a frame.</summary>
    /// <param name="frame">The frame as captured.</param>
    /// <returns>The same octets, or others that are good until the next call; a bare link header where an unknown link layer holds no name service datagram.</returns>
    public ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> frame)
    {
        if (_known && !MayBeTunnel(frame))
            return frame;

        byte[] copy = frame.ToArray();
        if (!NameServiceFrame.TryExtract(_linkLayer, copy, _port, out var packet) || packet.ParentPacket?.ParentPacket is not IPPacket ip)
            return _known ? frame : LinkHeader(frame, type: 0);
        var segment = ip.HeaderSegment;
        if (_known && segment.Offset == _headerSize)
            return frame; // no tunnel after all
        var inner = segment.Bytes.AsSpan(segment.Offset, Math.Min(segment.BytesLength, segment.Bytes.Length) - segment.Offset);
        LinkHeader(frame, ip is IPv4Packet ? (ushort)EthernetType.IPv4 : (ushort)EthernetType.IPv6, inner.Length);
        inner.CopyTo(_frame.AsSpan(_headerSize));
        return _frame.AsSpan(0, _headerSize + inner.Length);
    }

    private ReadOnlySpan<byte> LinkHeader(ReadOnlySpan<byte> frame, ushort type, int room = 0)
    {
        if (_frame.Length < _headerSize + room)
            _frame = new byte[Math.Max(_headerSize + room, 2048)];
        var header = _frame.AsSpan(0, _headerSize);
        header.Clear();
        if (_known)
            frame[.._headerSize].CopyTo(header);
        if (_typeOffset >= 0)
            BinaryPrimitives.WriteUInt16BigEndian(header[_typeOffset..], type);
        return header;
    }

    private bool MayBeTunnel(ReadOnlySpan<byte> frame)
    {
        int at = _headerSize;
        if (_typeOffset < 0)
            return frame.Length > at && MayHoldTunnel(frame[at..], version: frame[at] >> 4);
        if (frame.Length < at)
            return false;
        int type = BinaryPrimitives.ReadUInt16BigEndian(frame[_typeOffset..]);
        while (type is 0x8100 or 0x88A8 or 0x9100 && frame.Length >= at + 4)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]);
            at += 4;
        }

        return type switch
        {
            0x0800 => MayHoldTunnel(frame[at..], 4),
            0x86DD => MayHoldTunnel(frame[at..], 6),
            0x8864 or 0x6558 => true, // PPPoE session, transparent Ethernet bridging
            _ => false,
        };
    }

    private static bool MayHoldTunnel(ReadOnlySpan<byte> ip, int version)
    {
        if (version == 6)
            return ip.Length >= 40 && (ip[6] is 4 or 41 or 47 || (ip[6] == 17 && ToVxlan(ip[40..])));
        if (ip.Length < 20)
            return false;
        int header = (ip[0] & 0xF) * 4;
        return ip[9] is 4 or 41 or 47 || (ip[9] == 17 && ip.Length >= header && ToVxlan(ip[header..]));
    }

    private static bool ToVxlan(ReadOnlySpan<byte> udp) => udp.Length >= 4 && BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) == VxlanPort;
}
