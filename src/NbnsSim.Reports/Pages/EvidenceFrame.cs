namespace NbnsSim.Reports;

/// <summary>A frame that proves something, as a page shows it.</summary>
/// <param name="Number">Its number in the capture.</param>
/// <param name="Time">When it was captured.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Whom it was sent to.</param>
/// <param name="IsBroadcast">Whether it went to every station.</param>
/// <param name="Description">What it is, on one line.</param>
/// <param name="Words">The same in the few words that a ladder has room for.</param>
/// <param name="Octets">Its UDP payload, in hex.</param>
internal sealed record EvidenceFrame(long Number, Instant Time, Ipv4Address Source, Ipv4Address Destination, bool IsBroadcast, string Description, string Words, string Octets);
