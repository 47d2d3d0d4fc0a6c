using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using static NbnsSim.Checking.NetworkView;

namespace NbnsSim.Checking;

/// <summary>What machines log.</summary>
internal static class EventLooks
{
    public static string? FindReleaseEvent(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = moment.FirstNew; i < simulator.Log.Count; i++)
        {
            if (simulator.Log[i].Event is { Id: NetBtEventId.NameRelease } logged)
                return $"{simulator.NameOf(simulator.Log[i].Host)} logs {logged.Id} about {logged.Name}.";
        }

        return null;
    }

    public static string? FindNeedlessEvent(in CheckMoment moment) => FindNeedless(moment, NetBtEventId.NameRelease);

    public static string? FindNeedlessConflict(in CheckMoment moment) => FindNeedless(moment, NetBtEventId.DuplicateName);

    private static string? FindNeedless(in CheckMoment moment, int id)
    {
        var simulator = moment.Simulator;
        for (int i = moment.FirstNew; i < simulator.Log.Count; i++)
        {
            var (host, logged) = (simulator.Log[i].Host, simulator.Log[i].Event);
            if (logged.Id == id && !IsElsewhere(simulator, host.Index, logged.Name))
                return $"{simulator.NameOf(host)} logs {logged.Id} about {logged.Name}, which no other machine has or claims.";
        }

        return null;
    }

    private static bool IsElsewhere(Simulator simulator, int host, NetBiosName name)
    {
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (i != host && NodeThatIsOn(simulator, i) is { } node && StateOf(node, name) is { } own && own.State != LocalNameState.Releasing)
                return true;
        }

        return false;
    }

    public static string? FindLostName(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = moment.FirstNew; i < simulator.Log.Count; i++)
        {
            var (host, logged) = (simulator.Log[i].Host, simulator.Log[i].Event);
            if (logged.Id is NetBtEventId.NameRelease or NetBtEventId.DuplicateName && simulator.NodeOf(host) is { Options: { Dialect.NoNameReleaseOnDemand: true, NameServers.IsEmpty: false } }
                && simulator.FindHost(logged.Address) is { } sender && simulator.EndpointOf(sender) is SilentEndpoint)
                return $"{simulator.NameOf(host)} logs {logged.Id} about {logged.Name} after a datagram from {simulator.NameOf(sender)}, which has no NetBIOS.";
        }

        return null;
    }
}
