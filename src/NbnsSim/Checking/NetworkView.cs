using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Checking;

/// <summary>Looking at a network's machines.</summary>
internal static class NetworkView
{
    public static EndNode? NodeThatIsOn(Simulator simulator, int host) =>
        simulator.IsUp(new HostId(host)) && simulator.NodeOf(new HostId(host)) is { IsShutDown: false } node ? node : null;

    public static LocalNameInfo? StateOf(EndNode node, NetBiosName name)
    {
        for (int i = 0; i < node.NameCount; i++)
        {
            if (node.GetName(i) is var own && own.Name == name)
                return own;
        }

        return null;
    }

    /// <summary>Whether the segment was asked for a name: B and M nodes ask it always, H nodes where no name server has answered, P nodes never (RFC 1001 §10, §15.2).</summary>
    public static bool ClaimsByBroadcast(EndNode node, in LocalNameInfo own) =>
        node.Options.Plan.NodeType is OwnerNodeType.B or OwnerNodeType.M || (node.Options.Plan.NodeType == OwnerNodeType.H && !own.IsWithNameServer);

    public static bool ShareSegment(Simulator simulator, int one, int other)
    {
        for (int i = 0; i < simulator.InterfaceCountOf(new HostId(one)); i++)
        {
            for (int j = 0; j < simulator.InterfaceCountOf(new HostId(other)); j++)
            {
                if (simulator.InterfaceOf(new HostId(one), i).Segment == simulator.InterfaceOf(new HostId(other), j).Segment)
                    return true;
            }
        }

        return false;
    }
}
