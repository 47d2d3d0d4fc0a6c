using System.Collections.Immutable;

namespace NbnsSim.Jobs.Runs;

/// <summary>What an extraction came to.</summary>
/// <param name="Made">How many runs were made.</param>
/// <param name="Found">How many were there already.</param>
/// <param name="Problems">What could not be extracted, and why: a sentence for each capture, in no particular order, with nothing hidden in it (<see cref="VisibleText"/>).</param>
public sealed record RunExtractionResult(int Made, int Found, ImmutableArray<string> Problems);
