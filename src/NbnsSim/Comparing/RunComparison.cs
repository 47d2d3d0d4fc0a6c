using System.Collections.Immutable;
using NbnsSim.Narrative;

namespace NbnsSim.Comparing;

/// <summary>What is otherwise in one run than in the other.</summary>
public sealed record RunComparison
{
    /// <summary>In what the scenarios differ, and what became of that.</summary>
    public required ImmutableArray<ChangeEffect> Effects { get; init; }

    /// <summary>Events that are logged in one run alone, by machine and time.</summary>
    public required ImmutableArray<EventChange> Events { get; init; }

    /// <summary>Names that machines hold otherwise: those gained and lost in the end first.</summary>
    public required ImmutableArray<HolderChange> Holders { get; init; }

    /// <summary>Commands that end otherwise, in the order of time: another outcome, or other addresses.</summary>
    public required ImmutableArray<AnswerChange> Answers { get; init; }

    /// <summary>Records that name servers have otherwise in the end.</summary>
    public required ImmutableArray<RecordChange> Records { get; init; }

    /// <summary>
    /// The first different decision: of a machine that is the same in both runs, if there is one, and not that it lets go what is none of its business, if there is another; null where
    /// all are alike.
    /// </summary>
    public required DecisionDifference? FirstDecision { get; init; }

    /// <summary>The first different packet, of a machine that is the same in both runs if there is one; null where all are alike.</summary>
    public required PacketDifference? FirstPacket { get; init; }

    /// <summary>How many decisions and packets were not kept and not compared, in both runs together.</summary>
    public required long NotCompared { get; init; }

    /// <summary>What the machines decided as it is.</summary>
    public required DecisionHistory Before { get; init; }

    /// <summary>What the machines decided with the changes.</summary>
    public required DecisionHistory After { get; init; }

    /// <summary>Whether the same was decided and sent in both runs.</summary>
    public bool IsSame => FirstDecision is null && FirstPacket is null && !IsChanged;

    /// <summary>Whether anything is gained or lost: an event, an owner, an answer or a record. Other packets, and the same at other times, are nothing of that.</summary>
    public bool IsChanged => !Events.IsEmpty || !Answers.IsEmpty || !Records.IsEmpty || Holders.Any(change => change.Kind != HolderChangeKind.OtherTimes);
}
