using NbnsSim.Rules;

namespace NbnsSim.Narrative;

/// <summary>A moment in the time of a name: when, by which rule, and what shows it.</summary>
/// <param name="Time">When.</param>
/// <param name="Rule">
/// The rule by which the machine came to hold the name, went on holding it, or lost it; of a capture the rule that explains what the frame shows.
/// <see langword="null"/> where no rule did it: the machine crashed.
/// </param>
/// <param name="Decision">The number of the decision; 0 where only the wire was seen.</param>
/// <param name="Frame">The frame of the capture that shows it; 0 where there is none.</param>
public readonly record struct NameMoment(Instant Time, Rule? Rule, long Decision = 0, long Frame = 0);
