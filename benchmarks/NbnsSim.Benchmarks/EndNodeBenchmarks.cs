using BenchmarkDotNet.Attributes;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>What a datagram costs an end node, beside merely parsing it.</summary>
[MemoryDiagnoser]
public class EndNodeBenchmarks
{
    private const int Stations = 10_000;

    private readonly byte[] _buffer = new byte[NbnsHeader.MaxDatagramLength];
    private readonly byte[] _stranger = new byte[NbnsEncoder.MaxRequestLength];
    private readonly byte[] _query = new byte[NbnsEncoder.MaxRequestLength];
    private readonly byte[] _claim = new byte[NbnsEncoder.MaxRequestLength];
    private EndNode[] _nodes = [];
    private int _strangerLength;
    private int _queryLength;
    private int _claimLength;

    [GlobalSetup]
    public void Boot()
    {
        var options = new EndNodeOptions { Dialect = NetBtDialect.WindowsNt4, Workgroup = "LAB", ReportsResults = false };
        _nodes = new EndNode[Stations];
        for (uint i = 0; i < Stations; i++)
        {
            var node = _nodes[i] = new EndNode(FormattableString.Invariant($"PC{i}"), EndNodeInterface.InSubnet(new Ipv4Address(0x0A000001 + i), 8), options);
            node.Boot(Instant.Epoch);
            while (node.TryPollTransmit(_buffer, out _) || node.PollTimeout() is not null)
            {
                if (node.PollTimeout() is { } due)
                    node.HandleTimeout(due);
            }
        }

        var entry = new NbEntry(default, new Ipv4Address(0x0A00FFFF));
        _strangerLength = NbnsEncoder.WriteRequest(_stranger, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("STRANGER<20>"), 0, entry);
        _queryLength = NbnsEncoder.WriteQuery(_query, 2, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("PC77<20>"));
        _claimLength = NbnsEncoder.WriteRequest(_claim, 3, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("PC77<20>"), 0, entry);
    }

    /// <summary>The yardstick: every length and pointer checked, the name decoded.</summary>
    [Benchmark(Baseline = true)]
    public ulong ParseAlone() =>
        NbnsPacket.TryParse(_stranger.AsSpan(0, _strangerLength), out var packet) && packet.Name.TryGetOctets(out ulong high, out _) ? high : 0;

    /// <summary>A broadcast about a name of nobody here, heard by ten thousand nodes in turn and drained.</summary>
    [Benchmark(OperationsPerInvoke = Stations)]
    public int BroadcastOfNoInterest()
    {
        int answers = 0;
        foreach (var node in _nodes)
            answers += Hear(node, _stranger.AsSpan(0, _strangerLength));
        return answers;
    }

    /// <summary>A query for a name we hold, and its answer.</summary>
    [Benchmark]
    public int QueryAnswered() => Hear(_nodes[77], _query.AsSpan(0, _queryLength));

    /// <summary>A claim of a name we hold, and our objection.</summary>
    [Benchmark]
    public int ClaimRefused() => Hear(_nodes[77], _claim.AsSpan(0, _claimLength));

    private int Hear(EndNode node, ReadOnlySpan<byte> payload)
    {
        node.HandleDatagram(Instant.Epoch, new Datagram(
            payload, Ipv4Endpoint.NameService(new Ipv4Address(0x0A00FFFF)), Ipv4Endpoint.NameService(Ipv4Address.Broadcast), isBroadcast: true));
        int answers = 0;
        while (node.TryPollTransmit(_buffer, out _))
            answers++;
        while (node.TryPollEvent(out _))
            answers++;
        return node.PollTimeout() is null ? answers : -1;
    }
}
