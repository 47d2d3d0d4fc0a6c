using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

/// <summary>A picture as page, drawing, diagram and ticket: the same records, and names that stay text in each.</summary>
public sealed class PictureTests
{
    private static readonly Ipv4Address Holder = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address Claimant = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address Everybody = Ipv4Address.Parse("10.0.0.255");

    /// <summary>A character of Markdown behind a backslash.</summary>
    private static readonly Regex Escape = new(@"\\[^A-Za-z0-9 ]", RegexOptions.NonBacktracking);

    /// <summary>Characters that do not show are written as placeholders: ESC for an escape, RLO for right-to-left override, LF for a line feed.</summary>
    private static readonly string[] s_hostile = ["<b>&\"'<03>", "ESC[31m<03>", "</style><03>", "|x|`y`|<03>", "a``b<03>", "ALFB\nC<03>", "[x](http:y)<03>", "@admin #1<03>", "*_~x~_*<03>", "end;note<03>"];

    [Test]
    public void APageShowsTheVerdictItsFramesAndAFilter()
    {
        var page = Page("JSMITH<03>");
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("h2").First().Value, Does.StartWith("One user is logged on at two machines ("));
            Assert.That(page.Descendants("code").First().Value, Is.EqualTo("frame.number in {4..7}"));
            Assert.That(page.Descendants("g").Select(arrow => (string?)arrow.Attribute("aria-label")), Is.EqualTo(new[]
            {
                "00:00:04.000, frame 4: 10.0.0.1 to everybody (broadcast): claim (overwrite demand) JSMITH<03>",
                "00:00:05.000, frame 5: 10.0.0.2 to everybody (broadcast): register JSMITH<03>",
                "00:00:06.000, frame 6: 10.0.0.1 to 10.0.0.2: refused, ACT_ERR: JSMITH<03>",
                "00:00:07.000, frame 7: 10.0.0.2 to everybody (broadcast): release JSMITH<03>",
            }), "an arrow a frame");
            Assert.That(page.Descendants("li").First(item => (string?)item.Attribute("id") == "i0r2").Descendants("code").Single().Value.Replace(" ", "", StringComparison.Ordinal), Does.StartWith("0002ad86"), "the refusal's octets");
            Assert.That(page.Descendants("dt").Select(head => head.Value), Does.Contain("It is not"));
            Assert.That(page.Descendants("pre").Select(shown => shown.Value[..14]), Is.EqualTo(new[] { "Event ID: 4321", "Event ID: 4320" }), "each as the systems that log it");
            Assert.That(page.Descendants("pre").Last().Value, Does.Contain("0028: 02 00 00 0a"));
        });
    }

    /// <summary>It needs nothing from anywhere: no link, no picture, one script and one style of its own, and nothing else may run (the hashes in its policy), and few octets.</summary>
    [Test]
    public void APageStandsByItself()
    {
        string text = Text("JSMITH<03>");
        Assert.That(text, Does.StartWith("<!DOCTYPE html>\n").And.Not.Contain("href").And.Not.Contain("src=").And.Not.Contain("@import").And.Not.Contain("url("));
        Assert.That(text, Does.Contain("default-src 'none'").And.Not.Contain("unsafe"));
        Assert.That(text, Has.Length.LessThan(100_000));
    }

    [Test]
    public void StyleAndScriptHaveNoCharacterOfMarkup() =>
        Assert.That(Picture.StyleSheet + Picture.Script, Does.Not.Contain("<").And.Not.Contain("&"));

    [TestCaseSource(nameof(s_hostile))]
    public void ANameCannotBecomeMarkup(string shown)
    {
        var name = Hostile(shown);
        var page = Parse(Drawn(name, static (picture, text) => picture.WriteHtml(text)));
        Assert.That(page.Descendants("b").Where(element => !element.Value.Contains("claim", StringComparison.Ordinal) && element.HasElements), Is.Empty);
        Assert.That(page.Descendants("style").Count() + page.Descendants("script").Count(), Is.EqualTo(2));
        Assert.That(page.ToString(), Does.Not.Contain("\u001b"));
        Assert.That(page.Descendants("dd").Any(text => text.Value == $"{name} (Messenger service)"), Is.True);
    }

    [TestCaseSource(nameof(s_hostile))]
    public void ANameStaysTextInADrawing(string shown)
    {
        var drawing = Parse(Drawn(Hostile(shown), static (picture, text) => picture.WriteSvg(text)));
        Assert.That(drawing.Root!.Name, Is.EqualTo(XName.Get("svg", "http://www.w3.org/2000/svg")));
        Assert.That(drawing.Descendants().Select(element => element.Name.LocalName).Distinct(StringComparer.Ordinal), Is.SubsetOf(new[] { "svg", "title", "desc", "style", "rect", "line", "text", "g", "path" }));
        Assert.That(drawing.Descendants().Any(element => element.Value.Contains(Hostile(shown).ToString(), StringComparison.Ordinal)), Is.True);
    }

    /// <summary>Every line of it is one of three forms, whatever the name is.</summary>
    [TestCaseSource(nameof(s_hostile))]
    public void ANameStaysTextInADiagram(string shown)
    {
        string[] lines = Drawn(Hostile(shown), static (picture, text) => picture.WriteMermaid(text)).TrimEnd('\n').Split('\n');
        const string Words = @"(?:[A-Za-z0-9 .,_()]|#\d+;)+";
        Assert.That(lines[0], Is.EqualTo("sequenceDiagram"));
        Assert.That(lines[1..], Has.Length.GreaterThan(5).And.All.Match($"^    (?:participant L\\d+ as {Words}|L\\d+(?:->>|-x)L\\d+: {Words}|Note over L\\d+: {Words})$"));
    }

    [TestCaseSource(nameof(s_hostile))]
    public void ANameStaysTextInATicket(string shown)
    {
        var name = Hostile(shown);
        string ticket = Drawn(name, static (picture, text) => picture.WriteMarkdown(text));
        string row = ticket.Split('\n').Single(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("refused", StringComparison.Ordinal));
        Assert.That(Escape.Replace(row, "").Count(c => c == '|'), Is.EqualTo(5), "four cells");
        Assert.That(VisibleText.IndexOfHidden(ticket.Replace("\n", "", StringComparison.Ordinal)), Is.Negative);
        Assert.That(Unescaped(row), Does.Contain(name.ToString()));
        string bare = Escape.Replace(ticket.Split("```")[0].Replace("**", "", StringComparison.Ordinal).Replace("<!-- -->", "", StringComparison.Ordinal).Replace("`frame.number in {4..7}`", "", StringComparison.Ordinal), "");
        Assert.That(bare, Does.Not.Match(@"[<>`*_~\[\]]"), "what means something to Markdown is escaped");
        Assert.That(ticket.Split("```")[0], Does.Not.Match("@[A-Za-z]"), "nobody is mentioned");
    }

    [Test]
    public void ATicketIsReadableWhereNothingIsHostile()
    {
        string ticket = Drawn(NetBiosName.Parse("JSMITH<03>"), static (picture, text) => picture.WriteMarkdown(text));
        Assert.That(ticket, Does.Contain("10.0.0.1 refused 10.0.0.2 JSMITH\\<03\\> (ACT\\_ERR). 10.0.0.2 released").And.Contains("`frame.number in {4..7}`").And.Contains("| 00:00:06.000 | 6 |"));
    }

    [Test]
    public void ADiagramKeepsWithinTheLimitOfGitHub()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("power-cut")!);
        var picture = RunPicture.Attach(run);
        run.Run();
        using var text = new StringWriter();
        picture.Draw().WriteMermaid(text);
        Assert.That(text.ToString(), Has.Length.LessThan(50_000));
    }

    [Test]
    public void ARunsPictureTellsEventCausesTablesAndFrames()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        var picture = RunPicture.Attach(run);
        var drawn = picture.Draw(run.Run());
        using var text = new StringWriter { NewLine = "\n" };
        drawn.WriteHtml(text);
        var page = Parse(text.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Headline, Is.EqualTo("ALPHA logs event 4320 about JSMITH<03>, from 10.0.0.2. One user is logged on at two machines."));
            Assert.That(drawn.WiresharkFilter, Is.EqualTo("frame.number in {44..49}"));
            Assert.That(page.Descendants("pre").Single().Value, Does.StartWith("Event ID: 4320").And.Contains("0028: 02 00 00 0a"));
            Assert.That(page.Descendants("ol").Single(list => (string?)list.Attribute("class") == "chain").Elements("li").Count(), Is.EqualTo(6));
            var row = page.Descendants("table").First(table => table.Element("caption")!.Value == "ALPHA").Descendants("tr").Single(row => row.Element("th")!.Value == "JSMITH<03>");
            Assert.That(row.Elements("td").First().Elements("span").Skip(1).Select(span => span.Value), Is.EqualTo(new[]
            {
                "registered since 32.250 s, B1.nobody-objected until 45.002 s, N15.name-alone",
                "in conflict since 45.002 s, N15.name-alone",
            }));
        });
    }

    [Test]
    public void WhatProvesSomethingIsSaidInFull()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        var picture = RunPicture.Attach(run);
        var drawn = picture.Draw(run.Run());
        using var text = new StringWriter();
        drawn.WriteSvg(text);
        Assert.That(text.ToString(), Does.Contain("event 4320, data 10.0.0.2: JSMITH&lt;03&gt; is now in Conflict").And.Not.Contain("…<"));
    }

    /// <summary>The frames that the page names are those of the capture that a tap of every segment writes.</summary>
    [TestCase("q131739")]
    [TestCase("q131739-wins")]
    [TestCase("split-brain")]
    public void FramesOfARunAreThoseOfItsCapture(string scenario)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(scenario)!);
        using var stream = new MemoryStream();
        var picture = RunPicture.Attach(run);
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            var tap = new Simulation.CaptureTap(writer);
            for (int i = 0; i < run.Simulator.SegmentCount; i++)
                tap.Add(run.Simulator, new Simulation.SegmentId(i));
            run.Simulator.AddObserver(tap);
            run.Run();
        }

        var seen = new Dictionary<long, string>();
        Read(stream.ToArray(), (in CapturedDatagram datagram) => seen[datagram.FrameNumber] = Convert.ToHexStringLower(datagram.Payload));
        using var text = new StringWriter { NewLine = "\n" };
        picture.Draw().WriteHtml(text);
        int checkedFrames = 0;
        foreach (var item in Parse(text.ToString()).Descendants("li").Where(item => item.Descendants("code").Count() == 1))
        {
            string where = item.Elements("p").ElementAt(1).Value;
            if (where.IndexOf(", frame ", StringComparison.Ordinal) is var at && at < 0)
                continue;
            long frame = long.Parse(where[(at + 8)..].Split(':', '–')[0], CultureInfo.InvariantCulture);
            Assert.That(item.Descendants("code").Single().Value.Replace(" ", "", StringComparison.Ordinal), Is.EqualTo(seen[frame]), item.Value);
            checkedFrames++;
        }

        Assert.That(checkedFrames, Is.GreaterThan(10));
    }

    [Test]
    public void AThousandHosts_AreBoundedAndSaid()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("power-cut-burst")!);
        var picture = RunPicture.Attach(run);
        run.Run();
        using var text = new StringWriter { NewLine = "\n" };
        picture.Draw().WriteHtml(text);
        string html = text.ToString();
        Assert.That(html, Has.Length.LessThan(500_000));
        Assert.That(html, Does.Match("more lanes are left out, and [0-9,]+ of [0-9,]+ packets and events with them").And.Match("[0-9,]+ of [0-9,]+ names, of [0-9,]+ of 1,00[0-9] tables, are shown"));
    }

    [Test]
    public void ACaptureWithNothingInIt_SaysSo()
    {
        var report = new DiagnosisReport("empty");
        report.Complete();
        foreach (var write in (Action<Picture, TextWriter>[])[static (picture, text) => picture.WriteHtml(text), static (picture, text) => picture.WriteMarkdown(text)])
        {
            using var text = new StringWriter();
            write(report.Draw().Draw(), text);
            Assert.That(text.ToString(), Does.Contain("There was nothing to look at"));
        }

        using var diagram = new StringWriter();
        report.Draw().Draw().WriteMermaid(diagram);
        Assert.That(diagram.ToString(), Does.Contain("nothing stands out"));
    }

    private static NetBiosName Hostile(string shown) => new(
        shown[..^4].Replace("ESC", "\u001b", StringComparison.Ordinal).Replace("ALF", "A\n", StringComparison.Ordinal), NameSuffix.Messenger);

    private static string Unescaped(string markdown) => Escape.Replace(markdown, static match => match.Value[1..]).Replace("<!-- -->", "", StringComparison.Ordinal);

    private static XDocument Parse(string page) => XDocument.Parse(page.Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));

    private static XDocument Page(string name) => Parse(Text(name));

    private static string Text(string name) => Drawn(NetBiosName.Parse(name), static (picture, text) => picture.WriteHtml(text));

    private static string Drawn(NetBiosName name, Action<Picture, TextWriter> write)
    {
        byte[] capture = Capture(name);
        var report = new DiagnosisReport("trouble.pcap");
        Read(capture, (in CapturedDatagram datagram) => report.Add(datagram));
        report.Complete();
        var picture = report.Draw();
        Read(capture, (in CapturedDatagram datagram) => picture.Add(datagram));
        using var text = new StringWriter { NewLine = "\n" };
        write(picture.Draw(), text);
        return text.ToString();
    }

    private static void Read(byte[] capture, Visitor visit)
    {
        using var datagrams = new DatagramReader(CaptureReader.Open(new MemoryStream(capture)));
        while (datagrams.TryRead(out var datagram))
            visit(datagram);
    }

    /// <summary>A user's name that is held, claimed by another machine, refused and released.</summary>
    internal static byte[] Capture(NetBiosName name)
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            byte[] frame = new byte[1024];
            byte[] payload = new byte[NbnsEncoder.MaxRequestLength];
            long at = 0;
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Claimant, Everybody, NbnsEncoder.WriteRequest(payload, 2, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Claimant)));
            Send(Holder, Claimant, NbnsEncoder.WriteResponse(payload, 2, (ushort)(NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError), name, 0, new NbEntry(default, Holder)));
            Send(Claimant, Everybody, NbnsEncoder.WriteRequest(payload, 3, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Claimant)));

            void Send(Ipv4Address from, Ipv4Address to, int length)
            {
                var mac = to == Everybody ? MacAddress.Broadcast : MacAddress.FromIpv4(to);
                int octets = UdpFrame.Write(frame, MacAddress.FromIpv4(from), mac, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), payload.AsSpan(0, length));
                writer.Write(Instant.FromMilliseconds(1000 * ++at), frame.AsSpan(0, octets));
            }
        }

        return stream.ToArray();
    }

    private delegate void Visitor(in CapturedDatagram datagram);
}
