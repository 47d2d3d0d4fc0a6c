using NbnsSim.Captures;
using NbnsSim.Conformance.Benches;
using NbnsSim.Replay;

namespace NbnsSim.Conformance.Passive;

/// <summary>A datagram of a capture that a host sent or could hear.</summary>
internal sealed record HeardDatagram(long Frame, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, SeenDatagram Seen)
{
    public Instant Time => Seen.Datagram.Time;

    /// <summary>All that a host sent, was sent, or could hear, in the order of time.</summary>
    /// <param name="capture">The capture, at its beginning.</param>
    /// <param name="host">The host.</param>
    /// <param name="port">Which port has the name service.</param>
    /// <param name="first">When the capture begins.</param>
    /// <param name="last">When it ends.</param>
    public static List<HeardDatagram> Read(CaptureReader capture, Ipv4Address host, ushort port, out Instant first, out Instant last)
    {
        var heard = new List<HeardDatagram>();
        (first, last) = (default, default);
        bool any = false;
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService with { Port = port });
        while (datagrams.TryRead(out var datagram))
        {
            (first, last, any) = (any ? first : datagram.Time, datagram.Time, true);
            bool isBroadcast = CaptureFile.IsBroadcast(datagram);
            if (datagram.IsIpv6 || (port == Ipv4Endpoint.NameServicePort && !CaptureFile.IsNameService(datagram)) || (datagram.Source.Address != host && datagram.Destination.Address != host && !isBroadcast))
                continue;
            var octets = new BenchDatagram(datagram.Time, isBroadcast ? -1 : 0, datagram.Source, datagram.Destination, [.. datagram.Payload]);
            heard.Add(new HeardDatagram(datagram.FrameNumber, datagram.Source, datagram.Destination, isBroadcast, new SeenDatagram(octets)));
        }

        return heard;
    }
}
