using System.Collections.Immutable;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>Scenarios with something left out, and what refers to it. Each is again one that a file could hold; <see langword="null"/> where there is none.</summary>
internal static class ScenarioCuts
{
    public static Scenario? WithoutHosts(Scenario scenario, int first, int length)
    {
        var gone = scenario.Hosts.Skip(first).Take(length).ToList();
        var names = gone.Select(host => host.Name).ToHashSet(StringComparer.Ordinal);
        var addresses = gone.SelectMany(host => host.Interfaces).Select(place => place.Address).ToHashSet();
        return Mend(scenario with
        {
            Hosts = [.. scenario.Hosts.RemoveRange(first, length).Select(host => host with
            {
                Node = host.Node with { NameServers = Left(host.Node.NameServers) },
                NameServer = host.NameServer with { PullsFrom = Left(host.NameServer.PullsFrom), Notifies = Left(host.NameServer.Notifies) },
            })],
            Rules = [.. scenario.Rules.Where(rule => !IsAboutGone(rule))],
            Steps = [.. scenario.Steps.Where(step => !IsAbout(step)).Select(step => step switch
            {
                ReplicateStep replicate => replicate with { Hosts = Named(step.Hosts), Partners = Named(replicate.Partners) },
                PushStep push => push with { Hosts = Named(step.Hosts), Partners = Named(push.Partners) },
                _ => step with { Hosts = Named(step.Hosts) },
            })],
        });

        ImmutableArray<Ipv4Address> Left(ImmutableArray<Ipv4Address> all) => all.RemoveAll(addresses.Contains);
        ImmutableArray<string> Named(ImmutableArray<string> all) => all.RemoveAll(names.Contains);
        bool IsAboutGone(ScenarioRule rule) => names.Contains(rule.From.Host ?? "") || names.Contains(rule.To.Host ?? "");
        bool IsAbout(ScenarioStep step) => step switch
        {
            AddRuleStep add => IsAboutGone(add.Rule),
            NodeStep { Address: var asked } when addresses.Contains(asked) => true,
            SendStep send => (send.To is { } to && addresses.Contains(to)) || (send.Source is { } source && addresses.Contains(source)),
            _ => false,
        };
    }

    public static Scenario? WithoutSteps(Scenario scenario, int first, int length) => Mend(scenario with { Steps = scenario.Steps.RemoveRange(first, length) });

    public static Scenario? WithoutRules(Scenario scenario, int first, int length) => Mend(scenario with { Rules = scenario.Rules.RemoveRange(first, length) });

    public static Scenario? WithoutRouters(Scenario scenario, int first, int length) => scenario with { Routers = scenario.Routers.RemoveRange(first, length) };

    /// <summary>Segments on which nobody stands any more.</summary>
    public static Scenario? WithoutSegments(Scenario scenario, int first, int length)
    {
        var gone = scenario.Segments.Skip(first).Take(length).Select(segment => segment.Name).ToHashSet(StringComparer.Ordinal);
        if (gone.Count == scenario.Segments.Length || scenario.Hosts.Any(host => host.Interfaces.Any(place => gone.Contains(place.Segment))))
            return null;
        return Mend(scenario with
        {
            Segments = scenario.Segments.RemoveRange(first, length),
            Routers = [.. scenario.Routers.Select(router => router with { Segments = router.Segments.RemoveAll(gone.Contains) }).Where(router => router.Segments.Length > 1)],
            Rules = [.. scenario.Rules.Where(rule => !IsAboutGone(rule))],
            Steps = [.. scenario.Steps.Where(step => step is not AddRuleStep add || !IsAboutGone(add.Rule))],
        });

        bool IsAboutGone(ScenarioRule rule) => gone.Contains(rule.From.Segment ?? "") || gone.Contains(rule.To.Segment ?? "");
    }

    public static Scenario? WithoutHostsOfStep(Scenario scenario, int step, int first, int length)
    {
        var hosts = scenario.Steps[step].Hosts;
        return length >= hosts.Length ? null : scenario with { Steps = scenario.Steps.SetItem(step, scenario.Steps[step] with { Hosts = hosts.RemoveRange(first, length) }) };
    }

    /// <summary>A host with standard settings, as many as can be.</summary>
    public static IEnumerable<Scenario> SimplerHosts(Scenario scenario, int index)
    {
        var host = scenario.Hosts[index];
        var plain = host with
        {
            Dialect = null,
            Node = host.Node with { NodeType = null, Workgroup = null, LmHosts = null, EnableProxy = false, EnableProxyRegCheck = false },
            HeldNames = [],
            StaticMappings = [],
            Records = [],
        };
        ScenarioHost[] simpler =
        [
            plain,
            host with { Node = plain.Node },
            host with { Dialect = null },
            host with { Node = host.Node with { Workgroup = null } },
            host with { Node = host.Node with { NameServers = host.Node.NameServers.IsEmpty ? [] : [host.Node.NameServers[0]] } },
            host with { NameServer = host.NameServer with { PullsFrom = [], Notifies = [] } },
        ];
        return simpler.Where(one => !IsSame(one, host)).Select(one => scenario with { Hosts = scenario.Hosts.SetItem(index, one) });
    }

    /// <summary>A link rule that does always what it does.</summary>
    public static IEnumerable<Scenario> SimplerRules(Scenario scenario, int index)
    {
        var rule = scenario.Rules[index];
        LinkRule[] simpler =
        [
            rule.Rule with { PartsPerMillion = LinkRule.Always, Jitter = TimeSpan.Zero, Delay = rule.Rule.Delay + rule.Rule.Jitter },
            rule.Rule with { PartsPerMillion = LinkRule.Always },
        ];
        return simpler.Where(one => one != rule.Rule).Select(one => scenario with { Rules = scenario.Rules.SetItem(index, rule with { Rule = one }) });
    }

    /// <summary>Leaves out steps that nobody does any more, and ends of link rules that are gone.</summary>
    private static Scenario? Mend(Scenario scenario)
    {
        var rules = scenario.Rules.Select(rule => rule.Rule.Name).Concat(scenario.Steps.OfType<AddRuleStep>().Select(add => add.Rule.Rule.Name)).ToHashSet(StringComparer.Ordinal);
        return scenario with
        {
            Steps = [.. scenario.Steps.Where(step => step switch
            {
                AddRuleStep => true,
                RemoveRuleStep remove => rules.Contains(remove.Name),
                ReplicateStep { Partners.IsEmpty: true } or PushStep { Partners.IsEmpty: true } => false,
                _ => !step.Hosts.IsEmpty,
            })],
        };
    }

    private static bool IsSame(ScenarioHost one, ScenarioHost other) =>
        one.Dialect == other.Dialect && SameNode(one.Node, other.Node) && one.NameServer.PullsFrom.SequenceEqual(other.NameServer.PullsFrom) && one.NameServer.Notifies.SequenceEqual(other.NameServer.Notifies)
        && one.HeldNames.Length == other.HeldNames.Length && one.StaticMappings.Length == other.StaticMappings.Length && one.Records.Length == other.Records.Length;

    private static bool SameNode(EndNodeOptions one, EndNodeOptions other) => one.NameServers.SequenceEqual(other.NameServers) && one with { NameServers = other.NameServers } == other;
}
