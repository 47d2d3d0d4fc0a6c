using System.IO.Compression;
using NbnsSim.Reports.Tests;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests;

public class DecodeCommandTests
{
    private const string Alice03 = "20" + "4542454d454a4544454643414341434143414341434143414341434143414144" + "00"; // ALICE<03>

    internal static readonly byte[] Registration = Convert.FromHexString("1234291000010000000000" + "01" + Alice03 + "00200001" + "c00c00200001" + "00000000" + "0006" + "0000" + "0a000002");
    private static readonly byte[] Refusal = Convert.FromHexString("1234ad860000000100000000" + Alice03 + "00200001" + "00000000" + "0006" + "0000" + "0a000001");

    private static readonly byte[] TwoPackets = TestCapture.Of(("10.0.0.2", 137, "10.0.0.255", 137, Registration), ("10.0.0.1", 137, "10.0.0.2", 137, Refusal));

    [Test]
    public void Text_IsALineAPacket() => Assert.That(ToolRun.With(TwoPackets, ["decode", "-"]), Is.EqualTo(new ToolRun(0, """
        2001-09-09 UTC
             1  01:46:40.000000  10.0.0.2        → 10.0.0.255       NAME REGISTRATION REQUEST ALICE<03> unique 10.0.0.2 B-node TTL 0
             2  01:46:41.000000  10.0.0.1        → 10.0.0.2         NEGATIVE NAME REGISTRATION RESPONSE ALICE<03> ACT_ERR unique 10.0.0.1 B-node

        """, "")));

    [Test]
    public void Summary_CountsByKind() =>
        Assert.That(ToolRun.With([.. TwoPackets, .. TestCapture.Of(("10.0.0.1", 137, "10.0.0.2", 137, Refusal), ("10.0.0.1", 137, "10.0.0.2", 137, Refusal[..20])).AsSpan(24)], ["decode", "-", "--summary"]), Is.EqualTo(new ToolRun(0, """
            standard input: 4 frames, 4 of them name service packets
            from 2001-09-09 01:46:40.000000 to 2001-09-09 01:46:41.000000 UTC
                         1  NAME REGISTRATION REQUEST
                         2  NEGATIVE NAME REGISTRATION RESPONSE
                         1  UNREADABLE PACKET

            """, "")));

    [TestCase("--name", "ZZZ", "is about a name ZZZ")]
    [TestCase("--name", "ALICE<20>", "is about a name ALICE<20>")]
    [TestCase("--host", "10.9.9.9", "is from or to 10.9.9.9")]
    public void WhatNoPacketHas_EndsWith1AndSaysSo(string option, string value, string what)
    {
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", option, value]), Is.EqualTo(new ToolRun(1, "", $"nbnssim: standard input: no name service packet {what}.\n")));
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", "--json", option, value]).ExitCode, Is.EqualTo(1));
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", "--summary", option, value]).ExitCode, Is.EqualTo(1));
        Assert.That(ToolRun.With(TwoPackets[..^1], ["decode", "-", option, value]).ExitCode, Is.EqualTo(3), "what is damaged may have had it");
    }

    [Test]
    public void NameAndHostTogether_AreBothSaid() =>
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", "--name", "alice:03", "--host", "10.9.9.9"]).Error, Is.EqualTo("nbnssim: standard input: no name service packet is about a name alice:03 and from or to 10.9.9.9.\n"));

    [Test]
    public void Local_PrintsTimesOfTheZoneAndJsonKeepsUtc()
    {
        var west = TimeZoneInfo.CreateCustomTimeZone("west", TimeSpan.FromHours(-3.5), "west", "west");
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", "--local"], zone: west).Output, Does.StartWith("2001-09-08 UTC-03:30\n     1  22:16:40.000000  "));
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", "--local", "--summary"], zone: west).Output, Does.Contain("from 2001-09-08 22:16:40.000000 to 2001-09-08 22:16:41.000000 UTC-03:30\n"));
        Assert.That(ToolRun.With(TwoPackets, ["decode", "-", "--local", "--json"], zone: west), Is.EqualTo(ToolRun.With(TwoPackets, ["decode", "-", "--json"])));
    }

    [Test]
    public void JsonAndSummary_ExcludeEachOther() =>
        Assert.That(ToolRun.Of("decode", "-", "--summary", "--json"), Is.EqualTo(new ToolRun(2, "", "nbnssim: --json and --summary exclude each other.\nTry 'nbnssim decode --help'.\n")));

    [Test]
    public void GzippedInput_IsReadToo()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(TwoPackets);
        Assert.That(ToolRun.With(compressed.ToArray(), ["decode", "-"]), Is.EqualTo(ToolRun.With(TwoPackets, ["decode", "-"])));
    }

    [Test]
    public void OddAndUnreadablePackets_AreShownAsSuch()
    {
        byte[] input = TestCapture.Of(("10.0.0.2", 137, "10.0.0.255", 137, [.. Registration, 0xFF]), ("10.0.0.2", 4000, "10.0.0.1", 137, Registration[..40]));
        Assert.That(ToolRun.With(input, ["decode", "-"]), Is.EqualTo(new ToolRun(0, """
            2001-09-09 UTC
                 1  01:46:40.000000  10.0.0.2        → 10.0.0.255       NAME REGISTRATION REQUEST ALICE<03> unique 10.0.0.2 B-node TTL 0
                    odd: trailing octets
                 2  01:46:41.000000  10.0.0.2:4000   → 10.0.0.1         UNREADABLE PACKET: the packet ends at octet 40 in the middle of a field

            """, "")));
    }

    [Test]
    public void AnotherServicesDatagramThatDoesNotRead_IsLeftOut()
    {
        byte[] input = TestCapture.Of(("10.0.0.2", 123, "10.0.0.1", 137, [0x58, 0x58]), ("10.0.0.2", 123, "10.0.0.1", 137, Registration));
        Assert.That(ToolRun.With(input, ["decode", "--json", "-"]).Lines.Single(), Does.StartWith("{\"schemaVersion\":1,\"type\":\"packet\",\"frame\":2,"));
    }

    [Test]
    public void ADamagedTail_LosesOnlyTheDamagedPacket()
    {
        var run = ToolRun.With(TwoPackets[..^1], ["decode", "-", "--json"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(3));
            Assert.That(run.Lines.Single(), Does.Contain("\"frame\":1,"));
            Assert.That(run.Error, Does.StartWith("nbnssim: standard input: Frame 2 at octet "));
        });
    }

    [TestCase("/no/such/file", "nbnssim: There is no file '/no/such/file'.\n")]
    [TestCase("/", "nbnssim: '/' is a folder, not a file.\n")]
    public void AFileThatCannotBeRead_EndsWith3(string path, string error) => Assert.That(ToolRun.Of("decode", path), Is.EqualTo(new ToolRun(3, "", error)));

    [Test]
    public void WhatIsNoCapture_EndsWith3()
    {
        var run = ToolRun.With("root:x:0:0"u8.ToArray(), ["decode", "-"]);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.StartWith("nbnssim: standard input: This is no packet capture but "));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void Json_IsWhatTheOracleSays(string capture)
    {
        string path = SharedFolder.Require(capture);
        var run = ToolRun.Of("decode", path, "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        bool nanoseconds = SharedFolder.OracleOf(path) != path + ".oracle.ndjson"; // our pcapng recordings have them, their pcap twins do not
        Assert.That(run.Lines.Select(line => Oracle.Actual(line, nanoseconds)), Is.EqualTo(Oracle.Read(SharedFolder.OracleOf(path)).Select(Oracle.Expected)));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void Text_HasALineForEveryOracleFrame(string capture)
    {
        string path = SharedFolder.Require(capture);
        var numbers = ToolRun.Of("decode", path).Lines.Where(line => line.Length > 6 && line[..6].Trim().All(char.IsAsciiDigit) && line[5] != ' ').Select(line => int.Parse(line[..6], System.Globalization.CultureInfo.InvariantCulture));
        Assert.That(numbers, Is.EqualTo(Oracle.Read(SharedFolder.OracleOf(path)).Select(frame => (int)frame["frame"]!)));
    }
}
