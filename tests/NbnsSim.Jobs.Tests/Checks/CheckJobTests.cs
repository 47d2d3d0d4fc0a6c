using System.Text.Json;
using NbnsSim.Checking;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Checks;
using NbnsSim.Jobs.Tests.Engine;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Tests.Checks;

/// <summary>A check in parts is the check.</summary>
public sealed class CheckJobTests
{
    private const string TwoClaims =
        """
        { "name": "two-claims", "dialect": "nt4",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [{ "name": "ALPHA", "address": "10.0.0.1" }, { "name": "BRAVO", "address": "10.0.0.2" }],
          "steps": [
            { "at": "0s", "do": "addName", "host": "ALPHA", "name": "JSMITH<03>" },
            { "at": "5s", "do": "addName", "host": "BRAVO", "name": "JSMITH<03>" }],
          "end": "8s" }
        """;

    private static readonly CampaignScenario Scenario = new("two-claims.json", TwoClaims);

    [Test]
    public async Task ItLooksAtTheSameStatesAsOneCheck([Values(1, 2)] int parallel)
    {
        var options = new CheckOptions { Faults = CheckFaults.Loss | CheckFaults.Duplicate | CheckFaults.Restart, MaxFaults = 2 };
        var whole = new Checker(Scenario.Read(), [CheckProperties.ClaimsEnd, CheckProperties.NamesRegistered], options).Run();
        using var folder = new TestFolder();
        var result = await folder.RunAsync(new CheckSpec(Scenario, ["claims-end", "names-registered"], options), parallel);
        var summary = JsonElement.Parse(result.Summary);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.GetProperty("verdict").GetString(), Is.EqualTo(whole.Verdict.ToString()).And.EqualTo(nameof(CheckVerdict.Holds)));
            Assert.That(summary.GetProperty("states").GetInt64(), Is.EqualTo(whole.States));
            Assert.That(summary.GetProperty("shards").GetInt32(), Is.GreaterThan(2));
        }
    }

    [Test]
    public async Task WhatItFindsIsWrittenAsAScenarioThatDoesItAgain([Values(CheckFaults.None, CheckFaults.Partition)] CheckFaults faults)
    {
        var options = new CheckOptions { Faults = faults, MaxFaults = faults == CheckFaults.None ? 0 : 1 };
        string property = faults == CheckFaults.None ? "no-4320" : "one-owner";
        var scenario = faults == CheckFaults.None ? new CampaignScenario("q131739") : Scenario;
        var whole = new Checker(scenario.Read(), [CheckProperties.Find(property)!], options).Run();
        using var folder = new TestFolder();
        var result = await folder.RunAsync(new CheckSpec(scenario, [property], options), 2);
        var found = NbnsSim.Scenarios.Scenario.Load(Path.Combine(result.Folder, "scenario.json"));
        var again = new Checker(found, [CheckProperties.Find(property)!], new CheckOptions { MaxFaults = 0, Quiet = TimeSpan.Zero }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Counterexample?.Text, Is.EqualTo(whole.Counterexample?.Text).And.Not.Null);
            Assert.That(again.Counterexample?.At, Is.EqualTo(whole.Counterexample?.At));
            Assert.That(Directory.GetFiles(result.Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), Is.EqualTo(["CounterexampleTests.cs", "check.ndjson", "run.html", "run.pcapng", "run.txt", "scenario.json", "summary.json"]).AsCollection);
            Assert.That(JsonElement.Parse(result.Summary).GetProperty("text").GetString(), Does.Contain(whole.Counterexample!.Text));
        }
    }

    [Test]
    public void TheSpecTravelsAsData()
    {
        var spec = new CheckSpec(Scenario, ["one-owner"], new CheckOptions { Faults = CheckFaults.Loss | CheckFaults.ForgedRelease, MaxFaults = 3, AnyOrder = true, Quiet = TimeSpan.FromSeconds(7) }, Protocol.NetBtDialect.WindowsNt35);
        Assert.That(JobSpec.Parse(spec.ToJson()), Is.EqualTo(spec));
        Assert.That(() => new CheckSpec(Scenario, ["none"], new CheckOptions()), Throws.ArgumentException);
    }
}
