using System.Globalization;
using System.Text.Json.Nodes;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests;

/// <summary>What tshark shows with the generated script is what the tool prints as JSON, frame by frame.</summary>
public sealed class WiresharkCommandTests
{
    private string _folder = "";

    [OneTimeSetUp]
    public void WriteScript()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-lua-").FullName;
        var run = ToolRun.Of("wireshark", "--lua");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Not.Match("@[A-Z]+@").And.Contain("local KINDS = {by=\"response\",[1]="));
        File.WriteAllText(Script, run.Output);
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ItPrintsNothingButScripts()
    {
        var run = ToolRun.Of("wireshark");
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
    }

    [TestCase("q131739")]
    [TestCase("q131739-wins")]
    [TestCase("split-brain")]
    [TestCase("lost-challenge")]
    public void AScenariosPacketsHaveTheFieldsOfTheJson(string scenario) => AssertSameFields(Capture(scenario));

    [TestCaseSource(nameof(SharedCaptures))]
    public void APacketOfASharedCaptureHasTheFieldsOfTheJson(string relativePath) => AssertSameFields(SharedFolder.Require(relativePath));

    [TestCase("q131739")]
    [TestCase("q97491-lost-reply")]
    [TestCase("computer-named-like-workgroup")]
    public void CausesAndEventsAreThoseOfTheDiagnosis(string scenario)
    {
        string path = Capture(scenario);
        string annotated = Path.Combine(_folder, $"{scenario}-annotated.pcapng");
        var run = ToolRun.Of("diagnose", path, "--annotate", annotated, "--json");
        var lines = run.Lines.Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var causes = new SortedDictionary<long, SortedSet<string>>();
        var events = new SortedDictionary<long, SortedSet<string>>();
        foreach (var incident in lines.Where(line => (string?)line["type"] == "incident"))
            Add(causes, incident, (string)incident["cause"]!);
        foreach (var finding in lines.Where(line => (string?)line["type"] == "finding" && line["eventId"] is not null))
            Add(events, finding, $"{finding["eventId"]} {finding["rule"]}");
        Assert.That(causes, Is.Not.Empty);

        var seenCauses = new SortedDictionary<long, SortedSet<string>>();
        var seenEvents = new SortedDictionary<long, SortedSet<string>>();
        foreach (string[] row in Fields(annotated, "nbnssim.cause", "nbnssim.event", "nbnssim.event.rule"))
        {
            Keep(seenCauses, row[0], Values(row[1]));
            Keep(seenEvents, row[0], Values(row[2]).Zip(Values(row[3]), (id, rule) => $"{id} {rule}"));
        }

        Assert.That(Print(seenCauses), Is.EqualTo(Print(causes)));
        Assert.That(Print(seenEvents), Is.EqualTo(Print(events)));
    }

    /// <summary>The rule of a packet is the one by which a machine in the place of its sender sends it.</summary>
    [Test]
    public void RulesAreThoseOfTheDecisionsThatSendThePackets()
    {
        string path = Capture("q131739");
        var rules = Fields(path, "nbnssim.rule").ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);
        int compared = 0;
        foreach (var decision in ToolRun.Of("replay", path, "--json").Lines.Select(line => JsonNode.Parse(line)!).Where(line => (string?)line["type"] == "decision" && line["sentFrame"] is not null))
        {
            Assert.That(rules[decision["sentFrame"]!.ToJsonString()], Is.EqualTo((string)decision["rule"]!), $"frame {decision["sentFrame"]}");
            compared++;
        }

        Assert.That(compared, Is.GreaterThan(40));
    }

    [Test]
    public void ARetransmissionIsAnExpertItem_AndACauseIsOne()
    {
        string path = Capture("q131739");
        string annotated = Path.Combine(_folder, "experts.pcapng");
        ToolRun.Of("diagnose", path, "--annotate", annotated);
        Assert.That(Tshark.Run(File.ReadAllBytes(annotated), "-X", $"lua_script:{Script}", "-Y", "nbnssim.expert.retransmission", "-T", "fields", "-e", "frame.number").Split('\n'), Does.Contain("2").And.Not.Contain("1"));
        Assert.That(Tshark.Run(File.ReadAllBytes(annotated), "-X", $"lua_script:{Script}", "-Y", "nbnssim.expert.harmless", "-T", "fields", "-e", "frame.number"), Is.EqualTo("44\n45\n46\n47\n48\n49\n"));
    }

    private static IEnumerable<string> SharedCaptures() => SharedFolder.Captures().Where(path => !path.EndsWith(".pcapng", StringComparison.Ordinal) || !File.Exists(Path.Combine(SharedFolder.Root!, path)[..^2]));

    private void AssertSameFields(string path)
    {
        var expected = new List<string>();
        var answers = new SortedDictionary<long, List<long>>();
        foreach (var packet in ToolRun.Of("decode", path, "--json").Lines.Select(line => JsonNode.Parse(line)!))
        {
            expected.Add($"{packet["frame"]}|{packet["rule"]}|{packet["responseTo"]}|{packet["responseTime"]}|{packet["retransmissionOf"]}");
            if (packet["responseTo"] is { } request && answers.TryAdd((long)request, []) | answers[(long)request].Count < 8)
                answers[(long)request].Add((long)packet["frame"]!);
        }

        var rows = Fields(path, "nbnssim.rule", "nbnssim.response_to", "nbnssim.time", "nbnssim.retransmission", "nbnssim.response_in");
        Assert.That(rows.Select(row => string.Join('|', row[..5])), Is.EqualTo(expected));
        Assert.That(
            rows.Where(row => row[5].Length > 0).Select(row => $"{row[0]} in {row[5]}"),
            Is.EqualTo(answers.Select(pair => $"{pair.Key} in {string.Join(',', pair.Value)}")));
    }

    /// <summary>The fields of all packets of the name service, the frame's number first; two passes, as response_in needs.</summary>
    private List<string[]> Fields(string path, params string[] fields)
    {
        string printed = Tshark.Run(
            File.ReadAllBytes(path), ["-2", "-X", $"lua_script:{Script}", "-Y", "nbnssim", "-T", "fields", "-E", "separator=|", "-e", "frame.number", .. fields.SelectMany(field => new[] { "-e", field })]);
        return [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))];
    }

    private string Script => Path.Combine(_folder, "nbnssim.lua");

    /// <summary>What passes on the segments of a scenario.</summary>
    private string Capture(string scenario)
    {
        string path = Path.Combine(_folder, $"{scenario}.pcapng");
        Assert.That(ToolRun.Of("run", scenario, "--capture", path).ExitCode, Is.Zero);
        return path;
    }

    private static void Add(SortedDictionary<long, SortedSet<string>> byFrame, JsonObject line, string value)
    {
        foreach (var frame in line["frames"]!.AsArray())
            Keep(byFrame, frame!.ToJsonString(), [value]);
    }

    private static void Keep(SortedDictionary<long, SortedSet<string>> byFrame, string frame, IEnumerable<string> values)
    {
        foreach (string value in values)
        {
            if (!byFrame.TryGetValue(long.Parse(frame, CultureInfo.InvariantCulture), out var those))
                byFrame[long.Parse(frame, CultureInfo.InvariantCulture)] = those = new SortedSet<string>(StringComparer.Ordinal);
            those.Add(value);
        }
    }

    private static string[] Values(string field) => field.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Print(SortedDictionary<long, SortedSet<string>> byFrame) => byFrame.Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}");
}
