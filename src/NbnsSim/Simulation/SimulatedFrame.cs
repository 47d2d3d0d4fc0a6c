namespace NbnsSim.Simulation;

/// <summary>What the link and IP headers of a datagram say while it is on one segment.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Source">The Ethernet address of the sender, or of the router that passes it on.</param>
/// <param name="Destination">The Ethernet address of the receiver, or of the next router, or that of all stations.</param>
/// <param name="TimeToLive">IP's TTL: <see cref="InitialTimeToLive"/> less the routers passed.</param>
/// <param name="Identification">IP's identification: the low sixteen bits of the sender's count of datagrams.</param>
public readonly record struct SimulatedFrame(SegmentId Segment, MacAddress Source, MacAddress Destination, byte TimeToLive, ushort Identification)
{
    /// <summary>The TTL that a datagram starts with: 128, as Windows has sent since NT 4 (3.51 and earlier: 32).</summary>
    public const byte InitialTimeToLive = 128;
}
