using System.Collections.Immutable;

namespace NbnsSim.Audit;

/// <summary>Why an audit decides so: a rule, what it says of the case at hand, and the frames that show it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Text">What it says of this case, in a sentence.</param>
/// <param name="Frames">The frames; none where the rule needs none.</param>
public sealed record AuditGround(AuditRule Rule, string Text, ImmutableArray<long> Frames);
