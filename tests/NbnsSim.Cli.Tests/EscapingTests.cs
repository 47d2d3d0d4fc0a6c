using System.Text;
using System.Text.Json.Nodes;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Scenarios;
using NbnsSim.Tests;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests;

/// <summary>Nothing from outside acts on a terminal, whatever field of whatever input it stands in.</summary>
public sealed class EscapingTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void OurOwnColoursComeOut_AndThoseOfAFileDoNot()
    {
        using var output = new MemoryStream();
        using (var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, colour: true, width: 80, outputIsTerminal: true, errorIsTerminal: true))
        {
            terminal.Report.Write("ours \u001b[8m", ReportRole.Negative);
            terminal.Output.WriteLine("\u001b[0m\r\n.");
            terminal.Output.Write("a\nb\r");
        }

        Assert.That(Encoding.UTF8.GetString(output.ToArray()), Is.EqualTo("\u001b[31mours \\u001b[8m\u001b[0m\\u001b[0m\\r\\n.\na\nb\\r"));
    }

    [Test]
    public void JsonKeepsItsValue()
    {
        using var output = new MemoryStream();
        using (var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, colour: false, width: 80, outputIsTerminal: false, errorIsTerminal: false))
            terminal.Ndjson.Write("text", Poison.Utf8Text, static (json, text) => json.WriteString("text", text));
        string line = Encoding.UTF8.GetString(output.ToArray());
        Poison.AssertNone(line, "JSON");
        Assert.That(JsonNode.Parse(line)!["text"]!.GetValue<string>(), Is.EqualTo(Poison.Utf8Text));
    }

    /// <summary>Every text and every property's name of every built-in scenario in turn.</summary>
    [TestCaseSource(nameof(BuiltIn))]
    public void EveryTextOfAScenario(string name)
    {
        var json = JsonNode.Parse(BuiltInScenarios.FindText(name)!, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        var places = new List<JsonNode>();
        Collect(json, places);
        foreach (var place in places)
        {
            var parent = place.Parent!;
            string path = $"{name}: {place.GetPath()}";
            if (parent is JsonObject members)
            {
                string property = place.GetPropertyName();
                members[property] = place.GetValue<string>() + Poison.Utf8Text;
                Try(json, path);
                members[property] = place;
                members.Add(property + Poison.Utf8Text, 1);
                Try(json, path + ", a property beside it");
                members.Remove(property + Poison.Utf8Text);
            }
            else if (parent is JsonArray items)
            {
                int index = place.GetElementIndex();
                items[index] = place.GetValue<string>() + Poison.Utf8Text;
                Try(json, path);
                items[index] = place;
            }
        }
    }

    /// <summary>Texts that a scenario may choose freely, all at once, in a run that is printed in full.</summary>
    [Test]
    public void FreeTextsOfAScenarioThatRuns([Values] bool colour, [Values] bool json)
    {
        string text = System.Text.Json.JsonSerializer.Serialize(Poison.Utf8Text);
        byte[] scenario = Encoding.UTF8.GetBytes($$"""
            {"name": {{text}}, "title": {{text}}, "description": {{text}}, "sources": [{{text}}],
             "segments": [{"name": {{text}}, "subnet": "10.0.0.0/24"}],
             "hosts": [{"name": "AL\u007f\u0085\u009b\u00adA", "address": "10.0.0.1"}, {"name": "BETA", "address": "10.0.0.2", "role": "nameServer"}],
             "rules": [{"name": {{text}}, "fault": "loss", "count": 1}],
             "steps": [{"at": "1s", "host": "AL\u007f\u0085\u009b\u00adA", "do": "boot", "id": {{text}}, "note": {{text}}},
                       {"at": "5s", "host": "AL\u007f\u0085\u009b\u00adA", "do": "logon", "user": "\u007f\u0085\u009b", "id": "b"}],
             "end": "9s",
             "expect": [{"expect": "result", "of": {{text}}, "outcome": "noAnswer", "because": {{text}}},
                        {"expect": "event", "id": 4320, "because": {{text}}}]}
            """);
        string trace = Path.Combine(_folder, "trace.txt");
        string capture = Path.Combine(_folder, "run.pcapng");
        var run = ToolRun.With(scenario, json ? ["run", "-", "--json"] : ["run", "-", "--trace", trace, "--capture", capture], colour: colour);
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        Poison.AssertNone(run, "run");
        if (json)
        {
            Poison.AssertJson(run, "run --json");
            return;
        }

        Assert.That(run.Output, Does.Contain("\\u001b").And.Contain("\\u202e"));
        Poison.AssertNone(File.ReadAllText(trace), "--trace");
        foreach (string[] command in CaptureCommands(capture))
            Poison.AssertNone(ToolRun.With([], command, colour: colour), string.Join(' ', command));
    }

    [Test]
    public void EveryTextOfACapture([Values] bool colour)
    {
        string path = Path.Combine(_folder, $"{Poison.FileName}.pcapng");
        File.WriteAllBytes(path, HostileCapture());
        var decoded = ToolRun.With([], ["decode", path], colour: colour);
        Assert.That(decoded.Output, Does.Contain("# x\\u001b]0;pwned\\u0007").And.Contain("<1b>[2J"));
        foreach (string[] command in CaptureCommands(path))
        {
            var run = ToolRun.With([], command, colour: colour);
            Assert.That(run.ExitCode, Is.AnyOf(ExitCode.Done, ExitCode.No, ExitCode.CannotTell), run.Error);
            Poison.AssertNone(run, string.Join(' ', command));
            if (command.Contains("--json"))
                Poison.AssertJson(run, string.Join(' ', command));
        }

        Poison.AssertNone(File.ReadAllText(path + ".html").Replace("\t", "", StringComparison.Ordinal), "the page");
        foreach (string[] command in (string[][])[["watch", "-"], ["watch", "-", "--json"]])
            Poison.AssertNone(ToolRun.With(HostileCapture(), command, colour: colour), string.Join(' ', command));

        // Every octet of the file set to ESC in turn: what is damaged is told of, and quoted, safely.
        byte[] file = HostileCapture();
        for (int at = 0; at < file.Length; at += 3)
        {
            byte before = file[at];
            file[at] = 0x1B;
            Poison.AssertNone(ToolRun.With(file, ["decode", "-"], colour: colour), $"octet {at}");
            file[at] = before;
        }
    }

    /// <summary>Every argument and option that takes a value, of every command.</summary>
    [TestCaseSource(nameof(Arguments))]
    public void EveryArgument(string[] arguments)
    {
        arguments = [.. arguments.Select(argument => argument.Replace("POISON", Poison.FileName, StringComparison.Ordinal))];
        foreach (bool colour in (bool[])[false, true])
        {
            var run = ToolRun.With(Encoding.UTF8.GetBytes(Poison.Utf8Text), arguments, colour: colour);
            Assert.That(run.ExitCode, Is.AnyOf(2, 3, 5), run.Output);
            Assert.That(run.Error, Is.Not.Empty);
            Poison.AssertNone(run, string.Join(' ', arguments));
        }
    }

    [Test]
    public void EveryLineOfAnLmHostsFile()
    {
        string file = Path.Combine(_folder, $"lm{Poison.FileName}");
        string line = Poison.Utf8Text.Replace('\n', ' ').Replace('\r', ' ');
        File.WriteAllText(file, $"10.0.0.1 FRED\n{line} GEORGE\n10.0.0.2 {line}{line}\n10.0.0.3 A #DOM:{line}{line}\n10.0.0.4 \"{line}{line}\\0x2\"\n#INCLUDE {line}\n#BEGIN_ALTERNATE {line}\r{line}");
        var run = ToolRun.Of("serve", "--name", "A", "--wins", "--listen", "192.0.2.77:1137", "--static", file, "--strict");
        Assert.That(run.ExitCode, Is.EqualTo(3), "there is no such address here");
        Poison.AssertNone(run, "--static");
    }

    private static IEnumerable<string> BuiltIn() => BuiltInScenarios.Names.Where(name => name is "q131739" or "q131739-sender" or "q242053-stale-mapping" or "split-brain" or "lost-challenge" or "q97491-lost-reply");

    private static string[][] Arguments() =>
    [
        ["POISON"], ["--POISON"],
        ["run", "POISON"], ["run", "-"], ["run", "q131739", "--seed", "POISON"], ["run", "q131739", "--dialect", "POISON"], ["run", "q131739", "POISON"],
        ["run", "q131739", "--capture", "/nowhere/POISON"], ["run", "q131739", "--trace", "/nowhere/POISON"], ["run", "split-brain", "--capture", "/nowhere/POISON.pcap"],
        ["scenarios", "POISON"], ["scenarios", "--POISON"],
        ["decode", "POISON"], ["decode", "-"], ["decode", "--POISON"],
        ["replay", "POISON"], ["replay", "-"], ["replay", "POISON", "--as", "POISON"], ["replay", "-", "--dialect", "POISON"],
        ["diagnose", "POISON"], ["audit", "POISON"], ["audit", "-", "--subnet", "POISON"], ["diagnose", "-"], ["diagnose", "-", "--name", "POISON"],
        ["event", "POISON"], ["event", "-"], ["event", "zz", "POISON"], ["explain", "-", "--json"], ["explain", "4320", "--capture", "POISON"], ["run", "q131739", "--events", "/nowhere/POISON"],
        ["serve", "--name", "POISON"], ["serve", "--name", "A", "--workgroup", "POISON"], ["serve", "--name", "A", "--user", "POISON"], ["serve", "--name", "A", "--scope", "POISON"],
        ["serve", "--name", "A", "--dialect", "POISON"], ["serve", "--name", "A", "--node-type", "POISON"], ["serve", "--name", "A", "--listen", "POISON"],
        ["serve", "--name", "A", "--name-server", "POISON"], ["serve", "--name", "A", "--rate", "POISON"], ["serve", "--name", "A", "--wins", "--quota", "POISON"], ["serve", "--name", "A", "--sockets", "POISON"],
        ["serve", "--name", "A", "--wins", "--static", "/nowhere/POISON"], ["serve", "--name", "A", "--wins", "--state", "/nowhere/POISON"],
        ["query", "POISON"], ["query", "A", "--server", "POISON"], ["query", "A", "--broadcast", "POISON"],
        ["status", "POISON"], ["register", "POISON"], ["register", "A", "--server", "POISON"], ["register", "A", "--address", "POISON"],
        ["watch", "POISON"], ["watch", "-"],
        ["twin", "POISON"], ["twin", "-"], ["state", "POISON"], ["state", "-"], ["state", "q131739", "--at", "POISON"], ["whatif", "POISON", "--set", "seed=2"], ["whatif", "-", "--set", "seed=2"],
        ["whatif", "q131739", "--set", "POISON"], ["whatif", "q131739", "--set", "POISON=POISON"], ["whatif", "q131739", "--set", "ALPHA.POISON"], ["whatif", "q131739", "--set", "remove=POISON"],
        ["whatif", "q131739", "--set", "cut=ALPHA/POISON"], ["whatif", "q131739", "--set", "wins=POISON"], ["whatif", "q131739", "--with", "POISON"], ["whatif", "q131739", "--set", "seed=2", "--out", "/nowhere/POISON"],
    ];

    private static IEnumerable<string[]> CaptureCommands(string path) =>
    [
        ["decode", path], ["decode", path, "--json"], ["diagnose", path], ["diagnose", path, "--json"], ["audit", path], ["audit", path, "--json"],
        ["replay", path], ["replay", path, "--json"], ["replay", path, "--as", "10.0.0.1"], ["replay", path, "--as", "10.0.0.1", "--json"],
        ["twin", path, "--compare"], ["twin", path, "--compare", "--json"], ["state", path, "--at", "2"], ["state", path, "--json"],
        ["whatif", path, "--set", "loss=100%"], ["whatif", path, "--set", "loss=100%", "--json"], ["whatif", path, "--set", "dialect=rfc1002", "--html", path + ".html"],
    ];

    /// <summary>A registration that is refused, an answer, a node status and a release, every name and scope hostile; comments and an interface's name too.</summary>
    private static byte[] HostileCapture()
    {
        var scope = NetBiosScope.Parse(string.Concat(Poison.Octets.Select(octet => $"<{octet:x2}>")) + ".<2e><1b><0a>");
        var name = new NetBiosName(Poison.Octets, scope);
        var entry = new NbEntry(new NbFlags(false, OwnerNodeType.B), Ipv4Address.Parse("10.0.0.1"));
        byte[][] payloads =
        [
            new NameRegistrationRequest(1, name, entry, 0, true).ToArray(),
            new NegativeNameRegistrationResponse(1, name, NbnsRcode.ActiveError, entry, 0).ToArray(),
            new NameQueryRequest(2, name, true).ToArray(),
            new PositiveNameQueryResponse(2, name, [entry], 0).ToArray(),
            new NameReleaseDemand(3, name, entry).ToArray(),
            new NameConflictDemand(4, name, OwnerNodeType.B).ToArray(),
        ];
        byte[] raw = TestCapture.Of([.. payloads.Select((payload, i) => (i % 2 == 0 ? "10.0.0.1" : "10.0.0.2", 137, i % 2 == 0 ? "10.0.0.255" : "10.0.0.1", 137, payload))]);
        using var file = new MemoryStream();
        using (var writer = new CaptureWriter(file, leaveOpen: true))
        using (var reader = CaptureReader.Open(new MemoryStream(raw)))
        {
            writer.AddInterface(new CaptureInterface { LinkType = LinkType.Raw, Name = Poison.Utf8Text, Description = Poison.Utf8Text });
            while (reader.TryRead(out var packet))
                writer.Write(packet.Time, packet.Data, comment: Poison.Utf8Text);
        }

        return file.ToArray();
    }

    private static void Try(JsonNode json, string what)
    {
        byte[] text = Encoding.UTF8.GetBytes(json.ToJsonString());
        Poison.AssertNone(ToolRun.With(text, ["run", "-"]), what);
        var run = ToolRun.With(text, ["run", "-", "--json"]);
        Poison.AssertNone(run, what + " as JSON");
        Poison.AssertJson(run, what);
    }

    private static void Collect(JsonNode? node, List<JsonNode> texts)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var member in members)
                    Collect(member.Value, texts);
                break;
            case JsonArray items:
                foreach (var item in items)
                    Collect(item, texts);
                break;
            case JsonValue value when value.TryGetValue<string>(out _):
                texts.Add(value);
                break;
        }
    }
}
