using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>Machines without NetBIOS, one on each segment, from which forged datagrams come.</summary>
internal static class Outsiders
{
    private const string Name = "OUTSIDER";

    /// <summary>Puts one on each segment, at the highest address that is free.</summary>
    public static Scenario Add(Scenario scenario)
    {
        var taken = scenario.Hosts.SelectMany(host => host.Interfaces).Select(place => place.Address).ToHashSet();
        var names = scenario.Hosts.Select(host => host.Name).ToHashSet(StringComparer.Ordinal);
        var hosts = scenario.Hosts.ToBuilder();
        foreach (var segment in scenario.Segments)
        {
            var address = new Ipv4Address(segment.Subnet.BroadcastAddress.Value - 1);
            while (taken.Contains(address) && segment.Subnet.Contains(address))
                address = new Ipv4Address(address.Value - 1);
            if (!segment.Subnet.Contains(address))
                continue; // no room for another
            string name = Name;
            for (int number = 2; !names.Add(name); number++)
                name = FormattableString.Invariant($"{Name}{number}");
            hosts.Add(new ScenarioHost { Name = name, Group = name, Roles = HostRoles.None, Interfaces = [new ScenarioInterface(segment.Name, address)] });
        }

        return scenario with { Hosts = hosts.ToImmutable() };
    }

    /// <summary>The last host that says nothing of itself on a host's first segment; −1 for none.</summary>
    public static int On(Simulator simulator, int host)
    {
        var segment = simulator.InterfaceOf(new HostId(host), 0).Segment;
        for (int i = simulator.HostCount - 1; i >= 0; i--)
        {
            if (simulator.EndpointOf(new HostId(i)) is SilentEndpoint && simulator.InterfaceOf(new HostId(i), 0).Segment == segment)
                return i;
        }

        return -1;
    }
}
