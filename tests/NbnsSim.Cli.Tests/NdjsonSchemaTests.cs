using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.Comparing;
using NbnsSim.Diagnosis;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Cli.Tests;

/// <summary>Every line that any command prints with <c>--json</c> fits the schema that the reports' package publishes, which lets nothing else pass.</summary>
public sealed class NdjsonSchemaTests
{
    /// <summary>What a run of more lines than this has beyond: every line of a kind that was not seen before, and one in so many.</summary>
    private const int AllLines = 3_000;

    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))]
    public void EveryBuiltInScenario_AndItsCapture(string name)
    {
        string capture = Path.Combine(_folder, $"{name}.pcapng");
        var (types, lines) = Check("run", name, "--json", "--capture", capture);
        Assert.That(types, Is.SupersetOf(new[] { "run", "command", "decision", "datagram", "state", "result" }));
        Assert.That(types, name is "power-cut" or "power-cut-burst" ? Does.Not.Contain("finding") : Does.Contain("expectation"));
        if (lines > AllLines)
            return;
        Assert.That(Check("decode", capture, "--json").Types, Is.EqualTo(new[] { "packet" }));
        Assert.That(Check("diagnose", capture, "--json").Types, Does.Contain("diagnosed").And.Contain("state"));
        Assert.That(Check("audit", capture, "--json").Types, Does.Contain("audited").And.Contain("auditGap"));
        Assert.That(Check("replay", capture, "--json").Types, Is.SupersetOf(new[] { "replay", "replayed", "state" }));
        Assert.That(Check("twin", capture, "--compare", "--json").Types, Is.SupersetOf(new[] { "twin", "twinInference" }));
        Assert.That(Check("whatif", name, "--set", "dialect=rfc1002", "--set", "loss=30%", "--json").Types, Is.SupersetOf(new[] { "whatIf", "whatIfEffect", "whatIfFork" }));
    }

    [Test]
    public void EveryDialect([ValueSource(nameof(Dialects))] string dialect)
    {
        string capture = Path.Combine(_folder, $"{dialect}.pcapng");
        Check("run", "q131739-wins", "--dialect", dialect, "--json", "--capture", capture);
        Check("replay", capture, "--dialect", dialect, "--json");
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EverySharedCapture(string relativePath)
    {
        string path = SharedFolder.Require(relativePath);
        foreach (string command in (string[])["decode", "diagnose", "audit", "replay"])
            Check(command, path, "--json");
        Check("twin", path, "--compare", "--json");
    }

    /// <summary>Whatever a packet was carried in.</summary>
    [Test]
    public void EveryCarrier()
    {
        var bytes = new CaptureBytes().Section();
        foreach (var one in Wrappings.All)
            bytes.Interface(one.Link);
        for (int i = 0; i < Wrappings.All.Count; i++)
            bytes.Enhanced(1_000_000, Wrappings.All[i].Frame, i);
        string[] lines = [.. ToolRun.With(bytes.ToArray(), ["decode", "-", "--json"]).Lines];
        Assert.That(lines, Has.Length.EqualTo(Wrappings.All.Count));
        NdjsonSchema.AssertFits(lines);
        var kinds = lines.SelectMany(line => JsonNode.Parse(line)!["carriers"]?.AsArray() ?? []).Select(carrier => (string)carrier!["kind"]!);
        Assert.That(kinds.Distinct(StringComparer.Ordinal), Is.EquivalentTo(Enum.GetNames<CarrierKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)));
    }

    [Test]
    public void EveryOtherCommand()
    {
        Assert.That(Check("why", "q131739", "ALPHA", "JSMITH<03>", "--json").Types, Is.EqualTo(new[] { "decision" }));
        Assert.That(Check("rules", "--json").Types, Is.EqualTo(new[] { "rule" }));
        Assert.That(Check("dialects", "--json").Types, Is.EqualTo(new[] { "behaviour" }));
        Assert.That(Check("dialects", "--diff", "nt3.5", "w2k", "--json").Types, Is.EqualTo(new[] { "behaviourDifference" }));
        Assert.That(Check("generate", "--list", "--json").Types, Is.EqualTo(new[] { "trafficClass" }));
        Assert.That(Check("scenarios", "--json").Types, Is.EqualTo(new[] { "scenario" }));
        foreach (string text in (string[])["e71a6516", "4321", "00 00 04 00 01 00 54 00 00 00 00 00 e0 10 00 c0", "4302"])
            Assert.That(Check("event", text, "--json").Types, Is.EqualTo(new[] { "eventData", "explanation" }));
        foreach (string command in (string[])["watch", "decode"])
            Assert.That(NdjsonSchema.AssertFits(ToolRun.With(ReplayCommandTests.Q131739, [command, "-", "--json"]).Lines), Is.EqualTo(new[] { "packet" }));
        Assert.That(NdjsonSchema.AssertFits(ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-", "--json"]).Lines), Does.Contain("finding"));
        Assert.That(NdjsonSchema.AssertFits(ToolRun.With(ReplayCommandTests.Q131739, ["replay", "-", "--as", "10.0.0.1", "--dialect", "nt3.5", "--json"]).Lines), Does.Contain("event"));
    }

    /// <summary>An event says by which rule it is there, on what that rests, and which decision is behind it; that decision is there, and logs it.</summary>
    [Test]
    public void AnEventsCause_IsTheDecisionThatLogsIt([ValueSource(nameof(WithEvents))] string name)
    {
        string capture = Path.Combine(_folder, $"{name}-events.pcapng");
        AssertCauses(ToolRun.Of("run", name, "--json", "--capture", capture));
        if (name.StartsWith("q131739", StringComparison.Ordinal))
            AssertCauses(ToolRun.Of("replay", capture, "--dialect", "nt3.5", "--json"));
    }

    /// <summary>Every line of one run with one thing wrong with it.</summary>
    [Test]
    public void TheSchemaIsStrict()
    {
        string path = Path.Combine(_folder, "strict.pcapng");
        string[] lines = [.. ToolRun.Of("run", "q131739-wins", "--json", "--capture", path).Lines.Concat(ToolRun.Of("diagnose", path, "--json").Lines).Concat(ToolRun.Of("audit", path, "--json").Lines)
            .Concat(ToolRun.Of("generate", "--list", "--json").Lines).Concat(GenerateCommandTests.Labels(_folder, "sweep")).Concat(ToolRun.Of("replay", path, "--json").Lines).Concat(ToolRun.Of("decode", path, "--json").Lines)
            .Concat(ToolRun.Of("whatif", path, "--set", "wins=none", "--json").Lines).DistinctBy(line => (string)JsonNode.Parse(line)!["type"]!, StringComparer.Ordinal)];
        Assert.That(lines, Has.Length.GreaterThan(10));
        foreach (string line in lines)
        {
            var json = JsonNode.Parse(line)!.AsObject();
            json["another"] = 1;
            Assert.That(NdjsonSchema.Fits(json.ToJsonString()), Is.False, $"a property more: {line}");
            json.Remove("another");
            Assert.That(NdjsonSchema.Fits(json.ToJsonString()), Is.True, line);
            foreach (var (property, value) in json.ToArray())
            {
                json[property] = value is JsonObject ? 1 : new JsonObject();
                Assert.That(NdjsonSchema.Fits(json.ToJsonString()), Is.False, $"{property}: {line}");
                json[property] = value?.DeepClone();
            }

            foreach (string required in (string[])["schemaVersion", "type"])
            {
                var without = JsonNode.Parse(line)!.AsObject();
                without.Remove(required);
                Assert.That(NdjsonSchema.Fits(without.ToJsonString()), Is.False, $"without {required}: {line}");
            }
        }

        Assert.That(NdjsonSchema.Fits("{\"schemaVersion\":1,\"type\":\"nothing\"}"), Is.False);
    }

    /// <summary>What the schema lists is what the library has, so that no value which no test happens to print is missing.</summary>
    [Test]
    public void TheSchemasLists_AreTheLibrarysOwn()
    {
        var defs = JsonNode.Parse(NdjsonWriter.GetSchema())!["$defs"]!;
        Assert.Multiple(() =>
        {
            AssertList<DecisionKind>(defs["decisionKind"]!);
            AssertList<DecisionCauseKind>(defs["cause"]!);
            AssertList<DeliveryFateKind>(defs["fateLine"]!["properties"]!["fate"]!);
            AssertList<FindingKind>(defs["findingLine"]!["properties"]!["kind"]!);
            AssertList<AuditAnswer>(defs["auditedLine"]!["properties"]!["answer"]!);
            AssertList<AuditOutcome>(defs["auditOutcome"]!);
            Assert.That(List(defs["whatIfChangeLine"]!["properties"]!["change"]!), Is.SupersetOf(Enum.GetNames<HolderChangeKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)));
            AssertList<NameRecordType>(defs["stateLine"]!["properties"]!["recordType"]!);
            Assert.That(List(defs["stateLine"]!["properties"]!["state"]!), Is.SupersetOf(Enum.GetNames<NbtStatStatus>()).And.SupersetOf(Enum.GetNames<NameRecordState>()));
            Assert.That(List(defs["carrierKind"]!), Is.EquivalentTo(Enum.GetNames<CarrierKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)));
            Assert.That(List(defs["basis"]!), Is.EquivalentTo(Enum.GetNames<RuleBasis>().Select(JsonNamingPolicy.CamelCase.ConvertName)));
        });
    }

    private static IEnumerable<string> Dialects() => NetBtDialect.All.Select(dialect => dialect.Name);

    private static IEnumerable<string> WithEvents() => ["q131739", "q131739-wins", "q315259-challenge-unanswered", "ms00-047-forged-conflict"];

    private static void AssertCauses(ToolRun run)
    {
        var lines = run.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        var decisions = lines.Where(line => (string)line["type"]! == "decision").ToDictionary(line => (long)line["number"]!);
        var events = lines.Where(line => (string)line["type"]! == "event").ToList();
        Assert.That(events, Is.Not.Empty);
        foreach (var logged in events)
        {
            var behind = decisions[(long)logged["causedBy"]!];
            Assert.That((int)behind["logs"]!, Is.EqualTo((int)logged["eventId"]!));
            Assert.That((string)behind["name"]!, Is.EqualTo((string)logged["name"]!));
            Assert.That(RuleBook.Find((string)logged["rule"]!)?.Source, Is.EqualTo((string)logged["ruleSource"]!));
        }
    }

    private static void AssertList<T>(JsonNode schema)
        where T : struct, Enum => Assert.That(List(schema), Is.EquivalentTo(Enum.GetNames<T>()), typeof(T).Name);

    private static IEnumerable<string> List(JsonNode schema) => schema["enum"]!.AsArray().Select(value => (string)value!);

    /// <summary>Runs the tool and looks at its lines as they come.</summary>
    private static (HashSet<string> Types, long Lines) Check(params string[] arguments)
    {
        using var output = new LineStream();
        using var error = new StringWriter();
        using (var terminal = new Terminal(() => Stream.Null, output, error, colour: false, 100, outputIsTerminal: false, errorIsTerminal: false))
            Assert.That(Tool.Run(arguments, terminal), Is.AnyOf(0, 1, 3, 4), error.ToString());
        Assert.That(output.Count, Is.Positive.Or.Zero);
        return (output.Types, output.Count);
    }

    /// <summary>Takes lines and checks them, so that a run of a million is not kept.</summary>
    private sealed class LineStream : MemoryStream
    {
        private const int Sample = 100;

        private readonly StringBuilder _rest = new();
        private readonly HashSet<string> _shapes = new(StringComparer.Ordinal);

        public HashSet<string> Types { get; } = new(StringComparer.Ordinal);

        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _rest.Append(Encoding.UTF8.GetString(buffer));
            string text = _rest.ToString();
            int end = text.LastIndexOf('\n');
            if (end < 0)
                return;
            _rest.Clear().Append(text, end + 1, text.Length - end - 1);
            foreach (string line in text[..end].Split('\n'))
            {
                if (++Count <= AllLines || Count % Sample == 0 || _shapes.Add(Shape(line)))
                    Types.UnionWith(NdjsonSchema.AssertFits([line]));
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        /// <summary>The names of a line's properties.</summary>
        private static string Shape(string line)
        {
            using var json = JsonDocument.Parse(line);
            return string.Join(' ', json.RootElement.EnumerateObject().Select(property => property.Name));
        }
    }
}
