namespace NbnsSim.Reports.Pictures;

/// <summary>A time during which a name of a machine was in one state.</summary>
/// <param name="IsConflict">Whether it was in conflict; otherwise it was held.</param>
/// <param name="From">Since when.</param>
/// <param name="Shown">What last shows it; what follows up to <paramref name="To"/> is inferred.</param>
/// <param name="To">Until when; null where nothing ended it.</param>
/// <param name="Began">The rule by which it began; empty for none.</param>
/// <param name="Ended">The rule by which it ended; empty for none.</param>
internal sealed record NameSpan(bool IsConflict, Instant From, Instant Shown, Instant? To, string Began, string Ended);
