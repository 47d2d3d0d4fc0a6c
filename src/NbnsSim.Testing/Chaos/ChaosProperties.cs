using System.Collections.Immutable;
using NbnsSim.Checking;
using NbnsSim.Names;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Chaos;

/// <summary>
/// What must hold of a scenario of chaos: it follows from what the scenario has in it, so that one made smaller is not blamed for what the documents themselves allow in it.
/// </summary>
/// <remarks>
/// <para>
/// Whatever goes wrong, nothing throws, and in networks of up to 50 hosts nothing grows without bound. When the quiet time is over, whatever went wrong before it, every claim has come to an end, and who has a name answers for it; with
/// name servers that renew within the quiet time (RFC 1001 §15.5.1), what nodes have and what servers have on record agrees both ways.
/// </para>
/// <para>What holds under conditions only:</para>
/// <list type="bullet">
/// <item><description>One owner of a name on a segment: where everybody claims by broadcast, and everybody hears it. A claim that is lost, cut off, late or kept back is a claim that nobody objected to
/// (RFC 1002 §5.1.1.1), and so is one that two machines make at the same time, since only who has a name defends it (§5.1.1.5), and one that a machine makes while the owner pauses.</description></item>
/// <item><description>No event 4319 or 4320 without a duplicate, and nobody without the names of his machine: not where Windows NT 3.5 releases what it was refused (Q131739), nor with several servers of
/// which one tells a node to release a name that it finds at another (Q136571), nor where octets are changed on the way or an outsider forges datagrams: then anything can be said by anybody. The events besides
/// only where nobody gives a name up: what is logged of a duplicate may come when it is gone, as a release by broadcast does that is sent three times (RFC 1002 §5.1.1.4).</description></item>
/// <item><description>What servers and nodes have of each other: not where octets are changed on the way. A server that has lost its database takes its own records back from its partner with a replica's
/// time, the verify interval (MS-WINSRA §3.2.5.4), so that what was given up meanwhile is on record for 24 days in Windows; it is twenty minutes here, as all that servers wait for is.</description></item>
/// <item><description>That servers agree: with one server for all nodes and nothing going wrong. Who claims at two servers between two pulls has each of them believe the other (MS-WINSRA §3.2.5.5).</description></item>
/// </list>
/// </remarks>
public static class ChaosProperties
{
    /// <summary>What holds in every network at every time: <see cref="NetworkInvariants"/>.</summary>
    public static CheckProperty Invariants { get; } = new(
        "network-invariants", CheckMode.Always, "Tables are whole, nothing is in one twice, and nothing is logged without a reason.", "the contracts of EndNode and NameServer",
        static (in CheckMoment moment) => NetworkInvariants.Find(moment.Simulator));

    /// <summary>The longest that a datagram may be late for a claim to be heard in time: RFC 1002 §6 has 250 ms for an answer.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest that a claim takes: four datagrams, with Windows' and the RFC's longest times, and some.</summary>
    private static readonly TimeSpan LongestClaim = TimeSpan.FromSeconds(60);

    /// <summary>The most hosts of a network that never has 10,000 datagrams and timers waiting: in a larger one broadcasts that are kept back wait once for each receiver.</summary>
    private const int SmallNetwork = 50;

    /// <summary>What must hold.</summary>
    /// <param name="scenario">The scenario, as it was made or with something left out.</param>
    public static ImmutableArray<CheckProperty> Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return [.. All(new Facts(scenario))];
    }

    private static IEnumerable<CheckProperty> All(Facts facts)
    {
        yield return facts.IsSmall ? Invariants : Invariants with { Mode = CheckMode.AtEnd }; // all tables of a thousand hosts are not gone through after each event
        if (facts.IsSmall)
            yield return CheckProperties.Bounded;
        yield return CheckProperties.NoNameLostToAStranger;
        if (facts is { HasServers: false, HasCorruption: false, IsHeardInTime: true, HasPauses: false, HasOverlappingClaims: false })
            yield return CheckProperties.OneOwner;
        bool isTold = facts.HasCorruption || facts.HasForgeries || facts.HasReleaseOfRefused || facts.HasServersThatReleaseTheSame;
        if (!isTold && facts is { IsHeardInTime: true, AnybodyLeaves: false })
        {
            yield return CheckProperties.NoReleaseEventWithoutDuplicate;
            yield return CheckProperties.NoConflictEventWithoutDuplicate;
        }

        if (!facts.IsQuietAtEnd)
            yield break;
        yield return CheckProperties.ClaimsEnd;
        yield return CheckProperties.HeldNamesAnswer;
        if (!isTold && facts.AllBootsAreDone)
            yield return CheckProperties.NobodyRefused;
        if (!facts.HasServers)
        {
            if (facts.IsAskedAtEnd)
                yield return CheckProperties.ConflictNoticed;
            yield break;
        }

        yield return CheckProperties.NamesAreWithServer;
        if (!facts.HasCorruption)
        {
            yield return CheckProperties.ServerKnowsNames;
            yield return CheckProperties.ServersNamesAreHeld;
        }

        if (facts is { HasFaults: false, HasOneServerForAll: true })
            yield return CheckProperties.ServersAgree;
    }

    /// <summary>What a scenario has in it.</summary>
    private sealed class Facts
    {
        private readonly Scenario _scenario;

        public Facts(Scenario scenario)
        {
            _scenario = scenario;
            var rules = scenario.Rules.Select(rule => rule.Rule).ToList();
            var servers = scenario.Hosts.Where(host => host.Roles.HasFlag(HostRoles.NameServer)).ToList();
            HasServers = servers.Count > 0;
            HasCorruption = rules.Exists(rule => rule.Fault == LinkFault.Corrupt);
            HasPauses = scenario.Steps.Any(step => step is RestartStep { Forgets: false });
            HasFaults = rules.Count > 0 || scenario.Steps.Any(step => step is CrashStep or SendStep);
            IsHeardInTime = rules.TrueForAll(rule => rule.Fault is LinkFault.Duplicate or LinkFault.Delay or LinkFault.Reorder && rule.Delay + rule.Jitter <= InTime);
            HasReleaseOfRefused = scenario.Hosts.Any(host => host.Roles.HasFlag(HostRoles.Node) && (host.Dialect ?? scenario.Dialect).Make().ReleasesRefusedUserName);
            HasServersThatReleaseTheSame = servers.Count > 1 && servers.Exists(server => server.NameServer.Dialect.ReleasesSameAddress);
            HasForgeries = scenario.Steps.Any(step => step is SendStep);
            AnybodyLeaves = scenario.Steps.Any(step => step is CrashStep or NodeStep { Command: NodeCommand.Logoff or NodeCommand.DeleteName or NodeCommand.Shutdown });
            IsSmall = scenario.Hosts.Length <= SmallNetwork;
            HasOneServerForAll = scenario.Hosts.Where(host => !host.Node.NameServers.IsEmpty).DistinctBy(host => host.Node.NameServers[0]).Take(2).Count() == 1;
        }

        public bool HasServers { get; }

        public bool HasCorruption { get; }

        public bool HasPauses { get; }

        public bool HasFaults { get; }

        public bool IsHeardInTime { get; }

        public bool HasReleaseOfRefused { get; }

        public bool HasServersThatReleaseTheSame { get; }

        public bool HasForgeries { get; }

        public bool AnybodyLeaves { get; }

        public bool HasOneServerForAll { get; }

        public bool IsSmall { get; }

        /// <summary>Whether two machines may claim a name at the same time.</summary>
        public bool HasOverlappingClaims
        {
            get
            {
                var claims = _scenario.Steps.OfType<NodeStep>().Where(step => step.Command is NodeCommand.Logon or NodeCommand.AddName)
                    .Select(step => (Name: step.Command == NodeCommand.Logon ? new NetBiosName(step.User, NameSuffix.Messenger) : step.Name, step.At));
                return claims.GroupBy(claim => claim.Name).Any(name => name.Zip(name.Skip(1)).Any(two => two.Second.At - two.First.At < LongestClaim));
            }
        }

        /// <summary>Whether every machine that is booted is up then, and has somebody to claim its names from.</summary>
        public bool AllBootsAreDone
        {
            get
            {
                var down = new HashSet<string>(StringComparer.Ordinal);
                foreach (var step in _scenario.Steps)
                {
                    if (step is CrashStep)
                        down.UnionWith(step.Hosts);
                    else if (step is RestartStep)
                        down.ExceptWith(step.Hosts);
                    else if (step is NodeStep { Command: NodeCommand.Boot } && step.Hosts.Any(down.Contains))
                        return false;
                }

                return !_scenario.Hosts.Any(host => host.Roles.HasFlag(HostRoles.Node) && host.Node is { NodeType: not (null or OwnerNodeType.B), NameServers.IsEmpty: true });
            }
        }

        /// <summary>Whether whatever was looked for is looked for again in the quiet time, by a machine of the same segment that never wanted it.</summary>
        public bool IsAskedAtEnd
        {
            get
            {
                var segments = _scenario.Hosts.ToDictionary(host => host.Name, host => host.Interfaces[0].Segment, StringComparer.Ordinal);
                var wanting = _scenario.Steps.OfType<NodeStep>().Where(step => step.Command is NodeCommand.Logon or NodeCommand.AddName).SelectMany(step => step.Hosts).ToHashSet(StringComparer.Ordinal);
                var queries = _scenario.Steps.OfType<NodeStep>().Where(step => step.Command == NodeCommand.Query).ToList();
                var late = queries.Where(query => _scenario.End - query.At <= ChaosScenario.ShortQuiet).SelectMany(query => query.Hosts.Where(host => !wanting.Contains(host)).Select(host => (query.Name, segments[host])))
                    .ToHashSet();
                return queries.TrueForAll(query => query.Hosts.All(host => late.Contains((query.Name, segments[host]))));
            }
        }

        /// <summary>Whether nothing is done or goes wrong for as long as everything needs to settle, and nobody is left down.</summary>
        public bool IsQuietAtEnd
        {
            get
            {
                var last = Instant.Epoch;
                var down = new HashSet<string>(StringComparer.Ordinal);
                foreach (var step in _scenario.Steps)
                {
                    if (step is not NodeStep { Command: NodeCommand.Query or NodeCommand.PurgeCache })
                        last = step.At;
                    if (step is CrashStep)
                        down.UnionWith(step.Hosts);
                    else if (step is RestartStep)
                        down.ExceptWith(step.Hosts);
                }

                foreach (var rule in _scenario.Rules)
                    last = rule.Rule.End > last ? rule.Rule.End : last;
                return down.Count == 0 && last != Instant.MaxValue && _scenario.End - last >= (HasServers ? ChaosScenario.LongQuiet : ChaosScenario.ShortQuiet);
            }
        }
    }
}
