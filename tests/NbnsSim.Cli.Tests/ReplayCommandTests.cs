using System.Text.Json.Nodes;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Tests;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests;

public class ReplayCommandTests
{
    private static readonly NetBiosName User = NetBiosName.Parse("JSMITH<03>");

    /// <summary>ALPHA (10.0.0.1) claims JSMITH&lt;03&gt;; BRAVO (10.0.0.2) is refused it and releases it all the same.</summary>
    internal static readonly byte[] Q131739 = TestCapture.Of(
        ("10.0.0.1", 137, "10.0.0.255", 137, Request(0x1001, 0x2910, "10.0.0.1")),
        ("10.0.0.1", 137, "10.0.0.255", 137, Request(0x1001, 0x2910, "10.0.0.1")),
        ("10.0.0.1", 137, "10.0.0.255", 137, Request(0x1001, 0x2910, "10.0.0.1")),
        ("10.0.0.1", 137, "10.0.0.255", 137, Request(0x1001, 0x2810, "10.0.0.1")),
        ("10.0.0.2", 137, "10.0.0.255", 137, Request(0x2002, 0x2910, "10.0.0.2")),
        ("10.0.0.1", 137, "10.0.0.2", 137, Refusal(0x2002)),
        ("10.0.0.2", 137, "10.0.0.255", 137, Request(0x2003, 0x3010, "10.0.0.2")));

    private static byte[] Request(ushort id, ushort flags, string address)
    {
        Span<byte> buffer = stackalloc byte[NbnsEncoder.MaxRequestLength];
        return buffer[..NbnsEncoder.WriteRequest(buffer, id, flags, User, 300_000, new NbEntry(default, Ipv4Address.Parse(address)))].ToArray();
    }

    private static byte[] Refusal(ushort id)
    {
        Span<byte> buffer = stackalloc byte[NbnsEncoder.MaxRequestLength];
        return buffer[..NbnsEncoder.WriteResponse(buffer, id, 0xAD86, User, 0, new NbEntry(default, Ipv4Address.Parse("10.0.0.1")))].ToArray();
    }

    private static ToolRun Run(params string[] arguments) => ToolRun.With(Q131739, ["replay", "-", .. arguments]);

    [TestCase("03:46:43")]
    [TestCase("2001-09-09T03:46:43")]
    [TestCase("2001-09-09T01:46:43Z")]
    public void Local_PrintsAndTakesTimesOfTheZone(string at)
    {
        var east = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");
        var run = ToolRun.With(Q131739, ["replay", "-", "--as", "10.0.0.1", "--dialect", "nt3.5", "--local", "--at", at], zone: east);
        Assert.That(run.Output, Does.Contain("nbtstat -n after frame 4, 2001-09-09 03:46:43.000000 UTC+02:00"));
    }

    [Test]
    public void Text_HasEventsReasonsNamesAndDifferences() => Assert.That(Run("--as", "10.0.0.1", "--dialect", "nt3.5"), Is.EqualTo(new ToolRun(0, """
        standard input: 10.0.0.1 (HOST) as a B node of Windows NT 3.5
        1 request of the host became a command, 2 datagrams reached it, 1 answer as captured, 0 otherwise.
        What was sent is taken as received: a capture does not show what was lost behind it.

        ── Events it would have logged ─────────────────────────────────────────────────────────────────────
        Event ID: 4320
        Source:   NetBT
        Type:     Error
        Time:     2001-09-09 01:46:46.000000 UTC
        Computer: HOST
        Description:
        Another machine has sent a name release message to this machine probably because
        a duplicate name has been detected on the TCP network. The IP address of the
        node that sent the message is in the data. Use nbtstat -n in a command window to
        see which name is in the Conflict state.
        Data (bytes):
        0000: 00 00 04 00 01 00 54 00   ......T.
        0008: 00 00 00 00 e0 10 00 c0   ........
        0010: 00 00 00 00 00 00 00 00   ........
        0018: 00 00 00 00 00 00 00 00   ........
        0020: 00 00 00 00 00 00 00 00   ........
        0028: 02 00 00 0a               ....
        Data (words):
        0000: 00040000 00540001 00000000 c00010e0
        0010: 00000000 00000000 00000000 00000000
        0020: 00000000 00000000 0a000002
        Name:     JSMITH<03>
        Why:      frame 7, from 10.0.0.2 by broadcast, transaction 0x2003. Windows NT 3.5 takes a release of
                  a name it holds for its own although the release carries another machine's address.
                  (inferred: explains Q131739, which names no mechanism)

        ── What became of its names ────────────────────────────────────────────────────────────────────────
          frame 1      01:46:40.000000  JSMITH logs on at 10.0.0.1. (T3.logon)
                       01:46:42.250000  Nobody objects: JSMITH<03> is 10.0.0.1's own now.
                                        (B1.nobody-objected)
          frame 5      01:46:44.000000  10.0.0.1 holds JSMITH<03> and refuses it to 10.0.0.2.
                                        (B5.defend-unique)
          frame 7      01:46:46.000000  10.0.0.1 takes the release for its own JSMITH<03>, though it carries
                                        10.0.0.2: the name goes into Conflict. (N15.name-alone)
          frame 7      01:46:46.000000  The log of 10.0.0.1 gets event 4320 with the address of 10.0.0.2 in
                                        its data. (E1.4320)

        ── nbtstat -n after frame 7, 2001-09-09 01:46:46.000000 UTC ────────────────────────────────────────
        Node IpAddress: [10.0.0.1] Scope Id: []

                      NetBIOS Local Name Table

           Name                 Type        Status
           ---------------------------------------------
           JSMITH         <03>  UNIQUE      Conflict

        ── Where the captured answers differ ───────────────────────────────────────────────────────────────
        Nowhere.

        """, "")));

    [Test]
    public void Json_HasTheEventAsEveryCommandPrintsIt()
    {
        var run = Run("--as", "10.0.0.1", "--dialect", "nt3.5", "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Lines.Single(line => line.Contains("\"type\":\"event\"", StringComparison.Ordinal)), Does.StartWith(
            "{\"schemaVersion\":1,\"type\":\"event\",\"time\":\"1000000006.000000000\",\"frame\":7,\"host\":\"HOST\",\"hostAddress\":\"10.0.0.1\",\"eventId\":4320,\"code\":\"0xC00010E0\",\"source\":\"NetBT\"," +
            "\"address\":\"10.0.0.2\",\"name\":\"JSMITH\",\"suffix\":3,\"scope\":\"\",\"data\":\"0000040001005400" + "00000000e01000c0" + "000000000000000000000000000000000000000000000000" + "0200000a\"," +
            "\"rule\":\"N15.name-alone\",\"basis\":\"inferred\",\"ruleSource\":\"explains Q131739, which names no mechanism\",\"explanation\":\"Windows NT 3.5 takes a release of a name"));
        Assert.That(run.Lines.Last(), Does.StartWith("{\"schemaVersion\":1,\"type\":\"replayed\",\"frame\":7,"));
        foreach (string line in run.Lines)
            Assert.That((int)JsonNode.Parse(line)!["schemaVersion"]!, Is.EqualTo(1));
    }

    [TestCase("nt3.5", 1)]
    [TestCase("nt3.51", 0)]
    [TestCase("rfc1002", 0)]
    public void Dialect_DecidesAboutTheEvent(string dialect, int events) =>
        Assert.That(Run("--as", "10.0.0.1", "--dialect", dialect, "--json").Lines.Count(line => line.Contains("\"type\":\"event\"", StringComparison.Ordinal) && line.Contains("\"eventId\":4320", StringComparison.Ordinal)), Is.EqualTo(events));

    [TestCase("6", "Registered")]
    [TestCase("+5.9", "Registered")]
    [TestCase("01:46:45.9", "Registered")]
    [TestCase("2001-09-09T01:46:45", "Registered")]
    [TestCase("1000000005.5", "Registered")]
    [TestCase("2", "Registering")]
    [TestCase("7", "Conflict")]
    [TestCase("+100.0", "Conflict")]
    public void At_ShowsTheNamesThere(string at, string status) =>
        Assert.That(Run("--as", "10.0.0.1", "--dialect", "nt3.5", "--at", at).Output, Does.Contain($"   JSMITH         <03>  UNIQUE      {status}\n"));

    [TestCase(new[] { "--as", "10.0.0.300" }, "nbnssim: '10.0.0.300' is no IPv4 address: expected one such as 10.0.0.1.\nTry 'nbnssim replay --help'.\n")]
    [TestCase(new[] { "--as", "10.0.0.1", "--dialect", "nt9" }, "nbnssim: There is no dialect 'nt9': expected rfc1002, nt3.5, nt3.51, nt4, w2k, w10, w11 or ws2025.\nTry 'nbnssim replay --help'.\n")]
    [TestCase(new[] { "--as", "10.0.0.1", "--at", "noon" }, "nbnssim: 'noon' is neither a frame number nor a time such as 14:31:00, 2024-02-29T14:31:00, 1709217060.5 or +90.5.\nTry 'nbnssim replay --help'.\n")]
    public void AWrongCommandLine_EndsWith2(string[] arguments, string error) => Assert.That(Run(arguments), Is.EqualTo(new ToolRun(2, "", error)));

    [Test]
    public void AHostThatIsNotInTheCapture_EndsWith3() => Assert.That(Run("--as", "10.0.0.9"), Is.EqualTo(new ToolRun(
        3, "", "nbnssim: standard input: 10.0.0.9 neither sends nor gets a name service datagram. These send some: 10.0.0.1, 10.0.0.2.\n")));

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("25:00")]
    [TestCase("99999999999999999999")]
    [TestCase("99999999999999999999.5")]
    [TestCase("")]
    public void NoPoint(string text) => Assert.That(ReplayPoint.TryParse(text, out _), Is.False);

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EveryHostOfEveryCapture_IsReplayed(string capture)
    {
        string path = SharedFolder.Require(capture);
        var hosts = CaptureFile.FindHosts(CaptureReader.Open(path)).Hosts.ToList();
        foreach (var host in hosts)
        {
            var run = ToolRun.Of("replay", path, "--as", host.Address.ToString());
            Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
            Assert.That(run.Output.Split('\n').Skip(1).Max(line => line.Length), Is.LessThanOrEqualTo(100));
        }
    }

    [Test]
    public void WithoutAnAddressEveryHostIsReplayed()
    {
        var run = Run("--dialect", "nt3.5");

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Lines.First(), Is.EqualTo("standard input: 2 hosts as Windows NT 3.5 machines"));
            Assert.That(run.Output.Split("Event ID: 4320"), Has.Length.EqualTo(2));
            Assert.That(run.Lines.Last(), Is.EqualTo("One host in full: nbnssim replay standard input --as 10.0.0.1"));
        });
    }

    [Test]
    public void WhatAnotherSystemWouldLogIsSaid()
    {
        string[] hint = ["→ Windows NT 3.5 would log 4320 on 10.0.0.1: JSMITH<03>, sender 10.0.0.2 (--dialect nt3.5)."];
        Assert.That(Run().Lines, Is.SupersetOf(hint));
        Assert.That(Run("--as", "10.0.0.1").Lines, Is.SupersetOf(hint));
        Assert.That(Run("--json").Lines.Single(line => line.Contains("\"type\":\"loggedByOthers\"", StringComparison.Ordinal) && line.Contains("4320", StringComparison.Ordinal)), Does.Contain("\"dialects\":[\"nt3.5\"]"));
    }

    [Test]
    public void WithoutAnAddressJsonHasEveryHost() =>
        Assert.That(Run("--json").Lines.Count(line => line.Contains("\"type\":\"replayed\"", StringComparison.Ordinal)), Is.EqualTo(2));
}
