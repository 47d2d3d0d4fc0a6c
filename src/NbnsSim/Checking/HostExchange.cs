using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>Some machines in each other's places.</summary>
internal sealed class HostExchange
{
    private readonly Dictionary<string, string> _words;
    private readonly Scenario _scenario;

    /// <summary>Makes one.</summary>
    /// <param name="placeOf">In whose place each host stands.</param>
    /// <param name="scenario">The scenario, whose hosts have these numbers.</param>
    /// <param name="simulator">Its network.</param>
    public HostExchange(int[] placeOf, Scenario scenario, Simulator simulator)
    {
        var addresses = new List<(Ipv4Address, Ipv4Address)>();
        var units = new List<(MacAddress, MacAddress)>();
        var names = new List<(NetBiosName, NetBiosName)>();
        var hosts = new List<(ScenarioHost, ScenarioHost)>();
        for (int i = 0; i < placeOf.Length; i++)
        {
            var (host, place) = (new HostId(i), new HostId(placeOf[i]));
            if (host == place)
                continue;
            hosts.Add((scenario.Hosts[i], scenario.Hosts[placeOf[i]]));
            names.Add((simulator.NodeOf(host)!.ComputerName, simulator.NodeOf(place)!.ComputerName));
            for (int number = 0; number < simulator.InterfaceCountOf(host); number++)
            {
                var (from, to) = (simulator.InterfaceOf(host, number), simulator.InterfaceOf(place, number));
                addresses.Add((from.Address, to.Address));
                units.Add((from.Mac!.Value, to.Mac!.Value));
            }
        }

        _scenario = scenario;
        _words = ScenarioWords.Exchange(hosts)!;
        Renaming = new Renaming(placeOf, [.. addresses], [.. units], [.. names]);
    }

    /// <summary>What a fingerprint calls machines.</summary>
    public Renaming Renaming { get; }

    /// <summary>What steps are as texts with the machines in each other's places.</summary>
    public string[] TextsOf(IEnumerable<ScenarioStep> steps) => ScenarioWords.TextsOf(_scenario, steps, _words);
}
