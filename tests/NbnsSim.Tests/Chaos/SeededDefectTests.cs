using NbnsSim.Checking;
using NbnsSim.Scenarios;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Tests.Chaos;

/// <summary>Defects that are there on purpose: chaos finds them, and shrinks what it found to a few hosts.</summary>
public sealed class SeededDefectTests
{
    private const ulong Seeds = 2_000;

    [Test]
    public void ANodeThatForgetsToDefendIsFound()
    {
        var small = FindAndShrink(CheckProperties.OneOwner, host => host with { Node = host.Node with { ForgetsToDefend = true } }, ChaosFaults.All);
        Assert.That(small.Hosts, Has.Length.EqualTo(2), "two who want one name");
        Assert.That(FaultsOf(small), Is.Zero);
        Assert.That(small.Steps, Has.Length.EqualTo(2));
    }

    [Test]
    public void AChallengeThatIsForgottenIsFound()
    {
        var small = FindAndShrink(CheckProperties.ClaimsEnd, host => host with { NameServer = host.NameServer with { ForgetsChallenges = true } }, ChaosFaults.All);
        Assert.That(small.Hosts, Has.Length.LessThanOrEqualTo(3), "a server, an owner and a claimant");
        Assert.That(small.Hosts.Count(host => host.Roles == HostRoles.NameServer), Is.EqualTo(1));
        Assert.That(FaultsOf(small), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void WithoutADefectTheSameSeedsHoldAll()
    {
        for (ulong seed = 1; seed <= Seeds / 4; seed++)
        {
            var scenario = ChaosScenario.Generate(seed, new ChaosOptions { MaxHosts = 5 });
            Assert.That(new ScenarioTrial(scenario, ChaosProperties.Of(scenario)).Run()?.Text, Is.Null, $"seed {seed}");
        }
    }

    private static Scenario FindAndShrink(CheckProperty property, Func<ScenarioHost, ScenarioHost> spoil, ChaosFaults faults)
    {
        var options = new ChaosOptions { MaxHosts = 5, Faults = faults };
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scenario = ChaosScenario.Generate(seed, options);
            scenario = scenario with { Hosts = [.. scenario.Hosts.Select(spoil)] };
            if (!Fails(scenario))
                continue;
            var shrinker = new ScenarioShrinker(Fails);
            var small = shrinker.Shrink(scenario);
            Assert.That(shrinker.IsComplete);
            Assert.That(Fails(small));
            return small;
        }

        throw new AssertionException($"{Seeds} seeds do not find it.");

        bool Fails(Scenario scenario) => ChaosProperties.Of(scenario).Contains(property) && new ScenarioTrial(scenario, [property]).Run()?.Property == property;
    }

    private static int FaultsOf(Scenario scenario) => scenario.Rules.Length + scenario.Steps.Count(step => step is CrashStep);
}
