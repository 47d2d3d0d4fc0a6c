using System.Net.NetworkInformation;
using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Simulation;
using NbnsSim.Wire;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>What people write against SharpPcap's devices, run against a simulation.</summary>
public sealed class SimulatedDeviceTests
{
    [Test]
    public void GetNextPacketLetsTimePass()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        var seen = new List<string>();
        GetPacketStatus status;
        while ((status = lan.Device.GetNextPacket(out var packet)) == GetPacketStatus.PacketRead)
            seen.Add($"{packet.Header.Timeval} {Decode(packet)}");

        Assert.That(status, Is.EqualTo(GetPacketStatus.NoRemainingPackets));
        Assert.That(seen, Has.Count.GreaterThanOrEqualTo(3), "a registration is broadcast three times");
        Assert.That(seen[0], Does.StartWith("0.000000000s").And.Contains("JSMITH<03>"));
        Assert.That(lan.Simulator.Now, Is.GreaterThan(Instant.FromMilliseconds(500)));
    }

    [Test]
    public void ItIsNoBaseLiveDevice()
    {
        // Trap: SharpPcap's base class for devices without libpcap spins while its source has nothing, measures timeouts by the wall clock and
        // knows microseconds only.
        using var lan = new SimulatedLan();
        Assert.That(lan.Device, Is.Not.InstanceOf<BaseLiveDevice>());
        Assert.That(lan.Device.TimestampResolution, Is.EqualTo(TimestampResolution.Nanosecond));
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.NoRemainingPackets), "nothing is to come: no second of waiting");
    }

    [Test]
    public void TheSameNetworkGivesTheSamePackets()
    {
        var first = Run();
        Assert.That(Run(), Is.EqualTo(first));

        static List<string> Run()
        {
            using var lan = new SimulatedLan();
            lan.Logon(lan.Alpha);
            lan.Logon(lan.Bravo);
            var seen = new List<string>();
            while (lan.Device.GetNextPacket(out var packet) == GetPacketStatus.PacketRead)
                seen.Add($"{packet.Header.Timeval} {Convert.ToHexString(packet.Data)}");
            return seen;
        }
    }

    [Test]
    public void TheReadTimeoutIsVirtualTime()
    {
        using var lan = new SimulatedLan(new DeviceConfiguration { ReadTimeout = 10 });
        lan.Logon(lan.Alpha);
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.PacketRead));
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.ReadTimeout));
        Assert.That(lan.Simulator.Now, Is.EqualTo(Instant.FromMilliseconds(10)));
    }

    [Test]
    public void ANetworkThatNeverRestsEndsAtTheEndTime()
    {
        using var lan = new SimulatedLan(new DeviceConfiguration { ReadTimeout = 0 });
        lan.Simulator.AddHost("CLOCK", new Ticker(), lan.Segment, Ipv4Address.Parse("10.0.0.9"));
        lan.Simulator.Command<Ticker>(lan.Simulator.FindHost("CLOCK")!.Value, "start", (ticker, now) => ticker.Next = now + TimeSpan.FromMilliseconds(1));
        lan.Device.EndTime = Instant.FromMilliseconds(100);
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.NoRemainingPackets), "timers alone are no packets: it must neither spin nor run on");
        Assert.That(lan.Simulator.Now, Is.LessThanOrEqualTo(Instant.FromMilliseconds(100)));
    }

    [Test]
    public void CaptureRaisesAnEventForEachPacket()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        int packets = 0;
        var stopped = new List<CaptureStoppedEventStatus>();
        lan.Device.OnPacketArrival += (sender, packet) =>
        {
            Assert.That(sender, Is.SameAs(lan.Device));
            Assert.That(packet.GetPacket().GetPacket().Extract<UdpPacket>().DestinationPort, Is.EqualTo(137));
            packets++;
        };
        lan.Device.OnCaptureStopped += (_, status) => stopped.Add(status);
        lan.Device.Capture();
        Assert.That(packets, Is.GreaterThanOrEqualTo(3));
        Assert.That(stopped, Is.EqualTo([CaptureStoppedEventStatus.CompletedWithoutError]));
    }

    [Test]
    public void StartCaptureRunsInTheBackgroundAndEndsByItself()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        int packets = 0;
        using var ended = new ManualResetEventSlim();
        lan.Device.OnPacketArrival += (_, _) => packets++;
        lan.Device.OnCaptureStopped += (_, _) => ended.Set();
        lan.Device.StartCapture();
        Assert.That(ended.Wait(TimeSpan.FromSeconds(30)), Is.True);
        lan.Device.StopCapture();
        Assert.That(packets, Is.GreaterThanOrEqualTo(3));
        Assert.That(lan.Device.Started, Is.False);
    }

    [Test]
    public void AListenerCanStopTheCapture()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        int packets = 0;
        lan.Device.OnPacketArrival += (_, _) =>
        {
            packets++;
            lan.Device.StopCapture();
        };
        lan.Device.Capture();
        Assert.That(packets, Is.EqualTo(1));
        lan.Device.Capture();
        Assert.That(packets, Is.EqualTo(2), "what came meanwhile is still there");
    }

    [Test]
    public void AnExceptionOfAListenerStopsTheCaptureWithAnError()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        using var ended = new ManualResetEventSlim();
        var status = CaptureStoppedEventStatus.CompletedWithoutError;
        lan.Device.OnPacketArrival += (_, _) => throw new InvalidOperationException("broken listener");
        lan.Device.OnCaptureStopped += (_, how) =>
        {
            status = how;
            ended.Set();
        };
        lan.Device.StartCapture();
        Assert.That(ended.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(status, Is.EqualTo(CaptureStoppedEventStatus.ErrorWhileCapturing));
        Assert.That(lan.Device.LastError, Is.EqualTo("broken listener"));
    }

    [Test]
    public void FiltersWork()
    {
        Libpcap.Require();
        using var lan = new SimulatedLan();
        lan.Device.Filter = "src host 10.0.0.2";
        lan.Logon(lan.Alpha);
        lan.Logon(lan.Bravo);
        int packets = 0;
        while (lan.Device.GetNextPacket(out var packet) == GetPacketStatus.PacketRead)
        {
            Assert.That(packet.GetPacket().GetPacket().Extract<IPv4Packet>().SourceAddress.ToString(), Is.EqualTo("10.0.0.2"));
            packets++;
        }

        Assert.That(packets, Is.Positive);
        Assert.That(lan.Device.Filter, Is.EqualTo("src host 10.0.0.2"));
        Assert.That(() => lan.Device.Filter = "no such thing", Throws.InstanceOf<PcapException>());
    }

    [Test]
    public void SharpPcapsFileWriterWritesTheSimulationToTheNanosecond()
    {
        // Traps: new DeviceConfiguration() makes a file of link type Null, and Write(RawCapture) cuts to microseconds.
        Libpcap.Require();
        using var lan = new SimulatedLan();
        lan.Simulator.RunFor(TimeSpan.FromTicks(12_345)); // 1.2345 ms: not a whole microsecond
        lan.Logon(lan.Alpha);
        using var file = new PcapFile(1);
        using (var writer = new CaptureFileWriterDevice(file.Path))
        {
            writer.OpenFor(lan.Device);
            lan.Device.OnPacketArrival += (_, packet) => writer.WriteExact(packet);
            lan.Device.Capture();
        }

        using var reader = CaptureReader.Open(file.Path);
        Assert.That(reader.TryRead(out var first), Is.True);
        Assert.That(first.LinkType, Is.EqualTo(LinkType.Ethernet));
        Assert.That(first.Time, Is.EqualTo(new Instant(1_234_500)));
    }

    [Test]
    public void ThePitfallsOfTheFileWriterAreStillThere()
    {
        Libpcap.Require();
        using var lan = new SimulatedLan();
        lan.Simulator.RunFor(TimeSpan.FromTicks(12_345));
        lan.Logon(lan.Alpha);
        using var file = new PcapFile(1);
        using (var writer = new CaptureFileWriterDevice(file.Path))
        {
            writer.Open(new DeviceConfiguration());
            Assert.That(lan.Device.GetNextPacket(out var packet), Is.EqualTo(GetPacketStatus.PacketRead));
            writer.Write(packet.GetPacket());
        }

        using var reader = CaptureReader.Open(file.Path);
        Assert.That(reader.TryRead(out var first), Is.True);
        Assert.That(first.LinkType, Is.EqualTo(LinkType.Null), "SharpPcap takes Ethernet by now: OpenFor can be simpler");
        Assert.That(first.Time, Is.EqualTo(new Instant(1_234_000)), "SharpPcap keeps nanoseconds by now: WriteExact can be simpler");
    }

    [Test]
    public void ASimulationIsASourceForDecodingAndReplay()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        lan.Simulator.RunFor(TimeSpan.FromSeconds(10));
        lan.Logon(lan.Bravo);
        using var reader = CaptureReader.Open(new CaptureDeviceStream(lan.Device));
        var replay = CaptureFile.Replay(reader, ReplayHost.Unknown(Ipv4Address.Parse("10.0.0.1")), NetBtDialect.WindowsNt35);
        Assert.That(lan.Simulator.Log.Select(logged => (logged.Host, logged.Event.Id)), Is.EqualTo([(lan.Alpha, NetBtEventId.NameRelease)]));
        Assert.That(replay.Entries.Where(entry => entry.Event is not null).Select(entry => entry.Event!.Id), Is.EqualTo([NetBtEventId.NameRelease]), "the node in ALPHA's place logs what ALPHA logged");
    }

    [Test]
    public void TheDeviceSeesWhatATapOfTheSegmentWrites()
    {
        using var lan = new SimulatedLan();
        var starts = Instant.FromUnixTime(800_000_000);
        using var device = new SimulatedDevice(lan.Simulator, lan.Segment, starts);
        device.Open(new DeviceConfiguration());
        using var tapped = new MemoryStream();
        using (var writer = new CaptureWriter(tapped, leaveOpen: true))
        {
            lan.Simulator.AddObserver(new CaptureTap(writer, starts).Add(lan.Simulator, lan.Segment));
            lan.Logon(lan.Alpha);
            lan.Simulator.RunFor(TimeSpan.FromSeconds(10));
            lan.Logon(lan.Bravo);
            lan.Simulator.RunFor(TimeSpan.FromSeconds(10));
        }

        tapped.Position = 0;
        using var tap = CaptureReader.Open(tapped);
        using var reader = CaptureReader.Open(new CaptureDeviceStream(device));
        while (tap.TryRead(out var expected))
        {
            Assert.That(reader.TryRead(out var found), Is.True);
            Assert.That(found.Time, Is.EqualTo(expected.Time));
            Assert.That(found.Data.ToArray(), Is.EqualTo(expected.Data.ToArray()));
        }

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(tap.FrameCount, Is.GreaterThan(5));
    }

    [Test]
    public void WhatOthersRunIsBufferedUpToALimit()
    {
        using var lan = new SimulatedLan(new DeviceConfiguration { BufferSize = 250 });
        lan.Logon(lan.Alpha);
        lan.Simulator.RunFor(TimeSpan.FromSeconds(10));
        uint sent = (uint)lan.Simulator.SentCount;
        Assert.That(lan.Device.Statistics.ReceivedPackets, Is.EqualTo(sent));
        Assert.That(lan.Device.Statistics.DroppedPackets, Is.EqualTo(sent - 2));
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.PacketRead));
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.PacketRead));
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.NoRemainingPackets));
    }

    [Test]
    public void TheSnapLengthCuts()
    {
        using var lan = new SimulatedLan(new DeviceConfiguration { Snaplen = 60 });
        lan.Logon(lan.Alpha);
        Assert.That(lan.Device.GetNextPacket(out var packet), Is.EqualTo(GetPacketStatus.PacketRead));
        Assert.That(packet.Data.Length, Is.EqualTo(60));
        Assert.That(((PcapHeader)packet.Header).PacketLength, Is.EqualTo(110));
    }

    [Test]
    public void APacketSentIsAnsweredByTheSimulation()
    {
        using var lan = new SimulatedLan();
        lan.Logon(lan.Alpha);
        lan.Simulator.RunFor(TimeSpan.FromSeconds(10));
        while (lan.Device.GetNextPacket(out _) == GetPacketStatus.PacketRead)
        {
        }

        lan.Device.AttachStation(Ipv4Address.Parse("10.0.0.99"));
        Assert.That(lan.Device.MacAddress, Is.EqualTo(PhysicalAddress.Parse("02-00-0A-00-00-63")));
        byte[] query = new byte[100];
        int length = NbnsEncoder.WriteQuery(query, 0x4242, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("JSMITH<03>"));
        var injector = new NameServiceInjector(lan.Device, "sim:lan", allowInjection: true);
        injector.Send(
            MacAddress.FromIpv4(Ipv4Address.Parse("10.0.0.99")), MacAddress.Broadcast, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.99")),
            Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.255")), query.AsSpan(0, length));

        Assert.That(Kinds(lan.Device), Is.EqualTo([NbnsMessageKind.NameQueryRequest, NbnsMessageKind.PositiveNameQueryResponse]));
    }

    [Test]
    public void AListenerCanAnswerFromWithin()
    {
        using var lan = new SimulatedLan();
        lan.Device.AttachStation(Ipv4Address.Parse("10.0.0.99"));
        lan.Logon(lan.Alpha);
        int refusals = 0;
        byte[] expected = [];
        lan.Device.OnPacketArrival += (_, packet) =>
        {
            if (!NameServiceFrame.TryExtract(LinkLayers.Ethernet, packet.Data.ToArray(), out var request) || request.Kind != NbnsMessageKind.NameRegistrationRequest)
                return;
            byte[] before = packet.Data.ToArray();
            byte[] refusal = new byte[100];
            int length = NbnsEncoder.WriteResponse(
                refusal, request.TransactionId, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, request.Name!.Value, 0,
                new NbEntry(default, Ipv4Address.Parse("10.0.0.99")));
            lan.Device.SendPacket(NameServiceFrame.Create(
                default, default, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.99")), Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1")), refusal.AsSpan(0, length)));
            Assert.That(packet.Data.ToArray(), Is.EqualTo(before), "the octets of the packet at hand stay while others come in");
            refusals++;
        };
        lan.Device.Capture();
        Assert.That(refusals, Is.EqualTo(1), "refused at once, the node does not ask again");
        Assert.That(((EndNode)lan.Simulator.EndpointOf(lan.Alpha)).GetNameState(NetBiosName.Parse("JSMITH<03>")), Is.Not.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void WhatIsNoDatagramCannotBeSent()
    {
        using var lan = new SimulatedLan();
        Assert.That(() => lan.Device.SendPacket(Frames.Ethernet(Frames.Registration())), Throws.InvalidOperationException, "no station");
        lan.Device.AttachStation(Ipv4Address.Parse("10.0.0.99"));
        Assert.That(() => lan.Device.SendPacket(new byte[60]), Throws.ArgumentException);
        Assert.That(() => lan.Device.SendPacket(Frames.Ethernet(Frames.Registration()).AsSpan(0, 80)), Throws.ArgumentException);
        Assert.That(() => lan.Device.SendPacket(Frames.Ethernet(new byte[2000])), Throws.ArgumentException);
        Assert.That(() => lan.Device.SendPacket([]), Throws.ArgumentException);
    }

    [Test]
    public void AClosedDeviceSeesNothing()
    {
        using var lan = new SimulatedLan();
        lan.Device.Close();
        lan.Logon(lan.Alpha);
        Assert.That(() => lan.Device.GetNextPacket(out _), Throws.InvalidOperationException);
        Assert.That(() => lan.Device.LinkType, Throws.InvalidOperationException);
        lan.Device.Open(new DeviceConfiguration());
        Assert.That(lan.Device.Statistics.ReceivedPackets, Is.Zero);
        Assert.That(lan.Device.GetNextPacket(out _), Is.EqualTo(GetPacketStatus.PacketRead), "the second try");
    }

    private static List<NbnsMessageKind> Kinds(SimulatedDevice device)
    {
        var kinds = new List<NbnsMessageKind>();
        while (device.GetNextPacket(out var packet) == GetPacketStatus.PacketRead)
            kinds.Add(Decode(packet).Kind);
        return kinds;
    }

    private static NameServicePacket Decode(in PacketCapture packet) =>
        NameServiceFrame.TryExtract(packet.Device.LinkType, packet.Data.ToArray(), out var decoded) ? decoded : throw new InvalidDataException("no name service packet");
}
