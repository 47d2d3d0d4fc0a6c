using System.Collections.Immutable;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>The rules that make an <see cref="EndNode"/> log an event; <see cref="NetBtEventReason.Rule"/> is one of them.</summary>
public static class EndNodeRules
{
    /// <summary>A name conflict demand for a held name: 4319.</summary>
    public static NetBtRule ConflictDemand { get; } = new(
        nameof(ConflictDemand), RuleBasis.Documented, "RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5; event by Q120752",
        "A node that receives a name conflict demand for a name it holds marks the name as in conflict.");

    /// <summary>A NEGATIVE registration response that answers nothing the node asked: 4319.</summary>
    public static NetBtRule UnsolicitedNegative { get; } = new(
        nameof(NetBtDialect.UnsolicitedNegativeMeansConflict), RuleBasis.Documented, "Q269239 (MS00-047)",
        "A negative registration response that answers no request of the node puts the name into conflict.");

    /// <summary>A name server refuses a refresh: 4319.</summary>
    public static NetBtRule RefreshRefused { get; } = new(
        nameof(NetBtDialect.LogsRefusedRefresh), RuleBasis.Inferred, "RFC 1002 §5.1.2.6 for the conflict; the event is inferred",
        "A node whose refresh is refused marks the name as in conflict.");

    /// <summary>A release with the node's own address: 4320.</summary>
    public static NetBtRule ReleaseDemandOfOwnAddress { get; } = new(
        nameof(ReleaseDemandOfOwnAddress), RuleBasis.Documented, "Q120752, MS00-047 (Q269239)",
        "A release of a held name that carries the node's own address makes Windows give the name up.");

    /// <summary>A release with somebody else's address, matched on the name alone: 4320, the event of Q131739.</summary>
    public static NetBtRule ReleaseDemandMatchesNameAlone { get; } = new(
        nameof(ReleaseDemandRule.ConflictOnName), RuleBasis.Inferred, "explains Q131739, which names no mechanism",
        "Windows NT 3.5 takes a release of a name it holds for its own although the release carries another machine's address.");

    /// <summary>A release of a group name sent to this node alone: 4320.</summary>
    public static NetBtRule ReleaseDemandTakesGroupNames { get; } = new(
        nameof(NetBtDialect.ReleaseDemandTakesGroupNames), RuleBasis.Documented, "Q314696",
        "The release of a group name puts it into conflict because the type of the name is not checked.");

    /// <summary>A release deletes a P, M or H node's name: 4320 tells the user.</summary>
    public static NetBtRule ReleaseDemandDeletes { get; } = new(
        nameof(ReleaseDemandRule.Rfc1002), RuleBasis.Documented, "RFC 1002 §5.1.2.5, §5.1.3.5, RFC 1001 §15.5.3",
        "A P or M node that receives a release of its name deletes the name and informs the user.");

    /// <summary>A registration is refused: 4321 on Windows 2000 and later.</summary>
    public static NetBtRule RegistrationRefused { get; } = new(
        nameof(NetBtDialect.LogsRefusedRegistration), RuleBasis.Documented, "the text of event 4321",
        "A machine whose registration is refused says who refused it.");

    /// <summary>A node that is to use name servers starts without any: 4303.</summary>
    public static NetBtRule NoNameServer { get; } = new(
        nameof(NetBtDialect.LogsMissingNameServer), RuleBasis.Inferred, "the text of event 4303; when it is logged is inferred",
        "A P, M or H node that starts without a name server says so.");

    /// <summary>All of them.</summary>
    public static ImmutableArray<NetBtRule> All { get; } =
    [
        ConflictDemand, UnsolicitedNegative, RefreshRefused, ReleaseDemandOfOwnAddress, ReleaseDemandMatchesNameAlone, ReleaseDemandTakesGroupNames,
        ReleaseDemandDeletes, RegistrationRefused, NoNameServer,
    ];
}
