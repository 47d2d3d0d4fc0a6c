using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>What is written can be read again, by us and by tshark.</summary>
public sealed class CaptureWriterTests
{
    private static readonly Instant Time = new(1_360_546_153_991_301_123);

    [Test]
    public void WhatIsWrittenIsReadAgain([Values(CaptureFormat.Pcap, CaptureFormat.PcapNg)] CaptureFormat format, [Values] bool bigEndian, [Values] bool microseconds)
    {
        var random = new RandomStream(6);
        var frames = Enumerable.Range(0, 300).Select(_ => new byte[random.Next(2_000)]).ToArray();
        byte[] capture = Write(new CaptureWriterOptions { Format = format, BigEndian = bigEndian, Microseconds = microseconds }, writer =>
        {
            for (int i = 0; i < frames.Length; i++)
            {
                frames[i].AsSpan().Fill((byte)i);
                writer.Write(new Instant(Time.Nanoseconds + i), frames[i], comment: i % 3 == 0 ? $"Nr. {i} ü" : null, originalLength: frames[i].Length + (i % 2));
            }
        });

        using var reader = CaptureReader.Open(new MemoryStream(capture));
        Assert.That(reader.Format, Is.EqualTo(format));
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.That(reader.TryRead(out var packet), Is.True);
            Assert.That(packet.Data.SequenceEqual(frames[i]), Is.True);
            Assert.That(packet.OriginalLength, Is.EqualTo(frames[i].Length + (i % 2)));
            Assert.That(packet.Time.Nanoseconds, Is.EqualTo(microseconds ? (Time.Nanoseconds + i) / 1000 * 1000 : Time.Nanoseconds + i));
            Assert.That(packet.Comments.ToString(), Is.EqualTo(i % 3 == 0 && format == CaptureFormat.PcapNg ? $"Nr. {i} ü" : ""));
            Assert.That(packet.LinkType, Is.EqualTo(LinkType.Ethernet));
        }

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.Null);
    }

    [Test]
    public void InterfacesAreWritten()
    {
        var first = new CaptureInterface { LinkType = LinkType.Raw, SnapLength = 96, Name = "eth0", Description = "the first" };
        var second = new CaptureInterface { Name = "segment ü" };
        byte[] capture = Write(null, writer =>
        {
            Assert.That(writer.AddInterface(first), Is.Zero);
            Assert.That(writer.AddInterface(second), Is.EqualTo(1));
            writer.Write(Time, [1], 1);
            writer.Write(Time, [2], 0);
        });

        using var reader = CaptureReader.Open(new MemoryStream(capture));
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That((packet.InterfaceIndex, packet.LinkType), Is.EqualTo((1, LinkType.Ethernet)));
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That((packet.InterfaceIndex, packet.LinkType), Is.EqualTo((0, LinkType.Raw)));
        Assert.That(reader.Interfaces, Is.EqualTo(new[] { first, second }));
    }

    [Test]
    public void APacketIsCopiedWithItsComments([Values] bool bigEndian)
    {
        using var reader = new CaptureBytes(!bigEndian).Section().Interface(options: options => options.Option(9, 9))
            .Enhanced((ulong)Time.Nanoseconds, [1, 2, 3], originalLength: 60, options: options => options.Option(1, "one"u8).Option(2, 0, 0, 0, 1).Option(1, "two"u8)).Open();
        var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, new CaptureWriterOptions { BigEndian = bigEndian }, leaveOpen: true))
        {
            Assert.That(reader.TryRead(out var original), Is.True);
            writer.Write(original);
        }

        stream.Position = 0;
        using var copy = CaptureReader.Open(stream);
        Assert.That(copy.TryRead(out var packet), Is.True);
        Assert.That((packet.Time, packet.OriginalLength, packet.Comments.ToString()), Is.EqualTo((Time, 60, "one\ntwo")));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase(CaptureFormat.Pcap, false, false)]
    [TestCase(CaptureFormat.Pcap, true, true)]
    [TestCase(CaptureFormat.PcapNg, false, false)]
    [TestCase(CaptureFormat.PcapNg, true, true)]
    public void TsharkReadsWhatIsWritten(CaptureFormat format, bool bigEndian, bool microseconds)
    {
        byte[] capture = Write(new CaptureWriterOptions { Format = format, BigEndian = bigEndian, Microseconds = microseconds, Comment = "a run" }, writer =>
        {
            byte[] frame = new byte[200];
            for (int i = 0; i < 5; i++)
            {
                int length = UdpFrame.Write(
                    frame, new MacAddress(0x020000000001), MacAddress.Broadcast, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1")),
                    Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.255")), NameQuery, (ushort)i);
                writer.Write(Time, frame.AsSpan(0, length), comment: $"Nr. {i} ü");
            }
        });

        string[] lines = Tshark.Run(
            capture, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "ip.id", "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "nbns.name",
            "-e", "frame.comment", "-e", "_ws.malformed", "-e", "_ws.expert.message").TrimEnd('\n').Split('\n');

        string time = microseconds ? "1360546153.991301000" : "1360546153.991301123";
        Assert.That(lines, Is.EqualTo(Enumerable.Range(0, 5).Select(i =>
            $"{i + 1}\t{time}\t0x{i:x4}\t1\t1\tALICE<03>\t{(format == CaptureFormat.PcapNg ? $"Nr. {i} ü" : "")}\t\t{(format == CaptureFormat.PcapNg ? $"Nr. {i} ü" : "")}")));
    }

    [Test]
    public void ACaptureWithoutPacketsIsACapture([Values(CaptureFormat.Pcap, CaptureFormat.PcapNg)] CaptureFormat format)
    {
        byte[] capture = Write(new CaptureWriterOptions { Format = format, Application = null }, _ => { });

        using var reader = CaptureReader.Open(new MemoryStream(capture));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Damage, Is.Null);
        Assert.That(Tshark.Run(capture), Is.Empty);
    }

    [Test]
    public void WritingAllocatesNothingPerPacket([Values(CaptureFormat.Pcap, CaptureFormat.PcapNg)] CaptureFormat format)
    {
        byte[] frame = Frames.Ordinary();
        using var writer = new CaptureWriter(Stream.Null, new CaptureWriterOptions { Format = format });
        Assert.That(Allocated(), Is.GreaterThanOrEqualTo(0)); // once for what .NET sets up
        Assert.That(Allocated(), Is.LessThan(4_000 * 4), "the smallest object takes 24 octets; a collection meanwhile blurs the count by some thousand");

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 4_000; i++)
                writer.Write(Time, frame, comment: "a comment");
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public void WhatCannotBeWrittenIsRefused()
    {
        using var pcap = new CaptureWriter(Stream.Null, new CaptureWriterOptions { Format = CaptureFormat.Pcap });
        pcap.AddInterface(new CaptureInterface());
        Assert.That(() => pcap.AddInterface(new CaptureInterface()), Throws.InvalidOperationException);
        Assert.That(() => pcap.Write(Instant.FromUnixTime(1L << 32), []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => pcap.Write(new Instant(-1), []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => pcap.Write(Time, [], interfaceIndex: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => pcap.Write(Time, new byte[CaptureReader.MaxPacketLength + 1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => pcap.Write(Time, [1], originalLength: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new CaptureWriterOptions { Format = CaptureFormat.Snoop }, Throws.TypeOf<ArgumentOutOfRangeException>());

        using var pcapng = new CaptureWriter(Stream.Null);
        Assert.That(() => pcapng.Write(Time, [], comment: new string('x', 65_536)), Throws.ArgumentException);
        Assert.That(() => pcapng.Write(Time, [], comment: new string('x', 65_535)), Throws.Nothing);
        pcapng.Dispose();
        Assert.That(() => pcapng.Write(Time, []), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ACaptureFileIsCreatedInTheFormatOfItsName()
    {
        foreach (var (name, format) in new[] { ("a.pcap", CaptureFormat.Pcap), ("a.CAP", CaptureFormat.Pcap), ("a.pcapng", CaptureFormat.PcapNg), ("a", CaptureFormat.PcapNg) })
        {
            string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-{name}");
            try
            {
                using (var writer = CaptureWriter.Create(path))
                    writer.Write(Time, [1, 2, 3]);
                using var reader = CaptureReader.Open(path);
                Assert.That(reader.Format, Is.EqualTo(format));
                Assert.That(reader.TryRead(out var packet), Is.True);
                Assert.That(packet.Time, Is.EqualTo(Time));
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Test]
    public void AFrameIsWrittenWithItsLengthsAndChecksums()
    {
        var source = new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.1"), 137);
        var destination = new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.255"), 137);
        byte[] frame = new byte[100];
        frame.AsSpan().Fill(0xA5); // nothing may shine through

        int length = UdpFrame.Write(frame, new MacAddress(0x020000000001), MacAddress.Broadcast, source, destination, Frames.Payload, 1);

        Assert.That(frame[..length], Is.EqualTo(Frames.Ordinary()));
        Assert.That(frame[length..], Is.All.EqualTo(0xA5));
    }

    [Test]
    public void APayloadMayStandInTheFrameAlready([Values(0, 10, UdpFrame.HeaderLength, 60)] int at)
    {
        byte[] frame = new byte[100];
        Frames.Payload.CopyTo(frame.AsSpan(at));
        var nobody = default(Ipv4Endpoint);

        int length = UdpFrame.Write(frame, default, default, nobody, nobody, frame.AsSpan(at, Frames.Payload.Length));

        Assert.That(frame[UdpFrame.HeaderLength..length], Is.EqualTo(Frames.Payload));
    }

    [Test]
    public void AChecksumThatComesOutAsZeroIsWrittenAsOnes()
    {
        // RFC 768: a sum of all ones stands for it, since zero says that there is none
        byte[] frame = new byte[100];
        var nobody = default(Ipv4Endpoint);
        byte[] payload = Frames.Big16(0xFFFF - 17 - 10 - 10);

        UdpFrame.Write(frame, default, default, nobody, nobody, payload);

        Assert.That(frame[40..42], Is.EqualTo(new byte[] { 0xFF, 0xFF }));
    }

    [Test]
    public void AFrameThatDoesNotFitIsRefused()
    {
        var nobody = default(Ipv4Endpoint);
        Assert.That(() => UdpFrame.Write(new byte[UdpFrame.HeaderLength], default, default, nobody, nobody, [1]), Throws.ArgumentException);
        Assert.That(() => UdpFrame.Write(new byte[70_000], default, default, nobody, nobody, new byte[UdpFrame.MaxPayloadLength + 1]), Throws.ArgumentException);
        Assert.That(UdpFrame.Write(new byte[70_000], default, default, nobody, nobody, new byte[UdpFrame.MaxPayloadLength]), Is.EqualTo(65_535 + 14));
    }

    private static byte[] NameQuery => [.. Convert.FromHexString("123401100001000000000000"), 0x20, .. "EBEMEJEDEFCACACACACACACACACACAAD"u8, 0, 0, 0x20, 0, 1];

    private static byte[] Write(CaptureWriterOptions? options, Action<CaptureWriter> write)
    {
        var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, options))
            write(writer);
        return stream.ToArray();
    }
}
