using System.Collections.Immutable;
using NbnsSim.NameServers;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>What of a check need not be looked at because something like it is.</summary>
/// <param name="IsUnordered">Whether what happens at one time is a set, as long as its order is found to make no difference.</param>
/// <param name="Alike">Machines that may change places.</param>
internal sealed record CheckReductions(bool IsUnordered, ImmutableArray<ImmutableArray<string>> Alike)
{
    /// <summary>None but that what was seen is not looked at again.</summary>
    public static CheckReductions None { get; } = new(false, []);

    /// <summary>Those that are asked for.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="properties">What is to hold.</param>
    /// <param name="options">What may go wrong, and what is asked for.</param>
    /// <param name="whyNot">Why there are fewer than asked for; empty where there are not.</param>
    public static CheckReductions Of(Scenario scenario, ImmutableArray<CheckProperty> properties, CheckOptions options, out string whyNot)
    {
        whyNot = "";
        if (!options.PartialOrder && !options.Symmetry)
            return None;
        if (WhyOrdered(scenario, options) is { } ordered)
        {
            whyNot = ordered;
            return None;
        }

        if (!options.Symmetry)
            return new CheckReductions(true, []);
        var alike = ImmutableArray<ImmutableArray<string>>.Empty;
        whyNot = WhyDifferent(scenario, properties) ?? "";
        if (whyNot.Length == 0 && (alike = AlikeHosts.Of(scenario)).IsEmpty)
            whyNot = "no two machines are alike";
        return new CheckReductions(true, alike);
    }

    private static string? WhyOrdered(Scenario scenario, CheckOptions options) =>
        !options.Reduces ? "nothing is reduced"
        : (options.Faults & (CheckFaults.Reorder | CheckFaults.Corrupt)) != CheckFaults.None ? "which datagram is the next one, and what becomes of a damaged one, depends on the order of arrival"
        : !scenario.Rules.IsEmpty || scenario.Steps.Any(step => step is AddRuleStep or RemoveRuleStep) ? "link rules count datagrams in the order of their arrival"
        : scenario.Hosts.Any(host => host.Node.RandomAdapter) ? "a machine draws which adapter it uses"
        : scenario.Segments.Any(segment => segment.Latency == TimeSpan.Zero) ? "on a segment without latency what one machine does reaches another at the same time"
        : options.AnyOrder && Replicates(scenario) && scenario.Steps.Any(step => step is CrashStep or RestartStep) ? "a machine that restarts forgets what another sends it over a connection at the same time"
        : null;

    private static bool Replicates(Scenario scenario) =>
        scenario.Hosts.Any(host => host.NameServer is NameServerOptions { PullsFrom.IsEmpty: false } or { Notifies.IsEmpty: false }) || scenario.Steps.Any(step => step is ReplicateStep or PushStep);

    private static string? WhyDifferent(Scenario scenario, ImmutableArray<CheckProperty> properties) =>
        properties.Any(property => CheckProperties.Find(property.Name)?.Look != property.Look) ? "a property of one's own may tell machines apart"
        : scenario.Steps.Any(step => step is SendStep) ? "what raw octets say of whom is not known"
        : Replicates(scenario) ? "name servers that replicate compare versions, which follow the order of registration"
        : null;
}
