using BenchmarkDotNet.Attributes;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>What a step of the simulator costs with real end nodes in it.</summary>
[MemoryDiagnoser]
public class SimulatorBenchmarks
{
    private const int Stations = 1_000;
    private const int Queries = 100;

    private static readonly NetBiosName Nobody = NetBiosName.Parse("NOBODY<00>");

    private Simulator _simulator = null!;
    private Simulator _faulty = null!;

    [GlobalSetup]
    public void Boot()
    {
        _simulator = LanBoot.Build(Stations);
        LanBoot.Boot(_simulator);
        _faulty = _simulator.Fork();
        _faulty.AddRule(LinkRule.Loss("loss", 100_000));
        _faulty.AddRule(LinkRule.Delayed("jitter", TimeSpan.Zero, TimeSpan.FromMilliseconds(1)) with { PartsPerMillion = 100_000 });
    }

    /// <summary>One delivery of a broadcast query that is nobody's.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Queries * 3 * (Stations - 1))]
    public long BroadcastDelivery() => Ask(_simulator);

    /// <summary>The same with loss and jitter to draw for every receiver.</summary>
    [Benchmark(OperationsPerInvoke = Queries * 3 * (Stations - 1))]
    public long BroadcastDeliveryUnderRules() => Ask(_faulty);

    /// <summary>Two futures of a thousand nodes.</summary>
    [Benchmark]
    public Simulator Fork() => _simulator.Fork();

    private static long Ask(Simulator simulator)
    {
        for (int i = 0; i < Queries; i++)
        {
            simulator.Command<EndNode>(new HostId(i), "query", static (node, now) => node.Query(now, Nobody));
            simulator.RunFor(TimeSpan.FromSeconds(3));
        }

        return simulator.DeliveryCount;
    }
}
