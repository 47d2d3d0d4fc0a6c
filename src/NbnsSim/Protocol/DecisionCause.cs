namespace NbnsSim.Protocol;

/// <summary>What set a decision off.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Decision">The number of the decision before it, as its <see cref="IDecisionSink"/> gave it; 0 where none is known.</param>
public readonly record struct DecisionCause(DecisionCauseKind Kind, long Decision);
