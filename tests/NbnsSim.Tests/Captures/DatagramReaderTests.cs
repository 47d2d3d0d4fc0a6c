using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>IPv4, IPv6 and UDP, whatever their headers say.</summary>
public sealed class DatagramReaderTests
{
    [Test]
    public void OptionsOfIpv4AreSkipped()
    {
        byte[] frame = Frames.Ethernet(Frames.Ipv4(Frames.Udp(), options: [0x94, 4, 0, 0, 1, 1, 1, 0]));
        using var reader = Read(frame);

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Frames.Payload));
        Assert.That((datagram.VerifyIpChecksum(), datagram.VerifyUdpChecksum()), Is.EqualTo((ChecksumStatus.Correct, ChecksumStatus.Correct)));
    }

    [Test]
    public void LengthsThatLieGiveWhatIsThere()
    {
        byte[] udp = Frames.Udp();
        byte[] longUdp = [.. udp];
        longUdp[5] += 10; // its length says more than IP carries
        byte[] shortUdp = [.. udp];
        shortUdp[5] -= 4; // its length says less
        (byte[] Frame, int Payload, bool Truncated)[] cases =
        [
            (Frames.Ethernet(Frames.Ipv4(longUdp)), 12, true),
            (Frames.Ethernet(Frames.Ipv4(shortUdp)), 8, false),
            (Frames.Ethernet(Frames.Ipv4(udp, totalLength: 0)), 12, false), // left to the network card
            (Frames.Ethernet(Frames.Ipv4(udp, totalLength: 500)), 12, false),
            (Frames.Ethernet(Frames.Ipv4(udp, totalLength: 30)), 2, true),
            (Frames.Ethernet(Frames.Ipv6(Frames.Udp(ipv6: true), payloadLength: 0), 0x86DD), 12, false),
            (Frames.Ethernet(Frames.Ipv6(Frames.Udp(ipv6: true), payloadLength: 500), 0x86DD), 12, false),
        ];
        foreach (var (frame, payload, truncated) in cases)
        {
            using var reader = Read(frame);
            Assert.That(reader.TryRead(out var datagram), Is.True, Convert.ToHexString(frame));
            Assert.That((datagram.Payload.Length, datagram.IsTruncated), Is.EqualTo((payload, truncated)), Convert.ToHexString(frame));
        }
    }

    [Test]
    public void HeadersThatCannotBeAreNoDatagrams()
    {
        byte[] shortUdp = Frames.Udp();
        shortUdp[5] = 7; // less than its own header
        byte[] shortHeader = Frames.Ipv4(Frames.Udp());
        shortHeader[0] = 0x44;
        byte[][] frames =
        [
            Frames.Ethernet(Frames.Ipv4(shortUdp)),
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(), options: [1, 1, 1, 0], totalLength: 23)),
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(), totalLength: 27)),
            Frames.Ethernet(shortHeader),
            Frames.Ethernet([0x4F, .. Frames.Ipv4(Frames.Udp())[1..]]),
        ];
        foreach (byte[] frame in frames)
        {
            using var reader = Read(frame);
            Assert.That(reader.TryRead(out _), Is.False, Convert.ToHexString(frame));
        }
    }

    [Test]
    public void ExtensionHeadersOfIpv6AreSkipped()
    {
        byte[] udp = Frames.Udp(ipv6: true);
        (byte Next, byte[] Body)[] cases =
        [
            (0, [17, 0, 1, 4, 0, 0, 0, 0, .. udp]), // hop-by-hop
            (43, [17, 2, 0, 0, .. new byte[20], .. udp]), // routing, 24 octets
            (60, [51, 0, 1, 4, 0, 0, 0, 0, 17, 4, 0, 0, .. new byte[20], .. udp]), // destination options, authentication
            (44, [17, 0, 0, 0, 0, 0, 0, 1, .. udp]), // a fragment that is the whole (RFC 6946)
        ];
        foreach (var (next, body) in cases)
        {
            using var reader = Read(Frames.Ethernet(Frames.Ipv6(body, next), 0x86DD));
            Assert.That(reader.TryRead(out var datagram), Is.True, $"next header {next}");
            Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Frames.Payload));
            Assert.That((datagram.VerifyUdpChecksum(), datagram.IsReassembled), Is.EqualTo((ChecksumStatus.Correct, false)));
        }

        byte[] endless = [.. Enumerable.Repeat<byte[]>([0, 0, 0, 0, 0, 0, 0, 0], 100).SelectMany(header => header)];
        using var hostile = Read(Frames.Ethernet(Frames.Ipv6([.. endless, .. udp], 0), 0x86DD));
        Assert.That(hostile.TryRead(out _), Is.False);
    }

    [Test]
    public void OnlyTheWantedPortIsGiven()
    {
        byte[][] frames =
        [
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(sourcePort: 1025))),
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(destinationPort: 1025))),
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(sourcePort: 138, destinationPort: 138))),
        ];
        Assert.That(Numbers(new DatagramReaderOptions { Port = 137 }), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Numbers(null), Is.EqualTo(new[] { 1, 2, 3 }));

        IEnumerable<long> Numbers(DatagramReaderOptions? options)
        {
            var numbers = new List<long>();
            using var reader = new DatagramReader(Capture(frames).Open(), options);
            while (reader.TryRead(out var datagram))
                numbers.Add(datagram.FrameNumber);
            return numbers;
        }
    }

    [Test]
    public void ChecksumsAreVerifiedOnRequest()
    {
        byte[] wrong = Frames.Ordinary();
        wrong[^1] ^= 1;
        byte[] absent = Frames.Ordinary();
        absent[40] = absent[41] = 0;
        byte[] wrongIp = Frames.Ordinary();
        wrongIp[14 + 8]--; // a hop that forgot the checksum
        byte[] odd = Frames.Ordinary([1, 2, 3]);
        byte[] zeroIpv6 = Frames.Ethernet(Frames.Ipv6(Frames.Udp(ipv6: true)), 0x86DD);
        zeroIpv6[14 + 40 + 6] = zeroIpv6[14 + 40 + 7] = 0;

        Assert.That(Verify(Frames.Ordinary()), Is.EqualTo((ChecksumStatus.Correct, ChecksumStatus.Correct)));
        Assert.That(Verify(wrong), Is.EqualTo((ChecksumStatus.Correct, ChecksumStatus.Wrong)));
        Assert.That(Verify(absent), Is.EqualTo((ChecksumStatus.Correct, ChecksumStatus.Absent)));
        Assert.That(Verify(wrongIp), Is.EqualTo((ChecksumStatus.Wrong, ChecksumStatus.Correct)));
        Assert.That(Verify(odd), Is.EqualTo((ChecksumStatus.Correct, ChecksumStatus.Correct)));
        Assert.That(Verify(zeroIpv6).Udp, Is.EqualTo(ChecksumStatus.Wrong), "RFC 8200 §8.1: over IPv6 it may not be left out");

        static (ChecksumStatus Ip, ChecksumStatus Udp) Verify(byte[] frame)
        {
            using var reader = Read(frame);
            Assert.That(reader.TryRead(out var datagram), Is.True);
            return (datagram.VerifyIpChecksum(), datagram.VerifyUdpChecksum());
        }
    }

    [Test]
    public void TheFastChecksumIsTheSlowOne()
    {
        var random = new RandomStream(5);
        for (int length = 0; length < 600; length++)
        {
            byte[] octets = new byte[length];
            foreach (ref byte octet in octets.AsSpan())
                octet = random.Chance(300_000) ? (byte)0xFF : (byte)random.NextUInt32();
            Assert.That((ushort)~InternetChecksum.Fold(InternetChecksum.Add(0, octets)), Is.EqualTo(Frames.Checksum(octets)));
        }
    }

    [TestCase("255.255.255.255", true)]
    [TestCase("224.0.0.251", true)]
    [TestCase("10.0.0.255", false, TestName = "Without a link layer a subnet broadcast looks like a host")]
    public void WithoutALinkLayerTheAddressTellsABroadcast(string destination, bool expected)
    {
        byte[] packet = Frames.Ipv4(Frames.Udp());
        Ipv4Address.Parse(destination).Write(packet.AsSpan(16));
        using var reader = new DatagramReader(new CaptureBytes().PcapHeader(linkType: 101).PcapRecord(1, 0, packet).Open());

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.IsBroadcast, Is.EqualTo(expected));
    }

    internal static CaptureBytes Capture(params IEnumerable<byte[]> frames)
    {
        var bytes = new CaptureBytes().PcapHeader();
        int seconds = 0;
        foreach (byte[] frame in frames)
            bytes.PcapRecord(++seconds, 0, frame);
        return bytes;
    }

    private static DatagramReader Read(params byte[][] frames) => new(Capture(frames).Open());
}
