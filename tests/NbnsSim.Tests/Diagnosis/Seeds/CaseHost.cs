using NbnsSim.Simulation;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>A machine of a case.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its computer name.</param>
/// <param name="Address">Its first address.</param>
internal sealed record CaseHost(HostId Id, string Name, Ipv4Address Address)
{
    /// <summary>Its first network adapter.</summary>
    public MacAddress Adapter { get; init; }
}
