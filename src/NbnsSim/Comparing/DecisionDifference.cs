using NbnsSim.Narrative;

namespace NbnsSim.Comparing;

/// <summary>Where a machine decides otherwise in one run than in the other.</summary>
/// <param name="Time">When.</param>
/// <param name="Host">Which machine.</param>
/// <param name="Before">What it decides as it is; null where it decides nothing then.</param>
/// <param name="After">What it decides with the changes; null where it decides nothing then.</param>
public sealed record DecisionDifference(Instant Time, string Host, HistoryEntry? Before, HistoryEntry? After);
