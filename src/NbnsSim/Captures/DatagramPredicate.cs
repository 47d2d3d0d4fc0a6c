namespace NbnsSim.Captures;

/// <summary>Whether something holds of a datagram.</summary>
/// <param name="datagram">The datagram; good until the answer.</param>
public delegate bool DatagramPredicate(in CapturedDatagram datagram);
