using NbnsSim.Captures;
using NbnsSim.Simulation;
using static NbnsSim.Tests.Simulation.Lan;

namespace NbnsSim.Tests.Simulation;

/// <summary>Captures of simulated segments and hosts, read back with checksums verified.</summary>
public sealed class CaptureTapTests
{
    [TestCase(CaptureFormat.Pcap)]
    [TestCase(CaptureFormat.PcapNg)]
    public void ASegmentsTapSeesWhatIsSentWhateverBecomesOfIt(CaptureFormat format)
    {
        var lan = new Lan(2);
        lan.Simulator.AddRule(LinkRule.Loss("deaf") with { To = B });
        var frames = Capture(lan.Simulator, format, tap => tap.AddSegments(lan.Simulator), () =>
        {
            lan.Tell(A, a => a.Broadcast(1));
            lan.Simulator.RunFor(TimeSpan.FromSeconds(1));
            lan.Tell(A, a => a.Unicast(2, "10.0.0.2"));
            lan.Tell(A, a => a.Unicast(3, "10.0.0.99"));
        });

        Assert.That(frames, Is.EqualTo(new[]
        {
            "0 0.000000000 02-00-0A-00-00-01 > FF-FF-FF-FF-FF-FF TTL 128 #1 10.0.0.1:137 > 10.0.0.255:137 Correct",
            "0 1.000000000 02-00-0A-00-00-01 > 02-00-0A-00-00-02 TTL 128 #2 10.0.0.1:137 > 10.0.0.2:137 Correct",
        }));
    }

    [Test]
    public void AHostsTapSeesWhatTheHostSendsAndGets()
    {
        var lan = new Lan(3);
        lan.Simulator.AddRule(LinkRule.Loss("deaf") with { From = A, To = B });
        lan.Simulator.AddRule(LinkRule.Delayed("slow", TimeSpan.FromMilliseconds(10)) with { From = C, To = B });
        lan[C].Answers = true;
        var frames = Capture(lan.Simulator, CaptureFormat.PcapNg, tap => tap.Add(lan.Simulator, B), () =>
        {
            lan.Tell(A, a => a.Broadcast(1));
            lan.Tell(B, b => b.Broadcast(2));
            lan.Simulator.RunFor(TimeSpan.FromSeconds(1));
        });

        Assert.That(frames, Is.EqualTo(new[]
        {
            "0 0.000000000 02-00-0A-00-00-02 > FF-FF-FF-FF-FF-FF TTL 128 #1 10.0.0.2:137 > 10.0.0.255:137 Correct",
            "0 0.011000000 02-00-0A-00-00-03 > 02-00-0A-00-00-02 TTL 128 #2 10.0.0.3:137 > 10.0.0.2:137 Correct",
        }));
    }

    [Test]
    public void ARoutedDatagramIsOnEverySegmentWithTheRoutersAddressAndLessToLive()
    {
        var simulator = new Simulator();
        var one = simulator.AddSegment("one", Ipv4Subnet.Parse("10.1.0.0/24"), Latency);
        var two = simulator.AddSegment("two", Ipv4Subnet.Parse("10.2.0.0/24"), Latency);
        simulator.AddRouter("router", Latency, one, two);
        simulator.AddHost("A", new Station(), new HostInterface(one, Ipv4Address.Parse("10.1.0.1"), new MacAddress(0x00_A0_24_01_02_03)));
        simulator.AddHost("B", new Station(), two, Ipv4Address.Parse("10.2.0.1"));
        var frames = Capture(simulator, CaptureFormat.PcapNg, tap => tap.Add(simulator, one).Add(simulator, two).Add(simulator, B), () =>
        {
            simulator.Command<Station>(A, "go", (station, _) => station.Unicast(1, "10.2.0.1"));
            simulator.RunFor(TimeSpan.FromSeconds(1));
        });

        Assert.That(frames, Is.EqualTo(new[]
        {
            "0 0.000000000 00-A0-24-01-02-03 > 02-01-00-00-00-00 TTL 128 #1 10.1.0.1:137 > 10.2.0.1:137 Correct",
            "1 0.001000000 02-01-00-00-00-01 > 02-00-0A-02-00-01 TTL 127 #1 10.1.0.1:137 > 10.2.0.1:137 Correct",
            "2 0.001500000 02-01-00-00-00-01 > 02-00-0A-02-00-01 TTL 127 #1 10.1.0.1:137 > 10.2.0.1:137 Correct",
        }));
    }

    [Test]
    public void ACaptureCanStartOnAnyDay()
    {
        var lan = new Lan(2);
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            lan.Simulator.AddObserver(new CaptureTap(writer, Instant.FromUnixTime(810_000_000)).Add(lan.Simulator, lan.Segment));
            lan.Tell(A, a => a.Broadcast(1));
        }

        stream.Position = 0;
        using var reader = CaptureReader.Open(stream);
        Assert.That(reader.TryRead(out var packet), Is.True);
        Assert.That(packet.Time, Is.EqualTo(Instant.FromUnixTime(810_000_000)));
    }

    [TestCase(CaptureFormat.Pcap)]
    [TestCase(CaptureFormat.PcapNg)]
    public void TsharkReadsATapWithoutComplaint(CaptureFormat format)
    {
        var simulator = RoughNetwork.Build(1);
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, new CaptureWriterOptions { Format = format }, leaveOpen: true))
        {
            simulator.AddObserver(new CaptureTap(writer).Add(simulator, new SegmentId(0)));
            RoughNetwork.Run(simulator);
        }

        string[] lines = Tshark.Run(stream.ToArray(), "-T", "fields", "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "_ws.malformed", "-e", "_ws.expert.message").TrimEnd('\n').Split('\n');

        Assert.That(lines, Has.Length.EqualTo(Read(stream).Count).And.Length.GreaterThan(100));
        Assert.That(lines, Is.All.EqualTo("1\t1\t\t"));
    }

    private static List<string> Capture(Simulator simulator, CaptureFormat format, Action<CaptureTap> add, Action run)
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, new CaptureWriterOptions { Format = format }, leaveOpen: true))
        {
            var tap = new CaptureTap(writer);
            add(tap);
            simulator.AddObserver(tap);
            run();
        }

        return Read(stream);
    }

    private static List<string> Read(MemoryStream stream)
    {
        stream.Position = 0;
        var frames = new List<string>();
        using var reader = new DatagramReader(CaptureReader.Open(stream));
        while (reader.TryRead(out var datagram))
        {
            var ip = datagram.Packet.Data[14..];
            var checksum = datagram.VerifyIpChecksum() == ChecksumStatus.Correct ? datagram.VerifyUdpChecksum() : ChecksumStatus.Wrong;
            frames.Add($"{datagram.Packet.InterfaceIndex} {datagram.Time} {datagram.SourceMac} > {datagram.DestinationMac} TTL {ip[8]} #{ip[5]} {datagram.Source} > {datagram.Destination} {checksum}");
        }

        return frames;
    }
}
