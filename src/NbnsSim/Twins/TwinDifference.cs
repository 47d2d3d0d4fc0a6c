namespace NbnsSim.Twins;

/// <summary>How a captured packet and the twin's run differ.</summary>
public enum TwinDifferenceKind : byte
{
    /// <summary>The twin does not send it, or not within the retry interval.</summary>
    Missing,

    /// <summary>No machine of the twin sends it by itself: it was sent as it was captured, which does not count as reproduced.</summary>
    ByHand,

    /// <summary>The twin sends it, but on the other side of another packet about the same name.</summary>
    OutOfOrder,

    /// <summary>Its exchange is not whole in the capture, so that it is not counted.</summary>
    Incomplete,

    /// <summary>The twin sends it, and the capture has it not.</summary>
    Extra,
}

/// <summary>A packet that a capture and its twin's run do not share.</summary>
/// <param name="Kind">How they differ.</param>
/// <param name="Packet">The packet: the captured one, or for <see cref="TwinDifferenceKind.Extra"/> the twin's.</param>
/// <param name="Why">What is known of the reason, in a sentence without its period.</param>
public sealed record TwinDifference(TwinDifferenceKind Kind, TwinPacket Packet, string Why);
