using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Testing;

/// <summary>Every claim ends: no name is being registered longer than <see cref="TestNetwork.LongestClaim"/> by a machine that is on.</summary>
internal sealed class ClaimWatch
{
    private Dictionary<(HostId Host, NetBiosName Name), Instant> _since = [];

    /// <summary>Looks at every machine's names; called after each step of time.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NetworkAssertionException">A claim has not ended.</exception>
    public void Look(TestNetwork network)
    {
        var simulator = network.Simulator;
        var now = new Dictionary<(HostId, NetBiosName), Instant>();
        foreach (var host in network.Hosts().Where(simulator.IsUp))
        {
            if (simulator.NodeOf(host) is not { } node)
                continue;
            for (int i = 0; i < node.NameCount; i++)
            {
                var own = node.GetName(i);
                if (own.State != LocalNameState.Registering)
                    continue;
                var since = _since.GetValueOrDefault((host, own.Name), simulator.Now);
                if (simulator.Now - since >= network.LongestClaim)
                    throw NetworkAssertions.Failure(network, $"{simulator.NameOf(host)} claims {own.Name} and does not come to an end.");
                now.Add((host, own.Name), since);
            }
        }

        _since = now;
    }
}
