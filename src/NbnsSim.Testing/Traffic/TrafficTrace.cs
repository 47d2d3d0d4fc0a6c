namespace NbnsSim.Testing.Traffic;

/// <summary>A part of what shows an incident.</summary>
/// <param name="Shows">Which packets are part of it.</param>
public sealed record TrafficTrace(Func<TrafficPacket, bool> Shows)
{
    /// <summary>Whether nobody could tell the cause who has not seen one of them.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether who sees one of them sees that something is wrong.</summary>
    public bool IsTrouble { get; init; }

    /// <summary>Whether one of them for each name shows as much as all of them: how somebody who had a name got it.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Whether the cause is no more than possible for who has not seen one of them.</summary>
    public bool IsSure { get; init; }

    /// <summary>How many different ones must be seen, where it is a key.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Whether it may be named as evidence and need not be.</summary>
    public bool IsOptional { get; init; }
}
