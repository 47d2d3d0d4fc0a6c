using System.Diagnostics;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>What it costs that somebody listens to decisions: the same network boots without and with a listener, in turns.</summary>
internal static class DecisionCost
{
    private const int Rounds = 31;

    public static void Run(int nodes)
    {
        double[] ratios = new double[Rounds];
        var least = (Without: double.MaxValue, With: double.MaxValue);
        Boot(nodes, null, out _); // warms up
        Boot(nodes, new Counter(), out _);
        for (int i = 0; i < Rounds; i++)
        {
            var counter = new Counter();
            double without = Boot(nodes, null, out long silent);
            double with = Boot(nodes, counter, out long heard);
            ratios[i] = with / without;
            least = (Math.Min(least.Without, without), Math.Min(least.With, with));
            Console.WriteLine(FormattableString.Invariant(
                $"{nodes:N0} nodes: {without * 1e3:F1} ms without a listener ({silent:N0} octets allocated), {with * 1e3:F1} ms with one ({heard:N0}), {counter.Count:N0} decisions: {ratios[i]:F2}"));
        }

        Array.Sort(ratios);
        Console.WriteLine(FormattableString.Invariant($"with a listener / without: {ratios[Rounds / 2]:F2} (median of {Rounds}; {ratios[0]:F2} to {ratios[^1]:F2}); the least of each, which other work on the machine disturbs least: {least.With / least.Without:F2} ({least.Without * 1e3:F1} and {least.With * 1e3:F1} ms)"));
    }

    private static double Boot(int nodes, SimulationObserver? listener, out long allocated)
    {
        var simulator = LanBoot.Build(nodes);
        if (listener is not null)
            simulator.AddObserver(listener);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        LanBoot.Boot(simulator);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return seconds;
    }

    private sealed class Counter : SimulationObserver
    {
        public long Count { get; private set; }

        public override bool HearsDecisions => true;

        public override bool SeesDatagrams => false;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => Count++;
    }
}
