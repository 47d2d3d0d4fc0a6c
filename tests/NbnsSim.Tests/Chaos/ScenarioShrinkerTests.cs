using NbnsSim.Checking;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Tests.Chaos;

/// <summary>Scenarios made smaller: what is left, and that it is a scenario.</summary>
public sealed class ScenarioShrinkerTests
{
    [Test]
    public void WhatIsNotNeededGoes()
    {
        var scenario = ChaosScenario.Generate(3, new ChaosOptions { MaxHosts = 40 });
        string host = scenario.Hosts[^1].Name;
        var small = new ScenarioShrinker(it => it.Hosts.Any(one => one.Name == host)).Shrink(scenario);
        Assert.That(small.Hosts.Select(one => one.Name), Is.EqualTo([host]));
        Assert.That((small.Steps.Length, small.Rules.Length, small.Routers.Length, small.Segments.Length, small.End), Is.EqualTo((0, 0, 0, 1, Instant.Epoch)));
        Assert.That(small.Hosts[0].Node.NameServers, Is.Empty);
        Assert.That(small.Hosts[0].Dialect, Is.Null);
    }

    [Test]
    public void TimesGetAsShortAsTheyCan()
    {
        var scenario = ChaosScenario.Generate(3) with { Rules = [] };
        var steps = scenario.Steps.OfType<NodeStep>().Take(2).ToList();
        var small = new ScenarioShrinker(it => it.Steps.Length >= 2 && it.Steps[^1].At - it.Steps[0].At >= TimeSpan.FromSeconds(1) && it.End >= it.Steps[^1].At).Shrink(scenario);
        Assert.That(small.Steps, Has.Length.EqualTo(2));
        Assert.That(small.Steps[0].At, Is.EqualTo(Instant.Epoch));
        Assert.That(small.Steps[1].At - Instant.Epoch, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        Assert.That(small.End, Is.EqualTo(small.Steps[1].At));
        Assert.That(steps, Has.Count.EqualTo(2));
    }

    [Test]
    public void WhateverIsLeftIsAScenarioThatAFileHolds()
    {
        int tried = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new RandomStream(seed);
            new ScenarioShrinker(it =>
            {
                tried++;
                Assert.That(() => Scenario.Parse(Octets(it), "smaller.json"), Throws.Nothing, $"seed {seed}");
                return random.Chance(300_000);
            }).Shrink(ChaosScenario.Generate(seed));
        }

        Assert.That(tried, Is.GreaterThan(500));
    }

    [Test]
    public void ABoundIsKept()
    {
        var shrinker = new ScenarioShrinker(_ => false, maxRuns: 7);
        var scenario = ChaosScenario.Generate(5);
        Assert.That(shrinker.Shrink(scenario).Hosts, Is.EqualTo(scenario.Hosts));
        Assert.That((shrinker.Runs, shrinker.IsComplete), Is.EqualTo((7, false)));
    }

    [Test]
    public void ALinkRuleThatIsNeededStaysAndBecomesSimple()
    {
        ulong seed = 1;
        while (ChaosScenario.Generate(seed).Rules.Length < 2)
            seed++;
        var small = new ScenarioShrinker(it => it.Rules.Length > 0).Shrink(ChaosScenario.Generate(seed));
        Assert.That(small.Rules, Has.Length.EqualTo(1));
        Assert.That(small.Rules[0].Rule.PartsPerMillion, Is.EqualTo(LinkRule.Always));
        Assert.That(small.Steps, Is.Empty);
    }

    private static byte[] Octets(Scenario scenario)
    {
        using var file = new MemoryStream();
        scenario.Write(file);
        return file.ToArray();
    }
}
