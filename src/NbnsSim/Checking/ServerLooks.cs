using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using static NbnsSim.Checking.NetworkView;

namespace NbnsSim.Checking;

/// <summary>What name servers have on record, beside what machines have.</summary>
internal static class ServerLooks
{
    public static string? FindUnknownName(in CheckMoment moment)
    {
        foreach (var (host, node, own) in new OwnNames(moment.Simulator))
        {
            if (own is { State: LocalNameState.Registered, IsWithNameServer: true } && !IsKnown(moment.Simulator, node, own))
                return $"{moment.Simulator.NameOf(host)} has {own.Name} registered with its name server, which does not have it so.";
        }

        return null;
    }

    private static bool IsKnown(Simulator simulator, EndNode node, LocalNameInfo own)
    {
        bool isAsked = false;
        foreach (var address in node.Options.NameServers)
        {
            if (simulator.FindHost(address) is not { } host || !simulator.IsUp(host) || simulator.NameServerOf(host) is not { } server)
                continue;
            isAsked = true;
            if (own.Name.Suffix == NameSuffix.MasterBrowser && server.Dialect.IgnoresMasterBrowsers)
                return true; // granted and not kept, as Windows does
            if (server.FindRecord(own.Name) is { State: NameRecordState.Active } record && record.IsGroup == own.IsGroup && (own.IsGroup || HasOneOf(record, node)))
                return true; // of a group a server may keep the broadcast address alone (RFC 1002 §5.1.4.1, Windows' normal groups)
        }

        return !isAsked;
    }

    private static bool HasOneOf(NameRecord record, EndNode node)
    {
        for (int i = 0; i < node.InterfaceCount; i++)
        {
            if (record.Has(node.GetInterface(i).Address))
                return true;
        }

        return false;
    }

    public static string? FindStaleRecord(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (ServerThatIsUp(simulator, i) is not { } server)
                continue;
            foreach (var record in server.GetRecords())
            {
                if (record.State != NameRecordState.Active || record.IsStatic || record.IsGroup || record.Owner != server.Options.Address)
                    continue;
                foreach (var member in record.Addresses)
                {
                    if (simulator.FindHost(member.Address) is { } host && NodeThatIsOn(simulator, host.Index) is { } node && node.GetNameState(record.Name) is null)
                        return $"{simulator.NameOf(new HostId(i))} has {record.Name} at {simulator.NameOf(host)}, which has no such name.";
                }
            }
        }

        return null;
    }

    public static string? FindNameWithoutServer(in CheckMoment moment)
    {
        foreach (var (host, node, own) in new OwnNames(moment.Simulator))
        {
            if (own is { State: LocalNameState.Registered, IsGroup: false, IsWithNameServer: false } && !node.Options.NameServers.IsEmpty)
                return $"{moment.Simulator.NameOf(host)} has {own.Name}, and its name server does not know.";
        }

        return null;
    }

    public static string? FindServersApart(in CheckMoment moment)
    {
        var simulator = moment.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            if (ServerThatIsUp(simulator, i) is not { } one)
                continue;
            for (int j = i + 1; j < simulator.HostCount; j++)
            {
                if (ServerThatIsUp(simulator, j) is { } other && FindApart(simulator, one, other) is { } name)
                    return $"{simulator.NameOf(new HostId(i))} and {simulator.NameOf(new HostId(j))} have {name} at different machines.";
            }
        }

        return null;
    }

    private static NetBiosName? FindApart(Simulator simulator, NameServer one, NameServer other)
    {
        foreach (var record in one.GetRecords())
        {
            if (record is { State: NameRecordState.Active, IsGroup: false } && other.FindRecord(record.Name) is { State: NameRecordState.Active, IsGroup: false } second
                && !record.Addresses.Any(first => second.Addresses.Any(address => simulator.FindHost(address.Address) == simulator.FindHost(first.Address))))
                return record.Name;
        }

        return null;
    }

    private static NameServer? ServerThatIsUp(Simulator simulator, int host) => simulator.IsUp(new HostId(host)) ? simulator.NameServerOf(new HostId(host)) : null;
}
