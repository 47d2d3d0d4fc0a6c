using System.Reflection;
using System.Text.RegularExpressions;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Tests.Rules;

/// <summary>The one list of rules: each has an id, a sentence, a source, and a switch where it is an inference.</summary>
public sealed partial class RuleBookTests
{
    private static readonly Type[] Settings = [typeof(NetBtDialect), typeof(NetBtTiming), typeof(NameServerDialect), typeof(EndNodeOptions), typeof(NameServerOptions)];

    [Test]
    public void EveryDeclaredRuleIsInTheBookOnce()
    {
        var declared = new[] { typeof(NodeRules), typeof(ServerRules) }
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType == typeof(Rule))
            .Select(property => (Rule)property.GetValue(null)!);
        Assert.That(RuleBook.All, Is.EquivalentTo(declared));
        Assert.That(RuleBook.All.Select(rule => rule.Id), Is.Unique);
        foreach (var rule in RuleBook.All)
            Assert.That(RuleBook.Find(rule.Id.ToLowerInvariant()), Is.SameAs(rule));
        Assert.That(RuleBook.Find("B5"), Is.Null);
    }

    [Test]
    public void EveryRuleBelongsToAGroupOfTheBook()
    {
        Assert.That(RuleBook.All.Select(rule => rule.Group).Distinct(StringComparer.Ordinal), Is.SubsetOf(RuleBook.Groups.Select(group => group.Id)));
        Assert.That(RuleBook.Groups.Select(group => group.Id), Is.Unique);
        foreach (var group in RuleBook.Groups)
        {
            Assert.That(group.Sentence, Is.Not.Empty);
            Assert.That(group.Chapter, Is.Not.Empty);
            Assert.That(group.Rules.Select(rule => rule.Group), Has.All.EqualTo(group.Id));
            Assert.That(group.ToString(), Is.EqualTo($"{group.Id}: {group.Sentence}"));
        }
    }

    [TestCaseSource(nameof(All))]
    public void ARuleIsWhole(Rule rule)
    {
        Assert.That(rule.Id, Does.Match(Id()));
        Assert.That(rule.Sentence, Does.EndWith(".").And.Match("^[A-Z4O]|^nbtstat").Or.StartsWith("nbtstat"));
        Assert.That(rule.Source, Is.Not.Empty);
        Assert.That(rule.Telling is null || rule.Telling.EndsWith('.'), Is.True);
        Assert.That(rule.Basis == RuleBasis.Inferred, Is.EqualTo(rule.NoSwitch is not null || (rule.Switch is not null && rule.Basis == RuleBasis.Inferred)));
        Assert.That(rule.ToString(), Does.StartWith(rule.Id).And.Contain(rule.Source));
        foreach (Match place in Place().Matches(rule.Telling ?? ""))
            Assert.That(place.Value, Is.AnyOf("{host}", "{name}", "{peer}", "{peer-address}", "{address}", "{user}", "{is}", "{them}", "{group}", "{tries}"), rule.Id);
    }

    [TestCaseSource(nameof(All))]
    public void ASwitchIsASetting(Rule rule)
    {
        if (rule.Switch is { } name)
            Assert.That(Settings.Any(type => type.GetProperty(name) is not null), Is.True, $"{rule.Id}: {name}");
    }

    private static IEnumerable<TestCaseData> All() => RuleBook.All.Select(rule => new TestCaseData(rule).SetArgDisplayNames(rule.Id));

    [GeneratedRegex("^[A-Z][0-9]+\\.[a-z0-9-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Id();

    [GeneratedRegex("\\{[^}]*\\}", RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
