namespace NbnsSim.Checking;

/// <summary>A property that did not hold in a run.</summary>
/// <param name="Property">The property.</param>
/// <param name="Text">What did not hold, in a sentence.</param>
/// <param name="At">When.</param>
public sealed record BrokenProperty(CheckProperty Property, string Text, Instant At);
