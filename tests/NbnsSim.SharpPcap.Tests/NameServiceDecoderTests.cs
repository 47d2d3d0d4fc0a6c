using System.Net;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>PacketDotNet's hook is one delegate for the whole process, so these tests run alone.</summary>
[NonParallelizable]
public sealed class NameServiceDecoderTests
{
    private Func<ByteArraySegment, TransportPacket, PacketOrByteArraySegment>? _before;

    [SetUp]
    public void RememberTheHook() => _before = TransportPacket.CustomPayloadDecoder;

    [TearDown]
    public void RestoreTheHook() => TransportPacket.CustomPayloadDecoder = _before;

    [Test]
    public void NothingIsDecodedBeforeTheCall()
    {
        Assert.That(Frames.Parse(Frames.Ethernet(Frames.Registration())).Extract<NameServicePacket>(), Is.Null);
    }

    [Test]
    public void ExtractGivesTheFieldsPeopleLookFor()
    {
        using var registration = NameServiceDecoder.Register();
        var packet = Frames.Parse(Frames.Ethernet(Frames.Registration())).Extract<NameServicePacket>();
        Assert.That(packet, Is.Not.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(packet.Kind, Is.EqualTo(NbnsMessageKind.NameRegistrationRequest));
            Assert.That(packet.TransactionId, Is.EqualTo(0x1234));
            Assert.That(packet.Flags.Value, Is.EqualTo(0x2910));
            Assert.That(packet.Opcode, Is.EqualTo(NbnsOpcode.Registration));
            Assert.That(packet.IsResponse, Is.False);
            Assert.That(packet.IsBroadcast, Is.True);
            Assert.That(packet.Rcode, Is.EqualTo(NbnsRcode.Success));
            Assert.That((packet.QuestionCount, packet.AnswerCount, packet.AuthorityCount, packet.AdditionalCount), Is.EqualTo((1, 0, 0, 1)));
            Assert.That(packet.Name, Is.EqualTo(NetBiosName.Parse("JSMITH<03>")));
            Assert.That(packet.Type, Is.EqualTo(NbnsType.NB));
            Assert.That(packet.TimeToLive?.Seconds, Is.EqualTo(300_000));
            Assert.That(packet.Entries.Single().Flags.IsGroup, Is.False);
            Assert.That(packet.Addresses, Is.EqualTo([IPAddress.Parse("10.0.0.2")]));
            Assert.That(packet.Source, Is.EqualTo(IPEndPoint.Parse("10.0.0.2:137")));
            Assert.That(packet.Destination, Is.EqualTo(IPEndPoint.Parse("10.0.0.255:137")));
            Assert.That(packet.IsMalformed, Is.False);
            Assert.That(packet.Bytes, Is.EqualTo(Frames.Registration()));
            Assert.That(packet.ParentPacket, Is.InstanceOf<UdpPacket>());
        }
    }

    [Test]
    public void ANodeStatusResponseListsItsNames()
    {
        using var registration = NameServiceDecoder.Register();
        var packet = Frames.Parse(Frames.Ethernet(Frames.NodeStatus())).Extract<NameServicePacket>();
        Assert.That(packet.NodeNames.Select(entry => entry.Name.ToString()), Is.EqualTo(["ALPHA<00>", "WORKGROUP<00>"]));
        Assert.That(packet.Addresses, Is.Empty);
    }

    [Test]
    public void PayloadEndsWhereUdpSaysNotWhereIpDoes()
    {
        // Trap: PacketDotNet's PayloadData ignores UDP's length. Three octets that only IP counts must not become part of the packet.
        byte[] frame = [.. Frames.Ethernet(Frames.Registration()), 0xAA, 0xBB, 0xCC];
        frame[17] += 3; // IPv4 total length
        Assert.That(((UdpPacket)Frames.Parse(frame).Extract<UdpPacket>()).PayloadData, Has.Length.EqualTo(71), "PacketDotNet takes UDP's length into account by now");

        using var registration = NameServiceDecoder.Register();
        var packet = Frames.Parse(frame).Extract<NameServicePacket>();
        Assert.That(packet.Bytes, Is.EqualTo(Frames.Registration()));
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.None));
    }

    [Test]
    public void EthernetPaddingIsNoPartOfThePacket()
    {
        using var registration = NameServiceDecoder.Register();
        byte[] frame = [.. Frames.Ethernet(Frames.Registration()), .. new byte[40]];
        Assert.That(Frames.Parse(frame).Extract<NameServicePacket>().Bytes, Is.EqualTo(Frames.Registration()));
    }

    [Test]
    public void ADatagramOfOver32767OctetsIsWhole()
    {
        // Trap: PacketDotNet reads UDP's length as signed.
        byte[] datagram = [.. Frames.Registration(), .. new byte[40_000]];
        byte[] frame = Frames.Ethernet(datagram);
        using var registration = NameServiceDecoder.Register();
        var packet = Frames.Parse(frame).Extract<NameServicePacket>();
        Assert.That(packet.Bytes, Has.Length.EqualTo(datagram.Length));
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.TrailingOctets));
    }

    [Test]
    public void AFrameCutAnywhereNeverThrowsFromOurDecoder()
    {
        // Trap: decoder exceptions surface at Extract. PacketDotNet's own IndexOutOfRange for cut headers surfaces there too; ours must not add any.
        byte[] whole = Frames.Ethernet(Frames.Registration());
        using var registration = NameServiceDecoder.Register();
        const int udpEnd = 14 + 20 + 8;
        for (int length = udpEnd; length <= whole.Length; length++)
        {
            var packet = Frames.Parse(whole[..length]).Extract<NameServicePacket>();
            Assert.That(packet, Is.Not.Null, $"cut at {length}");
            Assert.That(packet.IsMalformed, Is.EqualTo(length < whole.Length), $"cut at {length}");
            Assert.That(() => packet.ToString(StringOutputType.VerboseColored), Throws.Nothing);
        }
    }

    [Test]
    public void HostilePayloadsNeverThrow()
    {
        using var registration = NameServiceDecoder.Register();
        var random = new RandomStream(1002);
        byte[][] seeds = [Frames.Registration(), Frames.Registration("FRED<20>.EXAMPLE.COM"), Frames.NodeStatus(), new byte[576]];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] payload = [.. seeds[random.Next((uint)seeds.Length)]];
            for (uint flips = 1 + random.Next(8); flips > 0; flips--)
                payload[random.Next((uint)payload.Length)] = (byte)random.NextUInt32();
            if (random.Chance(300_000))
                payload = payload[..(int)random.Next((uint)payload.Length)];
            var packet = Frames.Parse(Frames.Ethernet(payload)).Extract<NameServicePacket>();
            Assert.That(packet.Bytes, Has.Length.EqualTo(payload.Length));
            _ = packet.ToString(StringOutputType.Verbose) + packet.ToString();
            _ = (packet.Kind, packet.Name, packet.Type, packet.TimeToLive, packet.Addresses, packet.NodeNames, packet.Anomalies, packet.Error);
        }
    }

    [Test]
    public void AnExceptionOfAnotherDecoderSurfacesAtExtract()
    {
        // Trap, and the reason why ours must not throw: the payload is decoded when somebody asks for it, not when the frame is parsed.
        TransportPacket.CustomPayloadDecoder = (_, _) => throw new FormatException("theirs");
        using var registration = NameServiceDecoder.Register();
        var other = Frames.Parse(NameServiceFrame.Create(default, default, new(Frames.Source.Address, 53), new(Frames.Broadcast.Address, 53), [1]).Bytes);
        Assert.That(() => other.Extract<NameServicePacket>(), Throws.InstanceOf<FormatException>());
        Assert.That(Frames.Parse(Frames.Ethernet(Frames.Registration())).Extract<NameServicePacket>(), Is.Not.Null, "what can be read on port 137 never gets there");
    }

    [Test]
    public void TcpOnTheSamePortIsLeftAlone()
    {
        // Trap: the hook is shared with TCP.
        var seen = new List<TransportPacket>();
        TransportPacket.CustomPayloadDecoder = (_, transport) =>
        {
            seen.Add(transport);
            return null!;
        };
        using var registration = NameServiceDecoder.Register();
        var tcp = new TcpPacket(137, 137) { PayloadData = Frames.Registration() };
        var ip = new IPv4Packet(IPAddress.Loopback, IPAddress.Loopback) { PayloadPacket = tcp };
        var parsed = Packet.ParsePacket(LinkLayers.Raw, ip.Bytes);
        Assert.That(parsed.Extract<NameServicePacket>(), Is.Null);
        Assert.That(parsed.Extract<TcpPacket>().PayloadData, Is.EqualTo(Frames.Registration()));
        Assert.That(seen, Has.Count.EqualTo(1).And.All.InstanceOf<TcpPacket>());
    }

    [Test]
    public void TheDecoderThatWasThereBeforeStillGetsTheRest()
    {
        var answer = new PacketOrByteArraySegment { ByteArraySegment = new ByteArraySegment([1, 2, 3]) };
        TransportPacket.CustomPayloadDecoder = (_, _) => answer;
        using var registration = NameServiceDecoder.Register();

        byte[] other = NameServiceFrame.Create(default, MacAddress.Broadcast, new(Frames.Source.Address, 9999), new(Frames.Broadcast.Address, 8888), [9, 9, 9]).Bytes;
        Assert.That(Frames.Parse(other).Extract<UdpPacket>().PayloadData, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Frames.Parse(Frames.Ethernet(Frames.Registration())).Extract<NameServicePacket>(), Is.Not.Null);
        Assert.That(Frames.Parse(Frames.Ethernet([1, 2])).Extract<UdpPacket>().PayloadData, Is.EqualTo(new byte[] { 1, 2, 3 }), "what is not ours on port 137 is offered to it first");
    }

    [Test]
    public void DisposeRestoresWhatWasThere()
    {
        Func<ByteArraySegment, TransportPacket, PacketOrByteArraySegment> before = (_, _) => null!;
        TransportPacket.CustomPayloadDecoder = before;
        var registration = NameServiceDecoder.Register();
        Assert.That(TransportPacket.CustomPayloadDecoder, Is.Not.SameAs(before));
        registration.Dispose();
        registration.Dispose();
        Assert.That(TransportPacket.CustomPayloadDecoder, Is.SameAs(before));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RegistrationsAreUndoneInAnyOrder(bool firstFirst)
    {
        var first = NameServiceDecoder.Register();
        var second = NameServiceDecoder.Register(1137);
        (firstFirst ? first : second).Dispose();
        Assert.That(TransportPacket.CustomPayloadDecoder, Is.Not.SameAs(_before));
        (firstFirst ? second : first).Dispose();
        Assert.That(TransportPacket.CustomPayloadDecoder, Is.SameAs(_before));
    }

    [Test]
    public void UnderSomebodyElsesDecoderAnUndoneRegistrationOnlyPassesOn()
    {
        var registration = NameServiceDecoder.Register();
        var ours = TransportPacket.CustomPayloadDecoder;
        TransportPacket.CustomPayloadDecoder = (payload, transport) => ours(payload, transport);
        var theirs = TransportPacket.CustomPayloadDecoder;
        registration.Dispose();
        Assert.That(TransportPacket.CustomPayloadDecoder, Is.SameAs(theirs));
        Assert.That(Frames.Parse(Frames.Ethernet(Frames.Registration())).Extract<NameServicePacket>(), Is.Null);
    }

    [Test]
    public void AnotherPortCanBeRegistered()
    {
        using var registration = NameServiceDecoder.Register(10137);
        byte[] frame = NameServiceFrame.Create(default, default, new(Frames.Source.Address, 40000), new(Ipv4Address.Loopback, 10137), Frames.Registration()).Bytes;
        Assert.That(Frames.Parse(frame).Extract<NameServicePacket>(), Is.Not.Null);
        Assert.That(Frames.Parse(Frames.Ethernet(Frames.Registration())).Extract<NameServicePacket>(), Is.Null);
    }

    [Test]
    public void PacketDotNetsOwnDecodersStillRun()
    {
        using var registration = NameServiceDecoder.Register();
        byte[] wake = [.. Frames.Hex("ffffffffffff"), .. Enumerable.Repeat(Frames.Hex("010203040506"), 16).SelectMany(part => part)];
        byte[] frame = NameServiceFrame.Create(default, MacAddress.Broadcast, new(Frames.Source.Address, 5000), new(Frames.Broadcast.Address, 9), wake).Bytes;
        Assert.That(Frames.Parse(frame).Extract<WakeOnLanPacket>(), Is.Not.Null);
    }
}
