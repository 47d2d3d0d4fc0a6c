using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;
using NJsonSchema;

namespace NbnsSim.Tests.Scenarios;

/// <summary>The published schema says what the reader takes.</summary>
public sealed class ScenarioSchemaTests
{
    private JsonSchema _schema = null!;
    private JsonElement _definitions;

    [OneTimeSetUp]
    public async Task Load()
    {
        _schema = await JsonSchema.FromJsonAsync(BuiltInScenarios.Schema);
        _definitions = JsonDocument.Parse(BuiltInScenarios.Schema).RootElement.GetProperty("definitions");
    }

    [TestCaseSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))]
    public void ABuiltInScenarioIsValid(string name) => Assert.That(_schema.Validate(BuiltInScenarios.FindText(name)!), Is.Empty);

    [Test]
    public void AScenarioWithEverythingIsValidAndRead()
    {
        string text = Everything();
        Assert.That(_schema.Validate(WithoutComments(text)), Is.Empty);
        Assert.That(Scenario.TryParse(Encoding.UTF8.GetBytes(text), "everything.json", out _, out var mistakes), Is.True, string.Join('\n', mistakes));
    }

    [TestCase("\"seed\": 7", "\"sed\": 7")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"los\"")]
    [TestCase("\"probability\": \"0.1%\"", "\"probability\": 0.1")]
    [TestCase("\"do\": \"purgeCache\"", "\"do\": \"purge\"")]
    [TestCase("\"end\": \"3min\",", "")]
    [TestCase("\"state\": \"active\"", "\"state\": \"Active\"")]
    [TestCase("\"latency\": \"0.3ms\"", "\"latency\": \"0.3 ms\"")]
    [TestCase("\"preset\": \"nt4\"", "\"preset\": \"nt5\"")]
    [TestCase("\"solicitedConflictsOnly\": false", "\"solicited\": false")]
    [TestCase("\"conflictOnNameAndAddress\"", "\"conflict\"")]
    [TestCase("\"broadcastTimeToLive\": 0", "\"broadcastTimeToLive\": -1")]
    [TestCase("\"broadcastRetryCount\": 3", "\"broadcastRetryCount\": 0")]
    [TestCase("\"broadcastRetryTimeout\": \"0.75s\"", "\"broadcastRetryTimeout\": 250")]
    [TestCase("\"user\": \"JSMITH\"", "\"name\": \"JSMITH<03>\"")]
    public void WhatTheReaderRefusesTheSchemaRefuses(string right, string wrong)
    {
        string text = Everything();
        Assert.That(text, Does.Contain(right));
        text = text.Replace(right, wrong, StringComparison.Ordinal);

        Assert.That(Scenario.TryParse(Encoding.UTF8.GetBytes(text), "everything.json", out _, out _), Is.False);
        Assert.That(_schema.Validate(WithoutComments(text)), Is.Not.Empty);
    }

    [Test]
    public void ItsListsAreTheReaders()
    {
        Assert.That(Values("preset"), Is.EqualTo(NetBtDialect.All.Select(dialect => dialect.Name)));
        Assert.That(Values("packetKind"), Is.EqualTo(Camel<NbnsMessageKind>()));
        Assert.That(Values("rule", "properties", "fault"), Is.EqualTo(Camel<LinkFault>()));
        Assert.That(Values("match", "properties", "opcode"), Is.EqualTo(Camel<NbnsOpcode>()));
        Assert.That(Values("match", "properties", "rcode"), Is.EqualTo(Camel<NbnsRcode>()));
        Assert.That(Expectation("name", "state"), Is.EqualTo(Camel<LocalNameState>().Append("absent")));
        Assert.That(Expectation("result", "outcome"), Is.EqualTo(Camel<OperationOutcome>()));
        Assert.That(Expectation("record", "state"), Is.EqualTo(Camel<NameRecordState>().Append("absent")));
        Assert.That(Expectation("record", "type"), Is.EqualTo(Camel<NameRecordType>()));
        Assert.That(Values("mapping", "properties", "type"), Is.EqualTo(Camel<NameRecordType>()));
        var steps = _definitions.GetProperty("step").GetProperty("oneOf").EnumerateArray().SelectMany(step => Texts(step.GetProperty("properties").GetProperty("do")));
        Assert.That(steps.Distinct(StringComparer.Ordinal), Is.EquivalentTo(Camel<NodeCommand>().Concat(["crash", "restart", "addRule", "removeRule", "send", "replicate", "push"])));
        var switches = _definitions.GetProperty("dialect").GetProperty("anyOf")[1].GetProperty("properties").EnumerateObject().Select(property => property.Name);
        Assert.That(switches, Is.EquivalentTo(DialectSwitches.Names.Append("preset")));
        var serverSwitches = _definitions.GetProperty("serverDialect").GetProperty("anyOf")[1].GetProperty("properties");
        Assert.That(serverSwitches.EnumerateObject().Select(property => property.Name), Is.EquivalentTo(ServerDialectSwitches.Names.Append("preset")));
        Assert.That(Values("serverPreset"), Is.EqualTo(NameServerDialect.All.Select(dialect => dialect.Name)));
        foreach (var property in typeof(NameServerDialect).GetProperties().Where(property => property.PropertyType.IsEnum))
            Assert.That(Texts(serverSwitches.GetProperty(char.ToLowerInvariant(property.Name[0]) + property.Name[1..])), Is.EqualTo(Camel(property.PropertyType)), property.Name);
    }

    /// <summary>Whatever an inference could turn is data, and all data can be turned in a file.</summary>
    [Test]
    public void EverythingOfADialectCanBeSet()
    {
        string[] notBehaviour = [nameof(NetBtDialect.Name), nameof(NetBtDialect.Title), nameof(NetBtDialect.Timing), nameof(NetBtDialect.BootNames)];
        var properties = typeof(NetBtDialect).GetProperties().Where(property => property.CanWrite && !notBehaviour.Contains(property.Name, StringComparer.Ordinal))
            .Concat(typeof(NetBtTiming).GetProperties().Where(property => property.CanWrite)).ToArray();
        Assert.That(DialectSwitches.Names, Is.EquivalentTo(properties.Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..])));
        foreach (var property in properties)
            CheckSwitch(property, change => DialectSwitches.Set(NetBtDialect.Rfc1002, change), dialect => property.GetValue(property.DeclaringType == typeof(NetBtTiming) ? dialect.Timing : dialect));
    }

    [Test]
    public void EverythingOfANameServersDialectCanBeSet()
    {
        var properties = typeof(NameServerDialect).GetProperties()
            .Where(property => property.CanWrite && property.Name is not (nameof(NameServerDialect.Name) or nameof(NameServerDialect.Title))).ToArray();
        Assert.That(ServerDialectSwitches.Names, Is.EquivalentTo(properties.Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..])));
        foreach (var property in properties)
            CheckSwitch(property, change => ServerDialectSwitches.Set(NameServerDialect.Rfc1002Secured, change), property.GetValue);
    }

    private static void CheckSwitch<TDialect>(PropertyInfo property, Func<DialectSwitch, TDialect> set, Func<TDialect, object?> get)
    {
        string name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
        string[] values = property.PropertyType == typeof(bool) ? ["false", "true"]
            : property.PropertyType == typeof(TimeSpan) ? ["10s", "20s"]
            : property.PropertyType == typeof(TimeSpan?) ? ["0", "20s"]
            : property.PropertyType.IsEnum ? [.. Enum.GetNames(property.PropertyType).Select(word => char.ToLowerInvariant(word[0]) + word[1..])]
            : property.Name == nameof(NameServerDialect.MaxNameOctets) ? ["34", "35"]
            : ["7", "8"];
        var made = values.Select(value => set(new DialectSwitch(name, value))).ToArray();
        Assert.That(made, Is.Unique, name);
        Assert.That(made.Select(get), Is.Unique, $"{name} sets what it names");
        Assert.That(() => set(new DialectSwitch(name, "x")), Throws.ArgumentException, name);
    }

    [TestCase("\"w2k\"", "10.0.0.1")]
    [TestCase("{ \"preset\": \"w2k\", \"replicationConflicts\": \"replicaWins\" }", "10.0.0.2")]
    public void ASwitchOfANameServersDialect_IsTurnedByName(string dialect, string expected)
    {
        string text = $$"""
            {
              "name": "turned",
              "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
              "hosts": [
                { "name": "W1", "role": "nameServer", "address": "10.0.0.8", "nameServer": { "dialect": {{dialect}} } },
                { "name": "W2", "role": "nameServer", "address": "10.0.0.9" },
                { "name": "A", "address": "10.0.0.1", "nodeType": "P", "nameServers": ["W1"] },
                { "name": "B", "address": "10.0.0.2", "nodeType": "P", "nameServers": ["W2"] }
              ],
              "steps": [
                { "at": "0s", "do": "boot", "host": ["A", "B"] },
                { "at": "30s", "do": "logon", "host": "A", "user": "JSMITH" },
                { "at": "30s", "do": "logon", "host": "B", "user": "JSMITH" },
                { "at": "60s", "do": "replicate", "host": "W1", "from": "W2" }
              ],
              "end": "90s",
              "expect": [{ "expect": "record", "host": "W1", "name": "JSMITH<03>", "state": "active", "addresses": ["{{expected}}"] }]
            }
            """;
        Assert.That(_schema.Validate(text), Is.Empty);
        Assert.That(new ScenarioRun(Scenario.Parse(Encoding.UTF8.GetBytes(text), "turned")).Run().Select(result => result.Outcome), Is.EqualTo(new[] { ExpectationOutcome.Met }));
    }

    [TestCase("{ \"preset\": \"w2k\", \"challengesTakeMember\": true }")]
    [TestCase("{ \"preset\": \"w2k\", \"challengeTries\": 17 }")]
    [TestCase("{ \"preset\": \"nt3.1\" }")]
    [TestCase("{ \"tombstonesTakeMembers\": true }")]
    [TestCase("{ \"preset\": \"w2k\", \"groups\": \"none\" }")]
    [TestCase("7")]
    public void WhatANameServersDialectCannotBe_IsAMistakeToReaderAndSchema(string dialect)
    {
        string text = Everything();
        string right = "\"nameServer\": { \"dialect\": { \"preset\": \"nt4\", \"tombstonesTakeMembers\": true }";
        Assert.That(text, Does.Contain(right));
        text = text.Replace(right, $"\"nameServer\": {{ \"dialect\": {dialect}", StringComparison.Ordinal);
        Assert.That(Scenario.TryParse(Encoding.UTF8.GetBytes(text), "everything.json", out _, out _), Is.False);
        Assert.That(_schema.Validate(WithoutComments(text)), Is.Not.Empty);
    }

    [Test]
    public void ReleaseDemandInAFile_TurnsTheInferenceOfQ131739()
    {
        string text = BuiltInScenarios.FindText("q131739")!.Replace("\"dialect\": \"nt3.5\"", "\"dialect\": { \"preset\": \"nt3.5\", \"releaseDemand\": \"conflictOnNameAndAddress\", \"broadcastRetryTimeout\": \"100ms\" }", StringComparison.Ordinal);
        var run = new ScenarioRun(Scenario.Parse(Encoding.UTF8.GetBytes(text), "turned.json"));
        run.Run();
        Assert.That(run.Scenario.Dialect.Make().ReleaseDemand, Is.EqualTo(ReleaseDemandRule.ConflictOnNameAndAddress));
        Assert.That(run.Scenario.Dialect.Make().Timing.BroadcastRetryTimeout, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That(run.Simulator.Log.Select(logged => logged.Event.Id), Has.None.EqualTo(4320));
    }

    internal static string Everything()
    {
        using var stream = typeof(ScenarioSchemaTests).Assembly.GetManifestResourceStream("everything.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string WithoutComments(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return JsonSerializer.Serialize(document.RootElement);
    }

    private static ImmutableArray<string> Camel<T>()
        where T : struct, Enum => Camel(typeof(T));

    private static ImmutableArray<string> Camel(Type type) => [.. Enum.GetNames(type).Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    private IEnumerable<string> Expectation(string kind, string property) => Texts(_definitions.GetProperty("expectation").GetProperty("oneOf").EnumerateArray()
        .Single(one => Texts(one.GetProperty("properties").GetProperty("expect")).Single() == kind).GetProperty("properties").GetProperty(property));

    private IEnumerable<string> Values(params string[] path) => Texts(path.Aggregate(_definitions, (element, name) => element.GetProperty(name)));

    private static IEnumerable<string> Texts(JsonElement element) => element.GetProperty("enum").EnumerateArray().Select(value => value.GetString()!);
}
