using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap.Benchmarks;

/// <summary>
/// The same capture file read by our reader, by SharpPcap alone and by SharpPcap with PacketDotNet, in one run: time and allocation per packet.
/// The file is NBNSSIM_CAPTURE, of a million frames, or is written first.
/// </summary>
[Config(typeof(OneFileAnInvocation))]
[MemoryDiagnoser]
[MinColumn]
[MedianColumn]
public class ReaderBenchmarks
{
    internal const int Frames = 1_000_000;

    private static readonly DeviceConfiguration Nanoseconds = new() { TimestampResolution = TimestampResolution.Nanosecond };

    private string _path = "";
    private bool _isOurs;
    private NameServiceDecoderRegistration? _registration;

    [GlobalSetup(Targets = [nameof(Ours), nameof(OursDecoding), nameof(SharpPcapPointers), nameof(SharpPcapAlone), nameof(SharpPcapThroughOurs), nameof(SharpPcapAndPacketDotNet)])]
    public void FindFile()
    {
        _path = Environment.GetEnvironmentVariable("NBNSSIM_CAPTURE") ?? "";
        _isOurs = _path.Length == 0;
        if (_isOurs)
            _path = WriteFile();
        using var reader = CaptureReader.Open(_path);
        while (reader.TryRead(out _))
        {
        }

        if (reader.FrameCount != Frames)
            throw new InvalidOperationException($"{_path} has {reader.FrameCount} frames: the figures are for {Frames}.");
    }

    [GlobalSetup(Target = nameof(SharpPcapAndOurPacket))]
    public void FindFileAndRegister()
    {
        FindFile();
        _registration = NameServiceDecoder.Register();
    }

    [GlobalCleanup]
    public void DeleteFile()
    {
        _registration?.Dispose();
        if (_isOurs)
            File.Delete(_path);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Frames, Description = "our reader, to the UDP payload")]
    public long Ours()
    {
        using var reader = new DatagramReader(CaptureReader.Open(_path));
        return Walk(reader);
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "our reader, decoded")]
    public long OursDecoding()
    {
        using var reader = new DatagramReader(CaptureReader.Open(_path));
        long sum = 0;
        while (reader.TryRead(out var datagram))
        {
            if (NbnsPacket.TryParse(datagram.Payload, out var packet))
                sum += packet.TransactionId;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "SharpPcap GetNextPacketPointers, nothing looked at")]
    public long SharpPcapPointers()
    {
        using var device = Open();
        long count = 0;
        nint header = 0, data = 0;
        while (device.GetNextPacketPointers(ref header, ref data) == 1)
            count++;
        return count;
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "SharpPcap GetNextPacket, nothing looked at")]
    public long SharpPcapAlone()
    {
        using var device = Open();
        long sum = 0;
        while (device.GetNextPacket(out var packet) == GetPacketStatus.PacketRead)
            sum += packet.Data.Length;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "SharpPcap through CaptureDeviceStream, to the UDP payload")]
    public long SharpPcapThroughOurs()
    {
        using var device = Open();
        using var reader = new DatagramReader(CaptureReader.Open(new CaptureDeviceStream(device)));
        return Walk(reader);
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "SharpPcap + PacketDotNet, to the UDP payload")]
    public long SharpPcapAndPacketDotNet()
    {
        using var device = Open();
        long sum = 0;
        while (device.GetNextPacket(out var packet) == GetPacketStatus.PacketRead)
            sum += packet.GetPacket().GetPacket().Extract<UdpPacket>()?.PayloadDataSegment.Length ?? 0;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "SharpPcap + PacketDotNet + NameServicePacket, decoded")]
    public long SharpPcapAndOurPacket()
    {
        using var device = Open();
        long sum = 0;
        while (device.GetNextPacket(out var packet) == GetPacketStatus.PacketRead)
            sum += packet.GetPacket().GetPacket().Extract<NameServicePacket>()?.TransactionId ?? 0;
        return sum;
    }

    private static long Walk(DatagramReader reader)
    {
        long sum = 0;
        while (reader.TryRead(out var datagram))
            sum += datagram.Payload.Length;
        return sum;
    }

    private CaptureFileReaderDevice Open()
    {
        var device = new CaptureFileReaderDevice(_path);
        device.Open(Nanoseconds);
        return device;
    }

    private static string WriteFile()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcap");
        using var writer = CaptureWriter.Create(path);
        var random = new RandomStream(1);
        Span<byte> frame = stackalloc byte[UdpFrame.HeaderLength + NbnsHeader.MaxDatagramLength];
        for (int i = 0; i < Frames; i++)
        {
            var address = new Ipv4Address(0x0A000000 | random.Next(65_536));
            var name = new NetBiosName($"PC{random.Next(100_000):D5}", NameSuffix.Workstation);
            var entry = new NbEntry(new NbFlags(group: false, OwnerNodeType.B), address);
            var payload = frame[UdpFrame.HeaderLength..];
            int length = random.Next(100) switch
            {
                < 50 => NbnsEncoder.WriteRequest(payload, (ushort)i, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 300_000, entry),
                < 80 => NbnsEncoder.WriteQuery(payload, (ushort)i, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, name),
                _ => NbnsEncoder.WriteResponse(payload, (ushort)i, NbnsFlagWords.QueryResponse, name, 300_000, entry),
            };
            int size = UdpFrame.Write(
                frame, MacAddress.FromIpv4(address), MacAddress.Broadcast, Ipv4Endpoint.NameService(address), Ipv4Endpoint.NameService(new Ipv4Address(0x0A00FFFF)), payload[..length]);
            writer.Write(Instant.FromMilliseconds(i), frame[..size]);
        }

        return path;
    }

    /// <summary>A whole file is one invocation; in this process, since libpcap's file is in the page cache for all alike.</summary>
    private sealed class OneFileAnInvocation : ManualConfig
    {
        public OneFileAnInvocation() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithInvocationCount(4).WithUnrollFactor(1).WithWarmupCount(2).WithIterationCount(10));
    }
}
