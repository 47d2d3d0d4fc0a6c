using PacketDotNet;

namespace NbnsSim.SharpPcap.Tests;

public sealed class NameServiceFrameTests
{
    private static IEnumerable<TestCaseData> Encapsulations()
    {
        byte[] ip = Frames.Ipv4(Frames.Registration());
        byte[] ethernet = Frames.Ethernet(Frames.Registration());
        yield return new TestCaseData(LinkLayers.Ethernet, ethernet) { TestName = "Ethernet" };
        yield return new TestCaseData(LinkLayers.Ethernet, Frames.Join(Frames.EthernetHeader(0x8100), Frames.Hex("0005 0800"), ip)) { TestName = "VLAN" };
        yield return new TestCaseData(LinkLayers.Ethernet, Frames.Join(Frames.EthernetHeader(0x8864), Frames.Hex("11 00 1234 0062 0021"), ip)) { TestName = "PPPoE" };
        yield return new TestCaseData(LinkLayers.Ppp, Frames.Join(Frames.Hex("0021"), ip)) { TestName = "PPP" };
        yield return new TestCaseData(
            LinkLayers.Ethernet, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(47, Frames.Join(Frames.Hex("0000 0800"), ip))))
        { TestName = "GRE" };
        yield return new TestCaseData(
            LinkLayers.Ethernet, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(47, Frames.Join(Frames.Hex("2000 6558 00000007"), ethernet))))
        { TestName = "GRE with key, Ethernet inside" };
        yield return new TestCaseData(
            LinkLayers.Ethernet, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(4, ip)))
        { TestName = "IPv4 in IPv4" };
        byte[] vxlan = Frames.Join(Frames.Hex("c000 12b5"), [(byte)((16 + ethernet.Length) >> 8), (byte)(16 + ethernet.Length)], Frames.Hex("0000 08000000 00000700"), ethernet);
        yield return new TestCaseData(LinkLayers.Ethernet, Frames.Join(Frames.EthernetHeader(0x0800), Frames.Ipv4Header(17, vxlan))) { TestName = "VXLAN" };
        yield return new TestCaseData(LinkLayers.Raw, ip) { TestName = "raw IP" };
        yield return new TestCaseData(LinkLayers.Null, Frames.Join(Frames.Hex("02000000"), ip)) { TestName = "null/loopback" };
        yield return new TestCaseData(LinkLayers.LinuxSll, Frames.Join(Frames.Hex("0000 0001 0006 02000a000002 0000 0800"), ip)) { TestName = "Linux cooked" };
    }

    [TestCaseSource(nameof(Encapsulations))]
    public void EveryLinkLayerThatPacketDotNetKnowsReachesOurDecoder(LinkLayers linkLayer, byte[] frame)
    {
        using var registration = NameServiceDecoder.Register();
        Assert.That(Packet.ParsePacket(linkLayer, frame).Extract<NameServicePacket>()?.TransactionId, Is.EqualTo(0x1234));
    }

    [TestCaseSource(nameof(Encapsulations))]
    public void TryExtractNeedsNoRegistration(LinkLayers linkLayer, byte[] frame)
    {
        Assert.That(NameServiceFrame.TryExtract(linkLayer, frame, out var packet), Is.True);
        Assert.That(packet!.TransactionId, Is.EqualTo(0x1234));
        Assert.That(packet.Source!.ToString(), Is.EqualTo("10.0.0.2:137"));
        Assert.That(packet.ToString(), Does.Contain("JSMITH<03>"));
    }

    [TestCaseSource(nameof(Encapsulations))]
    public void TryExtractOfAFrameCutAtAnyOctetDoesNotThrow(LinkLayers linkLayer, byte[] frame)
    {
        // Trap: frames cut short throw IndexOutOfRange inside PacketDotNet at some lengths.
        int thrown = 0;
        for (int length = 0; length < frame.Length; length++)
        {
            byte[] cut = frame[..length];
            if (NameServiceFrame.TryExtract(linkLayer, [.. cut], out var packet))
                Assert.That(packet!.IsMalformed, Is.True, $"cut at {length}");
            try
            {
                Packet.ParsePacket(linkLayer, cut).Extract<UdpPacket>();
            }
            catch (Exception exception) when (exception is not SuccessException)
            {
                thrown++;
            }
        }

        Assert.That(thrown, Is.Positive, "PacketDotNet does not throw any more: TryExtract can be simpler");
    }

    [Test]
    public void AnIpHeaderOfLengthZeroDoesNotHang()
    {
        // PacketDotNet's Extract runs for ever on this: IPv4, header length 0, carrying IPv4.
        byte[] packet = Frames.Ipv4Header(4, new byte[20]);
        packet[0] = 0x40;
        Assert.That(NameServiceFrame.TryExtract(LinkLayers.Raw, packet, out _), Is.False);
    }

    [Test]
    public void AnUnknownLinkLayerIsNoPacket()
    {
        Assert.That(NameServiceFrame.TryExtract(LinkLayers.Fddi, new byte[60], out _), Is.False);
    }

    [Test]
    public void ADecoderOfSomebodyElseCannotBreakIt()
    {
        var before = TransportPacket.CustomPayloadDecoder;
        TransportPacket.CustomPayloadDecoder = (_, _) => throw new InvalidOperationException("theirs");
        try
        {
            Assert.That(NameServiceFrame.TryExtract(LinkLayers.Ethernet, Frames.Ethernet(Frames.Registration()), out _), Is.True);
        }
        finally
        {
            TransportPacket.CustomPayloadDecoder = before;
        }
    }

    [Test]
    public void RandomAndMutatedFramesNeverThrow()
    {
        var random = new RandomStream(42);
        var layers = Enum.GetValues<LinkLayers>();
        byte[][] seeds = [.. Encapsulations().Select(data => (byte[])data.Arguments[1]!)];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] frame = [.. seeds[random.Next((uint)seeds.Length)]];
            for (uint flips = random.Next(6); flips > 0; flips--)
                frame[random.Next((uint)frame.Length)] = (byte)random.NextUInt32();
            if (random.Chance(200_000))
                frame = frame[..(int)random.Next((uint)frame.Length + 1)];
            if (NameServiceFrame.TryExtract(layers[random.Next((uint)layers.Length)], frame, out var packet))
                _ = packet.ToString(StringOutputType.Verbose);
        }
    }

    [Test]
    public void ABuiltFrameHasRightLengthsAndChecksums()
    {
        byte[] octets = Frames.Ethernet(Frames.Registration());
        Assert.That(octets, Has.Length.EqualTo(14 + 20 + 8 + 68));
        var parsed = Frames.Parse(octets);
        var ip = parsed.Extract<IPv4Packet>();
        var udp = parsed.Extract<UdpPacket>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ip.TotalLength, Is.EqualTo(96));
            Assert.That(ip.ValidIPChecksum, Is.True);
            Assert.That(udp.Length, Is.EqualTo(76));
            Assert.That(udp.ValidUdpChecksum, Is.True);
        }
    }

    [Test]
    public void AUdpChecksumOfZeroIsSentAsAllOnes()
    {
        // RFC 768: zero on the wire means that there is none. Two octets of the payload are chosen so that the sum comes to zero.
        byte[] payload = [0, 0, 0, 0];
        byte[] octets = Frames.Ethernet(payload);
        int checksum = (octets[40] << 8) | octets[41];
        payload[0] = (byte)(checksum >> 8);
        payload[1] = (byte)checksum;
        octets = Frames.Ethernet(payload);
        Assert.That(octets[40..42], Is.EqualTo(new byte[] { 0xFF, 0xFF }));
    }

    [Test]
    public void ADatagramTooLongForUdpIsRefused()
    {
        Assert.That(() => Frames.Ethernet(new byte[65_508]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
