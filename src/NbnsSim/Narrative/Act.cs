using System.Collections.Immutable;

namespace NbnsSim.Narrative;

/// <summary>What followed from one beginning: a command, a datagram from outside, or the time of a name that came.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Sentences">What happened, in order; the first tells the beginning where that was a command.</param>
public sealed record Act(Instant Time, ImmutableArray<ActSentence> Sentences);
