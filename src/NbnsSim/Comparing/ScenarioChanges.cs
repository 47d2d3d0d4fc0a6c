using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Checking;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Comparing;

/// <summary>
/// Changes of a scenario in a word each, as somebody asks what would be if: <c>dialect=nt4</c>, <c>BRAVO.noNameReleaseOnDemand</c>, <c>wins=none</c>, <c>wins+=10.0.0.9</c>,
/// <c>nodeType=H</c>, <c>repair=all</c>, <c>loss=5%</c>, <c>cut=north/south</c>, <c>remove=BRAVO</c>, <c>seed=7</c>. In front of a period stands the host that is changed; without one, all are.
/// </summary>
/// <example>
/// <code>
/// var changed = ScenarioChanges.Apply(BuiltInScenarios.Find("q131739")!, "ALPHA.dialect=nt3.51");
/// </code>
/// </example>
public static partial class ScenarioChanges
{
    private static readonly string[] Keys = ["cut", "dialect", "loss", "nodeType", "remove", "repair", "seed", "serverDialect", "wins"];

    /// <summary>Makes the changes one after the other. What the scenario expects is left out: it was expected of the scenario as it was.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="changes">The changes.</param>
    /// <returns>The scenario with the changes, which a file can hold: <see cref="Scenario.Write"/>.</returns>
    /// <exception cref="FormatException">One of them is none, or names what the scenario has not; the message says what there is.</exception>
    public static Scenario Apply(Scenario scenario, params IEnumerable<string> changes)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(changes);
        foreach (string change in changes)
        {
            try
            {
                scenario = Apply(scenario, change);
            }
            catch (FormatException e)
            {
                throw new FormatException($"'{change}': {e.Message}", e);
            }
        }

        return scenario with { Expectations = [] };
    }

    private static Scenario Apply(Scenario scenario, string change)
    {
        ArgumentNullException.ThrowIfNull(change);
        int equals = change.IndexOf('=', StringComparison.Ordinal);
        string left = (equals < 0 ? change : change[..equals]).Trim();
        string? value = equals < 0 ? null : change[(equals + 1)..].Trim();
        bool adds = left.EndsWith('+');
        left = adds ? left[..^1].TrimEnd() : left;
        var host = HostBefore(scenario, left);
        string key = host is null ? left : left[(host.Name.Length + 1)..];
        if (adds && key != "wins")
            throw new FormatException("Only 'wins' can be added to.");
        if (key != "loss" && NodeOrServerSetting(scenario, host, key, value) is { } set)
            return set;
        string given = value ?? throw new FormatException(Array.Exists(Keys, known => known == key) ? $"'{key}' needs a value behind '='." : Unknown(scenario, left, key));
        return (key, host) switch
        {
            ("wins", _) => SetNameServers(scenario, host, given, adds),
            ("nodeType", _) => SetNodeType(scenario, host, given),
            ("loss", _) => Lose(scenario, host, given),
            ("remove", null) => Remove(scenario, given),
            ("repair", null) => Repair(scenario, given),
            ("cut", null) => Cut(scenario, given),
            ("seed", null) => scenario with
            {
                Seed = ulong.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) && seed <= long.MaxValue
                    ? seed
                    : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{given}' is no seed: expected a number from 0 to {long.MaxValue}.")),
            },
            (_, not null) when Array.Exists(Keys, known => known == key) => throw new FormatException($"'{key}' is of the whole network, not of one host."),
            _ => throw new FormatException(Unknown(scenario, left, key)),
        };
    }

    private static string Unknown(Scenario scenario, string left, string key)
    {
        int period = left.IndexOf('.', StringComparison.Ordinal);
        if (key == left && period > 0)
            return MissingHost(scenario, left[..period]);
        string near = Suggestion.For(key, [.. Keys, .. DialectSwitches.Names, .. ServerDialectSwitches.Names]);
        return $"there is nothing called '{key}' to change: expected {JsonObjectReader.Listed(Keys)} or a switch ('nbnssim dialects w2k' lists them).{near}";
    }

    private static ScenarioHost? HostBefore(Scenario scenario, string left) => scenario.Hosts
        .Where(host => left.Length > host.Name.Length && left[host.Name.Length] == '.' && left.StartsWith(host.Name, StringComparison.OrdinalIgnoreCase))
        .MaxBy(host => host.Name.Length);

    private static string MissingHost(Scenario scenario, string name)
    {
        string[] hosts = [.. scenario.Hosts.Select(host => host.Name)];
        string some = hosts.Length > 8 ? string.Create(CultureInfo.InvariantCulture, $"{hosts.Length:N0} others, {hosts[0]} and {hosts[^1]} among them") : JsonObjectReader.Listed(hosts);
        return $"there is no host '{name}': there {(hosts.Length == 1 ? "is" : "are")} {some}.{Suggestion.For(name, hosts)}";
    }

    private static int IndexOf(Scenario scenario, string name)
    {
        for (int i = 0; i < scenario.Hosts.Length; i++)
        {
            if (scenario.Hosts[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        throw new FormatException(MissingHost(scenario, name));
    }

    private static Scenario Remove(Scenario scenario, string names)
    {
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
            scenario = ScenarioCuts.WithoutHosts(scenario, IndexOf(scenario, name), 1)!;
        return scenario;
    }

    /// <summary>What a link rule or a crash does, is not done: everything, a rule's, or a host's crash.</summary>
    private static Scenario Repair(Scenario scenario, string name)
    {
        bool all = name.Equals("all", StringComparison.OrdinalIgnoreCase);
        string[] rules = [.. scenario.Rules.Concat(scenario.Steps.OfType<AddRuleStep>().Select(step => step.Rule)).Select(rule => rule.Rule.Name).Distinct(StringComparer.Ordinal)];
        string[] crashed = [.. scenario.Steps.OfType<CrashStep>().SelectMany(step => step.Hosts).Distinct(StringComparer.Ordinal)];
        if (!all && !rules.Contains(name, StringComparer.Ordinal) && !crashed.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            string[] broken = ["all", .. rules, .. crashed];
            throw new FormatException(broken.Length == 1
                ? $"There is nothing to repair in '{scenario.Name}': it has no link rule, and no host crashes."
                : $"There is no '{name}' to repair: expected {JsonObjectReader.Listed(broken.Take(12))}.{Suggestion.For(name, broken)}");
        }

        return scenario with
        {
            Rules = scenario.Rules.RemoveAll(rule => IsMeant(rule.Rule.Name)),
            Steps = [.. scenario.Steps.Select(Mended).OfType<ScenarioStep>()],
        };

        bool IsMeant(string rule) => all || rule == name;
        bool IsMeantHost(string host) => all || host.Equals(name, StringComparison.OrdinalIgnoreCase);
        ScenarioStep? Mended(ScenarioStep step) => step switch
        {
            AddRuleStep add => IsMeant(add.Rule.Rule.Name) ? null : step,
            RemoveRuleStep remove => IsMeant(remove.Name) ? null : step,
            CrashStep or RestartStep => step.Hosts.RemoveAll(IsMeantHost) is { IsEmpty: false } left ? step with { Hosts = left } : null,
            _ => step,
        };
    }

    private static Scenario Lose(Scenario scenario, ScenarioHost? host, string probability)
    {
        if (!ScenarioText.TryProbability(probability, out uint parts))
            throw new FormatException($"'{probability}' is no loss: expected {ScenarioText.ProbabilityExpected}.");
        var rule = LinkRule.Loss(NewRuleName(scenario, host is null ? "loss" : $"loss of {host.Name}"), parts) with { BothWays = host is not null };
        return scenario with { Rules = scenario.Rules.Add(new ScenarioRule(rule, new ScenarioScope(host?.Name, null))) };
    }

    private static Scenario Cut(Scenario scenario, string sides)
    {
        if (sides.Split('/', StringSplitOptions.TrimEntries) is not [var one, var other])
            throw new FormatException($"'{sides}' are no two sides: expected hosts or segments, such as ALPHA/BRAVO.");
        var rule = new LinkRule(NewRuleName(scenario, $"cut {one}/{other}"), LinkFault.Partition) { BothWays = true };
        return scenario with { Rules = scenario.Rules.Add(new ScenarioRule(rule, Side(one), Side(other))) };

        ScenarioScope Side(string name) => scenario.Segments.FirstOrDefault(segment => segment.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } segment
            ? new ScenarioScope(null, segment.Name)
            : new ScenarioScope(scenario.Hosts[IndexOf(scenario, name)].Name, null);
    }

    private static string NewRuleName(Scenario scenario, string wanted)
    {
        var taken = scenario.Rules.Concat(scenario.Steps.OfType<AddRuleStep>().Select(step => step.Rule)).Select(rule => rule.Rule.Name).ToHashSet(StringComparer.Ordinal);
        string name = wanted;
        for (int i = 2; taken.Contains(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted} {i}");
        return name;
    }
}
