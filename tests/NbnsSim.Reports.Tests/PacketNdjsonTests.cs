using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NbnsSim.Captures;
using NbnsSim.Tests;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Reports.Tests;

public class PacketNdjsonTests
{
    private static string Write(string hex, string source = "10.0.0.2", string destination = "10.0.0.255", Instant time = default)
    {
        using var output = new MemoryStream();
        var json = new PacketNdjson(output);
        json.Write(7, time, IPAddress.Parse(source).GetAddressBytes(), 137, IPAddress.Parse(destination).GetAddressBytes(), 137, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        json.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private const string Alice03 = "20 4542454d454a4544454643414341434143414341434143414341434143414144 00"; // ALICE<03>

    [Test]
    public void Registration_HasEveryField() => Assert.That(
        Write("1234 2910 0001 0000 0000 0001 " + Alice03 + " 0020 0001 c00c 0020 0001 00000000 0006 0000 0a000002", time: Instant.FromUnixTime(1360546153, 991301000)),
        Is.EqualTo(
            "{\"schemaVersion\":1,\"type\":\"packet\",\"frame\":7,\"time\":\"1360546153.991301000\",\"source\":\"10.0.0.2\",\"sourcePort\":137,\"destination\":\"10.0.0.255\",\"destinationPort\":137," +
            "\"transactionId\":4660,\"flags\":10512,\"opcode\":5,\"response\":false,\"rcode\":0," +
            "\"questions\":[{\"name\":\"ALICE\",\"suffix\":3,\"scope\":\"\",\"type\":32,\"class\":1}]," +
            "\"records\":[{\"section\":\"additional\",\"name\":\"ALICE\",\"suffix\":3,\"scope\":\"\",\"type\":32,\"class\":1,\"ttl\":0,\"entries\":[{\"flags\":0,\"address\":\"10.0.0.2\"}]}]," +
            "\"error\":null,\"kind\":\"nameRegistrationRequest\",\"isoTime\":\"2013-02-11T01:29:13.991301000Z\",\"sourceMac\":null,\"destinationMac\":null}\n"));

    [Test]
    public void Ipv6AndTimesBeforeTheEpoch_AreWritten() =>
        Assert.That(Write("1234", "fe80::1", "ff02::1", new Instant(-1_500_000_000)), Does.Contain("\"time\":\"-1.500000000\",\"source\":\"fe80::1\",\"sourcePort\":137,\"destination\":\"ff02::1\""));

    [TestCase("", "\"transactionId\":null,\"flags\":null,\"opcode\":null,\"response\":null,\"rcode\":null,\"questions\":[],\"records\":[],\"error\":\"the packet ends at octet 0 in the middle of a field\",\"kind\":null,")]
    [TestCase("1234 3000 0001 0000 0000 0000 " + Alice03 + " 0020 0001", "\"records\":[],\"error\":\"the count at octet 10 is 0, but the packet needs a record\",\"kind\":\"unknown\",")]
    [TestCase("1234", "\"transactionId\":4660,\"flags\":null,\"opcode\":null,\"response\":null,\"rcode\":null,\"questions\":[],\"records\":[],\"error\":\"the packet ends at octet 2 in the middle of a field\",\"kind\":null,")]
    [TestCase("1234 0110 0001 0000 0000 0000 " + Alice03 + " 00", "\"flags\":272,\"opcode\":0,\"response\":false,\"rcode\":0,\"questions\":[],\"records\":[],\"error\":\"the packet ends at octet 47 in the middle of a field\",\"kind\":null,")]
    [TestCase("1234 2910 0001 0000 0000 0001 " + Alice03 + " 0020 0001 c00c", "\"questions\":[{\"name\":\"ALICE\",\"suffix\":3,\"scope\":\"\",\"type\":32,\"class\":1}],\"records\":[],\"error\":\"the ")]
    public void WhatCannotBeRead_HasAnErrorAndWhateverWasRead(string hex, string expected) => Assert.That(Write(hex), Does.Contain(expected));

    [Test]
    public void ALabelThatIsNoName_StandsAsItIs() =>
        Assert.That(Write("1234 0110 0001 0000 0000 0000 05 61 3c 22 5c ff 02 622e 00 0020 0001"), Does.Contain("\"questions\":[{\"name\":\"a<3c>\\\"<5c><ff>\",\"suffix\":null,\"scope\":\"b.\",\"type\":32,\"class\":1}]"));

    [Test]
    public void ARecordThatNoCountCounts_StandsByItself() =>
        Assert.That(
            Write("1234 ad86 0000 0000 0000 0000 " + Alice03 + " 0020 0001 00000000 0006 0000 0a000001"),
            Does.Contain("\"records\":[],\"uncountedRecord\":{\"section\":\"uncounted\",\"name\":\"ALICE\",\"suffix\":3,\"scope\":\"\",\"type\":32,\"class\":1,\"ttl\":0,\"entries\":[{\"flags\":0,\"address\":\"10.0.0.1\"}]},\"error\":null"));

    private static IEnumerable<TestCaseData> Each() => Wrappings.All.Select((one, index) => new TestCaseData(index).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(Each))]
    public void WhatCarriedAPacket_IsSaidWithItsEnds(int index)
    {
        var wrapping = Wrappings.All[index];
        using var datagrams = new DatagramReader(new CaptureBytes().PcapHeader(linkType: (uint)wrapping.Link).PcapRecord(1, 0, wrapping.Frame).Open(), new DatagramReaderOptions { Port = 137 });
        Assert.That(datagrams.TryRead(out var datagram), Is.True);
        using var output = new MemoryStream();
        var json = new PacketNdjson(output);
        json.Write(datagram);
        json.Flush();

        var line = JsonNode.Parse(output.ToArray())!;
        Assert.That((int?)line["vlanId"], Is.EqualTo(wrapping.Vlan));
        Assert.That(string.Join("; ", line["carriers"]?.AsArray().Select(carrier => Describe(carrier!)) ?? []), Is.EqualTo(wrapping.Carriers));
        Assert.That(line.AsObject().ContainsKey("carriers"), Is.EqualTo(wrapping.Carriers.Length > 0));

        static string Describe(JsonNode carrier)
        {
            if ((string)carrier["kind"]! == "vlan")
                Assert.That((int?)carrier["vlanId"], Is.EqualTo((int?)carrier["id"]));
            string ends = carrier["source"] is { } source ? $" {source} {carrier["destination"]}" : "";
            string kind = (string)carrier["kind"]!;
            return string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(kind[0])}{kind[1..]} {(long?)carrier["id"] ?? 0}{ends}");
        }
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EveryOracleFrame_IsSaidAlike(string capture)
    {
        foreach (var frame in Oracle.Read(SharedFolder.OracleOf(SharedFolder.Require(capture))))
        {
            using var output = new MemoryStream();
            var json = new PacketNdjson(output);
            string[] time = ((string)frame["time"]!).Split('.');
            json.Write(
                (long)frame["frame"]!, Instant.FromUnixTime(long.Parse(time[0], CultureInfo.InvariantCulture), long.Parse(time[1], CultureInfo.InvariantCulture)),
                IPAddress.Parse((string)frame["src"]!).GetAddressBytes(), (int)frame["sport"]!,
                IPAddress.Parse((string)frame["dst"]!).GetAddressBytes(), (int)frame["dport"]!, Convert.FromHexString((string)frame["payload"]!));
            json.Flush();
            Assert.That(Oracle.Actual(Encoding.UTF8.GetString(output.ToArray())), Is.EqualTo(Oracle.Expected(frame)));
        }
    }
}
