using NbnsSim.Wire;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NbnsSim.SharpPcap;

/// <summary>A link in the chain behind <see cref="TransportPacket.CustomPayloadDecoder"/>: see <see cref="NameServiceDecoder.Register"/>.</summary>
/// <remarks>
/// Registrations may be undone in any order, and from any thread. One that somebody else has chained behind cannot be taken out of the
/// chain: it then passes everything on, and leaves no other trace.
/// </remarks>
public sealed class NameServiceDecoderRegistration : IDisposable
{
    private static readonly Lock s_chain = new();

    private readonly Func<ByteArraySegment, TransportPacket, PacketOrByteArraySegment?> _decode;
    private readonly ushort _port;
    private Func<ByteArraySegment, TransportPacket, PacketOrByteArraySegment?>? _previous;
    private volatile bool _disposed;

    internal NameServiceDecoderRegistration(ushort port)
    {
        _port = port;
        _decode = Decode;
        lock (s_chain)
        {
            // Others do not take our lock, so the field may change under us.
            do
                _previous = TransportPacket.CustomPayloadDecoder;
            while (Interlocked.CompareExchange(ref TransportPacket.CustomPayloadDecoder, _decode, _previous) != _previous);
        }
    }

    /// <summary>Undoes the registration; the decoder that was there before is there again. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (s_chain)
        {
            _disposed = true;
            while (TransportPacket.CustomPayloadDecoder is { Target: NameServiceDecoderRegistration { _disposed: true } undone } top)
                Interlocked.CompareExchange(ref TransportPacket.CustomPayloadDecoder, undone._previous, top);
        }
    }

    /// <summary>The UDP payload, cut to UDP's length, which PacketDotNet ignores; null when the header is not whole, or not on <paramref name="port"/> where one is given.</summary>
    internal static ByteArraySegment? FindDatagram(UdpPacket udp, ushort? port)
    {
        // From the octets: PacketDotNet's properties throw where the header is cut, and read lengths from 32,768 on as negative.
        var segment = udp.HeaderSegment;
        int end = Math.Min(segment.BytesLength, segment.Bytes.Length);
        int start = segment.Offset + UdpFields.HeaderLength;
        if (segment.Offset < 0 || start > end)
            return null;
        var header = segment.Bytes.AsSpan(segment.Offset, UdpFields.HeaderLength);
        int source = (header[0] << 8) | header[1];
        int destination = (header[2] << 8) | header[3];
        int length = (header[4] << 8) | header[5];
        if (port is not null && source != port && destination != port)
            return null;
        if (length < UdpFields.HeaderLength) // RFC 768: the header counts
            return null;
        int size = Math.Min(length - UdpFields.HeaderLength, end - start);
        return new ByteArraySegment(segment.Bytes, start, size, start + size);
    }

    private PacketOrByteArraySegment? Decode(ByteArraySegment payload, TransportPacket transport)
    {
        if (_disposed || transport is not UdpPacket udp || FindDatagram(udp, _port) is not { } datagram)
            return _previous?.Invoke(payload, transport);
        bool sound = NbnsPacket.TryParseLenient(datagram.Bytes.AsSpan(datagram.Offset, datagram.Length), out _, out _);
        return (sound ? null : _previous?.Invoke(payload, transport)) ?? new PacketOrByteArraySegment { Packet = new NameServicePacket(datagram, udp) };
    }
}
