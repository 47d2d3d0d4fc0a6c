using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Rules;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Narrative;

/// <summary>The chain of causes behind a state or an event, through all machines.</summary>
public sealed class WhyTests
{
    [Test]
    public void TheEventOfQ131739_IsTracedBackToTheLogon()
    {
        var history = Run("q131739");
        var chain = history.Why("ALPHA", NetBiosName.Parse("JSMITH<03>"));
        Assert.That(chain.Select(link => (link.Host, link.Decision.Rule)), Is.EqualTo(new[]
        {
            ("ALPHA", NodeRules.LogsRelease),
            ("ALPHA", NodeRules.ReleaseMatchesNameAlone),
            ("BRAVO", NodeRules.ReleaseRefusedUserName),
            ("ALPHA", NodeRules.DefendUnique),
            ("BRAVO", NodeRules.ClaimByBroadcast),
            ("BRAVO", NodeRules.Logon),
        }));
    }

    [Test]
    public void UpToATimeBeforeIt_TheNameWasGot()
    {
        var chain = Run("q131739").Why("ALPHA", NetBiosName.Parse("JSMITH<03>"), Instant.FromMilliseconds(40_000));
        Assert.That(chain[0].Decision.Rule, Is.SameAs(NodeRules.NobodyObjected));
        Assert.That(chain[^1].Decision.Rule, Is.SameAs(NodeRules.Logon));
    }

    [Test]
    public void AMachineThatDecidedNothingAboutAName_HasNoChain() =>
        Assert.That(Run("q131739").Why("ALPHA", NetBiosName.Parse("NOBODY<20>")), Is.Empty);

    private static DecisionHistory Run(string scenario)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(scenario)!);
        var observer = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(observer);
        run.Run();
        return observer.History;
    }
}
