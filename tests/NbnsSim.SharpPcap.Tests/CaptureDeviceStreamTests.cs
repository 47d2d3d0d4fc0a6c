using NbnsSim.Captures;
using NbnsSim.Tests;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap.Tests;

public sealed class CaptureDeviceStreamTests
{
    private static readonly DeviceConfiguration Nanoseconds = new() { TimestampResolution = TimestampResolution.Nanosecond };

    [SetUp]
    public void NeedsLibpcap() => Libpcap.Require();

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void ADeviceGivesWhatOurReaderGivesForTheSameFile(string capture)
    {
        string path = SharedFolder.Require(capture);
        using var device = new CaptureFileReaderDevice(path);
        try
        {
            device.Open(Nanoseconds);
        }
        catch (PcapException problem)
        {
            Assert.Ignore($"libpcap does not read it: {problem.Message}");
        }

        using var ours = CaptureReader.Open(path);
        using var theirs = CaptureReader.Open(new CaptureDeviceStream(device));
        while (ours.TryRead(out var expected))
        {
            if (!theirs.TryRead(out var found))
            {
                Assert.Fail($"frame {expected.FrameNumber} is missing");
                return;
            }

            Assert.That(found.FrameNumber, Is.EqualTo(expected.FrameNumber));
            Assert.That(found.Time, Is.EqualTo(expected.Time), $"frame {expected.FrameNumber}");
            Assert.That(found.OriginalLength, Is.EqualTo(expected.OriginalLength), $"frame {expected.FrameNumber}");
            Assert.That(found.LinkType, Is.EqualTo(expected.LinkType), $"frame {expected.FrameNumber}");
            Assert.That(found.Data.SequenceEqual(expected.Data), Is.True, $"frame {expected.FrameNumber}");
        }

        try
        {
            Assert.That(theirs.TryRead(out _), Is.False, "a frame too many");
        }
        catch (IOException)
        {
            Assert.That(ours.Damage, Is.Not.Null, "libpcap finds damage where our reader finds none");
        }
    }

    [Test]
    public void NothingIsAllocatedForAPacket()
    {
        byte[] frame = Frames.Ethernet(Frames.Registration());
        using var file = new PcapFile(1, [.. Enumerable.Repeat(frame, 5000)]);
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        using var datagrams = new DatagramReader(CaptureReader.Open(new CaptureDeviceStream(device)));
        for (int i = 0; i < 1000; i++)
            Assert.That(datagrams.TryRead(out _), Is.True);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 1000;
        while (datagrams.TryRead(out var datagram))
            count += datagram.Payload.Length == 68 ? 1 : 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(count, Is.EqualTo(5000));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void ABpfFilterHolds()
    {
        byte[] other = NameServiceFrame.Create(default, default, new(Frames.Source.Address, 53), new(Frames.Broadcast.Address, 53), [1]).Bytes;
        using var file = new PcapFile(1, other, Frames.Ethernet(Frames.Registration()), other);
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        device.Filter = NameServiceFilter.Plain;
        var stream = new CaptureDeviceStream(device);
        using var reader = CaptureReader.Open(stream);
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time, Is.EqualTo(Instant.FromUnixTime(1_600_000_001, 123_456_789)));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(stream.PacketCount, Is.EqualTo(1));
    }

    [Test]
    public void TheFilterForEverythingLetsTunnelsAndTagsThrough()
    {
        using var program = BpfProgram.Create(LinkLayers.Ethernet, NameServiceFilter.Everything);
        byte[] ip = Frames.Ipv4(Frames.Registration());
        Assert.That(program.Matches(Frames.Ethernet(Frames.Registration())), Is.True);
        Assert.That(program.Matches(Frames.Join(Frames.EthernetHeader(0x8100), Frames.Hex("0005 0800"), ip)), Is.True, "VLAN");
        Assert.That(program.Matches(Frames.Join(Frames.EthernetHeader(0x8864), Frames.Hex("11 00 1234 0062 0021"), ip)), Is.True, "PPPoE");
        Assert.That(program.Matches(Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(47, ip))), Is.True, "GRE");
        byte[] fragment = [.. Frames.Ethernet(Frames.Registration())];
        fragment[21] = 5; // fragment offset
        Assert.That(program.Matches(fragment), Is.True, "fragment");
        byte[] dns = NameServiceFrame.Create(default, default, new(Frames.Source.Address, 53), new(Frames.Broadcast.Address, 53), [1]).Bytes;
        Assert.That(program.Matches(dns), Is.False);
    }

    [TestCase(24 + 16)]
    [TestCase(1)]
    [TestCase(100)]
    public void AnyBufferSizeWorks(int size)
    {
        byte[] frame = Frames.Ethernet(Frames.Registration());
        using var file = new PcapFile(1, frame, frame, frame);
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        using var stream = new CaptureDeviceStream(device);
        var octets = new MemoryStream();
        byte[] buffer = new byte[size];
        for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
            octets.Write(buffer, 0, read);
        Assert.That(octets.ToArray(), Is.EqualTo(File.ReadAllBytes(file.Path)));
    }

    [TestCase(0, LinkType.Null)]
    [TestCase(1, LinkType.Ethernet)]
    [TestCase(101, LinkType.Raw)]
    [TestCase(113, LinkType.LinuxCooked)]
    [TestCase(276, LinkType.LinuxCooked2)]
    public void TheLinkTypeIsThatOfTheFile(int written, LinkType expected)
    {
        using var file = new PcapFile(written, Frames.Ipv4(Frames.Registration()));
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        using var reader = CaptureReader.Open(new CaptureDeviceStream(device));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.LinkType, Is.EqualTo(expected));
    }

    [Test]
    public void MicrosecondsBecomeNanoseconds()
    {
        using var file = new PcapFile(1, Frames.Ethernet(Frames.Registration()));
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(new DeviceConfiguration());
        using var reader = CaptureReader.Open(new CaptureDeviceStream(device));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time, Is.EqualTo(Instant.FromUnixTime(1_600_000_000, 123_456_000)));
    }

    [Test]
    public void ADamagedTailIsAnErrorAfterTheSoundFrames()
    {
        byte[] frame = Frames.Ethernet(Frames.Registration());
        using var file = new PcapFile(1, frame, frame);
        using (var cut = File.OpenWrite(file.Path))
            cut.SetLength(cut.Length - 10);
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        using var reader = CaptureReader.Open(new CaptureDeviceStream(device));
        Assert.That(reader.TryRead(out _), Is.True);
        Assert.That(() => reader.TryRead(out _), Throws.InstanceOf<IOException>().With.Message.Contains("truncated"));
    }

    [Test]
    public void ADeviceThatIsNotOpenIsRefused()
    {
        using var device = new CaptureFileReaderDevice("/nowhere");
        Assert.That(() => new CaptureDeviceStream(device), Throws.InstanceOf<DeviceNotReadyException>());
    }

    [Test]
    public void ACancelledTokenEndsTheStream()
    {
        byte[] frame = Frames.Ethernet(Frames.Registration());
        using var file = new PcapFile(1, [.. Enumerable.Repeat(frame, 3000)]);
        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        using var stop = new CancellationTokenSource();
        using var reader = CaptureReader.Open(new CaptureDeviceStream(device, stop: stop.Token));
        Assert.That(reader.TryRead(out _), Is.True);
        stop.Cancel();
        while (reader.TryRead(out _))
        {
        }

        Assert.That(reader.FrameCount, Is.LessThan(3000));
    }

    private static IEnumerable<TestCaseData> Tunnels()
    {
        byte[] ip = Frames.Ipv4(Frames.Registration());
        byte[] ethernet = Frames.Ethernet(Frames.Registration());
        yield return new TestCaseData(1, Frames.Join(Frames.EthernetHeader(0x8864), Frames.Hex("11 00 1234 0062 0021"), ip)) { TestName = "PPPoE" };
        yield return new TestCaseData(1, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(47, Frames.Join(Frames.Hex("0000 0800"), ip)))) { TestName = "GRE" };
        yield return new TestCaseData(
            1, Frames.Join(Frames.EthernetHeader(0x8100), Frames.Hex("0005 0800"), Frames.Ipv4Header(47, Frames.Join(Frames.Hex("0000 6558"), ethernet))))
        { TestName = "GRE in a VLAN, Ethernet inside" };
        yield return new TestCaseData(1, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(4, ip))) { TestName = "IPv4 in IPv4" };
        yield return new TestCaseData(101, Frames.Ipv4Header(47, Frames.Join(Frames.Hex("0000 0800"), ip))) { TestName = "GRE on raw IP" };
        yield return new TestCaseData(
            113, Frames.Join(Frames.Hex("0000 0001 0006 02000a000002 0000 0800"), Frames.Ipv4Header(47, Frames.Join(Frames.Hex("0000 0800"), ip))))
        { TestName = "GRE on Linux cooked" };
        yield return new TestCaseData(9, Frames.Join(Frames.Hex("0021"), ip)) { TestName = "PPP" };
        byte[] vxlan = Frames.Join(Frames.Hex("c000 12b5"), [0, (byte)(16 + ethernet.Length)], Frames.Hex("0000 08000000 00000700"), ethernet);
        yield return new TestCaseData(1, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(17, vxlan))) { TestName = "VXLAN" };
    }

    [TestCaseSource(nameof(Tunnels))]
    public void TunnelsAreReadAsPacketDotNetReadsThem(int linkType, byte[] frame)
    {
        using var file = new PcapFile(linkType, frame, frame);
        Assert.That(NameServiceFrame.TryExtract((LinkLayers)linkType, frame, 137, out var theirs), Is.True);
        Assert.That((theirs!.Source?.ToString(), theirs.TransactionId), Is.EqualTo((Frames.Source.ToString(), (ushort)0x1234)));

        using var device = new CaptureFileReaderDevice(file.Path);
        device.Open(Nanoseconds);
        using var reader = new DatagramReader(CaptureReader.Open(new CaptureDeviceStream(device)), new DatagramReaderOptions { Port = 137 });
        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Frames.Registration()));
        Assert.That(datagram.Source, Is.EqualTo(Frames.Source));
        Assert.That(reader.TryRead(out datagram), Is.True);
        Assert.That(datagram.FrameNumber, Is.EqualTo(2));
    }
}
