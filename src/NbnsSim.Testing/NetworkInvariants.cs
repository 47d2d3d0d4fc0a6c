using NbnsSim.Checking;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Testing;

/// <summary>What holds in every network at every time, whatever a test does to it.</summary>
public static class NetworkInvariants
{
    /// <summary>How long a claim may take: ten minutes, twice the longest wait that a WACK is granted here (RFC 1002 §4.2.16 sets no bound).</summary>
    public static readonly TimeSpan LongestClaim = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>Looks at every machine and every name server.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NetworkAssertionException">Something does not hold.</exception>
    public static void Check(TestNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (Find(network.Simulator) is { } broken)
            throw NetworkAssertions.Failure(network, broken);
    }

    /// <summary>Looks at every machine and every name server of any simulation, between its steps.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <returns>What does not hold, in a sentence; null where all does.</returns>
    public static string? Find(Simulator simulator)
    {
        int logged = 0;
        return Find(simulator, ref logged);
    }

    /// <summary>Looks at every machine and every name server of any simulation, and at the events that were logged since the last look.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="logged">How many events were looked at before: 0 at the first look; it grows.</param>
    /// <returns>What does not hold, in a sentence; null where all does.</returns>
    public static string? Find(Simulator simulator, ref int logged)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        for (int i = 0; i < simulator.HostCount; i++)
        {
            var host = new HostId(i);
            if (simulator.NameServerOf(host) is { } server && Find(server) is { } atServer)
                return $"{simulator.NameOf(host)} {atServer}";
            if (simulator.NodeOf(host) is { } node && Find(node) is { } atNode)
                return $"{simulator.NameOf(host)} {atNode}";
        }

        for (; logged < simulator.Log.Count; logged++)
        {
            if (simulator.Log[logged] is { Event.Reason: null } one)
                return $"{simulator.NameOf(one.Host)} logs {one.Event.Id} for no reason.";
        }

        return null;
    }

    /// <summary>
    /// Looks whether each claim ends: as long as a name is being registered by a machine that is on, time passes in a copy of the simulation, in which nothing is done, and it is looked at once a minute.
    /// </summary>
    /// <param name="simulator">The simulation; it stays as it is.</param>
    /// <param name="longest">How long a claim may take from now on; null for <see cref="LongestClaim"/>.</param>
    /// <returns>Which claim does not end, in a sentence; null where all do.</returns>
    public static string? FindEndlessClaim(Simulator simulator, TimeSpan? longest = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        var claims = new ClaimWatch();
        for (var now = simulator; ; now.RunUntil(now.Now + Look))
        {
            if (claims.Look(now, longest ?? LongestClaim) is { } endless)
                return endless;
            if (!claims.IsAny)
                return null;
            if (now == simulator)
                now = simulator.Fork();
        }
    }

    private static string? Find(NameServer server)
    {
        var records = server.GetRecords();
        if (records.Length != server.Count)
            return $"counts {server.Count} names and lists {records.Length}.";
        if (server.Count > server.Options.MaxNames)
            return $"has more names than it may: {server.Count}.";
        foreach (var record in records)
        {
            if (server.FindRecord(record.Name) != record)
                return $"lists {record.Name} and does not find it.";
            if (record.Addresses.Length < 1 || record.Addresses.Length > server.Dialect.MaxAddresses)
                return $"has {record.Name} with {record.Addresses.Length} addresses.";
            if (record.Addresses.Length > 1 && record.Addresses.DistinctBy(one => one.Address).Count() != record.Addresses.Length)
                return $"has an address of {record.Name} twice.";
        }

        return null;
    }

    private static string? Find(EndNode node)
    {
        var names = new HashSet<NetBiosName>(node.NameCount);
        for (int i = 0; i < node.NameCount; i++)
        {
            if (!names.Add(node.GetName(i).Name))
                return "has a name twice in its table.";
        }

        return null;
    }

    /// <summary>
    /// What holds besides in a network at rest (<see cref="NetworkAssertions.ShouldSettle"/>) in which nothing was lost, cut off or forged since its names were registered: of
    /// the machines on one segment that claim by broadcast at most one has a unique name; a name that a machine has registered with a name server is active there, at one
    /// of the machine's addresses; and a unique name that is active at a name server, registered there by a machine that is on, is in that machine's table.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NetworkAssertionException">Something does not hold.</exception>
    public static void CheckAtRest(TestNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Check(network);
        foreach (var property in new[] { CheckProperties.OneOwner, CheckProperties.ServerKnowsNames, CheckProperties.ServersNamesAreHeld })
        {
            if (property.Look(new CheckMoment(network.Simulator)) is { } broken)
                throw NetworkAssertions.Failure(network, broken);
        }
    }
}
