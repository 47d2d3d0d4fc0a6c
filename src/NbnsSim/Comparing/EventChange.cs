using NbnsSim.Events;
using NbnsSim.Narrative;

namespace NbnsSim.Comparing;

/// <summary>An event that a machine logs in one of two runs and not in the other.</summary>
/// <param name="IsGained">Whether it is logged with the changes; false for one that is logged without them.</param>
/// <param name="Host">Which machine.</param>
/// <param name="Event">The event.</param>
/// <param name="Decision">The decision to log it; null where it is not kept.</param>
public sealed record EventChange(bool IsGained, string Host, NetBtEvent Event, HistoryEntry? Decision);
