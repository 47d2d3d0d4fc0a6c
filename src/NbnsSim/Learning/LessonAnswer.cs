using System.Collections.Immutable;

namespace NbnsSim.Learning;

/// <summary>An answer to choose.</summary>
/// <param name="Text">The answer in words.</param>
/// <param name="Claim">What it says of what comes next.</param>
/// <param name="Otherwise">What would have to be otherwise for it to be right, as <see cref="Comparing.ScenarioChanges"/> takes it; empty where it is right, or nothing helps.</param>
/// <param name="Because">Why it is right, or wrong, in words.</param>
public sealed record LessonAnswer(string Text, LessonClaim Claim, ImmutableArray<string> Otherwise, string Because);
