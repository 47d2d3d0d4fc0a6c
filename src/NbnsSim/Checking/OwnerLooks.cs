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
    private const int Few = 16; // hosts

    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(5);

    public static string? FindTwoOwners(in CheckMoment moment) => FindTwoOwners(moment.Simulator, areNear: true);

    public static string? FindTwoOwnersAnywhere(in CheckMoment moment) => FindTwoOwners(moment.Simulator, areNear: false);

    private static string? FindTwoOwners(Simulator simulator, bool areNear)
    {
        if (simulator.HostCount > Few && HaveNamesOnce(simulator))
            return null; // each machine held against each other would be too much
        foreach (var (host, node, own) in new OwnNames(simulator))
        {
            if (own is { State: LocalNameState.Registered, IsGroup: false } && (!areNear || ClaimsByBroadcast(node, own)) && FindOther(simulator, host.Index, own.Name, areNear) is { } other)
                return $"{simulator.NameOf(host)} and {simulator.NameOf(other)} both have {own.Name}.";
        }

        return null;
    }

    private static bool HaveNamesOnce(Simulator simulator)
    {
        var names = new HashSet<NetBiosName>();
        foreach (var (_, _, own) in new OwnNames(simulator))
        {
            if (own is { State: LocalNameState.Registered, IsGroup: false } && !names.Add(own.Name))
                return false;
        }

        return true;
    }

    public static string? FindGroupInConflict(in CheckMoment moment)
    {
        foreach (var (host, _, own) in new OwnNames(moment.Simulator))
        {
            if (own is { State: LocalNameState.Conflict, IsGroup: true })
                return $"{moment.Simulator.NameOf(host)} has {own.Name}, a group's name, in conflict.";
        }

        return null;
    }

    /// <summary>A later host that has a unique name too; where <paramref name="isNear"/>, by broadcast and on a segment in common.</summary>
    private static HostId? FindOther(Simulator simulator, int host, NetBiosName name, bool isNear)
    {
        for (int i = host + 1; i < simulator.HostCount; i++)
        {
            if (NodeThatIsOn(simulator, i) is { } node && StateOf(node, name) is { State: LocalNameState.Registered, IsGroup: false } own
                && (!isNear || (ClaimsByBroadcast(node, own) && ShareSegment(simulator, host, i))))
                return new HostId(i);
        }

        return null;
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
        foreach (var (host, node, own) in new OwnNames(moment.Simulator))
        {
            if (own.State == LocalNameState.Registering && !IsWithoutItsServers(moment.Simulator, node))
                return $"{moment.Simulator.NameOf(host)} still claims {own.Name} in the end.";
        }

        return null;
    }

    /// <summary>Whether a machine has name servers, and all of them are down: it tries on then.</summary>
    private static bool IsWithoutItsServers(Simulator simulator, EndNode node) =>
        !node.Options.NameServers.IsEmpty && node.Options.NameServers.All(address => simulator.FindHost(address) is not { } host || !simulator.IsUp(host));

    public static string? FindSilentOwner(in CheckMoment moment)
    {
        byte[] buffer = new byte[1_472];
        foreach (var (host, node, own) in new OwnNames(moment.Simulator))
        {
            if (own is { State: LocalNameState.Registered, IsGroup: false } && !Answers(node, own.Name, moment.Simulator.Now, buffer))
                return $"{moment.Simulator.NameOf(host)} has {own.Name} and does not answer for it.";
        }

        return null;
    }

    /// <summary>Asks a copy of a machine for a name, which is sent no further.</summary>
    private static bool Answers(EndNode node, NetBiosName name, Instant now, byte[] buffer)
    {
        var asked = node.Fork();
        while (asked.TryPollTransmit(buffer, out _))
        {
        }

        var stranger = Ipv4Endpoint.NameService(new Ipv4Address(node.Address.Value ^ 1));
        asked.HandleDatagram(now, new Datagram(new NameQueryRequest(1, name, isBroadcast: false).ToArray(), stranger, Ipv4Endpoint.NameService(node.Address), isBroadcast: false));
        return asked.TryPollTransmit(buffer, out var transmit) && NbnsPacket.TryParse(buffer.AsSpan(0, transmit.Length), out var answer) && answer.Rcode == NbnsRcode.Success;
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
                return $"{owners} both have {query.Name}, for which {name} asked at {query.At.ToShortString()} s.";
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
