namespace NbnsSim.Simulation;

/// <summary>An arrival that the next event of a simulation brings, and that link rules may still change.</summary>
/// <param name="From">Who sent the datagram.</param>
/// <param name="To">Whom it reaches.</param>
/// <param name="Match">Its kind, name and way; of octets that cannot be read, the way alone.</param>
internal readonly record struct NextDelivery(HostId From, HostId To, PacketMatch Match);
