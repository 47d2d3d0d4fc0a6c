using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Tests;
using NbnsSim.Tests.Captures;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

/// <summary>The lines of <c>decode</c>, put together by hand for speed, against the same with the format strings of .NET.</summary>
public class PacketReportTests
{
    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EveryPacket_IsWrittenAsFormatStringsWriteIt(string capture)
    {
        using var datagrams = new DatagramReader(CaptureReader.Open(SharedFolder.Require(capture)), new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new PacketReport(new ReportWriter(output), WallClock.Utc);
        var expected = new List<string>();
        while (datagrams.TryRead(out var datagram))
        {
            lines.Write(datagram);
            expected.Add(Plain(datagram));
        }

        // what carried a packet ends its line, and has a test of its own
        var written = output.ToString().Split('\n').Where(line => line.Contains(" → ", StringComparison.Ordinal)).Select((line, i) => line.StartsWith(expected[i] + "  [", StringComparison.Ordinal) ? expected[i] : line);
        Assert.That(written, Is.EqualTo(expected));
    }

    [TestCase(0L, "1970-01-01 UTC", "00:00:00.000000")]
    [TestCase(86_399_999_999_999L, "1970-01-01 UTC", "23:59:59.999999")]
    [TestCase(1_000_000_000_123_456_789L, "2001-09-09 UTC", "01:46:40.123456")]
    [TestCase(long.MaxValue, "2262-04-11 UTC", "23:47:16.854775")]
    public void AnyTime_HasADayAndMicroseconds(long nanoseconds, string day, string time)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Write(new PacketReport(new ReportWriter(output), WallClock.Utc), new Instant(nanoseconds));
        string[] lines = output.ToString().Split('\n');
        Assert.That((lines[0], lines[1][8..23]), Is.EqualTo((day, time)));
    }

    [TestCase("three tags", "VLAN 5; VLAN 6; VLAN 7")]
    [TestCase("802.1ah", "I-SID 258")]
    [TestCase("PPPoE in a VLAN", "VLAN 8; PPPoE 9")]
    [TestCase("IPv4 in IPv6 in IPv4", "IP in IP from 192.0.2.1 to 192.0.2.2; IP in IP from fe80::1 to ff02::1")]
    [TestCase("GRE with MPLS", "GRE from 192.0.2.1 to 192.0.2.2; MPLS 17")]
    [TestCase("GRE with Ethernet", "GRE 4097 from 192.0.2.1 to 192.0.2.2")]
    [TestCase("ERSPAN II", "ERSPAN 101 of VLAN 30 from 192.0.2.1 to 192.0.2.2")]
    [TestCase("VXLAN in a VLAN with a tag inside", "VLAN 12; VXLAN 5000 from 192.0.2.1 to 192.0.2.2; VLAN 13")]
    [TestCase("GENEVE with IP", "GENEVE 5000 from 192.0.2.1 to 192.0.2.2")]
    [TestCase("L2TP", "L2TP 4 from 192.0.2.1 to 192.0.2.2")]
    [TestCase("Ethernet in IP", "EtherIP from 192.0.2.1 to 192.0.2.2")]
    [TestCase("radiotap", "802.11")]
    [TestCase("PPP", null)]
    public void WhatCarriedAPacket_EndsItsLine(string name, string? expected)
    {
        var wrapping = Wrappings.All.Single(one => one.Name == name);
        using var datagrams = new DatagramReader(new CaptureBytes().PcapHeader(linkType: (uint)wrapping.Link).PcapRecord(1, 0, wrapping.Frame).Open(), new DatagramReaderOptions());
        Assert.That(datagrams.TryRead(out var datagram), Is.True);
        foreach (var paint in (Func<string, ReportRole, string>?[])[null, (text, role) => $"<{role}>{text}</>"])
        {
            using var output = new StringWriter { NewLine = "\n" };
            new PacketReport(new ReportWriter(output, paint: paint), WallClock.Utc).Write(datagram);
            string line = output.ToString().Split('\n').Single(line => line.Contains(" → ", StringComparison.Ordinal)).Replace("</>", "", StringComparison.Ordinal);
            Assert.That(line, Does.EndWith(" promises more than the packet can hold" + (expected is null ? "" : $"  [{expected}]"))); // what the packet of these frames is said to be
        }
    }

    private static readonly byte[] Registration =
        new NameRegistrationRequest(0x1234, NetBiosName.Parse("ALICE<03>"), new NbEntry(default, Ipv4Address.Parse("10.0.0.2")), 0, true).ToArray();

    /// <summary>Writes one registration.</summary>
    private static void Write(PacketReport lines, Instant time)
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, new CaptureWriterOptions { Format = CaptureFormat.PcapNg }, leaveOpen: true))
        {
            byte[] frame = new byte[1500];
            int length = UdpFrame.Write(
                frame, MacAddress.FromIpv4(Ipv4Address.Any), MacAddress.Broadcast, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.2")), Ipv4Endpoint.NameService(Ipv4Address.Broadcast), Registration, 1);
            writer.Write(time, frame.AsSpan(0, length));
        }

        using var datagrams = new DatagramReader(CaptureReader.Open(stream.ToArray()), new DatagramReaderOptions());
        Assert.That(datagrams.TryRead(out var datagram), Is.True);
        lines.Write(datagram);
    }

    private static string Plain(in CapturedDatagram datagram)
    {
        string from = datagram.IsIpv6 ? datagram.SourceIpv6.ToString() : datagram.Source.Address.ToString();
        string to = datagram.IsIpv6 ? datagram.DestinationIpv6.ToString() : datagram.Destination.Address.ToString();
        from += datagram.SourcePort == 137 ? "" : string.Create(CultureInfo.InvariantCulture, $":{datagram.SourcePort}");
        to += datagram.DestinationPort == 137 ? "" : string.Create(CultureInfo.InvariantCulture, $":{datagram.DestinationPort}");
        var time = DateTime.UnixEpoch.AddTicks(datagram.Time.Nanoseconds / 100);
        return string.Create(CultureInfo.InvariantCulture, $"{datagram.FrameNumber,6}  {time:HH:mm:ss.ffffff}  {from,-15} → {to,-15}  {NbnsDescription.Describe(datagram.Payload)}");
    }
}
