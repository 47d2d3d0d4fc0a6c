using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <summary>What stands behind a host of a simulation.</summary>
public static class SimulatedHosts
{
    /// <summary>The end node of a host; null where it has none.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="host">The host.</param>
    public static EndNode? NodeOf(this Simulator simulator, HostId host)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        return NodeIn(simulator.EndpointOf(host));
    }

    /// <summary>The name server of a host; null where it has none.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="host">The host.</param>
    public static NameServer? NameServerOf(this Simulator simulator, HostId host)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        return NameServerIn(simulator.EndpointOf(host));
    }

    internal static EndNode? NodeIn(INbnsEndpoint endpoint) => endpoint switch
    {
        EndNode node => node,
        CompositeEndpoint both => both.Node as EndNode,
        _ => null,
    };

    internal static NameServer? NameServerIn(INbnsEndpoint endpoint) => endpoint switch
    {
        NameServer server => server,
        CompositeEndpoint both => both.NameServer as NameServer,
        _ => null,
    };
}
