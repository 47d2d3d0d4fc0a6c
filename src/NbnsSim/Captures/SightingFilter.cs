using System.Buffers.Binary;

namespace NbnsSim.Captures;

/// <summary>
/// Knows a datagram again that was captured before: a mirrored port shows each twice, a router's two sides too. RFC 791 §3.1: the
/// identification tells a sender's datagrams apart; time to live and checksums change on the way and do not count.
/// </summary>
/// <remarks>
/// A table of fixed size: where two datagrams meet in a place, the older is forgotten, and a later sighting of it counts again. Contents
/// are compared by a keyed hash, so that nobody can make a datagram that is taken for another.
/// </remarks>
internal sealed class SightingFilter(TimeSpan window)
{
    private const int Places = 1 << 13;

    private readonly Sighting[] _seen = new Sighting[Places];

    /// <summary>Whether the datagram was seen within the window; otherwise it is remembered.</summary>
    public bool IsRepeated(in CapturedDatagram datagram)
    {
        if (datagram.IsIpv6)
            return false; // NBNS has none (RFC 1002 §4.2.1.3), and its header has no identification
        var sighting = new Sighting(
            BinaryPrimitives.ReadUInt64BigEndian(datagram._ip[12..]),
            datagram.Time,
            BinaryPrimitives.ReadUInt32BigEndian(datagram._udp),
            KeyedHash.Of(datagram.Payload),
            BinaryPrimitives.ReadUInt16BigEndian(datagram._ip[4..]));
        ref var seen = ref _seen[(uint)KeyedHash.Of(sighting.Addresses, ((ulong)(uint)sighting.Content << 16) | sighting.Identification) % Places];
        bool known = seen.Addresses == sighting.Addresses && seen.Ports == sighting.Ports && seen.Content == sighting.Content && seen.Identification == sighting.Identification
            && (sighting.Time - seen.Time).Duration() <= window;
        if (!known)
            seen = sighting;
        return known;
    }

    private readonly record struct Sighting(ulong Addresses, Instant Time, uint Ports, int Content, ushort Identification);
}
