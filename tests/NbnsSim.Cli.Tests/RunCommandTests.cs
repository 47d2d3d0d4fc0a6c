using System.Text;
using System.Text.Json.Nodes;
using NbnsSim.Captures;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests;

public class RunCommandTests
{
    private static IEnumerable<string> Scenarios => BuiltInScenarios.Names;

    private static IEnumerable<string> Dialects => NetBtDialect.All.Select(dialect => dialect.Name);

    /// <summary>The product's shop window, to the letter.</summary>
    [Test]
    public void TheAccountSaysWhereAnAnswerCameFrom()
    {
        string story = ToolRun.Of("run", "wins-retirement").Output;
        Assert.That(story, Does.Contain(" 300.000  ALPHA looks for DELTA<20>. Its cache answers: DELTA<20> is at 10.2.0.10.\n"));
        Assert.That(story, Does.Contain("1440.000  NORTH3 looks for SOUTH2<20>. Its LMHOSTS file answers: SOUTH2<20> is at 10.2.0.20.\n"));
    }

    [Test]
    public void TheDayOfQ131739() => Assert.That(ToolRun.Of("run", "q131739"), Is.EqualTo(new ToolRun(0, """
        q131739: A user logs on to two machines: event 4320 on Windows NT 3.5
        ALPHA 10.0.0.1, BRAVO 10.0.0.2; Windows NT 3.5; seed 1

        JSMITH logs on to ALPHA and then to BRAVO. ALPHA holds JSMITH<03>, so BRAVO is refused it; on
        Windows NT 3.5, BRAVO releases the name that it never got, and ALPHA takes the release for one of
        its own name: event 4320, though there is no duplicate and the network works. Windows NT 3.51
        corrects it. The article names no mechanism: that BRAVO releases, and that ALPHA looks at the name
        alone, is inferred; so is which of the two was corrected: see q131739-sender.
        Sources: Q131739, Q133323, Q139608, RFC 1002 §5.1.1

        ── What went over the wire ─────────────────────────────────────────────────────────────────────────
         seconds      ALPHA      office       BRAVO
                    10.0.0.1   10.0.0.255   10.0.0.2
           0.000        ◆           ║           │  ALPHA boots
           0.000        ├──────────▶║           │  register ALPHA<00>  ×3 (0.75 s apart)
           2.250        ├──────────▶║           │  claim (overwrite demand) ALPHA<00>
           2.250        ├──────────▶║           │  register OFFICE<00> (group)  ×3 (0.75 s apart)
           4.500        ├──────────▶║           │  claim (overwrite demand) OFFICE<00> (group)
           4.500        ├──────────▶║           │  register ALPHA<03>  ×3 (0.75 s apart)
           6.750        ├──────────▶║           │  claim (overwrite demand) ALPHA<03>
           6.750        ├──────────▶║           │  register ALPHA<20>, OFFICE<1E> (group)  ×3 (0.75 s apart)
           9.000        ├──────────▶║           │  claim (overwrite demand) ALPHA<20>, OFFICE<1E> (group)
                        │           ║           │
          15.000        │           ║           ◆  BRAVO boots
          15.000        │           ║◀──────────┤  register BRAVO<00>  ×3 (0.75 s apart)
          17.250        │           ║◀──────────┤  claim (overwrite demand) BRAVO<00>
          17.250        │           ║◀──────────┤  register OFFICE<00> (group)  ×3 (0.75 s apart)
          19.500        │           ║◀──────────┤  claim (overwrite demand) OFFICE<00> (group)
          19.500        │           ║◀──────────┤  register BRAVO<03>  ×3 (0.75 s apart)
          21.750        │           ║◀──────────┤  claim (overwrite demand) BRAVO<03>
          21.750        │           ║◀──────────┤  register BRAVO<20>, OFFICE<1E> (group)  ×3 (0.75 s apart)
          24.000        │           ║◀──────────┤  claim (overwrite demand) BRAVO<20>, OFFICE<1E> (group)
                        │           ║           │
          30.000        ◆           ║           │  JSMITH logs on at ALPHA
          30.000        ├──────────▶║           │  register JSMITH<03>  ×3 (0.75 s apart)
          32.250        ├──────────▶║           │  claim (overwrite demand) JSMITH<03>
                        │           ║           │
          45.000        │           ║           ◆  JSMITH logs on at BRAVO
          45.000        │           ║◀──────────┤  register JSMITH<03>
          45.001        ├───────────╫──────────▶│  refused, ACT_ERR: JSMITH<03>
          45.001        │           ║◀──────────┤  release JSMITH<03>  ×3 (0.75 s apart)
          45.002        ★           ║           │  event 4320, data 10.0.0.2: JSMITH<03> is now in Conflict
                        │           ║           │
          60.000        │           ║           ◆  BRAVO looks for JSMITH<03>
          60.000        │           ║◀──────────┤  query JSMITH<03>  ×3 (0.75 s apart)

        ── ALPHA: System log ───────────────────────────────────────────────────────────────────────────────
        Event ID: 4320
        Source:   NetBT
        Type:     Error
        Time:     45.002 s
        Computer: ALPHA
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

        ── BRAVO: System log ───────────────────────────────────────────────────────────────────────────────
        NetBT logged nothing on BRAVO.

        ── ALPHA: nbtstat -n ───────────────────────────────────────────────────────────────────────────────
        Node IpAddress: [10.0.0.1] Scope Id: []

                      NetBIOS Local Name Table

           Name                 Type        Status
           ---------------------------------------------
           ALPHA          <00>  UNIQUE      Registered
           OFFICE         <00>  GROUP       Registered
           ALPHA          <03>  UNIQUE      Registered
           ALPHA          <20>  UNIQUE      Registered
           OFFICE         <1E>  GROUP       Registered
           JSMITH         <03>  UNIQUE      Conflict

        ── BRAVO: nbtstat -n ───────────────────────────────────────────────────────────────────────────────
        Node IpAddress: [10.0.0.2] Scope Id: []

                      NetBIOS Local Name Table

           Name                 Type        Status
           ---------------------------------------------
           BRAVO          <00>  UNIQUE      Registered
           OFFICE         <00>  GROUP       Registered
           BRAVO          <03>  UNIQUE      Registered
           BRAVO          <20>  UNIQUE      Registered
           OFFICE         <1E>  GROUP       Registered

        ── What happened ───────────────────────────────────────────────────────────────────────────────────
           0.000  ALPHA boots. Nobody objects: ALPHA<00>, ALPHA<03> and ALPHA<20> are ALPHA's own now. ALPHA
                  is in groups OFFICE<00> and OFFICE<1E> now.
          15.000  BRAVO boots. Nobody objects: BRAVO<00>, BRAVO<03> and BRAVO<20> are BRAVO's own now. BRAVO
                  is in groups OFFICE<00> and OFFICE<1E> now.
          30.000  JSMITH logs on at ALPHA. Nobody objects: JSMITH<03> is ALPHA's own now.
          45.000  JSMITH logs on at BRAVO. ALPHA holds JSMITH<03> and refuses it to BRAVO. BRAVO then
                  releases JSMITH<03>, which it never got [1]. ALPHA takes the release for its own
                  JSMITH<03>, though it carries 10.0.0.2: the name goes into Conflict [2]. The log of ALPHA
                  gets event 4320 with the address of BRAVO, 10.0.0.2, in its data.
          60.000  BRAVO looks for JSMITH<03>. ALPHA does not answer for JSMITH<03>, which is in conflict.
                  Nobody answers.

        ── What is known, and what is our inference ────────────────────────────────────────────────────────
          documented    A name that nobody objected to in time is the claimant's. (B1.nobody-objected: RFC
                        1002 §5.1.1.1)
          documented    A group that nobody objected to has the claimant as a member. (B1.joined: RFC 1002
                        §5.1.1.2)
          documented    A node that holds a unique name refuses it to everybody else who claims it.
                        (B5.defend-unique: RFC 1002 §5.1.1.5)
          documented    A name that is lost to a release is told by event 4320, with the address of whoever
                        sent it in its data. (E1.4320: Q120752)
          documented    A name in conflict is not answered for. (C2.not-answered: RFC 1001 §15.1.3.5)
          documented    A name that nobody answers for is not found. (B2.not-found: RFC 1002 §5.1.1.3)
          inferred [1]  Windows NT 3.5 releases a user's name that it was refused at logon.
                        (N15.release-refused: explains Q131739, which names no mechanism)
          inferred [2]  Windows NT 3.5 takes a release of a name it holds for its own although the release
                        carries another machine's address. (N15.name-alone: explains Q131739, which names no
                        mechanism)

        ── Expectations ────────────────────────────────────────────────────────────────────────────────────
        19 of 19 met; 7 are about other dialects

        """, "")));

    [TestCase("nt3.5", 1)]
    [TestCase("nt3.51", 0)]
    [TestCase("nt4", 0)]
    [TestCase("w2k", 0)]
    [TestCase("rfc1002", 0)]
    public void OnlyNt35LogsEvent4320(string dialect, int count)
    {
        var run = ToolRun.Of("run", "q131739", "--dialect", dialect, "--json");
        Assert.That(run.ExitCode, Is.Zero);
        var events = run.Lines.Select(line => JsonNode.Parse(line)!).Where(line => (string)line["type"]! == "event" && (int)line["eventId"]! == 4320).ToList();
        Assert.That(events, Has.Count.EqualTo(count));
        Assert.That(events.Select(logged => ((string)logged["host"]!, (string)logged["address"]!)), Is.All.EqualTo(("ALPHA", "10.0.0.2")));
    }

    [Test]
    public void Json_HasTheEventWithItsData() => Assert.That(
        ToolRun.Of("run", "q131739", "--json").Lines.Single(line => line.Contains("\"type\":\"event\"", StringComparison.Ordinal)),
        Does.StartWith(
            "{\"schemaVersion\":1,\"type\":\"event\",\"time\":\"45.001500000\",\"host\":\"ALPHA\",\"hostAddress\":\"10.0.0.1\",\"eventId\":4320,\"code\":\"0xC00010E0\",\"source\":\"NetBT\"," +
            "\"address\":\"10.0.0.2\",\"name\":\"JSMITH\",\"suffix\":3,\"scope\":\"\",\"data\":\"0000040001005400" + "00000000e01000c0" + "000000000000000000000000000000000000000000000000" + "0200000a\"," +
            "\"rule\":\"N15.name-alone\",\"basis\":\"inferred\",\"ruleSource\":\"explains Q131739, which names no mechanism\",\"explanation\":\"Windows NT 3.5 takes a release of a name"));

    [Test]
    public void EveryScenario_InEveryDialect_FitsItsWidthAndMeetsWhatItExpects([ValueSource(nameof(Scenarios))] string scenario, [ValueSource(nameof(Dialects))] string dialect)
    {
        var run = ToolRun.With([], ["run", scenario, "--dialect", dialect], width: 80);
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Lines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
    }

    [Test]
    public void TheSameSeedIsTheSameRun_AnotherIsNot()
    {
        var once = ToolRun.Of("run", "q131739", "--json", "--seed", "7");
        Assert.That(ToolRun.Of("run", "q131739", "--json", "--seed", "7"), Is.EqualTo(once));
        Assert.That(ToolRun.Of("run", "q131739", "--json", "--seed", "8").Output, Is.Not.EqualTo(once.Output));
    }

    [TestCase("day.pcapng", CaptureFormat.PcapNg)]
    [TestCase("day.pcap", CaptureFormat.Pcap)]
    public void Capture_HasWhatTheLadderShows(string name, CaptureFormat format)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("nbnssim").FullName, name);
        Assert.That(ToolRun.Of("run", "q131739", "--capture", path).ExitCode, Is.Zero);
        using var datagrams = new DatagramReader(CaptureReader.Open(path));
        int releases = 0;
        while (datagrams.TryRead(out var datagram))
        {
            Assert.That(datagram.VerifyUdpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
            Assert.That(NbnsPacket.TryParse(datagram.Payload, out var packet), Is.True);
            releases += packet.Opcode == NbnsOpcode.Release ? 1 : 0;
        }

        Assert.That(datagrams.Capture.Format, Is.EqualTo(format));
        Assert.That(datagrams.Capture.Damage, Is.Null);
        Assert.That(releases, Is.EqualTo(3));

        // What was simulated can be replayed: the same node comes to the same end.
        Assert.That(ToolRun.Of("replay", path, "--as", "10.0.0.1", "--dialect", "nt3.5", "--json").Lines.Count(line => line.Contains("\"eventId\":4320", StringComparison.Ordinal)), Is.EqualTo(1));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Test]
    public void Trace_IsWritten()
    {
        string path = Path.GetTempFileName();
        Assert.That(ToolRun.Of("run", "q131739", "--trace", path).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(path), Does.Contain("45.001500000 ALPHA event 4320 JSMITH<03> from 10.0.0.2\n"));
        File.Delete(path);
    }

    [Test]
    public void AnExpectationThatIsNotMet_EndsWith1AndSaysWhatWasSeen()
    {
        string scenario = BuiltInScenarios.FindText("q131739")!.Replace("\"id\": 4319, \"count\": 0", "\"id\": 4319, \"count\": 2", StringComparison.Ordinal);
        var run = ToolRun.With(Encoding.UTF8.GetBytes(scenario), ["run", "-"]);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("\n18 of 19 met; 7 are about other dialects\nNOT MET, line ").And.Contain("anybody logs 4319: 2. Seen: ALPHA 4320 JSMITH<03> from 10.0.0.2."));
        Assert.That(ToolRun.With(Encoding.UTF8.GetBytes(scenario), ["run", "-", "--json"]).Lines.Last(), Is.EqualTo("{\"schemaVersion\":1,\"type\":\"result\",\"met\":18,\"notMet\":1,\"notApplicable\":7}"));
    }

    [Test]
    public void MistakesOfAScenario_EndWith3AndHaveFileAndLine()
    {
        var run = ToolRun.With("{ \"name\": \"x\",\n \"steps\": [ { \"at\": 5 } ] }"u8.ToArray(), ["run", "-"]);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain("nbnssim: standard input(2,").And.Contain("'at' must be a duration"));
        Assert.That(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.All.StartsWith("nbnssim: standard input("));
    }

    [Test]
    public void EmptyStandardInput_IsSaidToBeEmpty() =>
        Assert.That(ToolRun.Of("run", "-"), Is.EqualTo(new ToolRun(3, "", "nbnssim: standard input(1,1): The file is empty: expected a JSON object.\n")));

    [TestCase(new[] { "run" }, 2, "nbnssim: Expected SCENARIO, or --from with the file of a saved run.\nTry 'nbnssim run --help'.\n")]
    [TestCase(new[] { "run", "q131739", "--seed", "x" }, 2, "nbnssim: 'x' is not a number from 0 to 18446744073709551615.\nTry 'nbnssim run --help'.\n")]
    [TestCase(new[] { "run", "q131739", "--dialect", "vista" }, 2, "nbnssim: There is no dialect 'vista': expected rfc1002, nt3.5, nt3.51, nt4, w2k, w10, w11 or ws2025.\nTry 'nbnssim run --help'.\n")]
    public void WrongCommandLines(string[] arguments, int code, string error) => Assert.That(ToolRun.Of(arguments), Is.EqualTo(new ToolRun(code, "", error)));

    [Test]
    public void AScenarioThatIsNot_EndsWith3()
    {
        var run = ToolRun.Of("run", "no-such-scenario");
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.StartWith("nbnssim: There is no scenario and no file 'no-such-scenario'.\nnbnssim: Built-in scenarios ").And.Contain("q131739"));
        Assert.That(run.Error.Split('\n'), Has.All.Length.LessThanOrEqualTo(100));
        Assert.That(ToolRun.Of("run", "q131793").Error, Does.StartWith("nbnssim: There is no scenario and no file 'q131793'. Did you mean 'q131739'?\n"));
    }

    [Test]
    public void ACaptureThatCannotBeWritten_EndsWith5BeforeAnythingElse()
    {
        var run = ToolRun.Of("run", "q131739", "--json", "--capture", "/no/such/folder/x.pcapng");
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((5, "")));
        Assert.That(run.Error, Does.StartWith("nbnssim: '/no/such/folder/x.pcapng' cannot be written: "));
    }

    [Test]
    public void Colour_IsPaintAlone()
    {
        string coloured = ToolRun.With([], ["run", "q131739"], colour: true).Output;
        Assert.That(coloured, Does.Contain("\u001b[1;35m"));
        Assert.That(System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking), Is.EqualTo(ToolRun.Of("run", "q131739").Output));
    }

    [Test]
    public void ALargeNetwork_IsCountedRatherThanDrawn()
    {
        const string scenario = """
            { "name": "big", "segments": [{ "name": "lan", "subnet": "10.1.0.0/16" }], "hosts": [{ "name": "PC####", "count": 101, "address": "10.1.0.1", "workgroup": "OFFICE" }],
              "steps": [{ "at": "0s", "do": "boot", "host": "PC####" }], "end": "30s" }
            """;
        Assert.That(ToolRun.With(Encoding.UTF8.GetBytes(scenario), ["run", "-"]), Is.EqualTo(new ToolRun(0, """
            big: big
            101 hosts; Windows NT 3.5; seed 1

            ── What went over the wire ─────────────────────────────────────────────────────────────────────────
                     1,515  NAME REGISTRATION REQUEST
                       505  NAME OVERWRITE DEMAND
                     2,020  datagrams in all, taken in 202,000 times

            ── What became of the names ────────────────────────────────────────────────────────────────────────
                       101  <00> unique Registered
                       101  <00> group  Registered
                       101  <03> unique Registered
                       101  <1E> group  Registered
                       101  <20> unique Registered
            The NDJSON has them host by host.

            ── System logs ─────────────────────────────────────────────────────────────────────────────────────
            NetBT logged nothing on 101 hosts.

            """, "")));
    }

    [Test]
    public void Scenarios_ListsThem()
    {
        var run = ToolRun.Of("scenarios");
        Assert.That(run.ExitCode, Is.Zero);
        foreach (string name in BuiltInScenarios.Names)
            Assert.That(run.Lines, Has.Some.StartsWith(name));
        Assert.That(ToolRun.Of("scenarios", "--json").Lines.Select(line => (string)JsonNode.Parse(line)!["name"]!), Is.EqualTo(BuiltInScenarios.Names));
    }

    [Test]
    public void Scenarios_PrintsAFileToStartFrom()
    {
        var file = ToolRun.Of("scenarios", "q131739");
        Assert.That(ToolRun.With(Encoding.UTF8.GetBytes(file.Output), ["run", "-"]).Output, Is.EqualTo(ToolRun.Of("run", "q131739").Output));
        Assert.That(JsonNode.Parse(ToolRun.Of("scenarios", "--schema").Output)!["$schema"], Is.Not.Null);
        Assert.That(ToolRun.Of("scenarios", "nope").ExitCode, Is.EqualTo(3));
    }
}
