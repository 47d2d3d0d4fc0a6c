using System.Collections.Immutable;
using NbnsSim.Wire;

namespace NbnsSim.Protocol;

/// <summary>
/// What makes a node a B, P, M or H node, as data: in which order it turns to the segment and to the name server, and what it does with
/// what it receives. RFC 1002 §5.1.1–5.1.3 for B, P and M; Microsoft's hybrid node by Q119493 and MS-NBTE §3.1.7.
/// </summary>
public sealed class NodePlan
{
    private NodePlan(OwnerNodeType nodeType, ImmutableArray<PlanStep> registration, ImmutableArray<PlanStep> query, ImmutableArray<PlanStep> release)
    {
        NodeType = nodeType;
        Registration = registration;
        Query = query;
        Release = release;
    }

    /// <summary>The broadcast node (RFC 1002 §5.1.1).</summary>
    public static NodePlan B { get; } = new(OwnerNodeType.B, [new(PlanMeans.Broadcast)], [new(PlanMeans.Broadcast)], [new(PlanMeans.Broadcast)])
    {
        HearsBroadcasts = true,
        DefendsNames = true,
    };

    /// <summary>The point-to-point node (RFC 1002 §5.1.2): everything with the name server, nothing by broadcast.</summary>
    public static NodePlan P { get; } = new(OwnerNodeType.P, [new(PlanMeans.NameServer)], [new(PlanMeans.NameServer)], [new(PlanMeans.NameServer)])
    {
        AnswersMisses = true,
        AnswersStatusWildcard = true,
        ReleaseDemandDeletes = true,
    };

    /// <summary>
    /// The mixed node (RFC 1002 §5.1.3): broadcast first, then the name server; released there first. Whether a NAME OVERWRITE DEMAND ends its broadcasts is
    /// <see cref="NetBtDialect.DemandsNameBeforeNameServer"/>.
    /// </summary>
    public static NodePlan M { get; } = new(
        OwnerNodeType.M,
        [new(PlanMeans.Broadcast, StepOutcomes.Success), new(PlanMeans.NameServer)],
        [new(PlanMeans.Broadcast, StepOutcomes.Silence), new(PlanMeans.NameServer)],
        [new(PlanMeans.NameServer, StepOutcomes.Success), new(PlanMeans.Broadcast)])
    {
        HearsBroadcasts = true,
        DefendsNames = true,
        AnswersMisses = true,
        AnswersStatusWildcard = true,
        ReleaseDemandDeletes = true,
    };

    /// <summary>
    /// Microsoft's hybrid node: the name server first. It registers by broadcast when no name server answers, asks by broadcast when the
    /// name server is silent or does not know (Q119493), and releases by broadcast exactly when the name server refused or was silent
    /// (MS-NBTE §3.1.7).
    /// </summary>
    public static NodePlan H { get; } = new(
        OwnerNodeType.H,
        [new(PlanMeans.NameServer, StepOutcomes.Silence), new(PlanMeans.Broadcast)],
        [new(PlanMeans.NameServer, StepOutcomes.Silence | StepOutcomes.Refusal), new(PlanMeans.Broadcast)],
        [new(PlanMeans.NameServer, StepOutcomes.Silence | StepOutcomes.Refusal), new(PlanMeans.Broadcast)])
    {
        HearsBroadcasts = true,
        DefendsNames = true,
        AnswersMisses = true,
        AnswersStatusWildcard = true,
        ReleaseDemandDeletes = true,
        RetriesNameServer = true,
    };

    /// <summary>ONT: what the node says of itself in NB_FLAGS and NAME_FLAGS.</summary>
    public OwnerNodeType NodeType { get; }

    /// <summary>The steps that claim a name.</summary>
    public ImmutableArray<PlanStep> Registration { get; }

    /// <summary>The steps that find a name.</summary>
    public ImmutableArray<PlanStep> Query { get; }

    /// <summary>The steps that give a name up.</summary>
    public ImmutableArray<PlanStep> Release { get; }

    /// <summary>Whether it takes broadcasts at all: a P node discards them (RFC 1002 §5.1.2).</summary>
    public bool HearsBroadcasts { get; private init; }

    /// <summary>Whether it objects to claims on its names: B (RFC 1002 §5.1.1.5) and M nodes (§5.1.3.5) do, the name server does it for P nodes.</summary>
    public bool DefendsNames { get; private init; }

    /// <summary>Whether it answers a query sent to it alone for a name it does not have with NEGATIVE: P and M nodes do, B nodes are silent (RFC 1002 §5.1.1.5, §5.1.2.5, §5.1.3.5).</summary>
    public bool AnswersMisses { get; private init; }

    /// <summary>Whether it answers a node status request for <c>*</c> (RFC 1002 §5.1.2.5, §5.1.3.5); for B nodes see <see cref="NetBtDialect.AnswersStatusWildcard"/>.</summary>
    public bool AnswersStatusWildcard { get; private init; }

    /// <summary>Whether a release that it receives deletes its own name (RFC 1002 §5.1.2.5, §5.1.3.5) rather than only the cache's (§5.1.1.5).</summary>
    public bool ReleaseDemandDeletes { get; private init; }

    /// <summary>Whether a name that was only registered by broadcast is offered to the name server again and again (Q119493).</summary>
    public bool RetriesNameServer { get; private init; }

    /// <summary>The plan of a node type.</summary>
    /// <param name="nodeType">B, P, M or H.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="nodeType"/> is none of them.</exception>
    public static NodePlan For(OwnerNodeType nodeType) => nodeType switch
    {
        OwnerNodeType.B => B,
        OwnerNodeType.P => P,
        OwnerNodeType.M => M,
        OwnerNodeType.H => H,
        _ => throw new ArgumentOutOfRangeException(nameof(nodeType)),
    };

    /// <summary><c>B</c>, <c>P</c>, <c>M</c> or <c>H</c>.</summary>
    public override string ToString() => NodeType.ToString();
}
