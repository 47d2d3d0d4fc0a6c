using NbnsSim.Events;

namespace NbnsSim.Simulation;

/// <summary>An event in a simulated host's log.</summary>
/// <param name="Host">Whose log.</param>
/// <param name="Event">The event.</param>
public readonly record struct LoggedEvent(HostId Host, NetBtEvent Event);
