using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Narrative;

/// <summary>A decision of a machine, as a <see cref="DecisionHistory"/> keeps it.</summary>
/// <param name="Number">Its number, by which the causes of later ones refer to it.</param>
/// <param name="Host">Which machine decided.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Frame">The frame of a capture that set it off or shows it; 0 where there is none: in a simulation, and where a timer ran out.</param>
public sealed record HistoryEntry(long Number, string Host, Decision Decision, long Frame = 0)
{
    /// <summary>
    /// Whether it changed something: an event was logged, a name was got, lost or marked, a claim was granted or refused. What was left, asked, answered or
    /// waited for did not.
    /// </summary>
    public bool IsOutcome => Decision.Rule.Kind is not (DecisionKind.Ignored or DecisionKind.Told or DecisionKind.Asked or DecisionKind.Waited or DecisionKind.Answered);

    /// <summary>The first frame of a capture that carries what was sent because of it; 0 where there is none.</summary>
    public long SentFrame { get; internal set; }
}
