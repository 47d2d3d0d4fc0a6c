using NbnsSim.Comparing;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Comparing;

/// <summary>A scenario as it is and with changes: what is gained and lost, where the runs part, and why nothing changes.</summary>
public sealed class WhatIfTests
{
    private static readonly NetBiosName User = NetBiosName.Parse("JSMITH<03>");

    [Test]
    public void WithTheSwitchOfMS00047_Q131739sEventIsLost_AndTheNameIsKept()
    {
        var comparison = Compare("q131739", "ALPHA.noNameReleaseOnDemand");
        var lost = comparison.Events.Single();
        Assert.That((lost.IsGained, lost.Host, lost.Event.Id, lost.Decision!.Decision.Rule.Id), Is.EqualTo((false, "ALPHA", 4320, "E1.4320")));
        var owner = comparison.Holders.Single(change => change.Kind == HolderChangeKind.Gained);
        Assert.That((owner.Host, owner.Name, owner.Before.Single().Until is null, owner.After.Single().Until is null), Is.EqualTo(("ALPHA", User, false, true)));
        var answer = comparison.Answers.Single();
        Assert.That((answer.Host, answer.IsGained, answer.Before!.Outcome, answer.After!.Outcome), Is.EqualTo(("BRAVO", true, OperationOutcome.NotFound, OperationOutcome.Succeeded)));
    }

    [Test]
    public void TheFirstDifferentDecisionNamesTheRuleOnEachSide()
    {
        var fork = Compare("q131739", "ALPHA.noNameReleaseOnDemand").FirstDecision!;
        Assert.That((fork.Host, fork.Before!.Decision.Rule.Id, fork.After!.Decision.Rule.Id), Is.EqualTo(("ALPHA", "N15.name-alone", "N10.release-from-stranger")));
        Assert.That(fork.Before.Decision.Time, Is.EqualTo(fork.Time));
        Assert.That(fork.After.Decision.Time, Is.EqualTo(fork.Time));
    }

    [Test]
    public void TheFirstDifferentPacketIsTheAnswerThatOnlyOneRunHas()
    {
        var fork = Compare("q131739", "ALPHA.noNameReleaseOnDemand").FirstPacket!;
        Assert.That((fork.Host, fork.Before, fork.After?.Destination.Address), Is.EqualTo(("ALPHA", (ComparedPacket?)null, (Ipv4Address?)Ipv4Address.Parse("10.0.0.2"))));
    }

    /// <summary>That nothing changes is said by the machines: nobody decided by a rule that the switch turns.</summary>
    [Test]
    public void ASwitchWhoseRulesNobodyReaches_ChangesNothing_AndThatIsTheReason()
    {
        var comparison = Compare("q131739", "ALPHA.hasReleaseRefresh");
        var effect = comparison.Effects.Single();
        Assert.That(comparison.IsSame);
        Assert.That(effect.Text, Is.EqualTo("ALPHA: hasReleaseRefresh false → true"));
        Assert.That((effect.Rules.IsEmpty, effect.Before, effect.After), Is.EqualTo((false, 0, 0)));
        Assert.That(effect.Seen, Does.Contain(effect.Rules[0].Id).And.Contain("never reached"));
    }

    [Test]
    public void AnotherSeedIsNoDifferenceButOfTransactionIds()
    {
        var comparison = Compare("q131739", "seed=7");
        Assert.That((comparison.IsSame, comparison.Effects.Single().Text), Is.EqualTo((true, "seed 1 → 7")));
    }

    [Test]
    public void WhatIsSoAlreadyChangesNothing() => Assert.That(Compare("q131739", "dialect=nt3.5").Effects, Is.Empty);

    [Test]
    public void WithoutAHost_ItsNamesAreLost_AndTheFirstDifferenceIsAnotherMachines()
    {
        var comparison = Compare("q131739", "remove=BRAVO");
        Assert.That(comparison.Effects[0].Text, Is.EqualTo("BRAVO: not there"));
        Assert.That(comparison.Holders.Where(change => change.Kind == HolderChangeKind.Lost).Select(change => change.Host).Distinct(StringComparer.Ordinal), Is.EqualTo(new[] { "BRAVO" }));
        Assert.That((comparison.FirstDecision!.Host, comparison.FirstDecision.Before!.Decision.Rule.Id), Is.EqualTo(("ALPHA", "B5.defend-unique")));
        Assert.That(comparison.Events.Single().IsGained, Is.False);
    }

    [Test]
    public void ARepairedPartitionIsSaid_WithWhatItHadTouched()
    {
        var comparison = Compare("wins-partition", "repair=all");
        var effect = comparison.Effects.Single(one => one.Text.StartsWith("link rule", StringComparison.Ordinal));
        Assert.That((effect.Before > 0, effect.After), Is.EqualTo((true, 0L)));
        Assert.That(comparison.IsChanged);
    }

    [Test]
    public void ASecondNameServerReplicates_AndIsAskedWhenTheFirstIsDown()
    {
        var whatIf = new WhatIf(BuiltInScenarios.Find("wins-retirement")!, "wins+=10.1.0.9");
        var comparison = whatIf.Compare();
        var second = whatIf.After.Simulator.NameServerOf(whatIf.After.Simulator.FindHost("WINS2")!.Value)!;
        Assert.That(second.Count, Is.Positive, "it has those of the first one's records that it pulled in time");
        Assert.That(comparison.Answers.Single(change => change.IsGained).Step.Id, Is.EqualTo("across, after"));
    }

    /// <summary>Two claims of one moment are heard by nobody who has the name yet: cut or not, both get it.</summary>
    [Test]
    public void WhereOnlyWhatIsLetGoDiffers_NothingIsGainedOrLost_AndTheForkSaysOfWhom()
    {
        var comparison = Compare("split-brain", "repair=all");
        Assert.That((comparison.IsSame, comparison.IsChanged), Is.EqualTo((false, false)));
        var fork = comparison.FirstDecision!;
        Assert.That((fork.Host, fork.Before, fork.After!.Decision.Name), Is.EqualTo(("ALPHA", (HistoryEntry?)null, NetBiosName.Parse("BRAVO<00>"))));
    }

    /// <summary>Without its name server a question takes longer than what is left of the run: it is let end.</summary>
    [Test]
    public void ACommandThatTheChangesDelayIsLetEnd_BeyondTheScenariosEnd()
    {
        var scenario = BuiltInScenarios.Find("wins-retirement")!;
        scenario = scenario with { Steps = [.. scenario.Steps.Where(step => step.At <= Instant.FromMilliseconds(41_000))], Expectations = [], End = Instant.FromMilliseconds(41_500) };
        var answer = new WhatIf(scenario, "wins=none").Compare().Answers.Single(change => change.Step.Id == "domain, before");
        Assert.That((answer.IsLost, answer.After!.Outcome), Is.EqualTo((true, OperationOutcome.NotFound)));
    }

    [Test]
    public void TheSameScenarioTwiceIsTheSame([ValueSource(nameof(Small))] string name)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        var comparison = new WhatIf(scenario, scenario).Compare();
        Assert.That((comparison.IsSame, comparison.Effects.Length, comparison.NotCompared), Is.EqualTo((true, 0, 0L)));
    }

    /// <summary>What is gained by a change is what is lost by its opposite.</summary>
    [Test]
    public void TheOtherWayRound_GainsAreLosses([ValueSource(nameof(Small))] string name, [Values("dialect=nt3.51", "noNameReleaseOnDemand", "loss=20%")] string change)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        var changed = ScenarioChanges.Apply(scenario, change);
        var there = new WhatIf(scenario, changed).Compare();
        var back = new WhatIf(changed, scenario).Compare();
        Assert.That(back.Events.Select(one => (!one.IsGained, one.Host, one.Event.Id, one.Event.Name)), Is.EquivalentTo(there.Events.Select(one => (one.IsGained, one.Host, one.Event.Id, one.Event.Name))));
        Assert.That(back.Answers.Count(one => one.IsLost), Is.EqualTo(there.Answers.Count(one => one.IsGained)));
        Assert.That(back.Holders.Count(one => one.Kind == HolderChangeKind.Lost), Is.EqualTo(there.Holders.Count(one => one.Kind == HolderChangeKind.Gained)));
        Assert.That((back.IsSame, back.FirstDecision?.Time, back.FirstPacket?.Time), Is.EqualTo((there.IsSame, there.FirstDecision?.Time, there.FirstPacket?.Time)));
    }

    private static IEnumerable<string> Small => BuiltInScenarios.Names.Where(name => !name.StartsWith("power-cut", StringComparison.Ordinal)); // a thousand machines

    private static RunComparison Compare(string scenario, params string[] changes) => new WhatIf(BuiltInScenarios.Find(scenario)!, changes).Compare();
}
