using System.Collections.Immutable;

namespace NbnsSim.Simulation;

/// <summary>A datagram that was sent and has not arrived everywhere.</summary>
/// <param name="Number">Which datagram of the simulation it is, in the order of sending; the first is 1. A copy keeps its original's.</param>
/// <param name="SenderNumber">Which datagram of its sender's it is; the first is 1. A link rule can be about it alone: <see cref="LinkRule.Datagram"/>.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Segment">The segment that it was sent on.</param>
/// <param name="Receivers">Whom it reaches, of those that are up.</param>
/// <param name="Due">When it reaches them, or the next router; <see cref="Instant.MaxValue"/> where a link rule keeps it until somebody removes the rule.</param>
public sealed record DatagramUnderWay(long Number, uint SenderNumber, HostId Sender, SegmentId Segment, ImmutableArray<HostId> Receivers, Instant Due)
{
    /// <summary>The address and port that it comes from.</summary>
    public required Ipv4Endpoint Source { get; init; }

    /// <summary>The address and port that it goes to.</summary>
    public required Ipv4Endpoint Destination { get; init; }

    /// <summary>Whether it goes to every station on the segment.</summary>
    public required bool IsBroadcast { get; init; }

    /// <summary>Whether link rules are yet to be looked at when it arrives: not for what one of them has delayed, doubled or kept, nor for what a host sends to itself.</summary>
    public required bool PassesLinkRules { get; init; }

    /// <summary>The UDP payload.</summary>
    public required ImmutableArray<byte> Octets { get; init; }
}
