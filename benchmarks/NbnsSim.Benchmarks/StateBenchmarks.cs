using BenchmarkDotNet.Attributes;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>What a fork, a fingerprint and a saved state cost of a small network while its machines boot, as a checker has them by the million.</summary>
[MemoryDiagnoser]
public class StateBenchmarks
{
    private static readonly FingerprintOptions WithoutDraws = new() { HasDraws = false };

    private readonly byte[] _saved = new byte[1 << 16];
    private Simulator _simulator = null!;

    /// <summary>How many end nodes there are; with three of them a name server too.</summary>
    [Params(2, 3)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Boot()
    {
        _simulator = new Simulator(seed: 1);
        var segment = _simulator.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        var server = Ipv4Address.Parse("10.0.0.9");
        var options = new EndNodeOptions { Workgroup = "LAB", NameServers = Nodes == 3 ? [server] : [] };
        if (Nodes == 3)
            _simulator.AddHost("WINS", new NameServer(new NameServerOptions { Address = server, Dialect = NameServerDialect.WinsNt4 }), segment, server);
        for (int i = 0; i < Nodes; i++)
        {
            var node = new EndNode($"PC{i}", EndNodeInterface.InSubnet(Ipv4Address.Parse($"10.0.0.{i + 1}")), options, seed: 1);
            _simulator.Command<EndNode>(_simulator.AddHost($"PC{i}", node, segment, node.Address), "boot", static (it, now) => it.Boot(now));
        }

        _simulator.RunFor(TimeSpan.FromMilliseconds(1.5));
    }

    [Benchmark]
    public Simulator Fork() => _simulator.Fork();

    [Benchmark]
    public UInt128 Fingerprint() => _simulator.Fingerprint(WithoutDraws);

    [Benchmark]
    public long Save()
    {
        using var saved = new MemoryStream(_saved);
        _simulator.Save(saved);
        return saved.Position;
    }
}
