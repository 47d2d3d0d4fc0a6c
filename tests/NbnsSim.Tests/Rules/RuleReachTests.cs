using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Tests.Nodes;

namespace NbnsSim.Tests.Rules;

/// <summary>Nearly all rules are reached when machines run and nobody aims at one; that each has a test that aims at it is <see cref="RuleTableTests"/>' business.</summary>
public sealed class RuleReachTests
{
    /// <summary>So many rules at most may be left that neither the built-in scenarios nor a storm lead to: proxies, redirects, rare switches, a busy server.</summary>
    private const int NotReachedHere = 40;

    [Test]
    public void ScenariosAndStormsReachMostRules()
    {
        var said = new DecisionCounter();
        foreach (string name in BuiltInScenarios.Names)
        {
            foreach (var dialect in (NetBtDialect?[])[null, .. NetBtDialect.All])
            {
                var run = new ScenarioRun(BuiltInScenarios.Find(name)!, dialect);
                var history = new HistoryObserver(run.Simulator);
                run.Simulator.AddObserver(history);
                run.Run();
                said.Rules.UnionWith(history.History.Entries.Select(entry => entry.Decision.Rule));
            }
        }

        for (ulong seed = 0; seed < 200; seed++)
        {
            ulong draw = seed;
            var node = Storm.MakeNode(seed, dialect => Flipped(dialect with { }, draw));
            node.Decisions = said;
            var storm = new Storm(seed);
            for (int i = 0; i < 400; i++)
                storm.Step(node);
        }

        Simulation.DecisionProperties.PlayAll(said);
        NameServers.StormTests.Reach(said);
        for (ulong seed = 0; seed < 20; seed++)
            NameServers.StormTests.Reach(said, seed);
        var unreached = RuleBook.All.Where(rule => !said.Rules.Contains(rule)).Select(rule => rule.Id).ToList();
        Assert.That(unreached, Has.Count.LessThanOrEqualTo(NotReachedHere), string.Join(' ', unreached));
    }

    /// <summary>A dialect with some of its switches turned the other way.</summary>
    internal static T Flipped<T>(T copy, ulong seed)
    {
        var draws = new RandomStream(seed);
        foreach (var property in typeof(T).GetProperties())
        {
            bool turns = draws.Next(4) == 0;
            if (turns && property.PropertyType == typeof(bool) && property.CanWrite)
                property.SetValue(copy, !(bool)property.GetValue(copy)!);
            else if (turns && property.PropertyType.IsEnum && property.CanWrite)
            {
                var values = Enum.GetValues(property.PropertyType);
                property.SetValue(copy, values.GetValue((int)draws.Next((uint)values.Length)));
            }
        }

        return copy;
    }
}
