using System.Globalization;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>What mirror ports and drivers put around a datagram comes off, and is said.</summary>
public sealed class WrappingTests
{
    private static readonly byte[] Ip = Frames.Ipv4(Frames.Udp());

    private static IEnumerable<TestCaseData> Each() => Wrappings.All.Select((one, index) => new TestCaseData(index).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(Each))]
    public void TheDatagramIsFoundWithItsOwnAddressesAndWhatCarriedIt(int index)
    {
        var wrapping = Wrappings.All[index];
        using var reader = Read(wrapping.Link, wrapping.Frame);

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That((datagram.Source.ToString(), datagram.Destination.ToString()), Is.EqualTo(("10.0.0.1:137", "10.0.0.255:137")));
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Frames.Payload));
        Assert.That((datagram.IsTruncated, datagram.IsReassembled, datagram.LinkType), Is.EqualTo((false, false, wrapping.Link)));
        Assert.That(datagram.VerifyUdpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
        Assert.That(datagram.VerifyIpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
        Assert.That(Describe(datagram.Carriers), Is.EqualTo(wrapping.Carriers));
        Assert.That((datagram.IsBroadcast, datagram.SourceMac?.ToString(), datagram.VlanId), Is.EqualTo((wrapping.ToGroup, wrapping.Source, wrapping.Vlan)));
        Assert.That(reader.TryRead(out _), Is.False);
    }

    [TestCaseSource(nameof(Each))]
    public void AFrameCutAnywhereGivesADatagramOnlyWithItsHeaders(int index)
    {
        var wrapping = Wrappings.All[index];
        int start = wrapping.Frame.AsSpan().IndexOf(Frames.Payload);
        for (int length = 0; length <= wrapping.Frame.Length; length++)
        {
            using var reader = Read(wrapping.Link, wrapping.Frame[..length], wrapping.Frame.Length);
            bool found = reader.TryRead(out var datagram);
            Assert.That(found, Is.EqualTo(length >= start), $"cut to {length}");
            if (found)
                Assert.That(datagram.Payload.Length, Is.EqualTo(Math.Min(length - start, Frames.Payload.Length)), $"cut to {length}");
        }
    }

    [Test]
    public void TsharkFindsTheSameDatagrams()
    {
        Wrappings.Wrapping[] read = [.. Wrappings.All.Where(one => one.TsharkReads)];
        var bytes = new CaptureBytes().Section();
        foreach (var one in read)
            bytes.Interface(one.Link);
        for (int i = 0; i < read.Length; i++)
            bytes.Enhanced(1_000_000, read[i].Frame, i);

        string printed = Tshark.Run(bytes.ToArray(), "-Y", "nbns", "-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "ip.dst");

        string[] lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(Missing(lines), Is.Empty);
        Assert.That(lines, Has.All.Contains("10.0.0.1\t").Or.Contains("10.0.0.1,").And.EndWith("10.0.0.255"));

        IEnumerable<string> Missing(string[] lines)
        {
            int[] found = [.. lines.Select(line => int.Parse(line.Split('\t')[0], CultureInfo.InvariantCulture))];
            return read.Where((_, i) => !found.Contains(i + 1)).Select(one => one.Name);
        }
    }

    private static IEnumerable<TestCaseData> EncryptedFrames()
    {
        static byte[] Udp(int port, byte[] payload) => Frames.Ethernet(Frames.Ipv4(Frames.Udp(payload, sourcePort: 50_000, destinationPort: port)));
        yield return new TestCaseData(LinkType.Ethernet, Frames.Ethernet(Frames.Ipv4(new byte[40], protocol: 50)), 1).SetArgDisplayNames("ESP");
        yield return new TestCaseData(LinkType.Ethernet, Frames.Ethernet(Frames.Ipv6(new byte[40], 50), 0x86DD), 1).SetArgDisplayNames("ESP over IPv6");
        yield return new TestCaseData(LinkType.Ethernet, Udp(4500, [0, 0, 0, 9, 0, 0, 0, 1, .. new byte[32]]), 1).SetArgDisplayNames("ESP in UDP");
        yield return new TestCaseData(LinkType.Ethernet, Udp(4500, [0, 0, 0, 0, .. new byte[32]]), 0).SetArgDisplayNames("a key exchange");
        yield return new TestCaseData(LinkType.Ethernet, Udp(51_820, [4, 0, 0, 0, .. new byte[32]]), 1).SetArgDisplayNames("WireGuard");
        yield return new TestCaseData(LinkType.Ethernet, Frames.Ethernet([0x0C, 0, 0, 0, 0, 1, .. new byte[40]], 0x88E5), 1).SetArgDisplayNames("802.1AE");
        yield return new TestCaseData(LinkType.Wireless, (byte[])[8, 0x42, 0, 0, .. new byte[60]], 1).SetArgDisplayNames("802.11");
    }

    [TestCaseSource(nameof(EncryptedFrames))]
    public void WhatIsEncrypted_IsCounted(LinkType link, byte[] frame, int count)
    {
        var capture = new CaptureBytes().PcapHeader(linkType: (uint)link).PcapRecord(1, 0, frame).Open();
        using var reader = new DatagramReader(capture, new DatagramReaderOptions { Port = 137 });
        Assert.That((reader.TryRead(out _), reader.EncryptedFrames), Is.EqualTo((false, (long)count)));
    }

    [Test]
    public void NothingIsAllocatedForAFrame()
    {
        var bytes = new CaptureBytes().Section();
        foreach (var one in Wrappings.All)
            bytes.Interface(one.Link);
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < Wrappings.All.Count; i++)
                bytes.Enhanced(1_000_000, Wrappings.All[i].Frame, i);
        }

        byte[] capture = bytes.ToArray();
        long least = long.MaxValue; // of several readings: the first makes what is made once, and a collection takes pooled buffers of fragments away
        for (int reading = 0; reading < 5; reading++)
        {
            var (count, taken) = Read();
            Assert.That(count, Is.EqualTo(Wrappings.All.Count * 20));
            least = Math.Min(least, taken);
        }

        Assert.That(least, Is.Zero);

        (int Count, long Taken) Read()
        {
            using var reader = new DatagramReader(CaptureReader.Open(capture), new DatagramReaderOptions { Port = 137 });
            int count = 0;
            while (count < Wrappings.All.Count * 2 && reader.TryRead(out _))
                count++;
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (reader.TryRead(out var datagram))
                count += datagram.VlanId >= -1 || datagram.SourceMac is not null || datagram.Carriers.Length >= 0 ? 1 : 0;
            return (count, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Test]
    public void EveryDatagramOfAnAggregateIsGivenOnce()
    {
        byte[] other = Frames.Ipv4(Frames.Udp([9, 9]), identification: 2);
        byte[] tcp = Frames.Ipv4(new byte[20], protocol: 6);
        byte[] frame = [0x88, 2, 0, 0, .. new byte[18], 0x10, 0, 0x80, 0, .. Subframe(tcp), .. Subframe(Ip), .. Subframe(tcp), .. Subframe(other), .. Subframe(tcp)];
        var bytes = new CaptureBytes().PcapHeader(linkType: 105).PcapRecord(1, 0, frame).PcapRecord(2, 0, frame);
        using var reader = new DatagramReader(bytes.Open(), new DatagramReaderOptions { Port = 137 });

        var found = new List<(long Frame, int Length, string? Mac)>();
        while (reader.TryRead(out var datagram))
            found.Add((datagram.FrameNumber, datagram.Payload.Length, datagram.SourceMac?.ToString()));

        string mac = "02-00-00-00-00-01";
        Assert.That(found, Is.EqualTo(new (long, int, string?)[] { (1, 12, mac), (1, 2, mac), (2, 12, mac), (2, 2, mac) }));
        Assert.That((reader.DatagramCount, reader.Capture.FrameCount), Is.EqualTo((4L, 2L)));

        static byte[] Subframe(byte[] ip) =>
            [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, .. Frames.Big16(8 + ip.Length), 0xAA, 0xAA, 3, 0, 0, 0, 8, 0, .. ip, .. new byte[-(22 + ip.Length) & 3]];
    }

    [Test]
    public void FragmentsOfATunnelAndInItArePutTogether()
    {
        byte[] udp = Frames.Udp(new byte[64]);
        byte[][] inner = [Frames.Ipv4(udp[..32], more: true), Frames.Ipv4(udp[32..], offset: 32)];
        var bytes = new CaptureBytes().PcapHeader();
        int identification = 40;
        foreach (byte[] piece in inner)
        {
            byte[] gre = [0, 0, 8, 0, .. piece];
            bytes.PcapRecord(1, 0, Frames.Ethernet(Frames.Ipv4(gre[..24], ++identification, more: true, protocol: 47)));
            bytes.PcapRecord(1, 0, Frames.Ethernet(Frames.Ipv4(gre[24..], identification, offset: 24, protocol: 47)));
        }

        using var reader = new DatagramReader(bytes.Open());
        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That((datagram.FrameNumber, datagram.Payload.Length, datagram.IsReassembled), Is.EqualTo((4L, 64, true)));
        Assert.That((datagram.Source.ToString(), datagram.VerifyUdpChecksum(), Describe(datagram.Carriers)), Is.EqualTo(("10.0.0.1:137", ChecksumStatus.Correct, "Gre 0 10.0.0.1 10.0.0.255")));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.LostFragmentedDatagrams, Is.Zero);
    }

    [Test]
    public void WhatIcmpQuotesIsCountedAndNotGiven()
    {
        byte[][] frames =
        [
            Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Ip], protocol: 1)),
            Frames.Ethernet(Frames.Ipv4([11, 0, 0, 0, 0, 0, 0, 0, .. Ip[..28]], protocol: 1)), // RFC 792: 64 bits of the data
            Frames.Ethernet(Frames.Ipv6([1, 4, 0, 0, 0, 0, 0, 0, .. Frames.Ipv6(Frames.Udp(ipv6: true))], 58), 0x86DD),
            Frames.Ethernet(Frames.Ipv4([8, 0, 0, 0, 0, 0, 0, 0, .. Ip], protocol: 1)), // an echo with just such data
            Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Frames.Ipv4(Frames.Udp(sourcePort: 53, destinationPort: 53))], protocol: 1)),
            Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Frames.Ipv4(new byte[20], protocol: 6)], protocol: 1)),
            Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Ip[..20]], protocol: 1)),
        ];
        var bytes = new CaptureBytes().PcapHeader();
        foreach (byte[] frame in frames)
            bytes.PcapRecord(1, 0, frame);
        using var reader = new DatagramReader(bytes.Open(), new DatagramReaderOptions { Port = 137 });

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.QuotedDatagrams, Is.EqualTo(3));
    }

    [Test]
    public void WhatOnlyLooksLikeATunnelIsGivenAsItIs()
    {
        byte[][] frames =
        [
            Frames.Ethernet(Wrappings.Ip4(17, Wrappings.Udp(50_000, 4789, [0, 0, 0, 0, 0, 0, 0, 0, 1]))),
            Frames.Ethernet(Wrappings.Ip4(17, Wrappings.Udp(50_000, 6081, [1, 2, 3]))),
            Frames.Ethernet(Wrappings.Ip4(17, Wrappings.Udp(1701, 1701, [0xC8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0]))), // L2TP's control
        ];
        foreach (byte[] frame in frames)
        {
            using var reader = Read(LinkType.Ethernet, frame, port: null);
            Assert.That(reader.TryRead(out var datagram), Is.True);
            Assert.That((datagram.Source.Address.ToString(), datagram.Carriers.Length), Is.EqualTo(("192.0.2.1", 0)));
        }
    }

    [Test]
    public void TunnelsCanBeLeftAlone()
    {
        byte[] vxlan = Wrappings.All.Single(one => one.Name == "VXLAN").Frame;
        using var reader = new DatagramReader(new CaptureBytes().PcapHeader().PcapRecord(1, 0, vxlan).Open(), new DatagramReaderOptions { LooksIntoTunnels = false });

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That((datagram.DestinationPort, datagram.Carriers.Length), Is.EqualTo(((ushort)4789, 0)));
    }

    [Test]
    public void EncryptedAndOtherWirelessFramesArePassedOver()
    {
        byte[] rest = [.. new byte[20], 0x10, 0, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0, .. Ip];
        byte[][] starts = [[8, 0x42], [0x48, 2], [0xC8, 2], [0x80, 0], [0xB4, 0], [9, 2]]; // protected, no data, no data with QoS, beacon, control, version 1
        foreach (byte[] start in starts)
        {
            using var reader = Read(LinkType.Wireless, [.. start, .. rest]);
            Assert.That(reader.TryRead(out _), Is.False, Convert.ToHexString(start));
        }
    }

    [Test]
    public void TunnelsWithoutEndEnd()
    {
        byte[] packet = Ip;
        for (int i = 0; i < 60; i++)
            packet = Wrappings.Ip4(4, packet);
        using var reader = Read(LinkType.Raw, packet);
        Assert.That(reader.TryRead(out _), Is.False);

        packet = Ip;
        for (int i = 0; i < 14; i++)
            packet = Wrappings.Ip4(4, packet);
        using var deep = Read(LinkType.Raw, packet);
        Assert.That(deep.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Carriers.Length, Is.EqualTo(14));
    }

    private static string Describe(ReadOnlySpan<Carrier> carriers)
    {
        var lines = new List<string>();
        foreach (var carrier in carriers)
        {
            string ends = carrier.SourceIpv6 != default ? $" {carrier.SourceIpv6} {carrier.DestinationIpv6}"
                : carrier.Source != default ? $" {carrier.Source} {carrier.Destination}" : "";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{carrier.Kind} {carrier.Id}{ends}"));
        }

        return string.Join("; ", lines);
    }

    private static DatagramReader Read(LinkType link, byte[] frame, int? originalLength = null, ushort? port = 137) =>
        new(new CaptureBytes().PcapHeader(linkType: (uint)link).PcapRecord(1, 0, frame, originalLength).Open(), new DatagramReaderOptions { Port = port });
}
