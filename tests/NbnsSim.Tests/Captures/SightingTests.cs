using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>The same datagram, captured in several places, counts once.</summary>
public sealed class SightingTests
{
    private static readonly MacAddress Mac = MacAddress.FromIpv4(Ipv4Address.Parse("10.0.0.1"));

    [TestCase(0, 64, 1, 1)]
    [TestCase(50, 64, 1, 1)]
    [TestCase(51, 64, 1, 2)]
    [TestCase(0, 63, 1, 1)] // a router passed it on
    [TestCase(0, 64, 2, 2)] // another datagram: RFC 791 §3.1
    public void AnotherSightingWithinTheWindowIsPassedOver(int milliseconds, int timeToLive, int identification, int given)
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            int ethernet = writer.AddInterface(new CaptureInterface { LinkType = LinkType.Ethernet });
            writer.Write(Instant.FromUnixTime(1), Frame(1, 64), ethernet);
            writer.Write(Instant.FromUnixTime(1) + TimeSpan.FromMilliseconds(milliseconds), Frame((ushort)identification, (byte)timeToLive), ethernet);
        }

        stream.Position = 0;
        using var datagrams = new DatagramReader(CaptureReader.Open(stream, leaveOpen: true), new DatagramReaderOptions { SightingWindow = TimeSpan.FromMilliseconds(50) });
        int count = 0;
        while (datagrams.TryRead(out _))
            count++;
        Assert.That((count, datagrams.RepeatedSightings), Is.EqualTo((given, 2L - given)));
    }

    /// <summary>How many others may come in between does not depend on their hashes, and so is the same in every process.</summary>
    [TestCase(SightingFilter.Size - 1, 1)]
    [TestCase(SightingFilter.Size, 0)]
    public void AnotherSightingIsKnownAfterSoManyOthers(int others, int repeated)
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            int ethernet = writer.AddInterface(new CaptureInterface { LinkType = LinkType.Ethernet });
            for (int i = 0; i <= others; i++)
                writer.Write(Instant.FromUnixTime(1), Frame((ushort)i, 64), ethernet);
            writer.Write(Instant.FromUnixTime(1), Frame(0, 64), ethernet);
        }

        stream.Position = 0;
        using var datagrams = new DatagramReader(CaptureReader.Open(stream, leaveOpen: true), new DatagramReaderOptions { SightingWindow = TimeSpan.FromMilliseconds(50) });
        while (datagrams.TryRead(out _))
        {
        }

        Assert.That(datagrams.RepeatedSightings, Is.EqualTo(repeated));
    }

    private static byte[] Frame(ushort identification, byte timeToLive)
    {
        byte[] frame = new byte[200];
        int length = UdpFrame.Write(
            frame, Mac, Mac, new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.1"), 137), new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.2"), 137), [1, 2, 3], identification, timeToLive);
        return frame[..length];
    }
}
