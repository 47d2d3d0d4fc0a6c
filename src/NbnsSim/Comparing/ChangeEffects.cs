using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;

namespace NbnsSim.Comparing;

/// <summary>In what two scenarios differ, and what their runs show of each difference.</summary>
internal static class ChangeEffects
{
    private const int MaxNamed = 6;

    public static IEnumerable<ChangeEffect> Of(RunRecord before, RunRecord after)
    {
        var (one, other) = (before.Run.Scenario, after.Run.Scenario);
        var left = one.Hosts.ToDictionary(host => host.Name, StringComparer.Ordinal);
        var right = other.Hosts.ToDictionary(host => host.Name, StringComparer.Ordinal);
        var both = one.Hosts.Where(host => right.ContainsKey(host.Name)).Select(host => (Before: host, After: right[host.Name])).ToList();
        return Hosts(one.Hosts.Where(host => !right.ContainsKey(host.Name)), before, isGone: true)
            .Concat(Hosts(other.Hosts.Where(host => !left.ContainsKey(host.Name)), after, isGone: false))
            .Concat(Behaviours(both.Where(pair => IsBoth(pair, HostRoles.Node)).Select(pair => (pair.Before.Name, DialectOf(one, pair.Before), DialectOf(other, pair.After))), DialectBehaviour.Of, before, after))
            .Concat(Behaviours(both.Where(pair => IsBoth(pair, HostRoles.NameServer)).Select(pair => (pair.Before.Name, pair.Before.NameServer.Dialect, pair.After.NameServer.Dialect)), DialectBehaviour.Of, before, after))
            .Concat(Settings(both, before, after))
            .Concat(LinkRules(before, after))
            .Concat(Steps(before, after))
            .Concat(Seeds(before, after));
    }

    private static bool IsBoth((ScenarioHost Before, ScenarioHost After) pair, HostRoles role) => pair.Before.Roles.HasFlag(role) && pair.After.Roles.HasFlag(role);

    private static NetBtDialect DialectOf(Scenario scenario, ScenarioHost host) => (host.Dialect ?? scenario.Dialect).Make();

    private static IEnumerable<ChangeEffect> Hosts(IEnumerable<ScenarioHost> hosts, RunRecord record, bool isGone) => hosts.Select(host =>
    {
        long decided = record.CountOf(host.Name);
        long sent = record.SentBy(host.Name);
        string seen = decided + sent == 0 ? $"it {(isGone ? "decided nothing and sent nothing" : "decides nothing and sends nothing")}" : Text($"it {(isGone ? "made" : "makes")} {decided:N0} decisions and {(isGone ? "sent" : "sends")} {sent:N0} packets");
        return new ChangeEffect($"{host.Name}: {(isGone ? "not there" : "new")}", [], isGone ? decided : 0, isGone ? 0 : decided, seen);
    });

    /// <summary>Each behaviour by which dialects differ, once for all machines for which it differs in the same way.</summary>
    private static IEnumerable<ChangeEffect> Behaviours<T>(IEnumerable<(string Host, T Before, T After)> pairs, Func<T, ImmutableArray<DialectBehaviour>> behavioursOf, RunRecord before, RunRecord after)
        where T : class
    {
        var read = new Dictionary<(T, T), List<(DialectBehaviour Before, DialectBehaviour After)>>();
        var differing = new Dictionary<(string Name, string From, string To), (ImmutableArray<Rule> Rules, List<string> Hosts)>();
        foreach (var (host, one, other) in pairs.Where(pair => pair.Before != pair.After))
        {
            if (!read.TryGetValue((one, other), out var differences))
                read[(one, other)] = differences = [.. behavioursOf(one).Zip(behavioursOf(other)).Where(both => both.First.Value != both.Second.Value)];
            foreach (var (from, to) in differences)
            {
                var key = (from.Name, from.Value, to.Value);
                if (!differing.TryGetValue(key, out var found))
                    differing[key] = found = (from.Rules, []);
                found.Hosts.Add(host);
            }
        }

        return differing.OrderBy(one => one.Key.Name, StringComparer.Ordinal).Select(one => Turned(one.Key, one.Value.Rules, one.Value.Hosts, before, after));
    }

    private static ChangeEffect Turned((string Name, string From, string To) key, ImmutableArray<Rule> rules, List<string> hosts, RunRecord before, RunRecord after)
    {
        var machines = hosts.ToHashSet(StringComparer.Ordinal);
        long had = before.CountOf(machines, rules);
        long has = after.CountOf(machines, rules);
        string ids = string.Join(", ", rules.Select(rule => rule.Id));
        string seen = rules.IsEmpty ? "it turns no rule: it says how much, how often or in which words"
            : had + has == 0 ? $"the rule{(rules.Length == 1 ? "" : "s")} that it turns, {ids}, {(rules.Length == 1 ? "was" : "were")} never reached: nobody decided by {(rules.Length == 1 ? "it" : "them")} in either run"
            : Text($"by {ids} {had:N0} {(had == 1 ? "decision was" : "decisions were")} made before, {has:N0} with the changes");
        return new ChangeEffect($"{Named(hosts)}: {key.Name} {key.From} → {key.To}", rules, had, has, seen);
    }

    private static IEnumerable<ChangeEffect> Settings(List<(ScenarioHost Before, ScenarioHost After)> both, RunRecord before, RunRecord after)
    {
        foreach (var same in both.Where(pair => pair.Before.Roles != pair.After.Roles).GroupBy(pair => pair.After.Roles.HasFlag(HostRoles.NameServer)))
        {
            foreach (var (one, _) in same)
            {
                var address = one.Interfaces[0].Address;
                long asked = before.SentTo(address);
                yield return new ChangeEffect($"{one.Name}: {(same.Key ? "a name server now" : "no name server any more")}", [], asked, after.SentTo(address), Text($"{asked:N0} packets went to {address} before, {after.SentTo(address):N0} with the changes"));
            }
        }

        var nodes = both.Where(pair => IsBoth(pair, HostRoles.Node)).ToList();
        foreach (var same in nodes.Where(pair => pair.Before.Node.NodeType != pair.After.Node.NodeType).GroupBy(pair => (Before: pair.Before.Node.NodeType, After: pair.After.Node.NodeType)))
        {
            List<string> hosts = [.. same.Select(pair => pair.Before.Name)];
            var (had, has) = (hosts.Sum(before.SentBy), hosts.Sum(after.SentBy));
            yield return new ChangeEffect($"{Named(hosts)}: nodeType {same.Key.Before?.ToString() ?? "unset"} → {same.Key.After?.ToString() ?? "unset"}", [], had, has, Text($"{had:N0} packets were sent by {(hosts.Count == 1 ? "it" : "them")} before, {has:N0} with the changes"));
        }

        foreach (var same in nodes.Where(pair => !pair.Before.Node.NameServers.SequenceEqual(pair.After.Node.NameServers)).GroupBy(pair => (Before: List(pair.Before.Node.NameServers), After: List(pair.After.Node.NameServers)), pair => pair))
        {
            var addresses = same.SelectMany(pair => pair.Before.Node.NameServers.Union(pair.After.Node.NameServers).Except(pair.Before.Node.NameServers.Intersect(pair.After.Node.NameServers))).Distinct().ToList();
            var (had, has) = (addresses.Sum(before.SentTo), addresses.Sum(after.SentTo));
            string seen = had + has == 0 ? $"nothing was sent to {string.Join(", ", addresses)} in either run" : Text($"{had:N0} packets went to {string.Join(", ", addresses)} before, {has:N0} with the changes");
            yield return new ChangeEffect($"{Named([.. same.Select(pair => pair.Before.Name)])}: name servers {same.Key.Before} → {same.Key.After}", [], had, has, seen);
        }
    }

    private static string List(ImmutableArray<Ipv4Address> addresses) => addresses.IsEmpty ? "none" : string.Join(", ", addresses);

    private static IEnumerable<ChangeEffect> LinkRules(RunRecord before, RunRecord after)
    {
        var left = Of(before);
        var right = Of(after);
        foreach (string name in left.Keys.Union(right.Keys, StringComparer.Ordinal).Where(name => left.GetValueOrDefault(name) != right.GetValueOrDefault(name)))
        {
            var (had, has) = (before.TouchedBy(name), after.TouchedBy(name));
            string what = !left.ContainsKey(name) ? "new" : !right.ContainsKey(name) ? "not there" : "changed";
            yield return new ChangeEffect($"link rule '{name}': {what}", [], had, has, had + has == 0 ? "it did nothing to any datagram or message" : Text($"it did something to {had:N0} datagrams and messages on their way before, {has:N0} with the changes"));
        }

        static Dictionary<string, ScenarioRule> Of(RunRecord record) => record.Run.Scenario.Rules.Concat(record.Run.Scenario.Steps.OfType<AddRuleStep>().Select(add => add.Rule)).ToDictionary(rule => rule.Rule.Name, StringComparer.Ordinal);
    }

    /// <summary>Commands: each host's own, so that one that is gone does not make the others' differ.</summary>
    private static IEnumerable<ChangeEffect> Steps(RunRecord before, RunRecord after)
    {
        var left = Told(before.Run.Scenario);
        var right = Told(after.Run.Scenario);
        int had = left.Except(right).Count();
        int has = right.Except(left).Count();
        if (had + has > 0)
            yield return new ChangeEffect("what machines are told", [], had, has, Text($"{had:N0} commands, crashes and restarts are left out, {has:N0} are new"));

        HashSet<(Instant, string, string)> Told(Scenario scenario) =>
        [
            .. scenario.Steps.SelectMany(step => step.Hosts.Where(IsInBoth).Select(host => (step.At, host, step switch
            {
                NodeStep command => command.Description,
                SendStep send => Convert.ToHexString(send.Payload.AsSpan()),
                _ => step.GetType().Name,
            }))),
        ];

        bool IsInBoth(string host) => before.Run.Simulator.FindHost(host) is not null && after.Run.Simulator.FindHost(host) is not null;
    }

    private static IEnumerable<ChangeEffect> Seeds(RunRecord before, RunRecord after)
    {
        var (one, other) = (before.Run.Simulator.Seed, after.Run.Simulator.Seed);
        if (one != other)
            yield return new ChangeEffect(Text($"seed {one} → {other}"), [], 0, 0, "transaction ids and the draws of link rules follow from it");
    }

    private static string Named(List<string> hosts) => hosts.Count <= MaxNamed ? string.Join(", ", hosts) : Text($"{string.Join(", ", hosts.Take(MaxNamed))} and {hosts.Count - MaxNamed:N0} more");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
