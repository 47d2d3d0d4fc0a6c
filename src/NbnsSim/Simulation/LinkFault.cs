namespace NbnsSim.Simulation;

/// <summary>What a <see cref="LinkRule"/> does to a datagram on its way to one receiver.</summary>
public enum LinkFault : byte
{
    /// <summary>It does not arrive.</summary>
    Loss,

    /// <summary>It does not arrive, since sender and receiver are cut off from each other; as <see cref="Loss"/>, said differently in traces.</summary>
    Partition,

    /// <summary>It arrives later by <see cref="LinkRule.Delay"/> and a random part of <see cref="LinkRule.Jitter"/>.</summary>
    Delay,

    /// <summary>It arrives, and a copy of it later by <see cref="LinkRule.Delay"/> and a random part of <see cref="LinkRule.Jitter"/>.</summary>
    Duplicate,

    /// <summary>
    /// It is kept back until the next datagram that the rule looks at, from the same interface to the same receiver, has passed it;
    /// if none comes within <see cref="LinkRule.Delay"/>, it arrives then.
    /// </summary>
    Reorder,

    /// <summary>It arrives with one of its octets changed to another value.</summary>
    Corrupt,

    /// <summary>It is kept until the rule ends or is removed; then all that was kept arrives, in order.</summary>
    Hold,
}
