using System.Collections.Immutable;
using NbnsSim.Rules;

namespace NbnsSim.Narrative;

/// <summary>One sentence of an account, with the decisions that it tells.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Rule">The rule that was obeyed; <see langword="null"/> for what happened to a datagram on its way, which is nobody's decision.</param>
/// <param name="Decisions">The decisions' numbers; of a datagram that was lost, the one that sent it; none for a note of the scenario's own.</param>
public sealed record ActSentence(string Text, Rule? Rule, ImmutableArray<long> Decisions);
