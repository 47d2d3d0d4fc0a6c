using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Tests.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>Decoding of typical packets, each against a bare walk over the same octets in the same run.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private const int RegistrationLength = 68;

    private static readonly byte[] s_finished = MakeFinished();

    private byte[] _octets = [];

    /// <summary>Packets of our own recordings.</summary>
    public enum Packet
    {
        Registration,
        Query,
        PositiveResponse,
        TwoAddresses,
        NegativeResponse,
        Refusal,
        Release,
        Wack,
        NodeStatus,
    }

    [ParamsAllValues]
    public Packet Of { get; set; }

    internal static byte[] Octets(Packet packet)
    {
        if (packet == Packet.TwoAddresses)
            return MessageVectors.Octets(MessageVectors.All.Single(v => v.Message is PositiveNameQueryResponse { Entries.Length: 2 }).Hex);
        var (capture, frame) = packet switch
        {
            Packet.Registration => ("a-bnode-boot", 1),
            Packet.Query => ("a-bnode-boot", 7),
            Packet.PositiveResponse => ("b1-bnode-conflict-late", 51),
            Packet.NegativeResponse => ("d-queries", 15),
            Packet.Refusal => ("b1-bnode-conflict-late", 28),
            Packet.Release => ("c-wins-nmbd", 226),
            Packet.Wack => ("c3-wins-wack-client", 11),
            _ => ("b1-bnode-conflict-late", 54),
        };
        return MessageVectors.Octets(MessageVectors.Captured.Single(c => c.Capture == capture && c.Frame == frame).Hex);
    }

    [GlobalSetup]
    public void Setup() => _octets = Octets(Of);

    [Benchmark(Baseline = true)]
    public uint BareWalk() => BareDecode(_octets);

    /// <summary>Parse, classify, name, and first entry.</summary>
    [Benchmark]
    public uint Decode() => FullDecode(_octets);

    [Benchmark]
    public NbnsMessage? ReadMessage() => MessageDecode(_octets);

    internal static uint BareDecode(ReadOnlySpan<byte> octets)
    {
        var result = default(BareWalk.Result);
        return Benchmarks.BareWalk.Read(octets, ref result) ? (uint)result.Low + (uint)result.NodeLow + result.Address + result.Flags : 0;
    }

    internal static uint FullDecode(ReadOnlySpan<byte> octets)
    {
        if (!NbnsPacket.TryParse(octets, out var packet))
            return 0;
        packet.Name.TryGetOctets(out _, out ulong low);
        var kind = NbnsClassification.Classify(packet);
        uint sum = (uint)kind + (uint)low + packet.Flags.Value;
        if (kind == NbnsMessageKind.NodeStatusResponse)
            return packet.Record.NodeNameCount > 0 ? sum + (uint)packet.Record.GetNodeName(0).Name.Low : sum;
        return sum + packet.Record.FirstEntry.Address.Value;
    }

    /// <summary>What any writer of 68 octets has to do at least: a copy of a length that the compiler knows, and the transaction id.</summary>
    internal static uint CopyFinished(byte[] buffer, int id)
    {
        s_finished.AsSpan(0, RegistrationLength).CopyTo(buffer);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)id);
        return RegistrationLength;
    }

    private static byte[] MakeFinished()
    {
        byte[] octets = new byte[RegistrationLength];
        NbnsEncoder.WriteRequest(octets, 1, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse("ALICE<03>"), 300_000, new NbEntry(default, new Ipv4Address(0x0A000002)));
        return octets;
    }

    internal static NbnsMessage? MessageDecode(ReadOnlySpan<byte> octets) =>
        NbnsPacket.TryParse(octets, out var packet) && NbnsMessage.TryRead(packet, out var message) ? message : null;
}

/// <summary>Writing of a registration, against storing the same 68 octets with a changed transaction id.</summary>
[MemoryDiagnoser]
public class EncodeBenchmarks
{
    private static readonly NbEntry Entry = new(new NbFlags(0), new Ipv4Address(0x0A000002));
    private readonly byte[] _buffer = new byte[NbnsHeader.MaxDatagramLength];
    private readonly NetBiosName _name = NetBiosName.Parse("ALICE<03>");
    private readonly NbnsMessage _message = new NameRegistrationRequest(1, NetBiosName.Parse("ALICE<03>"), Entry, 300_000);
    private ushort _id;

    [Benchmark(Baseline = true)]
    public uint CopyFinished() => DecodeBenchmarks.CopyFinished(_buffer, ++_id);

    [Benchmark]
    public int Registration() => NbnsEncoder.WriteRequest(_buffer, ++_id, NbnsFlagWords.RegistrationRequest, _name, 300_000, Entry);

    [Benchmark]
    public int PositiveResponse() => NbnsEncoder.WriteResponse(_buffer, ++_id, NbnsFlagWords.QueryResponse, _name, 300_000, Entry);

    [Benchmark]
    public int Query() => NbnsEncoder.WriteQuery(_buffer, ++_id, NbnsFlagWords.QueryRequest, _name);

    [Benchmark]
    public int Message() => _message.Write(_buffer);
}

/// <summary>Half-ASCII by vectors, against one letter after the other.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class HalfAsciiBenchmarks
{
    private readonly byte[] _letters = new byte[32];
    private readonly NetBiosName _name = NetBiosName.Parse("ALICE<03>");

    public HalfAsciiBenchmarks() => HalfAscii.Encode(_name.High, _name.Low, _letters);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("Decode")]
    public ulong DecodeScalar() => HalfAscii.TryDecodeScalar(_letters, out ulong high, out ulong low) ? high + low : 0;

    [Benchmark]
    [BenchmarkCategory("Decode")]
    public ulong DecodeVector() => HalfAscii.TryDecode(_letters, out ulong high, out ulong low) ? high + low : 0;

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("Encode")]
    public void EncodeScalar() => HalfAscii.EncodeScalar(_name.High, _name.Low, _letters);

    [Benchmark]
    [BenchmarkCategory("Encode")]
    public void EncodeVector() => HalfAscii.Encode(_name.High, _name.Low, _letters);
}
