namespace NbnsSim.Comparing;

/// <summary>Where a machine sends otherwise in one run than in the other. Transaction ids are no difference.</summary>
/// <param name="Time">When.</param>
/// <param name="Host">Which machine.</param>
/// <param name="Before">What it sends as it is; null where it sends nothing then.</param>
/// <param name="After">What it sends with the changes; null where it sends nothing then.</param>
public sealed record PacketDifference(Instant Time, string Host, ComparedPacket? Before, ComparedPacket? After);
