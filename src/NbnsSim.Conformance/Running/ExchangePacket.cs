using System.Collections.Immutable;

namespace NbnsSim.Conformance;

/// <summary>A datagram of a case, as it went over the wire.</summary>
/// <param name="Time">When.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Where to.</param>
/// <param name="IsBroadcast">Whether to everybody.</param>
/// <param name="IsSubjects">Whether the peer sent it.</param>
/// <param name="Octets">The UDP payload.</param>
public readonly record struct ExchangePacket(Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, bool IsSubjects, ImmutableArray<byte> Octets);
