using System.Diagnostics;
using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>B nodes on one segment boot, 100 µs apart, until the last one holds its names.</summary>
internal static class LanBoot
{
    /// <returns>Deliveries a second.</returns>
    public static double Run(int nodes)
    {
        Measure(Math.Min(nodes, 500)); // warms up
        return Measure(nodes);
    }

    internal static Simulator Build(int nodes)
    {
        var simulator = new Simulator();
        simulator.Reserve(nodes);
        var subnet = Ipv4Subnet.Parse("10.0.0.0/12");
        var lan = simulator.AddSegment("lan", subnet, TimeSpan.FromMicroseconds(50));
        var options = new EndNodeOptions { ReportsResults = false };
        for (uint i = 0; i < nodes; i++)
        {
            var address = new Ipv4Address(subnet.Network.Value + 1 + i);
            string name = FormattableString.Invariant($"PC{i:D6}");
            simulator.AddHost(null, new EndNode(name, EndNodeInterface.InSubnet(address, subnet.PrefixLength), options, simulator.Seed), lan, address);
        }

        return simulator;
    }

    internal static void Boot(Simulator simulator)
    {
        for (int i = 0; i < simulator.HostCount; i++)
        {
            simulator.Command<EndNode>(new HostId(i), "boot", static (node, now) => node.Boot(now));
            simulator.RunFor(TimeSpan.FromMicroseconds(100));
        }

        while (simulator.Step())
        {
        }
    }

    private static double Measure(int nodes)
    {
        var simulator = Build(nodes);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Boot(simulator);
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine(FormattableString.Invariant(
            $"{nodes:N0} nodes: {simulator.SentCount:N0} datagrams, {simulator.DeliveryCount:N0} deliveries in {elapsed.TotalSeconds:F2} s: {simulator.DeliveryCount / elapsed.TotalSeconds / 1e6:F1} million a second, {elapsed.TotalNanoseconds / simulator.DeliveryCount:F1} ns each; {simulator.Now} s simulated, {(double)allocated / nodes:F0} octets allocated for each node"));
        return simulator.DeliveryCount / elapsed.TotalSeconds;
    }
}
