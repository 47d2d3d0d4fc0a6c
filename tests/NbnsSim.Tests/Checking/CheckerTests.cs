using NbnsSim.Checking;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Checking;

/// <summary>Every run within bounds is looked at, and what is found runs by itself.</summary>
public sealed class CheckerTests
{
    private const CheckFaults Datagrams = CheckFaults.Loss | CheckFaults.Duplicate | CheckFaults.Reorder | CheckFaults.Corrupt;
    private const CheckFaults Machines = CheckFaults.Crash | CheckFaults.Restart | CheckFaults.Partition | CheckFaults.ForgedRelease | CheckFaults.ForgedConflict;

    private static readonly Scenario TwoClaims = Scenario.Parse(
        """
        { "name": "two-claims", "dialect": "nt4",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [{ "name": "ALPHA", "address": "10.0.0.1" }, { "name": "BRAVO", "address": "10.0.0.2" }],
          "steps": [
            { "at": "0s", "do": "addName", "host": "ALPHA", "name": "JSMITH<03>" },
            { "at": "5s", "do": "addName", "host": "BRAVO", "name": "JSMITH<03>" },
            { "at": "10s", "do": "query", "host": "BRAVO", "name": "JSMITH<03>" }],
          "end": "12s" }
        """u8, "two-claims.json");

    [Test]
    public void Q131739_IsFoundWithoutBeingToldAndDoesNotHappenOnNt351()
    {
        var found = Check(BuiltInScenarios.Find("q131739")!, CheckFaults.None, 0, dialect: NetBtDialect.WindowsNt35);
        var corrected = Check(BuiltInScenarios.Find("q131739")!, CheckFaults.None, 0, dialect: NetBtDialect.WindowsNt351);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Counterexample?.Text, Is.EqualTo("ALPHA logs 4320 about JSMITH<03>, which no other machine has or claims."));
            Assert.That(found.Counterexample?.Faults, Is.Empty);
            Assert.That(corrected.Verdict, Is.EqualTo(CheckVerdict.Holds));
        }
    }

    [Test]
    public void AThirdLostRefusalMakesTwoOwnersAndFewerDoNot()
    {
        var two = Check(TwoClaims, CheckFaults.Loss, 2, CheckProperties.OneOwner);
        var three = Check(TwoClaims, CheckFaults.Loss, 3, CheckProperties.OneOwner);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(two.Verdict, Is.EqualTo(CheckVerdict.Holds));
            Assert.That(three.Counterexample?.Property, Is.SameAs(CheckProperties.OneOwner));
            Assert.That(three.Counterexample?.Faults.Length, Is.EqualTo(3));
        }
    }

    [Test]
    public void WhatIsReducedLosesNoState([Values(Datagrams, Machines)] CheckFaults faults)
    {
        CheckProperty[] none = [];
        var options = new CheckOptions { Faults = faults, MaxFaults = 1, Quiet = TimeSpan.FromSeconds(5) };
        var reduced = new Checker(TwoClaims, none, options).Run();
        var all = new Checker(TwoClaims, none, options with { Reduces = false }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reduced.States, Is.EqualTo(all.States));
            Assert.That(reduced.Steps, Is.LessThan(all.Steps));
            Assert.That(reduced.Verdict, Is.EqualTo(all.Verdict));
        }
    }

    [Test]
    public void WhatIsReducedFindsTheSame([Values] bool anyOrder, [Values(Datagrams, Machines)] CheckFaults faults)
    {
        foreach (var property in CheckProperties.All)
        {
            var options = new CheckOptions { Faults = faults, MaxFaults = 1, AnyOrder = anyOrder, Quiet = TimeSpan.FromSeconds(5) };
            var reduced = new Checker(TwoClaims, [property], options).Run();
            var all = new Checker(TwoClaims, [property], options with { Reduces = false }).Run();
            Assert.That(
                (reduced.Verdict, reduced.Counterexample?.At, reduced.Counterexample?.Text), Is.EqualTo((all.Verdict, all.Counterexample?.At, all.Counterexample?.Text)), property.Name);
        }
    }

    [Test]
    public void ItDoesNotMatterHowManyWork([Values(Datagrams, Machines)] CheckFaults faults)
    {
        var options = new CheckOptions { Faults = faults, MaxFaults = 2, Quiet = TimeSpan.FromSeconds(5) };
        var one = new Checker(TwoClaims, CheckProperties.Standard, options).Run();
        var several = new Checker(TwoClaims, CheckProperties.Standard, options with { Workers = 4, RunAll = workers => Parallel.ForEach(workers, worker => worker()) }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(several.Verdict, Is.EqualTo(one.Verdict));
            Assert.That(several.States, Is.EqualTo(one.States));
            Assert.That(several.Counterexample?.Text, Is.EqualTo(one.Counterexample?.Text));
            Assert.That(several.Counterexample?.Faults, Is.EqualTo(one.Counterexample?.Faults).AsCollection.Or.Null);
        }
    }

    [Test]
    public void ACounterexampleRunsByItself(
        [ValueSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))] string name,
        [Values(CheckFaults.None, CheckFaults.Loss | CheckFaults.Duplicate, CheckFaults.Reorder, CheckFaults.Corrupt, CheckFaults.Restart | CheckFaults.Partition | CheckFaults.ForgedRelease)] CheckFaults faults)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        Assume.That(scenario.Hosts, Has.Length.LessThan(10));
        foreach (var property in CheckProperties.All)
        {
            var result = new Checker(scenario, [property], new CheckOptions { Faults = faults, MaxStates = 3_000 }).Run();
            if (result.Counterexample is not { } found)
                continue;
            using var file = new MemoryStream();
            found.Scenario.Write(file);
            var read = Scenario.Parse(file.ToArray(), "counterexample.json");
            Assert.That((read.Check?.Quiet, read.Check?.MaxFaults, read.Check?.Properties.Single()), Is.EqualTo((TimeSpan.Zero, 0, property.Name)));
            var again = new Checker(read, [property], new CheckOptions { MaxFaults = 0, Quiet = TimeSpan.Zero }).Run();
            Assert.That((again.Counterexample?.At, again.Counterexample?.Text), Is.EqualTo((found.At, found.Text)), string.Join("; ", found.Faults));
        }
    }

    /// <summary>What comes next may be long after the last time at which something may go wrong: it goes wrong now.</summary>
    [Test]
    public void SomethingMayGoWrongAfterTheLastThingThatHappens()
    {
        var idle = TwoClaims with { Steps = TwoClaims.Steps[..1] };
        var registered = new CheckProperty("alpha-is-on", CheckMode.AtEnd, "ALPHA is on.", "this test", static (in CheckMoment moment) =>
            moment.Simulator.NodeOf(new HostId(0))!.GetNameState(NetBiosName.Parse("JSMITH<03>")) == LocalNameState.Registered && !moment.Simulator.IsUp(new HostId(0)) ? "ALPHA is down, and had its name." : null);
        var result = new Checker(idle, [registered], new CheckOptions { Faults = CheckFaults.Crash }).Run();
        Assert.That(result.Counterexample?.Faults.Single().At, Is.LessThanOrEqualTo(idle.End));
        Assert.That(new Checker(idle, [registered], new CheckOptions { Faults = CheckFaults.Crash, FaultsUntil = Instant.Epoch }).Run().States, Is.LessThan(new Checker(idle, [registered], new CheckOptions { Faults = CheckFaults.Crash }).Run().States));
    }

    [Test]
    public void ABoundThatIsReachedIsNoProof()
    {
        var result = new Checker(TwoClaims, CheckProperties.All, new CheckOptions { Faults = CheckFaults.Crash, MaxStates = 5 }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Verdict, Is.EqualTo(CheckVerdict.OutOfBounds));
            Assert.That(result.CompleteFaults, Is.EqualTo(-1));
        }
    }

    [Test]
    public void ANetworkInWhichNothingIsReachedProvesNothing()
    {
        var idle = TwoClaims with { Steps = [] };
        var result = Check(idle, CheckFaults.None, 0);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Verdict, Is.EqualTo(CheckVerdict.Vacuous));
            Assert.That(result.NotReached, Is.EqualTo(["names-registered"]).AsCollection);
        }
    }

    [Test]
    public void CommandsOfOneTimeGoInEveryOrder()
    {
        // whoever claims first wins: which of the two that is depends on the order alone
        var race = TwoClaims with { Steps = [.. TwoClaims.Steps.Select(step => step with { At = Instant.Epoch })] };
        CheckProperty alphaFirst = new("alpha-has-it", CheckMode.AtEnd, "ALPHA has the name.", "this test", static (in CheckMoment moment) =>
            moment.Simulator.NodeOf(new HostId(0))!.NameCount == 1 && moment.Simulator.NodeOf(new HostId(1))!.NameCount == 0 ? null : "BRAVO has a name too, or ALPHA has none.");
        var asGiven = new Checker(race, [alphaFirst], new CheckOptions { MaxFaults = 0 }).Run();
        var any = new Checker(race, [alphaFirst], new CheckOptions { MaxFaults = 0, AnyOrder = true }).Run();
        Assert.That((asGiven.States, any.States), Is.Not.EqualTo((any.States, asGiven.States)));
    }

    private static CheckResult Check(Scenario scenario, CheckFaults faults, int most, CheckProperty? property = null, NetBtDialect? dialect = null) =>
        new Checker(scenario, property is null ? CheckProperties.Standard : [property], new CheckOptions { Faults = faults, MaxFaults = most }, dialect).Run();
}
