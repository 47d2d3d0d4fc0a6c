namespace NbnsSim.Reports;

/// <summary>A link of a chain of causes in words.</summary>
/// <param name="Time">When; null for what stands before the first decision.</param>
/// <param name="Text">What was decided, and how that led to the link before.</param>
/// <param name="Ground">Who decided, by which rule, and what shows it; empty for none.</param>
internal sealed record WhyLink(Instant? Time, string Text, string Ground);
