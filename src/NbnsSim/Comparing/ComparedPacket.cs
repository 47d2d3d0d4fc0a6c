using System.Collections.Immutable;

namespace NbnsSim.Comparing;

/// <summary>A packet of one of two runs.</summary>
/// <param name="Time">When it was sent.</param>
/// <param name="Host">Who sent it.</param>
/// <param name="Source">The address and port that it says it comes from.</param>
/// <param name="Destination">The address and port that it goes to.</param>
/// <param name="IsBroadcast">Whether it goes to everybody on the segment.</param>
/// <param name="Payload">Its UDP payload.</param>
/// <param name="Decision">The number of the decision that sent it; 0 where none did.</param>
public sealed record ComparedPacket(Instant Time, string Host, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, ImmutableArray<byte> Payload, long Decision)
{
    /// <summary>Whether both say the same to the same at the same time. Transaction ids are drawn anew for each request, and no difference.</summary>
    internal bool IsAlike(ComparedPacket other) =>
        Time == other.Time && Source == other.Source && Destination == other.Destination && IsBroadcast == other.IsBroadcast
        && Payload.Length == other.Payload.Length && Payload.AsSpan()[int.Min(sizeof(ushort), Payload.Length)..].SequenceEqual(other.Payload.AsSpan()[int.Min(sizeof(ushort), Payload.Length)..]);
}
