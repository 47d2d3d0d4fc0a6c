namespace NbnsSim.Simulation;

/// <summary>One of the places where a host stands on a segment.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Address">The host's address there; of the segment's subnet, and nobody else's.</param>
/// <param name="Mac">Its Ethernet address in captures; null for <see cref="MacAddress.FromIpv4"/>.</param>
public readonly record struct HostInterface(SegmentId Segment, Ipv4Address Address, MacAddress? Mac = null);
