using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Tests.Nodes;

namespace NbnsSim.Tests.Rules;

/// <summary>Every rule of the book is obeyed by a line of the code, and nearly all are reached when machines run.</summary>
public sealed class RuleReachTests
{
    /// <summary>So many rules at most may be left that neither the built-in scenarios nor a storm lead to: proxies, redirects, rare switches, a busy server.</summary>
    private const int NotReachedHere = 40;

    [Test]
    public void EveryRuleHasALineThatObeysIt()
    {
        string source = Path.Combine(House.Repository.Root, "src", "NbnsSim");
        var code = string.Concat(Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(source, "Rules"), StringComparison.Ordinal) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var unused = new[] { typeof(NodeRules), typeof(ServerRules) }
            .SelectMany(type => type.GetProperties().Where(property => property.PropertyType == typeof(Rule)).Select(property => $"{type.Name}.{property.Name}"))
            .Where(name => !Uses(code, name));
        Assert.That(unused, Is.Empty);
    }

    [Test]
    public void RulesAreReached()
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

        NameServers.StormTests.Reach(said);
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

    /// <summary>Whether code names a member, and not just one whose name begins the same way.</summary>
    private static bool Uses(string code, string name)
    {
        for (int at = code.IndexOf(name, StringComparison.Ordinal); at >= 0; at = code.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            if (!char.IsLetterOrDigit(code[at + name.Length]))
                return true;
        }

        return false;
    }
}
