using System.Collections.Immutable;

namespace NbnsSim.Conformance.Benches;

/// <summary>A datagram that reached a station.</summary>
/// <param name="Time">When.</param>
/// <param name="Station">Which station; -1 for everybody: it was broadcast.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Octets">The UDP payload.</param>
public readonly record struct BenchDatagram(Instant Time, int Station, Ipv4Endpoint Source, Ipv4Endpoint Destination, ImmutableArray<byte> Octets);
