using NbnsSim.Names;

namespace NbnsSim.Events;

/// <summary>An event as NetBT writes it to the System log.</summary>
/// <param name="Time">When it was logged.</param>
/// <param name="Id">The event id, such as 4320.</param>
/// <param name="Address">The IPv4 address in the event's data: the node that sent the message.</param>
/// <param name="Name">The NetBIOS name that it is about; Windows puts it in the text of 4321 only.</param>
public sealed record NetBtEvent(Instant Time, int Id, Ipv4Address Address, NetBiosName Name);
