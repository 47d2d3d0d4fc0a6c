using BenchmarkDotNet.Attributes;
using NbnsSim.NameServers;

namespace NbnsSim.Benchmarks;

/// <summary>One request to a name server that holds a million names, beside a bare parse, dictionary look-up and answer.</summary>
[MemoryDiagnoser]
public class NameServerBenchmarks
{
    private const int Names = 1_000_000;

    private readonly byte[] _buffer = new byte[576];
    private NameServer _server = null!;
    private NameServerLoad.Bare _bare = null!;
    private byte[] _octets = null!;
    private int[] _numbers = null!;
    private int _length;
    private int _next;

    /// <summary>What is asked.</summary>
    public enum Request
    {
        Query = 0x0100,
        Refresh = 0x4000,
        Registration = 0x2900,
    }

    [ParamsAllValues]
    public Request Of { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _server = NameServerLoad.Fill(Names, journal: false, out _);
        _bare = new NameServerLoad.Bare(Names);
        (_octets, _numbers) = NameServerLoad.Packets(Names, (ushort)Of, miss: false);
        _length = Of == Request.Query ? 50 : 68;
    }

    [Benchmark(Baseline = true)]
    public int ParseLookUpAnswer()
    {
        int i = Next();
        return _bare.Ask(_octets.AsSpan(i * 68, _length), _buffer);
    }

    [Benchmark]
    public int NameServer()
    {
        int i = Next();
        return NameServerLoad.Ask(_server, Instant.FromUnixTime(1), _octets.AsSpan(i * 68, _length), NameServerLoad.AddressOf(_numbers[i]), _buffer);
    }

    private int Next()
    {
        _next = _next + 1 == _numbers.Length ? 0 : _next + 1;
        return _next;
    }
}
