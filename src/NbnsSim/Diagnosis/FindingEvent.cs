using System.Collections.Immutable;
using NbnsSim.Events;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>An event that a finding means for the log of the host concerned: which, by which rule, and on which systems.</summary>
public sealed class FindingEvent
{
    private static readonly FindingEvent[] Releases = [.. Enumerable.Range(0, 32).Select(bits => MakeRelease((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0))];

    private readonly Func<NetBtDialect, bool> _isLoggedBy;

    private FindingEvent(int id, Rule rule, Func<NetBtDialect, bool> isLoggedBy)
    {
        Id = id;
        Rule = rule;
        _isLoggedBy = isLoggedBy;
        Presets = [.. NetBtDialect.All.Where(isLoggedBy)];
    }

    /// <summary>The event id: see <see cref="NetBtEventId"/>.</summary>
    public int Id { get; }

    /// <summary>The rule by which a host logs it, and how well that is known.</summary>
    public Rule Rule { get; }

    /// <summary>The presets that log it, oldest first after the RFC.</summary>
    public ImmutableArray<NetBtDialect> Presets { get; }

    /// <summary>A claim was refused: 4321.</summary>
    internal static FindingEvent ClaimRefused { get; } = new(NetBtEventId.DuplicateNameError, NodeRules.LogsRefusal, static dialect => dialect.LogsRefusedRegistration);

    /// <summary>A claim got an error that says nothing of another holder: 4321.</summary>
    internal static FindingEvent ClaimFailed { get; } = new(
        NetBtEventId.DuplicateNameError,
        NodeRules.LogsError,
        static dialect => dialect.LogsRefusedRegistration);

    /// <summary>A refresh of a name, or the late claim of one that is held by broadcast, was refused: 4319.</summary>
    internal static FindingEvent RefreshRefused { get; } = new(NetBtEventId.DuplicateName, NodeRules.LogsRefusedRefresh, static dialect => dialect.LogsRefusedRefresh);

    /// <summary>A refusal that answers nothing the host asked: 4319.</summary>
    internal static FindingEvent UnsolicitedRefusal { get; } = new(
        NetBtEventId.DuplicateName, NodeRules.UnsolicitedNegative, static dialect => dialect.UnsolicitedNegativeMeansConflict && !HeedsOnlyNameServers(dialect));

    /// <summary>A refusal out of the blue from the host's name server: 4319.</summary>
    internal static FindingEvent UnsolicitedRefusalByServer { get; } = new(
        NetBtEventId.DuplicateName, NodeRules.UnsolicitedNegative, static dialect => dialect.UnsolicitedNegativeMeansConflict);

    /// <summary>A conflict demand: 4319.</summary>
    internal static FindingEvent ConflictDemand { get; } = new(NetBtEventId.DuplicateName, NodeRules.ConflictDemand, static dialect => !HeedsOnlyNameServers(dialect));

    /// <summary>A conflict demand from the host's name server: 4319.</summary>
    internal static FindingEvent ConflictDemandByServer { get; } = new(NetBtEventId.DuplicateName, NodeRules.ConflictDemand, static _ => true);

    /// <summary>Whether a host that behaves like this logs it.</summary>
    /// <param name="dialect">What it behaves like.</param>
    public bool IsLoggedBy(NetBtDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return _isLoggedBy(dialect);
    }

    /// <summary>A release of a name that the host holds: 4320.</summary>
    /// <param name="isGroup">Whether it holds it as a group name.</param>
    /// <param name="ownAddress">Whether the release carries the host's own address.</param>
    /// <param name="type">The host's node type.</param>
    /// <param name="byServer">Whether its name server sent it.</param>
    /// <param name="toAll">Whether it was broadcast.</param>
    internal static FindingEvent Release(bool isGroup, bool ownAddress, OwnerNodeType type, bool byServer, bool toAll) =>
        Releases[(isGroup ? 1 : 0) | (ownAddress ? 2 : 0) | (type != OwnerNodeType.B ? 4 : 0) | (byServer ? 8 : 0) | (toAll ? 16 : 0)];

    private static FindingEvent MakeRelease(bool isGroup, bool ownAddress, bool usesServers, bool byServer, bool toAll) => new(
        NetBtEventId.NameRelease,
        isGroup ? NodeRules.ReleaseTakesGroup : ownAddress ? NodeRules.ReleaseOfOwnAddress : NodeRules.ReleaseMatchesNameAlone,
        dialect => (byServer || !dialect.NoNameReleaseOnDemand)
            && !(toAll && (dialect.IgnoresBroadcastRelease || (isGroup && !dialect.TakesBroadcastGroupRelease))) && dialect.ReleaseDemand switch
            {
                ReleaseDemandRule.Rfc1002 => usesServers, // RFC 1002 §5.1.2.5, §5.1.3.5; not §5.1.1.5
                ReleaseDemandRule.ConflictOnNameAndAddress => ownAddress && (!isGroup || dialect.ReleaseDemandTakesGroupNames),
                _ => !isGroup || dialect.ReleaseDemandTakesGroupNames,
            });

    /// <summary>MS00-047, Q269239.</summary>
    private static bool HeedsOnlyNameServers(NetBtDialect dialect) => dialect.SolicitedConflictsOnly || dialect.NoNameReleaseOnDemand;
}
