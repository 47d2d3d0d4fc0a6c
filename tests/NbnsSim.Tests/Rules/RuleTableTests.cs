using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Mono.Cecil;
using NbnsSim.Rules;

namespace NbnsSim.Tests.Rules;

/// <summary>
/// <c>tests/RULES.md</c>: every rule of the book with what it says, where that is written, what turns it, the lines that obey it and the tests that lead a machine to it.
/// Run with NBNSSIM_RECORD=1 to write the file anew.
/// </summary>
public sealed partial class RuleTableTests
{
    /// <summary>The rooms whose machines decide; the others only read what was decided.</summary>
    private static readonly string[] Deciding = ["NbnsSim.Nodes", "NbnsSim.NameServers", "NbnsSim.Simulation", "NbnsSim.Protocol"];

    private static readonly SortedDictionary<string, SortedSet<string>> Reached = ByReach();
    private static readonly SortedDictionary<string, SortedSet<string>> Named = ByName();
    private static readonly SortedDictionary<string, SortedSet<string>> Lines = ByUse();

    [Test]
    public void EveryRuleHasALineThatObeysIt() => Assert.That(Ids().Where(rule => !Lines.ContainsKey(rule)), Is.Empty);

    [Test]
    public void EveryRuleHasATestThatReachesIt() => Assert.That(Ids().Where(rule => !Reached.ContainsKey(rule)), Is.Empty);

    [Test]
    public void WhatATestReachesIsARule() => Assert.That(Reached.Keys.Where(rule => RuleBook.Find(rule)?.Id != rule), Is.Empty);

    [Test]
    public void AGroupThatLeadsToNoDecisionHasATestWithItsNumber() =>
        Assert.That(RuleBook.Groups.Where(group => !group.Rules.Any() && !Named.ContainsKey(group.Id)).Select(group => group.Id), Is.Empty);

    [Test]
    public void ATestIsNamedAfterAGroup() => Assert.That(Named.Keys.Except(RuleBook.Groups.Select(group => group.Id), StringComparer.Ordinal), Is.Empty);

    [Test]
    public void TheTableOfRulesIsUpToDate()
    {
        string file = Path.Combine(House.Repository.Root, "tests", "RULES.md");
        string table = Table();
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, table);
        Assert.That(File.ReadAllText(file), Is.EqualTo(table), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    private static IEnumerable<string> Ids() => RuleBook.All.Select(rule => rule.Id);

    private static string Table()
    {
        var text = new StringBuilder("""
            # Rules: what they say, what obeys them, what proves them

            Written by `RuleTableTests` from the rule book; `nbnssim rules` prints it too. Of each rule: what it says, on what it rests, what turns it, in which file and member
            it is obeyed, and the tests that fail unless a machine decides by it. A test named after a group, such as `RuleB5_…`, proves what the group's sentence says.

            """);
        foreach (var chapter in RuleBook.Groups.GroupBy(group => group.Chapter, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(chapter.Key).Append('\n');
            foreach (var group in chapter)
                Append(text, group);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, RuleGroup group)
    {
        text.Append("\n### ").Append(group.Id).Append("\n\n").Append(group.Sentence).Append('\n');
        if (Named.TryGetValue(group.Id, out var tests))
            text.Append('\n').AppendJoin('\n', tests.Select(test => $"- `{test}`")).Append('\n');
        if (!group.Rules.Any())
            return;
        text.Append("\n| rule | says | basis | switch | obeyed by | reached by |\n|---|---|---|---|---|---|\n");
        foreach (var rule in group.Rules)
        {
            string turned = rule.Switch is { } name ? $"`{name}`" : rule.NoSwitch is { } why ? $"none: {why}" : "";
            text.Append("| ").AppendJoin(" | ", $"`{rule.Id}`", Escaped(rule.Sentence), Escaped($"{rule.Basis.ToString().ToLowerInvariant()}: {rule.Source}"), Escaped(turned), Cell(Lines, rule), Cell(Reached, rule)).Append(" |\n");
        }
    }

    private static string Cell(SortedDictionary<string, SortedSet<string>> found, Rule rule) =>
        found.TryGetValue(rule.Id, out var all) ? string.Join("<br>", all.Select(one => $"`{one}`")) : "none";

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    private static SortedDictionary<string, SortedSet<string>> ByReach()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var method in Tests())
        {
            foreach (string rule in method.GetCustomAttribute<ReachesAttribute>()?.Rules ?? [])
                Add(found, rule, NameOf(method));
        }

        return found;
    }

    private static SortedDictionary<string, SortedSet<string>> ByName()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var method in Tests())
        {
            if (GroupOfTest().Match(method.Name) is { Success: true } match)
                Add(found, match.Groups["group"].Value, NameOf(method));
        }

        return found;
    }

    /// <summary>Which members of the machines name which rule, read from the compiled code, and in which file they stand.</summary>
    private static SortedDictionary<string, SortedSet<string>> ByUse()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var ids = new[] { typeof(NodeRules), typeof(ServerRules) }.SelectMany(type => type.GetProperties()).Where(property => property.PropertyType == typeof(Rule))
            .ToDictionary(property => $"{property.DeclaringType!.FullName}.{property.GetMethod!.Name}", property => ((Rule)property.GetValue(null)!).Id, StringComparer.Ordinal);
        using var core = ModuleDefinition.ReadModule(typeof(Rule).Assembly.Location, new ReaderParameters { ReadSymbols = true });
        foreach (var method in core.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody && Deciding.Contains(RoomOf(method.DeclaringType), StringComparer.Ordinal)))
        {
            string? file = null;
            foreach (var called in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>())
            {
                if (!ids.TryGetValue($"{called.DeclaringType.FullName}.{called.Name}", out string? id))
                    continue;
                file ??= Path.GetFileName(method.DebugInformation.SequencePoints[0].Document.Url.Replace('\\', '/'));
                Add(found, id, $"{file} · {MemberOf(method)}");
            }
        }

        return found;
    }

    private static string RoomOf(TypeDefinition type) => type.DeclaringType is { } outer ? RoomOf(outer) : type.Namespace;

    /// <summary>The member as it is written: of what the compiler made of a part of it, such as a lambda, the whole.</summary>
    private static string MemberOf(MethodDefinition method)
    {
        if (Made().Match($"{method.DeclaringType.Name}.{method.Name}") is { Success: true } made)
            return made.Groups["member"].Value;
        return method.IsConstructor ? method.DeclaringType.Name : method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name[4..] : method.Name;
    }

    private static IEnumerable<MethodInfo> Tests() => typeof(RuleTableTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttributes().Any(attribute => attribute is TestAttribute or TestCaseAttribute or TestCaseSourceAttribute));

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static void Add(SortedDictionary<string, SortedSet<string>> found, string key, string value)
    {
        if (!found.TryGetValue(key, out var all))
            found[key] = all = new SortedSet<string>(StringComparer.Ordinal);
        all.Add(value);
    }

    [GeneratedRegex("^Rule(?<group>[A-Z][0-9]+)_", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GroupOfTest();

    [GeneratedRegex("<(?<member>\\w+)>[a-z]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Made();
}
