using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using NbnsSim.Captures;
using NbnsSim.Conformance.Benches;
using NbnsSim.Conformance.Reports;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Tests;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Tests;

/// <summary>What became of cases, in every form that it is told in.</summary>
public sealed class ReportTests
{
    private const string File = """
        { "clause": "s1.2", "document": "RFC 1002", "title": "What is claimed", "cases": [
          { "id": 1, "level": "MUST", "role": "node", "says": "A name is refused.", "also": ["RFC 1002 §4.2.6"], "steps": [ { "send": { "kind": "registration", "name": "{unique}" }, "expect": [ { "pass": "refused", "replies": [ { "kind": "negative-registration" } ] } ] } ] },
          { "id": 2, "level": "SHOULD", "role": "node", "says": "A name is refused once.", "steps": [ { "wait": 1, "expect": [ { "pass": "silent", "silence": true } ] } ] },
          { "id": 3, "level": "MUST", "role": "any", "says": "A name <stays>.", "steps": [ { "noise": 3, "to": "all", "expect": [ { "pass": "silent", "silence": true } ] }, { "send": { "kind": "query", "name": "{new}" }, "each": "prefix", "times": 2, "within": 4, "expect": [ { "pass": "silent", "silence": true } ] } ] } ] }
        """;

    private const string Other = """
        { "clause": "q1", "document": "Q1", "title": "What is released", "cases": [
          { "id": 1, "level": "MAY", "role": "server", "says": "Groups stay.", "steps": [ { "wait": 60, "expect": [ { "pass": "silent", "silence": true } ] } ] },
          { "id": 2, "level": "MUST", "role": "node", "says": "Names go.", "steps": [ { "wait": 1, "expect": [ { "pass": "silent", "silence": true } ] } ] } ] }
        """;

    private static readonly ConformanceCase[] Cases = [.. Read(File), .. Read(Other)];

    [Test]
    public void TextHasALineForEachCase_TheFailuresWithTheirLadders_AndASummary() => Assert.That(Text(Report()), Is.EqualTo("""
        Conformance of B node of RFC 1002, in the simulator
        by RFC 1001, RFC 1002, MS-NBTE and the articles that cases name; seed 1

        RFC 1002 §1.2  What is claimed
          ✓ s1.2/1         MUST   A name is refused.
          ≈ s1.2/2         SHOULD A name is refused once.
                                  dialect: refused it twice (observed: Samba 4.17 nmbd; profile samba)
          ✗ s1.2/3         MUST   A name <stays>.
                                  failed: the name went

        Q1  What is released
          ○ q1/1           MAY    Groups stay.
                                  unsupported: it is in no group
          – q1/2           MUST   Names go.
                                  not applicable: is for P nodes

        ── What failed ─────────────────────────────────────────────────────────────────────────────────────
        ✗ s1.2/3
          says      A name <stays>. (MUST: RFC 1002 §1.2)
          expected  it stays
          seen      the name went
         seconds        A          all        peer
                    10.0.0.51  10.0.0.255   10.0.0.7
           0.000        ├──────────▶║           │  release ALPHA<20>
           0.002        │◀──────────╫───────────┤  released: ALPHA<20>

        1 passed, 1 dialect, 1 failed, 1 unsupported, 1 not applicable (profile rfc)

        """.ReplaceLineEndings("\n")));

    [Test]
    public void VerboseTextHasAllLadders()
    {
        string text = Text(Report(isVerbose: true));
        Assert.That(text.Split('\n').Count(line => line.Contains("release ALPHA<20>", StringComparison.Ordinal)), Is.EqualTo(4), "three cases, and the failure again");
    }

    [Test]
    public void JUnitHasASuiteForEachClause()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Report().WriteJUnit(output);
        var suites = XDocument.Parse(output.ToString()).Root!;
        Assert.Multiple(() =>
        {
            Assert.That(Counts(suites), Is.EqualTo("5 1 0 2"));
            Assert.That(suites.Elements("testsuite").Select(suite => $"{suite.Attribute("name")!.Value}: {Counts(suite)}"), Is.EqualTo(new[] { "RFC 1002 §1.2 What is claimed: 3 1 0 0", "Q1 What is released: 2 0 0 2" }));
            Assert.That(suites.Descendants("testcase").Select(test => $"{test.Attribute("name")!.Value} {test.Attribute("time")!.Value} {string.Join(' ', test.Elements().Select(element => element.Name.LocalName))}"), Is.EqualTo(new[]
            {
                "s1.2/1 A name is refused. 0.002 ", "s1.2/2 A name is refused once. 0.002 system-out", "s1.2/3 A name <stays>. 0.002 failure", "q1/1 Groups stay. 0.000 skipped", "q1/2 Names go. 0.000 skipped",
            }));
            Assert.That(suites.Descendants("failure").Single().Value, Does.Contain("says      A name <stays>.").And.Contains("released: ALPHA<20>"));
            Assert.That(suites.Descendants("failure").Single().Attribute("type")!.Value, Is.EqualTo("MUST"));
            Assert.That(suites.Descendants("skipped").First().Attribute("message")!.Value, Is.EqualTo("unsupported: it is in no group"));
        });
    }

    [Test]
    public void JUnitOfAnInterruptedRun_HasAnError()
    {
        var report = Report();
        report.IsInterrupted = true;
        using var output = new StringWriter();
        report.WriteJUnit(output);
        Assert.That(XDocument.Parse(output.ToString()).Descendants("error").Single().Attribute("message")!.Value, Does.StartWith("The run was interrupted"));
    }

    [Test]
    public void NdjsonHasTheExchange()
    {
        var lines = Ndjson(Report()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(line => (string)line["type"]!), Is.EqualTo(new[] { "conformanceResult", "conformanceResult", "conformanceResult", "conformanceResult", "conformanceResult", "conformance" }));
            Assert.That(lines[2]["exchange"]![1]!.ToJsonString(), Does.Contain("\"time\":\"0.002000000\",\"from\":\"10.0.0.7:137\",\"to\":\"10.0.0.51:137\",\"broadcast\":false,\"bySubject\":true,\"hex\":\""));
            Assert.That((string)lines[1]["source"]!, Is.EqualTo("observed: Samba 4.17 nmbd"));
            Assert.That((string)lines[4]["verdict"]!, Is.EqualTo("notApplicable"));
            Assert.That(((int)lines[5]["pass"]!, (int)lines[5]["fail"]!, (int)lines[5]["notApplicable"]!, (bool)lines[5]["interrupted"]!), Is.EqualTo((1, 1, 1, false)));
        });
    }

    [Test]
    public void ThePageIsWellFormed_AndRunsNothingButItsOwnScript()
    {
        string html = Page(Report());
        var page = XDocument.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..]).Root!;
        string policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv") is not null).Attribute("content")!.Value;
        Assert.Multiple(() =>
        {
            foreach (string raw in (string[])["style", "script"])
                Assert.That(policy, Does.Contain($"{raw}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Descendants(raw).Single().Value)))}'"));
            Assert.That(page.Descendants("details").Where(one => one.Attribute("data-verdict") is not null).Select(one => $"{one.Attribute("id")!.Value} {one.Attribute("data-verdict")!.Value}{(one.Attribute("open") is null ? "" : " open")}"), Is.EqualTo(new[]
            {
                "s1.2/1 pass", "s1.2/2 dialect", "s1.2/3 fail open", "q1/1 unsupported", "q1/2 notApplicable",
            }));
            Assert.That(page.Descendants("p").First(one => one.Attribute("class")?.Value == "lead").Value, Is.EqualTo("1 case of 5 failed"));
            Assert.That(page.Descendants("code").Select(one => one.Value.Replace(" ", "", StringComparison.Ordinal)), Does.Contain(Convert.ToHexStringLower(Release)));
            Assert.That(page.Descendants("select").Single().Elements().Select(one => one.Attribute("value")!.Value), Is.EqualTo(new[] { "", "s1.2", "q1" }));
            Assert.That(page.Descendants("input").Select(one => one.Attribute("value")!.Value), Is.EqualTo(new[] { "pass", "dialect", "fail", "unsupported", "notApplicable" }));
        });
    }

    [Test]
    public void TheCaptureHasEveryDatagram_InTheOrderOfTime_WithItsCase()
    {
        using var file = new MemoryStream();
        Report().WriteCapture(file);
        file.Position = 0;
        using var capture = CaptureReader.Open(file);
        var (comments, times) = (new List<string>(), new List<Instant>());
        while (capture.TryRead(out var packet))
        {
            comments.Add(packet.Comments.ToString());
            times.Add(packet.Time);
        }

        file.Position = 0;
        using var datagrams = new DatagramReader(CaptureReader.Open(file));
        Assert.That(datagrams.TryRead(out var datagram), Is.True);
        Assert.That((datagram.Source.ToString(), datagram.Destination.ToString(), Convert.ToHexStringLower(datagram.Payload)), Is.EqualTo(("10.0.0.51:137", "10.0.0.255:137", Convert.ToHexStringLower(Release))));
        Assert.That(times, Is.Ordered);
        Assert.That(comments, Has.Count.EqualTo(6));
        Assert.That(comments[0], Does.StartWith("s1.2/1 MUST (RFC 1002 §1.2, RFC 1002 §4.2.6): A name is refused. passed: refused\ns1.2/1: A to all: "));
        Assert.That(comments[1], Does.StartWith("s1.2/1: the peer to A: "));
    }

    /// <summary>A port that the system chose is known once somebody answered there.</summary>
    [Test]
    public void ThePortOfAStation_IsTheOneThatWasAnswered()
    {
        using var bench = new SimulatedBench(new SimulatedSubject());
        var report = new ConformanceReport(bench, new ConformanceOptions());
        var station = new Ipv4Endpoint(bench.Stations[0], 0);
        report.Add(new ConformanceResult(Cases[0], ConformanceVerdict.Pass, "refused", null, null, "", [
            new(default, station, bench.Subject, false, false, [.. Release]), new(default, bench.Subject, new Ipv4Endpoint(station.Address, 50_000), false, true, [.. Release]),
        ], default));
        using var file = new MemoryStream();
        report.WriteCapture(file);
        file.Position = 0;
        using var datagrams = new DatagramReader(CaptureReader.Open(file));
        Assert.That(datagrams.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Source.Port, Is.EqualTo(50_000));
    }

    /// <summary>Whatever a peer puts into names and the cases into words.</summary>
    [Test]
    public void NothingFromOutsideActsOnATerminalOrAPage()
    {
        using var bench = new SimulatedBench(new SimulatedSubject());
        var report = new ConformanceReport(bench, new ConformanceOptions()) { IsVerbose = true, Title = Poison.Utf8Text };
        byte[] octets = new ReleaseMessage(Poison.Octets).Octets;
        foreach (var verdict in Enum.GetValues<ConformanceVerdict>())
        {
            report.Add(new ConformanceResult(Cases[0], verdict, $"{Poison.Utf8Text} <script>", Poison.Utf8Text, "windows", Poison.Utf8Text, [
                new(default, new Ipv4Endpoint(bench.Stations[0], 137), bench.Subject, false, false, [.. octets]), new(default, bench.Subject, new Ipv4Endpoint(bench.Stations[0], 137), false, true, [.. "\u001b]0;x"u8]),
            ], default));
        }

        using var junit = new StringWriter { NewLine = "\n" };
        report.WriteJUnit(junit);
        using var capture = new MemoryStream();
        report.WriteCapture(capture);
        capture.Position = 0;
        using var reader = CaptureReader.Open(capture);
        while (reader.TryRead(out var packet))
            Poison.AssertNone(packet.Comments.ToString(), "comment");
        Poison.AssertNone(Text(report), "text");
        Poison.AssertNone(Ndjson(report), "NDJSON");
        Poison.AssertNone(junit.ToString(), "JUnit");
        Poison.AssertNone(Page(report), "page");
        Assert.That(Page(report), Does.Not.Contain("<script>' "));
        Assert.That(XDocument.Parse(junit.ToString()).Descendants("testcase").Count(), Is.EqualTo(5));
    }

    [Test]
    public void AReportOfNothing_IsOne()
    {
        using var bench = new SimulatedBench(new SimulatedSubject());
        var report = new ConformanceReport(bench, new ConformanceOptions());
        Assert.That(Text(report), Does.EndWith("\n0 passed, 0 dialect, 0 failed, 0 unsupported, 0 not applicable (profile rfc)\nNo case could be judged: nothing is known of it.\n"));
        Assert.That(report.HasFailures, Is.False);
        Assert.That(Page(report), Does.Contain("None of 0 cases failed"));
    }

    [Test]
    public void APlanCountsWhatIsSent_AndSaysWhatIsNotRun()
    {
        var part = new ConformancePlanPart("", [.. Cases], [new UdpBenchOptions { Subject = default }.Stations]);
        var plan = new ConformancePlan([part], new ConformanceOptions(), "10.0.0.7:137", Ipv4Address.Parse("10.0.0.255"), isVirtual: false);
        int query = 12 + 34 + 4;
        Assert.That((plan.Datagrams, plan.Broadcasts), Is.EqualTo(((1 + 4) + (0 + 4) + (3 + (2 * query) + 4) + 0 + (0 + 4), 3)));
        Assert.That(plan.Time, Is.EqualTo(TimeSpan.FromSeconds((1 + 4) + (1 + 4) + (1 + 4 + 4) + 0 + (1 + 4))));
        using var output = new StringWriter { NewLine = "\n" };
        plan.Write(new ReportWriter(output));
        Assert.That(output.ToString(), Does.Contain("  q1/1           nothing: would take 60 s\n").And.Contains("  s1.2/3         107 datagrams 3 broadcast   9 s\n").And.EndsWith("Nothing was sent.\n"));
        Assert.That(new ConformancePlan([part], new ConformanceOptions(), "10.0.0.7:137", null, isVirtual: false).Broadcasts, Is.Zero);
    }

    private static byte[] Release { get; } = new ReleaseMessage([.. "ALPHA          "u8, 0x20]).Octets;

    private static ConformanceReport Report(bool isVerbose = false)
    {
        using var bench = new SimulatedBench(new SimulatedSubject());
        var report = new ConformanceReport(bench, new ConformanceOptions()) { IsVerbose = isVerbose };
        byte[] answer = [.. Release];
        (answer[2], answer[3]) = (0xB4, 0x00);
        (answer[5], answer[7], answer[11]) = (0, 1, 0);
        answer = [.. answer[..12], .. answer[12..46], .. new byte[] { 0, 0x20, 0, 1, 0, 0, 0, 0, 0, 6, 0, 0, 10, 0, 0, 7 }];
        var start = Instant.FromUnixTime(60); // each case has a clock of its own, as in the simulator
        ExchangePacket[] exchange =
        [
            new(start, new Ipv4Endpoint(bench.Stations[0], 137), Ipv4Endpoint.NameService(bench.Broadcast!.Value), true, false, [.. Release]),
            new(start + TimeSpan.FromMilliseconds(2), bench.Subject, new Ipv4Endpoint(bench.Stations[0], 137), false, true, [.. answer]),
        ];
        report.Add(new ConformanceResult(Cases[0], ConformanceVerdict.Pass, "refused", null, null, "refused", [.. exchange], start));
        report.Add(new ConformanceResult(Cases[1], ConformanceVerdict.Dialect, "refused it twice", "observed: Samba 4.17 nmbd", "samba", "refused", [.. exchange], start));
        report.Add(new ConformanceResult(Cases[2], ConformanceVerdict.Fail, "the name went", null, null, "it stays", [.. exchange], start));
        report.Add(new ConformanceResult(Cases[3], ConformanceVerdict.Unsupported, "it is in no group", null, null, "", [], start));
        report.Add(new ConformanceResult(Cases[4], ConformanceVerdict.NotApplicable, "is for P nodes", null, null, "", [], start));
        return report;
    }

    private static ImmutableArray<ConformanceCase> Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ConformanceCatalogue.ReadFile(stream, "test.json");
    }

    private static string Text(ConformanceReport report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        report.Write(new ReportWriter(output));
        return output.ToString();
    }

    private static string Ndjson(ConformanceReport report)
    {
        using var output = new MemoryStream();
        report.Write(new NdjsonWriter(output));
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string Page(ConformanceReport report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        report.WritePage(output);
        return output.ToString();
    }

    private static string Counts(XElement element) => string.Join(' ', ((string[])["tests", "failures", "errors", "skipped"]).Select(name => element.Attribute(name)!.Value));

    /// <summary>A release of a name, broadcast.</summary>
    private sealed record ReleaseMessage(byte[] Name)
    {
        public byte[] Octets
        {
            get
            {
                byte[] octets = new byte[128];
                var writer = new NbnsPacketWriter(octets);
                writer.WriteHeader(0x1234, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, 1, 0, 0, 1);
                writer.WriteName(new NetBiosName(Name));
                writer.WriteTypeAndClass(NbnsType.NB, NbnsHeader.ClassIn);
                writer.WritePointer(NbnsHeader.Size);
                writer.WriteRecordHead(NbnsType.NB, 0, 6, NbnsHeader.ClassIn);
                writer.WriteEntry(new NbEntry(new NbFlags(false, OwnerNodeType.B), Ipv4Address.Parse("10.0.0.51")));
                return writer.Written.ToArray();
            }
        }
    }
}
