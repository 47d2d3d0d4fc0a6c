using NbnsSim.Nodes;
using NbnsSim.Scenarios;

namespace NbnsSim.Testing;

/// <summary>What holds in every network at every time, whatever a test does to it.</summary>
public static class NetworkInvariants
{
    /// <summary>Looks at every machine and every name server.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NetworkAssertionException">Something does not hold.</exception>
    public static void Check(TestNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        foreach (var host in network.Hosts())
        {
            string name = network.Simulator.NameOf(host);
            if (network.Simulator.NameServerOf(host) is { } server)
            {
                var records = server.GetRecords();
                Require(network, records.Length == server.Count, $"{name} counts {server.Count} names and lists {records.Length}.");
                Require(network, server.Count <= server.Options.MaxNames, $"{name} has more names than it may: {server.Count}.");
                foreach (var record in records)
                {
                    Require(network, server.FindRecord(record.Name) == record, $"{name} lists {record.Name} and does not find it.");
                    Require(network, record.Addresses.Length >= 1 && record.Addresses.Length <= server.Dialect.MaxAddresses, $"{name} has {record.Name} with {record.Addresses.Length} addresses.");
                    Require(network, record.Addresses.DistinctBy(one => one.Address).Count() == record.Addresses.Length, $"{name} has an address of {record.Name} twice.");
                }
            }

            if (network.Simulator.NodeOf(host) is { } node)
            {
                var rows = node.GetNameRows();
                Require(network, rows.DistinctBy(row => row.Name).Count() == rows.Length, $"{name} has a name twice in its table.");
                Require(network, rows.All(row => !(row.IsGroup && row.Status == NbtStatStatus.Conflict)), $"{name} has a group in conflict: only a unique name can be.");
            }
        }

        foreach (var logged in network.Simulator.Log)
            Require(network, logged.Event.Reason is not null, $"{network.Simulator.NameOf(logged.Host)} logs {logged.Event.Id} for no reason.");
    }

    private static void Require(TestNetwork network, bool holds, string otherwise)
    {
        if (!holds)
            throw NetworkAssertions.Failure(network, otherwise);
    }
}
