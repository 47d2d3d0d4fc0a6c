using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;
using static NbnsSim.Checking.NetworkView;

namespace NbnsSim.Checking;

/// <summary>What names machines have, and whether these are of use.</summary>
internal static class OwnerLooks
{
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(5);

    public static string? FindTwoOwners(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is not { } node)
                continue;
            for (int n = 0; n < node.NameCount; n++)
            {
                if (node.GetName(n) is { State: LocalNameState.Registered, IsGroup: false } own && ClaimsByBroadcast(node, own) && FindOther(simulator, i, own.Name) is >= 0 and var other)
                    return $"{simulator.NameOf(new HostId(i))} and {simulator.NameOf(new HostId(other))} both have {own.Name}.";
            }
        }

        return null;
    }

    public static string? FindTwoOwnersAnywhere(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is not { } node)
                continue;
            for (int n = 0; n < node.NameCount; n++)
            {
                if (node.GetName(n) is not { State: LocalNameState.Registered, IsGroup: false } own)
                    continue;
                for (int j = i + 1; j < simulator.HostCount; j++)
                {
                    if (NodeThatIsOn(simulator, j) is { } other && StateOf(other, own.Name) is { State: LocalNameState.Registered, IsGroup: false })
                        return $"{simulator.NameOf(new HostId(i))} and {simulator.NameOf(new HostId(j))} both have {own.Name}.";
                }
            }
        }

        return null;
    }

    public static string? FindGroupInConflict(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is not { } node)
                continue;
            for (int n = 0; n < node.NameCount; n++)
            {
                if (node.GetName(n) is { State: LocalNameState.Conflict, IsGroup: true } own)
                    return $"{simulator.NameOf(new HostId(i))} has {own.Name}, a group's name, in conflict.";
            }
        }

        return null;
    }

    /// <summary>A later host on a segment in common that has a name by broadcast too; −1 for none.</summary>
    private static int FindOther(Simulator simulator, int host, NetBiosName name)
    {
        for (int i = host + 1; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is { } node && StateOf(node, name) is { State: LocalNameState.Registered, IsGroup: false } own && ClaimsByBroadcast(node, own) && ShareSegment(simulator, host, i))
                return i;
        }

        return -1;
    }

    public static string? FindMissingName(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        foreach (var step in moment.Steps)
        {
            if (step is not NodeStep { Command: NodeCommand.Boot })
                continue;
            foreach (string host in step.Hosts)
            {
                if (NodeThatIsOn(simulator, simulator.FindHost(host)!.Value.Index) is { } node && FindMissingName(node) is { } name)
                    return $"{host} has booted and does not have {name}.";
            }
        }

        return null;
    }

    private static NetBiosName? FindMissingName(EndNode node)
    {
        if (StateOf(node, node.ComputerName)?.State != LocalNameState.Registered)
            return node.ComputerName;
        if (node.Options.Workgroup is not { } workgroup)
            return null;
        var group = new NetBiosName(workgroup, NameSuffix.Workstation).WithScope(node.Options.Scope);
        return StateOf(node, group)?.State == LocalNameState.Registered ? null : group;
    }

    public static string? FindUnfinishedClaim(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is not { } node || IsWithoutItsServers(simulator, node))
                continue;
            for (int n = 0; n < node.NameCount; n++)
            {
                if (node.GetName(n) is { State: LocalNameState.Registering } own)
                    return $"{simulator.NameOf(new HostId(i))} still claims {own.Name} in the end.";
            }
        }

        return null;
    }

    /// <summary>Whether a machine has name servers, and all of them are down: it tries on then.</summary>
    private static bool IsWithoutItsServers(Simulator simulator, EndNode node) =>
        !node.Options.NameServers.IsEmpty && node.Options.NameServers.All(address => simulator.FindHost(address) is not { } host || !simulator.IsUp(host));

    public static string? FindSilentOwner(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        byte[] buffer = new byte[1_472];
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is not { } node)
                continue;
            for (int n = 0; n < node.NameCount; n++)
            {
                if (node.GetName(n) is not { State: LocalNameState.Registered, IsGroup: false } own)
                    continue;
                var asked = node.Fork();
                while (asked.TryPollTransmit(buffer, out _))
                {
                }

                var stranger = Ipv4Endpoint.NameService(new Ipv4Address(node.Address.Value ^ 1));
                asked.HandleDatagram(
                    simulator.Now, new Datagram(new NameQueryRequest(1, own.Name, isBroadcast: false).ToArray(), stranger, Ipv4Endpoint.NameService(node.Address), isBroadcast: false));
                if (!asked.TryPollTransmit(buffer, out var transmit) || !NbnsPacket.TryParse(buffer.AsSpan(0, transmit.Length), out var answer) || answer.Rcode != NbnsRcode.Success)
                    return $"{simulator.NameOf(new HostId(i))} has {own.Name} and does not answer for it.";
            }
        }

        return null;
    }

    public static string? FindUnnoticed(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        foreach (var step in moment.Steps)
        {
            if (step is not NodeStep { Command: NodeCommand.Query } query || query.At > moment.End - NoticedWithin)
                continue;
            foreach (string name in query.Hosts)
            {
                var asker = simulator.FindHost(name)!.Value;
                if (NodeThatIsOn(simulator, asker.Index) is not { Options.Plan.HearsBroadcasts: true } || FindOwners(simulator, asker.Index, query.Name) is not { } owners)
                    continue;
                return $"{owners} both have {query.Name}, for which {name} asked at {CheckFault.Shown(query.At)} s.";
            }
        }

        return null;
    }

    private static string? FindOwners(Simulator simulator, int asker, NetBiosName name)
    {
        string? first = null;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (i == asker || NodeThatIsOn(simulator, i) is not { } node || StateOf(node, name) is not { State: LocalNameState.Registered, IsGroup: false } own
                || !ClaimsByBroadcast(node, own) || !ShareSegment(simulator, i, asker))
                continue;
            if (first is not null)
                return $"{first} and {simulator.NameOf(new HostId(i))}";
            first = simulator.NameOf(new HostId(i));
        }

        return null;
    }

    public static string? FindGrowth(in CheckMoment moment) =>
        moment.Simulator.WaitingCount > MostWaiting ? $"{moment.Simulator.WaitingCount} datagrams and timers wait." : null;

    public static string? FindNamesRegistered(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        bool any = false;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is not { } node)
                continue;
            bool has = false;
            for (int n = 0; n < node.NameCount; n++)
            {
                var state = node.GetName(n).State;
                if (state == LocalNameState.Registering)
                    return null;
                has |= state == LocalNameState.Registered;
            }

            if (!has)
                return null;
            any = true;
        }

        return any ? "All machines have names." : null;
    }
}
