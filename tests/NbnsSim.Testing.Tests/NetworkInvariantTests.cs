using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Testing.Tests;

/// <summary>What holds in every network holds in those that are built in, whatever their machines behave like.</summary>
public sealed class NetworkInvariantTests
{
    /// <summary>In some of them groups are in conflict: by a release that Windows takes for one of a group (Q314696), or by a demand (RFC 1002 §5.1.1.5 makes no exception).</summary>
    [TestCaseSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))]
    public void TheyHoldAfterEachStep(string name)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        foreach (var dialect in scenario.Hosts.Length > 100 ? [null] : NetBtDialect.All.Cast<NetBtDialect?>())
        {
            var run = new ScenarioRun(scenario, dialect);
            do
                Assert.That(NetworkInvariants.Find(run.Simulator), Is.Null, $"{dialect?.Name} at {run.Simulator.Now}");
            while (run.Step());
        }
    }

    /// <summary>Each claim of each built-in network ends, whenever one looks; and one that does not is named, while the simulation stays as it is.</summary>
    [Test]
    public void AClaimThatDoesNotEndIsFound()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        while (run.Step())
        {
            var now = run.Simulator.Now;
            Assert.That(NetworkInvariants.FindEndlessClaim(run.Simulator), Is.Null);
            Assert.That(run.Simulator.Now, Is.EqualTo(now));
        }

        run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        run.Step();
        Assert.That(NetworkInvariants.FindEndlessClaim(run.Simulator, TimeSpan.Zero), Is.EqualTo("ALPHA claims ALPHA<00> and does not come to an end."));
    }
}
