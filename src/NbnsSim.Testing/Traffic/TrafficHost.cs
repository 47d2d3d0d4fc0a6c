using NbnsSim.Simulation;

namespace NbnsSim.Testing.Traffic;

/// <summary>A machine of generated traffic.</summary>
/// <param name="Id">Its number in the simulation.</param>
/// <param name="Name">Its computer name.</param>
/// <param name="Address">Its first address.</param>
public sealed record TrafficHost(HostId Id, string Name, Ipv4Address Address)
{
    /// <summary>Its first network adapter.</summary>
    public MacAddress Adapter { get; init; }
}
