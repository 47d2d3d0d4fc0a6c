using System.Text.Json;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>Captures of real networks, against what tshark found in them.</summary>
public sealed class OracleTests
{
    /// <summary>What must be equal, as text for a readable difference.</summary>
    private sealed record Found(long Frame, string Time, string Source, string Destination, string Payload);

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void NameServiceDatagramsAreThoseThatTsharkFinds(string capture)
    {
        string path = SharedFolder.Require(capture);
        var expected = ReadOracle(SharedFolder.OracleOf(path)).ToArray();
        bool coarser = path + ".oracle.ndjson" != SharedFolder.OracleOf(path); // made from the microsecond pcap of the same recording

        var found = new List<Found>();
        var checksums = new List<ChecksumStatus>();
        using var reader = new DatagramReader(CaptureReader.Open(path), new DatagramReaderOptions { Port = 137 });
        while (reader.TryRead(out var datagram))
        {
            found.Add(new Found(
                datagram.FrameNumber,
                coarser ? datagram.Time.ToString()[..^3] + "000" : datagram.Time.ToString(),
                datagram.Source.ToString(),
                datagram.Destination.ToString(),
                Convert.ToHexStringLower(datagram.Payload)));
            checksums.Add(datagram.VerifyUdpChecksum());
        }

        Assert.That(reader.Capture.Damage, Is.Null);
        Assert.That(found, Is.EqualTo(expected.Select(line => line.Found)));
        Assert.That(checksums, Is.EqualTo(expected.Select(line => line.Checksum)));
        Assert.That(reader.QuotedDatagrams, Is.EqualTo(File.ReadLines(SharedFolder.OracleOf(path)).Count(line => line.Contains("\"quoted_in\"", StringComparison.Ordinal))));
    }

    [Test]
    public void TheOneQueryOnEveryLinkIsFound()
    {
        string[] captures = Directory.GetFiles(SharedFolder.Require("findings/public/pcap"), "l-*.pcap");
        Assert.That(captures, Has.Length.GreaterThan(20));
        foreach (string capture in captures)
        {
            using var reader = new DatagramReader(CaptureReader.Open(capture), new DatagramReaderOptions { Port = 137 });
            Assert.That(reader.TryRead(out var datagram), Is.True, capture);
            bool isTunnel = Path.GetFileNameWithoutExtension(capture) is "l-gre" or "l-ipip" or "l-vxlan";
            if (!datagram.IsIpv6)
                Assert.That((datagram.Source.ToString(), datagram.Destination.ToString()), Is.EqualTo(("192.168.1.5:137", "192.168.1.255:137")), capture);
            Assert.That(datagram.Carriers.ToArray().Any(carrier => carrier.Source != default), Is.EqualTo(isTunnel), capture);
            Assert.That(datagram.VlanId is not null, Is.EqualTo(capture.Contains("qinq", StringComparison.Ordinal)), capture);
            Assert.That(reader.TryRead(out _), Is.False, capture);
        }
    }

    [Test]
    public void FragmentsThatContradictEachOtherGiveNoDatagram()
    {
        // an attack of its time: a second "first" fragment over the whole, longer than the last one allows
        using var reader = new DatagramReader(CaptureReader.Open(SharedFolder.Require("captures/public/zeek--ipv4-fragmented-1.pcap")));

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Capture.FrameCount, Is.EqualTo(3));
        Assert.That(reader.LostFragmentedDatagrams, Is.EqualTo(1));
    }

    private static IEnumerable<(Found Found, ChecksumStatus Checksum)> ReadOracle(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.TryGetProperty("quoted_in", out _))
                continue; // what ICMP quotes is no traffic
            yield return (
                new Found(
                    root.GetProperty("frame").GetInt64(),
                    root.GetProperty("time").GetString()!,
                    $"{root.GetProperty("src").GetString()}:{root.GetProperty("sport").GetInt32()}",
                    $"{root.GetProperty("dst").GetString()}:{root.GetProperty("dport").GetInt32()}",
                    root.GetProperty("payload").GetString()!),
                root.GetProperty("udp_csum").GetString() switch
                {
                    "0" => ChecksumStatus.Wrong,
                    "1" => ChecksumStatus.Correct,
                    "2" => ChecksumStatus.Unverifiable,
                    var other => throw new InvalidDataException($"checksum status {other}"),
                });
        }
    }
}
