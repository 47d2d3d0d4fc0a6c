using System.Text;
using NbnsSim.Checking;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests.House;
using NbnsSim.Tests.Simulation;

namespace NbnsSim.Tests.Checking;

/// <summary>Properties that judge by what was before, and what they remember as a part of states.</summary>
public sealed class HistoryPropertyTests
{
    private static readonly Scenario TwoOwners = Scenario.Load(Path.Combine(Repository.Root, "samples", "checks", "two-owners-and-a-late-answer.json"));
    private static readonly CheckProperty InTwoSeconds = CheckProperties.ConflictNoticedWithin(TimeSpan.FromSeconds(2));

    /// <summary>RFC 1002 §5.1.1.5: further answers count until CONFLICT_TIMER has run.</summary>
    [Test]
    public void AnAnswerThatIsLaterThanTheConflictTimerIsNotNoticed()
    {
        var result = new Checker(TwoOwners, [InTwoSeconds], new CheckOptions { Faults = CheckFaults.Reorder }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Counterexample?.Faults.Length, Is.EqualTo(1));
            Assert.That(result.Counterexample?.Text, Does.Contain("for JSMITH<03>").And.EndWith("and tells neither."));
        }
    }

    [Test]
    public void ItIsNoticedWithWhateverElseGoesWrong()
    {
        var options = new CheckOptions { Faults = CheckFaults.Loss | CheckFaults.Duplicate | CheckFaults.Crash | CheckFaults.Restart | CheckFaults.Partition };
        Assert.That(new Checker(TwoOwners, [InTwoSeconds], options).Run().Verdict, Is.EqualTo(CheckVerdict.Holds));
    }

    /// <summary>The way that answers come is no part of the network's state afterwards: without the memory in the key, runs with one fault would end in states that were seen.</summary>
    [Test]
    public void WhatIsRememberedTellsStatesApart([Values(CheckFaults.Loss, CheckFaults.Reorder, CheckFaults.Crash)] CheckFaults faults)
    {
        foreach (var property in new[] { InTwoSeconds, CheckProperties.ConflictNoticedWithin(TimeSpan.FromMilliseconds(1)), CheckProperties.DecisionsAreTotal })
        {
            var options = new CheckOptions { Faults = faults };
            var reduced = new Checker(TwoOwners, [property], options).Run();
            var all = new Checker(TwoOwners, [property], options with { Reduces = false }).Run();
            Assert.That((reduced.Verdict, reduced.Counterexample?.At, reduced.Counterexample?.Text), Is.EqualTo((all.Verdict, all.Counterexample?.At, all.Counterexample?.Text)), property.Name);
            Assert.That(reduced.States, Is.EqualTo(all.States).Or.LessThan(all.States).And.EqualTo(reduced.Counterexample is null ? all.States : reduced.States));
        }
    }

    [Test]
    public void ATrialJudgesAsACheckDoes()
    {
        var found = new Checker(TwoOwners, [InTwoSeconds], new CheckOptions { Faults = CheckFaults.Reorder }).Run().Counterexample!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new ScenarioTrial(found.Scenario, [InTwoSeconds]).Run()?.Text, Is.EqualTo(found.Text));
            Assert.That(new ScenarioTrial(TwoOwners, [InTwoSeconds]).Run(), Is.Null);
        }
    }

    [Test]
    public void AMachineThatDecidesNothingIsFound()
    {
        var run = ScenarioRun.Unwatched(TwoOwners, null, null);
        var deaf = run.Simulator.FindHost("BRAVO")!.Value;
        run.Simulator.Crash(deaf);
        run.Simulator.Restart(deaf, new Station());
        var history = new UndecidedHistory();
        run.Simulator.AddObserver(history);
        while (history.Find(run.Simulator) is null && run.Advance())
        {
        }

        Assert.That(history.Find(run.Simulator), Is.EqualTo("BRAVO gets CHARLIE's NameQueryRequest about JSMITH<03> and decides nothing."));
        Assert.That(new Checker(TwoOwners, [CheckProperties.DecisionsAreTotal], new CheckOptions { Faults = CheckFaults.Corrupt }).Run().Verdict, Is.EqualTo(CheckVerdict.Holds));
    }

    [Test]
    public void WhateverThrowsIsFound()
    {
        var property = CheckProperties.ClaimsEnd with { Remember = static () => new Thrower() };
        var result = new Checker(TwoOwners, [property], new CheckOptions { MaxFaults = 0 }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Counterexample?.Property, Is.SameAs(CheckProperties.NothingThrows));
            Assert.That(result.Counterexample?.Text, Is.EqualTo("InvalidOperationException: on purpose"));
        }
    }

    [Test]
    public void ATimeIsAPartOfAName([Values("conflict-noticed=2s", "conflict-noticed=0", "conflict-noticed=1500ms")] string name)
    {
        Assert.That(CheckProperties.Find(name)?.Name, Is.EqualTo(name));
        var scenario = TwoOwners with { Check = new ScenarioCheck { Properties = [name] } };
        using var file = new MemoryStream();
        scenario.Write(file);
        Assert.That(Scenario.Parse(file.ToArray(), "again.json").Check!.Properties, Is.EqualTo([name]).AsCollection);
    }

    [Test]
    public void ATimeThatIsNoneIsRefused([Values("conflict-noticed=", "conflict-noticed=2", "conflict-noticed=-1s", "conflict-noticed=2d", "conflict-noticed=1e9s", "one-owner=2s")] string name)
    {
        Assert.That(CheckProperties.Find(name), Is.Null);
        using var file = new MemoryStream();
        TwoOwners.Write(file);
        string text = Encoding.UTF8.GetString(file.ToArray()).Replace("conflict-noticed=2s", name, StringComparison.Ordinal);
        Assert.That(Scenario.TryParse(Encoding.UTF8.GetBytes(text), "file.json", out _, out var mistakes), Is.False);
        Assert.That(mistakes[0].ToString(), Does.Contain("conflict-noticed=2s"), "what can be said instead");
    }

    [Test]
    public void ScenariosAndChecksKnowTheSameNames() => Assert.That(ScenarioCheck.Known, Is.EquivalentTo(CheckProperties.All.Select(property => property.Name)));

    private sealed class Thrower : CheckHistory
    {
        public override CheckHistory Fork() => new Thrower();

        public override void WriteState(StateCodec codec, Simulator simulator)
        {
        }

        public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) =>
            throw new InvalidOperationException("on purpose");
    }
}
