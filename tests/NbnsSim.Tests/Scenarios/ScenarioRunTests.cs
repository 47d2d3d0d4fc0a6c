using System.Text;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Scenarios;

/// <summary>Running scenarios: steps, expectations met and not met, forks.</summary>
public sealed class ScenarioRunTests
{
    [Test]
    public void TheScenarioWithEverythingMeetsItsExpectations()
    {
        var results = new ScenarioRun(Parse(ScenarioSchemaTests.Everything())).Run();

        Assert.That(results.Select(result => result.ToString()), Is.All.StartsWith("met: "));
    }

    [TestCase("""{ "expect": "event", "id": 4320, "host": "BRAVO" }""", "BRAVO logs 4320: 1", "nothing logged")]
    [TestCase("""{ "expect": "event", "id": 4320, "host": "ALPHA", "count": 2 }""", "ALPHA logs 4320: 2", "ALPHA 4320 JSMITH<03> from 10.0.0.2")]
    [TestCase("""{ "expect": "event", "id": 4320, "address": "ALPHA" }""", "anybody logs 4320 from 10.0.0.1: 1", "ALPHA 4320 JSMITH<03> from 10.0.0.2")]
    [TestCase("""{ "expect": "event", "id": 4320, "name": "ALPHA<20>" }""", "anybody logs 4320 about ALPHA<20>: 1", "ALPHA 4320 JSMITH<03> from 10.0.0.2")]
    [TestCase("""{ "expect": "event", "id": 4320, "atLeast": 2 }""", "anybody logs 4320: at least 2", "ALPHA 4320 JSMITH<03> from 10.0.0.2")]
    [TestCase("""{ "expect": "name", "host": ["ALPHA", "BRAVO"], "name": "JSMITH<03>", "state": "registered" }""", "ALPHA, BRAVO: JSMITH<03> is Registered", "ALPHA Conflict, unique; BRAVO absent")]
    [TestCase("""{ "expect": "name", "host": "ALPHA", "name": "ALPHA<20>", "state": "absent" }""", "ALPHA: ALPHA<20> is absent", "ALPHA Registered, unique")]
    [TestCase("""{ "expect": "name", "host": "ALPHA", "name": "OFFICE<00>", "state": "registered", "group": false }""", "ALPHA: OFFICE<00> is Registered, unique", "ALPHA Registered, group")]
    [TestCase("""{ "expect": "name", "host": "BRAVO", "name": "BRAVO<20>", "state": "registered", "at": "20s" }""", "BRAVO: BRAVO<20> is Registered", "BRAVO absent")]
    [TestCase("""{ "expect": "packets", "kind": "nameReleaseDemand", "from": "BRAVO", "broadcast": true, "name": "JSMITH<03>", "atLeast": 4, "atMost": 5 }""", "BRAVO sends NameReleaseDemand about JSMITH<03> by broadcast: 4 to 5", "3")]
    [TestCase("""{ "expect": "packets", "to": "10.0.0.255", "atMost": 1 }""", "anybody sends any packet to 10.0.0.255: at most 1", "51")]
    [TestCase("""{ "expect": "result", "of": "second logon", "outcome": "succeeded" }""", "'second logon' ends: Succeeded", "BRAVO Refused by 10.0.0.1")]
    [TestCase("""{ "expect": "result", "of": "second logon", "outcome": "refused", "by": "10.0.0.9" }""", "'second logon' ends: Refused by 10.0.0.9", "BRAVO Refused by 10.0.0.1")]
    public void WhatIsNotMetIsReportedWithWhatWasSeen(string expectation, string description, string seen)
    {
        string text = BuiltInScenarios.FindText("q131739")!;
        int start = text.IndexOf("\"expect\": [", StringComparison.Ordinal);
        text = $"{text[..start]}\"expect\": [{expectation}] }}";

        var result = new ScenarioRun(Parse(text)).Run().Single();

        Assert.That(result.Outcome, Is.EqualTo(ExpectationOutcome.NotMet));
        Assert.That((result.Expectation.Description, result.Seen), Is.EqualTo((description, seen)));
    }

    [Test]
    public void AnExpectationForOtherDialectsIsNotApplicable()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!, NetBtDialect.WindowsNt351);
        var results = run.Run();

        Assert.That(run.Simulator.Log, Is.Empty);
        Assert.That(results.Where(result => result.Outcome == ExpectationOutcome.NotApplicable).SelectMany(result => result.Expectation.Dialects), Does.Contain("nt3.5").And.None.EqualTo("nt3.51"));
    }

    [Test]
    public void AnExpectationWhoseTimeHasNotComeIsPending()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q97491-lost-reply")!);
        run.Step();

        var early = run.Check().Single(result => result.Expectation.At is not null);
        Assert.That(early.Outcome, Is.EqualTo(ExpectationOutcome.Pending));
        Assert.That(run.Run().Single(result => result.Expectation.At is not null).Outcome, Is.EqualTo(ExpectationOutcome.Met));
        Assert.That((run.IsOver, run.Step()), Is.EqualTo((true, false)));
    }

    [Test]
    public void AForkedRunGoesTheSameWayAndItsOwn()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        for (int i = 0; i < 3; i++)
            run.Step();
        var fork = run.Fork();
        var other = run.Fork();
        other.Simulator.AddRule(LinkRule.Loss("deaf") with { To = other.Simulator.FindHost("ALPHA")!.Value });

        Assert.That(Words(fork), Is.EqualTo(Words(run)));
        Assert.That(run.Run().Where(result => result.Outcome == ExpectationOutcome.NotMet), Is.Empty);
        Assert.That(other.Run().Count(result => result.Outcome == ExpectationOutcome.NotMet), Is.GreaterThan(3), "ALPHA did not hear BRAVO's claim");

        static string Words(ScenarioRun run) => string.Join('\n', run.Run()) + string.Join('\n', run.Results);
    }

    [Test]
    public void TheSameScenarioAndSeedGiveTheSameTrace()
    {
        string first = Trace(1);
        string second = Trace(1);
        Assert.That(second, Is.EqualTo(first));
        Assert.That(Trace(2), Is.Not.EqualTo(first), "transaction ids follow from the seed");

        static string Trace(ulong seed)
        {
            var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!, seed: seed);
            var trace = new StringWriter();
            run.Simulator.AddObserver(new TraceWriter(trace));
            run.Run();
            return trace.ToString();
        }
    }

    [Test]
    public void ResultsCarryTheStepThatAskedForThem()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        run.Run();

        var logons = run.Results.Where(result => result.Step?.Command == NodeCommand.Logon).Select(result => (run.Simulator.NameOf(result.Host), result.Result.Outcome, result.Result.Name));
        Assert.That(logons, Is.EqualTo(new[]
        {
            ("ALPHA", OperationOutcome.Succeeded, NetBiosName.Parse("JSMITH<03>")), ("BRAVO", OperationOutcome.Refused, NetBiosName.Parse("JSMITH<03>")),
        }));
        Assert.That(run.Results.Where(result => result.Step?.Command == NodeCommand.Boot).Select(result => result.Result.Kind), Is.EqualTo(new[] { OperationKind.Boot, OperationKind.Boot }));
    }

    [Test]
    public void ASwitchStaysWhenTheRunChoosesAnotherDialect()
    {
        var scenario = BuiltInScenarios.Find("q131739")! with { Dialect = new DialectChoice(NetBtDialect.WindowsNt35, [new DialectSwitch("releasesRefusedUserName", false)]) };

        Assert.That(new ScenarioRun(scenario).Dialect, Is.EqualTo(NetBtDialect.WindowsNt35 with { ReleasesRefusedUserName = false }));
        Assert.That(new ScenarioRun(scenario, NetBtDialect.WindowsNt351).Dialect, Is.EqualTo(NetBtDialect.WindowsNt351 with { ReleasesRefusedUserName = false }));
    }

    [TestCase(true, "absent")]
    [TestCase(false, "registered")]
    public void AHostComesBackFromACrashWithOrWithoutItsNames(bool forget, string state)
    {
        var results = new ScenarioRun(Parse($$"""
            { "name": "crash", "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }], "hosts": [{ "name": "ALPHA", "address": "10.0.0.1" }],
              "steps": [{ "at": "0", "do": "boot", "host": "ALPHA" }, { "at": "20s", "do": "crash", "host": "ALPHA" },
                { "at": "25s", "do": "logon", "host": "ALPHA", "user": "JSMITH", "note": "a machine that is down is told nothing" },
                { "at": "30s", "do": "restart", "host": "ALPHA", "forget": {{(forget ? "true" : "false")}} }],
              "end": "40s",
              "expect": [{ "expect": "name", "host": "ALPHA", "name": "ALPHA<20>", "state": "registered", "at": "19s" },
                { "expect": "name", "host": "ALPHA", "name": "ALPHA<20>", "state": "absent", "at": "25s" },
                { "expect": "name", "host": "ALPHA", "name": "ALPHA<20>", "state": "{{state}}" },
                { "expect": "name", "host": "ALPHA", "name": "JSMITH<03>", "state": "absent" }] }
            """)).Run();

        Assert.That(results.Select(result => result.ToString()), Is.All.StartsWith("met: "));
    }

    private static Scenario Parse(string text) => Scenario.Parse(Encoding.UTF8.GetBytes(text), "test.json");
}
