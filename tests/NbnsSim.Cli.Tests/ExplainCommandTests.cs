using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests;

/// <summary><c>explain</c>, and <c>run --events</c>, whose files it reads.</summary>
public sealed class ExplainCommandTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("System.evtx")]
    [TestCase("System.xml")]
    public void TheEventsOfARun_AreExplained_WithTheFramesThatMadeThem(string file)
    {
        string log = Path.Combine(_folder, file);
        string capture = Path.Combine(_folder, file + ".pcapng");
        Assert.That(ToolRun.Of("run", "q131739", "--events", log, "--capture", capture).ExitCode, Is.Zero);
        var run = ToolRun.Of("explain", log, "--capture", capture);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("4320 from 10.0.0.2").And.Contain("ALPHA").And.Contain("What to do:").And.Contain("NameReleaseDemand JSMITH<03>").And.Contain("frame.number in {").And.Contain("The name is JSMITH<03>. It is a user's"));

        var frames = JsonNode.Parse(ToolRun.Of("explain", log, "--capture", capture, "--json").Lines.Last())!;
        var released = ToolRun.Of("decode", capture, "--json").Lines.Select(line => JsonNode.Parse(line)!).Where(line => ((string)line["kind"]!).StartsWith("nameRelease", StringComparison.Ordinal) && (string)line["source"]! == "10.0.0.2");
        Assert.That(frames["frames"]!.AsArray().Select(one => (long)one!["frame"]!), Is.EqualTo(released.Select(line => (long)line["frame"]!)).And.Not.Empty);
    }

    [Test]
    public void XmlOfARun_IsWellFormed()
    {
        string path = Path.Combine(_folder, "lost.xml");
        Assert.That(ToolRun.Of("run", "q131739", "--events", path).ExitCode, Is.Zero);
        XNamespace schema = "http://schemas.microsoft.com/win/2004/08/events/event";
        Assert.That(XDocument.Load(path).Root!.Elements(schema + "Event").Select(one => (string)one.Element(schema + "System")!.Element(schema + "EventID")!), Is.EqualTo(new[] { "4320" }));
    }

    [Test]
    public void ARealLog()
    {
        var run = ToolRun.Of("explain", SharedFolder.Require("eventlogs/vss7-System.evtx"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("NetBT 4321 DESKTOP-1N4R894<20> refused by 74.118.138.92").And.Contain("Server 2505").And.Contain("record 406"));
    }

    [Test]
    public void ADamagedLog_IsSaidToBe_AndRead()
    {
        string path = Path.Combine(_folder, "damaged.evtx");
        Assert.That(ToolRun.Of("run", "q131739", "--events", path).ExitCode, Is.Zero);
        byte[] file = File.ReadAllBytes(path);
        file[4096 + 130]++;
        var run = ToolRun.With(file, ["explain"]);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.Contain("standard input: Chunk 0: the header's checksum is wrong"));
        Assert.That(run.Output, Does.Contain("4320 from 10.0.0.2"));
    }

    [TestCase("ALPHA <00> UNIQUE Conflict", "nameTable")]
    [TestCase("B <20> UNIQUE 10.0.0.2 60", "cache")]
    [TestCase("nmbd: Multiple (2) responses received for a query on subnet 10.0.0.1 for name OFFICE<1d>.", "nmbdLog")]
    [TestCase("10.0.0.2 BRAVO #PRE", "lmHosts")]
    [TestCase("Resolved By Broadcast = 1\nResolved By Name Server = 2\nRegistered By Broadcast = 3\nRegistered By Name Server = 4", "statistics")]
    [TestCase("<Event><System><Provider Name='Server'/><EventID>2505</EventID></System></Event>", "event")]
    [TestCase("4321", "event")]
    public void EveryForm_AsTextAndAsJson(string text, string form)
    {
        var run = ToolRun.With(Encoding.UTF8.GetBytes(text), ["explain", "-"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), run.Output);
        var json = ToolRun.With(Encoding.UTF8.GetBytes(text), ["explain", "-", "--json"]);
        Assert.That(json.Lines.Select(line => JsonNode.Parse(line)!).Where(line => (string)line["type"]! == "explanation").Select(line => (string)line["form"]!).Distinct(StringComparer.Ordinal), Is.EqualTo(new[] { form }));
    }

    [Test]
    public void NothingThatAFileSays_ActsOnTheTerminal()
    {
        string hidden = Poison.Utf8Text.Replace("\0", "", StringComparison.Ordinal);
        string[] texts =
        [
            $"{hidden} <20> UNIQUE Conflict {hidden}\nA <03> UNIQUE {hidden}\nMAC Address = {hidden}\nB\u001b[2J <00> UNIQUE Registered", $"nmbd {hidden} in conflict {hidden}",
            $"10.0.0.1 A{hidden}\n10.0.0.2 B \u001b[2J #DOM:\u009b2J", $"<Event><System><Provider Name='NetBT'/><EventID>4320</EventID><Computer>{hidden}</Computer></System></Event>",
            $"<Event><System><Provider Name='NetBT'/><EventID>4320</EventID><TimeCreated SystemTime='{hidden}'/><Computer>{hidden}</Computer></System></Event><Event><System><Provider Name='Server{hidden}'/><EventID>2505</EventID></System></Event>",
        ];
        foreach (string text in texts)
        {
            foreach (string[] arguments in (string[][])[["explain", "-"], ["explain", "-", "--json"]])
                Poison.AssertNone(ToolRun.With(Encoding.UTF8.GetBytes(text), arguments), text);
        }

        string path = Path.Combine(_folder, "poison.evtx");
        using (var writer = new EvtxWriter(File.Create(path)))
            writer.Write(new EventLogEntry { Provider = "NetBT", Code = 0xC000_10E1, Computer = hidden, Strings = ["", $"{hidden}:20", hidden, hidden], Channel = hidden });
        Poison.AssertNone(ToolRun.Of("explain", path), "evtx");
        Poison.AssertNone(ToolRun.Of("explain", path, "--json"), "evtx as JSON");
    }
}
