using NbnsSim.Protocol;

namespace NbnsSim.Narrative;

/// <summary>A decision of a machine, as a <see cref="DecisionHistory"/> keeps it.</summary>
/// <param name="Number">Its number, by which the causes of later ones refer to it.</param>
/// <param name="Host">Which machine decided.</param>
/// <param name="Decision">The decision.</param>
public sealed record HistoryEntry(long Number, string Host, Decision Decision);
