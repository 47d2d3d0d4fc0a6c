using BenchmarkDotNet.Attributes;
using NbnsSim.Captures;

namespace NbnsSim.Benchmarks;

/// <summary>Walking over a capture in memory, per packet. Judge by the ratio to the hand-written walk, and by allocation.</summary>
[MemoryDiagnoser]
public class CaptureBenchmarks
{
    private const int Packets = 100_000;

    private byte[] _pcap = null!;
    private byte[] _pcapng = null!;

    [GlobalSetup]
    public void Make()
    {
        _pcap = CaptureMix.Make(Packets);
        _pcapng = CaptureMix.Make(Packets, CaptureFormat.PcapNg);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Packets)]
    public long HandWrittenWalk() => CaptureWalk.BareWalk(_pcap);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Frames() => CaptureWalk.InMemory(_pcap, CaptureWalk.Frames);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long FramesOfPcapNg() => CaptureWalk.InMemory(_pcapng, CaptureWalk.Frames);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Datagrams() => CaptureWalk.InMemory(_pcap, CaptureWalk.Datagrams);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Checksums() => CaptureWalk.InMemory(_pcap, CaptureWalk.Checksums);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long DecodedPackets() => CaptureWalk.InMemory(_pcap, CaptureWalk.Decode);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long DecodedPacketsOfPcapNg() => CaptureWalk.InMemory(_pcapng, CaptureWalk.Decode);
}
