using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NbnsSim.Captures;

/// <summary>
/// Knows a datagram again that was captured before: a mirrored port shows each twice, a router's two sides too. RFC 791 §3.1: the
/// identification tells a sender's datagrams apart; time to live and checksums change on the way and do not count.
/// </summary>
/// <remarks>
/// So many datagrams are remembered: a further sighting of one that came before those counts again. Contents are compared by a keyed hash, so that nobody can make a datagram that is
/// taken for another.
/// </remarks>
/// <param name="window">Within how long a further sighting does not count: <see cref="DatagramReaderOptions.SightingWindow"/>.</param>
public sealed class SightingFilter(TimeSpan window)
{
    /// <summary>How many are remembered.</summary>
    internal const int Size = 1 << 13;

    private readonly RecentTable<Content, Sighting> _seen = new(Size);

    /// <summary>Whether the datagram was seen within the window; otherwise it is remembered.</summary>
    /// <param name="datagram">The datagram; one over IPv6 never was.</param>
    public bool IsRepeated(in CapturedDatagram datagram)
    {
        if (datagram.IsIpv6)
            return false; // NBNS has none (RFC 1002 §4.2.1.3), and its header has no identification
        return IsRepeated(
            new Content(
                BinaryPrimitives.ReadUInt64BigEndian(datagram._ip[12..]),
                BinaryPrimitives.ReadUInt32BigEndian(datagram._udp),
                KeyedHash.Of(datagram.Payload),
                BinaryPrimitives.ReadUInt16BigEndian(datagram._ip[4..])),
            datagram.Time);
    }

    /// <summary>The same by the facts of a datagram.</summary>
    /// <param name="facts">The facts.</param>
    public bool IsRepeated(in DatagramFacts facts) => !facts.IsIpv6 && IsRepeated(
        new Content(
            ((ulong)facts.Source.Address.Value << 32) | facts.Destination.Address.Value,
            ((uint)facts.Source.Port << 16) | facts.Destination.Port,
            KeyedHash.Of(facts.Payload),
            facts.Identification),
        facts.Time);

    private bool IsRepeated(in Content content, Instant time)
    {
        ref var seen = ref _seen.Find(content);
        if (!Unsafe.IsNullRef(ref seen) && (time - seen.Time).Duration() <= window)
            return true;
        _seen.Add(new Sighting(content, time));
        return false;
    }

    private readonly record struct Content(ulong Addresses, uint Ports, int Hash, ushort Identification)
    {
        public bool Equals(Content other) => Addresses == other.Addresses && Hash == other.Hash && Ports == other.Ports && Identification == other.Identification;

        public override int GetHashCode() => KeyedHash.Of(Addresses, ((ulong)(uint)Hash << 16) | Identification);
    }

    private readonly record struct Sighting(Content Key, Instant Time) : IKeyed<Content>;
}
