using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Tests;
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

        var written = output.ToString().Split('\n').Where(line => line.Contains(" → ", StringComparison.Ordinal));
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
