using System.Text;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Scenarios;

/// <summary>What is written reads as the same.</summary>
public sealed class ScenarioWriterTests
{
    [TestCaseSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))]
    public void AScenarioThatIsWrittenAndReadIsTheSame(string name)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        byte[] written = Written(scenario);
        var read = Scenario.Parse(written, name);
        Assert.That(Encoding.UTF8.GetString(Written(read)), Is.EqualTo(Encoding.UTF8.GetString(written)));
        if (name.StartsWith("power-cut", StringComparison.Ordinal))
            return; // ten thousand machines
        Assert.That(Trace(read), Is.EqualTo(Trace(scenario)));
        Assert.That(new ScenarioRun(read).Run().Select(result => (result.Outcome, result.Expectation.Description)), Is.EqualTo(new ScenarioRun(scenario).Run().Select(result => (result.Outcome, result.Expectation.Description))));
    }

    [Test]
    public void EverythingIsWritten()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Scenarios", "everything.json"));
        var scenario = Scenario.Parse(Encoding.UTF8.GetBytes(text), "everything.json");
        byte[] written = Written(scenario);
        var read = Scenario.Parse(written, "written.json");
        Assert.That(Encoding.UTF8.GetString(Written(read)), Is.EqualTo(Encoding.UTF8.GetString(written)));
        Assert.That(Trace(read), Is.EqualTo(Trace(scenario)));
        Assert.That(read.Hosts.Single(host => host.Name == "BOTH").HeldNames, Has.Length.EqualTo(2));
        Assert.That(read.Hosts.Single(host => host.Name == "WINS").Records, Has.Length.EqualTo(2));
    }

    [Test]
    public void WhatIsThereFromTheStart_IsHeldDefendedAndAnswered()
    {
        var scenario = Scenario.Parse("""
            { "name": "held", "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
              "hosts": [
                { "name": "WINS", "role": "nameServer", "address": "10.0.0.2", "nameServer": { "records": [{ "name": "OLD<20>", "addresses": ["10.0.0.9"] }, { "name": "CLUB<00>", "type": "normalGroup" }] } },
                { "name": "ALPHA", "address": "10.0.0.10", "held": [{ "name": "HELD<20>" }] },
                { "name": "BRAVO", "address": "10.0.0.11", "nodeType": "P", "nameServers": ["WINS"] },
                { "name": "CHARLIE", "address": "10.0.0.12" }],
              "steps": [
                { "at": "1s", "do": "addName", "host": "CHARLIE", "name": "HELD<20>", "id": "claim" },
                { "at": "2s", "do": "query", "host": "BRAVO", "name": "OLD<20>", "id": "old" },
                { "at": "3s", "do": "query", "host": "CHARLIE", "name": "HELD<20>", "of": "ALPHA", "id": "directed" },
                { "at": "4s", "do": "query", "host": "CHARLIE", "name": "OTHER<20>", "of": "10.0.0.99", "tries": 2, "id": "nobody" }],
              "end": "20s",
              "expect": [
                { "expect": "result", "of": "claim", "outcome": "refused", "by": "ALPHA" },
                { "expect": "result", "of": "old", "outcome": "succeeded", "addresses": ["10.0.0.9"] },
                { "expect": "result", "of": "directed", "outcome": "succeeded", "by": "ALPHA" },
                { "expect": "result", "of": "nobody", "outcome": "noAnswer" },
                { "expect": "packets", "kind": "nameQueryRequest", "name": "OTHER<20>", "count": 2 },
                { "expect": "record", "host": "WINS", "name": "CLUB<00>", "state": "active", "type": "normalGroup" },
                { "expect": "decision", "rule": "P4.query-one", "host": "CHARLIE", "name": "HELD<20>" }] }
            """u8, "held.json");
        Assert.That(new ScenarioRun(scenario).Run().Where(result => result.Outcome != ExpectationOutcome.Met), Is.Empty);
    }

    private static byte[] Written(Scenario scenario)
    {
        using var stream = new MemoryStream();
        scenario.Write(stream);
        return stream.ToArray();
    }

    private static string Trace(Scenario scenario)
    {
        using var text = new StringWriter();
        var run = new ScenarioRun(scenario);
        run.Simulator.AddObserver(new TraceWriter(text));
        run.Run();
        return text.ToString();
    }
}
