using System.Collections.Immutable;

namespace NbnsSim.Scenarios;

/// <summary>A segment of a scenario.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Subnet">Its addresses.</param>
/// <param name="Latency">How long a datagram takes across it.</param>
public sealed record ScenarioSegment(string Name, Ipv4Subnet Subnet, TimeSpan Latency);

/// <summary>A router of a scenario.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Segments">The names of its segments.</param>
/// <param name="Latency">How long it takes for each datagram.</param>
public sealed record ScenarioRouter(string Name, ImmutableArray<string> Segments, TimeSpan Latency);
