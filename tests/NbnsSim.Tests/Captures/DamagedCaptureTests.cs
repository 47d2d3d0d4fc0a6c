using System.IO.Compression;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>What is cut short, mutated or hostile loses what is damaged and no more, never throws, and never takes memory without bound.</summary>
public sealed class DamagedCaptureTests
{
    private const long FixedCost = 700_000; // the reader's own buffer, the stream and what tests make of the result

    private static readonly byte[] Frame = Frames.Ordinary();

    /// <summary>A small capture of each format, and where each of its three frames ends.</summary>
    private static IEnumerable<TestCaseData> SmallCaptures()
    {
        foreach (bool bigEndian in new[] { false, true })
        {
            string order = bigEndian ? "big-endian" : "little-endian";
            var pcap = new CaptureBytes(bigEndian).PcapHeader();
            var ends = new List<int> { pcap.Length };
            for (int i = 1; i <= 3; i++)
                ends.Add(pcap.PcapRecord(i, 0, Frame).Length);
            yield return new TestCaseData(pcap.ToArray(), ends.ToArray()).SetArgDisplayNames($"pcap {order}");

            var pcapng = new CaptureBytes(bigEndian).Section();
            ends = [pcapng.Length];
            pcapng.Interface(options: options => options.Option(2, "eth0"u8).Option(9, 9));
            ends.Add(pcapng.Enhanced(1_000_000_000, Frame, options: options => options.Option(1, "a comment"u8)).Length);
            pcapng.Block(0x77, body => body.Add(1, 2, 3));
            ends.Add(pcapng.Obsolete(2_000_000_000, Frame).Length);
            pcapng.Section().Interface();
            ends.Add(pcapng.Simple(Frame).Length);
            yield return new TestCaseData(pcapng.ToArray(), ends.ToArray()).SetArgDisplayNames($"pcapng {order}");
        }

        var snoop = new CaptureBytes(bigEndian: true).SnoopHeader();
        int[] snoopEnds = [snoop.Length, snoop.SnoopRecord(1, 0, Frame).Length, snoop.SnoopRecord(2, 0, Frame).Length, snoop.SnoopRecord(3, 0, Frame).Length];
        yield return new TestCaseData(snoop.ToArray(), snoopEnds).SetArgDisplayNames("snoop");

        foreach (var (major, minor) in new[] { (1, 1), (2, 0), (2, 3) })
        {
            var netmon = new CaptureBytes().NetMonHeader(major, minor);
            int[] netmonEnds = [netmon.Length, netmon.NetMonRecord(1, Frame).Length, netmon.NetMonRecord(2, Frame).Length, netmon.NetMonRecord(3, Frame).Length];
            yield return new TestCaseData(netmon.ToArray(), netmonEnds).SetArgDisplayNames($"Network Monitor {major}.{minor}");
        }
    }

    [TestCaseSource(nameof(SmallCaptures))]
    public void ACaptureCutAnywhereLosesOnlyTheFrameThatIsCut(byte[] capture, int[] ends)
    {
        for (int length = 0; length <= capture.Length; length++)
        {
            bool opened = CaptureReader.TryOpen(new MemoryStream(capture, 0, length), out var reader, out string? problem);
            Assert.That(opened, Is.EqualTo(length >= ends[0]), $"cut to {length}: {problem}");
            if (!opened)
                continue;

            int frames = 0;
            while (reader!.TryRead(out var packet))
            {
                Assert.That(packet.Data.SequenceEqual(Frame), Is.True);
                frames++;
            }

            int whole = ends.Count(end => end <= length) - 1;
            Assert.That(frames, Is.EqualTo(whole), $"cut to {length}");
            bool between = ends.Contains(length) || IsBetweenBlocks(capture, length);
            Assert.That(reader.Damage is null, Is.EqualTo(between), $"cut to {length}: {reader.Damage}");
            if (reader.Damage is { } damage)
            {
                Assert.That((damage.Kind, damage.FrameNumber), Is.EqualTo((CaptureDamageKind.CutShort, whole + 1L)), $"cut to {length}");
                Assert.That(damage.Offset, Is.LessThan(length).And.GreaterThanOrEqualTo(ends.Last(end => end <= length)));
            }
        }
    }

    [TestCaseSource(nameof(SmallCaptures))]
    public void AGzippedCaptureCutAnywhereGivesTheFramesBeforeTheCut(byte[] capture, int[] ends)
    {
        byte[] zipped = Zip(capture, CompressionLevel.NoCompression); // what is cut off is then known
        int header = zipped.AsSpan().IndexOf(capture.AsSpan(0, 16));
        for (int length = 0; length < zipped.Length; length++)
        {
            if (!CaptureReader.TryOpen(new MemoryStream(zipped, 0, length), out var reader, out _))
            {
                Assert.That(length, Is.LessThanOrEqualTo(header + ends[0]));
                continue;
            }

            int frames = 0;
            while (reader.TryRead(out _))
                frames++;
            Assert.That(frames, Is.EqualTo(ends.Count(end => end <= length - header) - 1), $"cut to {length}");
            Assert.That(reader.DamageCount, Is.LessThanOrEqualTo(1));
        }
    }

    [Test]
    public void DamagedCompressedDataIsSaidToBeThat()
    {
        var bytes = new CaptureBytes().PcapHeader();
        for (int i = 0; i < 100; i++)
            bytes.PcapRecord(i, 0, Frame);
        byte[] zipped = Zip(bytes.ToArray(), CompressionLevel.NoCompression);
        zipped[^8] ^= 0xFF; // the checksum
        using var reader = CaptureReader.Open(new MemoryStream(zipped));

        int frames = 0;
        while (reader.TryRead(out _))
            frames++;
        Assert.That(reader.Damage?.Kind, Is.EqualTo(CaptureDamageKind.CompressedData));
        Assert.That(frames, Is.GreaterThanOrEqualTo(100 - (512 / (16 + Frame.Length)) - 1));
    }

    [TestCaseSource(nameof(SmallCaptures))]
    public void MutatedCapturesNeverThrowNorTakeMemoryWithoutBound(byte[] capture, int[] ends)
    {
        Assert.That(ends, Is.Not.Empty);
        var random = RandomStream.Derive(1, TestContext.CurrentContext.Test.Name);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] mutated = Mutate(capture, ref random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadAll(mutated, out int frames, asStream: round % 10 == 0);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(FixedCost), Convert.ToHexString(mutated));
            Assert.That(frames, Is.LessThanOrEqualTo(mutated.Length / 12));
        }
    }

    [Test]
    public void RandomDataNeverThrows()
    {
        var random = new RandomStream(2);
        foreach (byte[] start in new[] { new CaptureBytes().PcapHeader().ToArray(), new CaptureBytes().Section().Interface().ToArray(), new CaptureBytes(true).SnoopHeader().ToArray(), new CaptureBytes().NetMonHeader(1, 1).ToArray(), new CaptureBytes().NetMonHeader(2, 3).ToArray(), [0x1F, 0x8B], [] })
        {
            for (int round = 0; round < 500; round++)
            {
                byte[] noise = new byte[random.Next(600)];
                foreach (ref byte octet in noise.AsSpan())
                    octet = random.Chance(500_000) ? (byte)0 : (byte)random.NextUInt32();
                ReadAll([.. start, .. noise], out _);
            }
        }
    }

    [Test]
    public void MutatedFramesNeverThrow()
    {
        byte[] fragment = Frames.Udp(new byte[24]);
        byte[][] seeds =
        [
            Frames.Ordinary(),
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(), options: [1, 1, 1, 1, 1, 1, 1, 0]), tags: [0x81, 0, 0, 5]),
            Frames.Ethernet(Frames.Ipv4(fragment[..16], more: true)),
            Frames.Ethernet(Frames.Ipv4(fragment[16..], offset: 16)),
            Frames.Ethernet(Frames.Ipv6([17, 0, 0, 0, 0, 0, 0, 0, .. Frames.Udp(ipv6: true)], nextHeader: 0), 0x86DD),
            Frames.Ethernet(Frames.Ipv6([17, 0, .. Frames.Big16(1), 0, 0, 0, 1, .. fragment[..16]], nextHeader: 44), 0x86DD),
        ];
        LinkType[] links = [.. Enum.GetValues<LinkType>(), (LinkType)9999];
        var random = new RandomStream(3);
        for (int round = 0; round < 2_000; round++)
        {
            var bytes = new CaptureBytes().Section();
            foreach (var link in links)
                bytes.Interface(link);
            for (int i = 0; i < 20; i++)
            {
                byte[] frame = Mutate(seeds[random.Next((uint)seeds.Length)], ref random);
                bytes.Enhanced(random.NextUInt64() >> 8, frame, (int)random.Next((uint)links.Length));
            }

            ReadAll(bytes.ToArray(), out int frames);
            Assert.That(frames, Is.EqualTo(20));
        }
    }

    [Test]
    public void MutatedWrappingsNeverThrow()
    {
        var random = new RandomStream(4);
        for (int round = 0; round < 200; round++)
        {
            var bytes = new CaptureBytes().Section();
            foreach (var one in Wrappings.All)
                bytes.Interface(one.Link);
            for (int i = 0; i < Wrappings.All.Count; i++)
                bytes.Enhanced(random.NextUInt64() >> 8, Mutate(Wrappings.All[i].Frame, ref random), i);
            ReadAll(bytes.ToArray(), out int frames);
            Assert.That(frames, Is.EqualTo(Wrappings.All.Count));
        }
    }

    [Test]
    public void AHostileLengthTakesNoMemory([Values(0x77u, 6u, 3u, 2u, 1u, 0x0A0D0D0Au)] uint type, [Values(0x7FFFFFFCu, 0xFFFFFFFCu, 0x00100000u)] uint length)
    {
        byte[] capture = new CaptureBytes().Section().Interface().U32(type).U32(length).U32(0x1A2B3C4D).U16(1).U16(0).Add(new byte[40]).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = CaptureReader.Open(new MemoryStream(capture));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(FixedCost));
        Assert.That(reader.Damage, Is.Not.Null);
    }

    private static void ReadAll(byte[] capture, out int frames, bool asStream = false)
    {
        frames = 0;
        CaptureReader? capturing;
        string? problem;
        bool opened = asStream
            ? CaptureReader.TryOpen(new MemoryStream(capture), out capturing, out problem)
            : CaptureReader.TryOpen(capture, out capturing, out problem);
        if (!opened)
        {
            Assert.That(problem, Is.Not.Empty);
            return;
        }

        using var reader = new DatagramReader(capturing!, new DatagramReaderOptions { MaxFragmentedDatagrams = 2 });
        while (reader.TryRead(out var datagram))
            Touch(datagram);
        frames = (int)capturing!.FrameCount;
    }

    /// <summary>Calls everything that a datagram offers.</summary>
    private static void Touch(in CapturedDatagram datagram)
    {
        Assert.That(datagram.Payload.Length, Is.LessThanOrEqualTo(datagram.OriginalPayloadLength));
        _ = datagram.Source;
        _ = datagram.Destination;
        _ = datagram.SourceIpv6;
        _ = datagram.DestinationIpv6;
        _ = datagram.IsBroadcast;
        _ = datagram.SourceMac;
        _ = datagram.DestinationMac;
        _ = datagram.VlanId;
        Assert.That(datagram.Carriers.Length, Is.LessThanOrEqualTo(16));
        _ = datagram.VerifyIpChecksum();
        _ = datagram.VerifyUdpChecksum();
        _ = datagram.Packet.Comments.IsEmpty;
    }

    private static byte[] Mutate(byte[] original, ref RandomStream random)
    {
        var bytes = new List<byte>(original);
        for (uint left = 1 + random.Next(4); left > 0 && bytes.Count > 0; left--)
        {
            int at = (int)random.Next((uint)bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << (int)random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextUInt32();
                    break;
                case 2:
                    bytes[at] = random.Chance(500_000) ? (byte)0xFF : (byte)0;
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + (int)random.Next(8)));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + (int)random.Next(40))));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>In pcapng a cut behind a block that is no packet loses nothing that anybody could know of.</summary>
    private static bool IsBetweenBlocks(byte[] capture, int length)
    {
        if (capture[0] != 0x0A)
            return false;
        for (int at = 0; at < capture.Length; at += capture[at + 4] | capture[at + 5] | capture[at + 6] | capture[at + 7])
        {
            if (at == length)
                return true;
        }

        return false;
    }

    private static byte[] Zip(byte[] data, CompressionLevel level)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, level, leaveOpen: true))
            gzip.Write(data);
        return zipped.ToArray();
    }
}
