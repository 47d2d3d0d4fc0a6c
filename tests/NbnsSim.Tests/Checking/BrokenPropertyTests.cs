using System.Collections.Immutable;
using System.Text;
using NbnsSim.Checking;
using NbnsSim.Scenarios;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Checking;

/// <summary>Properties that no sound machine breaks: that they are broken by one that is not, and by what nothing can be sound against.</summary>
public sealed class BrokenPropertyTests
{
    private const int ManyDatagrams = 10_001;

    private static readonly Scenario TwoClaims = Parse(
        """
        { "name": "two-claims", "dialect": "nt4",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [
            { "name": "WINS", "role": "nameServer", "address": "10.0.0.9", "nameServer": { "dialect": "nt4" } },
            { "name": "ALPHA", "address": "10.0.0.1", "nodeType": "P", "nameServers": ["WINS"] },
            { "name": "BRAVO", "address": "10.0.0.2", "nodeType": "P", "nameServers": ["WINS"] },
            { "name": "CHARLIE", "address": "10.0.0.3", "nodeType": "P", "nameServers": ["WINS"] }],
          "steps": [
            { "at": "0s", "do": "boot", "host": "CHARLIE" },
            { "at": "10s", "do": "addName", "host": "ALPHA", "name": "JSMITH<03>" },
            { "at": "30s", "do": "addName", "host": "BRAVO", "name": "JSMITH<03>" },
            { "at": "90s", "do": "query", "host": "CHARLIE", "name": "JSMITH<03>" }],
          "end": "120s" }
        """);

    /// <summary>A defence that is switched off leaves two machines and no fault.</summary>
    [Test]
    public void ANodeThatForgetsToDefendIsFoundAndMadeSmall()
    {
        var spoilt = Of("B") with { Hosts = [.. Of("B").Hosts.Select(host => host with { Node = host.Node with { ForgetsToDefend = true } })] };
        var small = FindAndShrink(spoilt, CheckProperties.OneOwner, CheckFaults.Loss);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(small.Hosts.Select(host => host.Name), Is.EqualTo(["ALPHA", "BRAVO"]).AsCollection);
            Assert.That(small.Rules, Is.Empty);
            Assert.That(Find(Of("B"), CheckProperties.OneOwner, CheckFaults.Loss).Verdict, Is.EqualTo(CheckVerdict.Holds), "with the defence it holds");
        }
    }

    /// <summary>A challenge that is forgotten leaves a claimant, an owner and a server.</summary>
    [Test]
    public void AServerThatForgetsChallengesIsFoundAndMadeSmall()
    {
        var spoilt = Of("P") with { Hosts = [.. Of("P").Hosts.Select(host => host with { NameServer = host.NameServer with { ForgetsChallenges = true } })] };
        var small = FindAndShrink(spoilt, CheckProperties.ClaimsEnd, CheckFaults.Loss | CheckFaults.Crash);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(small.Hosts.Length, Is.LessThanOrEqualTo(3));
            Assert.That(small.Rules.Length + small.Steps.Count(step => step is CrashStep), Is.LessThanOrEqualTo(2));
            Assert.That(Find(Of("P"), CheckProperties.ClaimsEnd, CheckFaults.Loss | CheckFaults.Crash).Verdict, Is.EqualTo(CheckVerdict.Holds), "with its challenges it holds");
        }
    }

    [Test]
    public void TwoOwnersThatNobodyHasTellThatTheyAreIsFound()
    {
        var scenario = Scenario.Load(Path.Combine(Repository.Root, "samples", "checks", "two-owners-and-a-late-answer.json"));
        Assert.That(Find(scenario, CheckProperties.ConflictNoticed, CheckFaults.Reorder).Counterexample?.Text, Is.EqualTo("ALPHA and BRAVO both have JSMITH<03>, for which CHARLIE asked at 5 s."));
        Assert.That(Find(scenario, CheckProperties.ConflictNoticed, CheckFaults.Duplicate).Verdict, Is.EqualTo(CheckVerdict.Holds));
    }

    [Test]
    public void DatagramsWithoutBoundAreFound()
    {
        var scenario = Of("B");
        ImmutableArray<byte> octets = [1, 2, 3];
        var flood = scenario with { Steps = [.. Enumerable.Range(0, ManyDatagrams).Select(_ => new SendStep(Instant.Epoch, octets) { Hosts = ["ALPHA"] })] };
        Assert.That(new ScenarioTrial(flood, [CheckProperties.Bounded]).Run()?.Text, Is.EqualTo("10001 datagrams and timers wait."));
        Assert.That(new ScenarioTrial(flood with { Steps = flood.Steps[..100] }, [CheckProperties.Bounded]).Run(), Is.Null);
    }

    private static Scenario FindAndShrink(Scenario scenario, CheckProperty property, CheckFaults faults)
    {
        var found = Find(scenario, property, faults);
        Assert.That(found.Counterexample?.Property, Is.SameAs(property));
        var shrinker = new ScenarioShrinker(small => new ScenarioTrial(small, [property]).Run()?.Property == property);
        var small = shrinker.Shrink(found.Counterexample!.Scenario);
        Assert.That(shrinker.IsComplete);
        return small;
    }

    private static CheckResult Find(Scenario scenario, CheckProperty property, CheckFaults faults) =>
        new Checker(scenario, [property], new CheckOptions { Faults = faults, MaxStates = 200_000 }).Run();

    private static Scenario Of(string type) => TwoClaims with { Hosts = [.. TwoClaims.Hosts.Select(host => host with { Node = host.Node with { NodeType = Enum.Parse<OwnerNodeType>(type) } })] };

    private static Scenario Parse(string text) => Scenario.Parse(Encoding.UTF8.GetBytes(text), "test.json");
}
