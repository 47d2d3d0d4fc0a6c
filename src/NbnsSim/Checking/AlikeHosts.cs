using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>
/// Which machines of a scenario are the same but for their names and addresses: two of them can change places, and the scenario is what it was, in what machines are, what they are told and when.
/// </summary>
internal static class AlikeHosts
{
    private const int MaxAlike = 4;
    private const int MaxExchanges = 24; // of four machines, or of three and two times two
    private const int MaxCompared = 1 << 21; // characters: a scenario is compared as a whole for each machine

    /// <summary>Finds them: groups of two to four, in the order of the scenario; of very large ones those among the first machines.</summary>
    /// <param name="scenario">The scenario; its expectations do not count.</param>
    public static ImmutableArray<ImmutableArray<string>> Of(Scenario scenario)
    {
        string asIs = ScenarioWords.Canonical(scenario, ScenarioWords.None);
        int left = MaxCompared / asIs.Length;
        var groups = new List<List<ScenarioHost>>();
        foreach (var host in scenario.Hosts.Where(host => host.Roles == HostRoles.Node)) // a name server is not one of several: it keeps its records in the order of their coming
        {
            if (groups.Find(group => group.Count < MaxAlike && IsLike(group[0], host)) is { } group)
                group.Add(host);
            else
                groups.Add([host]);
        }

        var alike = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        int ways = 1;
        foreach (var group in groups)
        {
            ways *= Enumerable.Range(1, group.Count).Aggregate(1, (product, number) => product * number);
            if (ways > MaxExchanges)
                break;
            if (group.Count > 1)
                alike.Add([.. group.Select(host => host.Name)]);
        }

        return alike.ToImmutable();

        bool IsLike(ScenarioHost one, ScenarioHost other) =>
            one.Interfaces.Length == other.Interfaces.Length
            && one.Node with { NameServers = other.Node.NameServers, LmHosts = other.Node.LmHosts } == other.Node // also what files do not say
            && ScenarioWords.Exchange([(one, other), (other, one)]) is { } words
            && left-- > 0
            && ScenarioWords.Canonical(scenario, words) == asIs;
    }

    /// <summary>Every way in which machines of groups can change places.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="simulator">Its network.</param>
    public static ImmutableArray<HostExchange> ExchangesOf(ImmutableArray<ImmutableArray<string>> groups, Scenario scenario, Simulator simulator)
    {
        var ways = new List<int[]> { Enumerable.Range(0, simulator.HostCount).ToArray() };
        foreach (var group in groups)
        {
            ImmutableArray<int> hosts = [.. group.Select(name => simulator.FindHost(name)!.Value.Index)];
            ways = [.. ways.SelectMany(way => CommandOrders.Permute(hosts).Select(places => With(way, hosts, places)))];
        }

        return [.. ways.Skip(1).Select(way => new HostExchange(way, scenario, simulator))]; // the first leaves all where they are
    }

    private static int[] With(int[] way, ImmutableArray<int> hosts, ImmutableArray<int> places)
    {
        int[] other = [.. way];
        for (int i = 0; i < hosts.Length; i++)
            other[hosts[i]] = places[i];
        return other;
    }
}
