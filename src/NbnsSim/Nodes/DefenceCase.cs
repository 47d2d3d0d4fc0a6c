using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>All that <see cref="Defence"/> looks at: the name as it stands in the table, the datagram, and how the node is set up.</summary>
internal readonly record struct DefenceCase
{
    public required NetBtDialect Dialect { get; init; }

    public required NodePlan Plan { get; init; }

    /// <summary>The name's state; <see langword="null"/> where it is not in the table.</summary>
    public LocalNameState? State { get; init; }

    /// <summary>Whether the name in the table is a group's.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Whether the name in the table begins with <c>*</c>.</summary>
    public bool IsWildcard { get; init; }

    /// <summary>Whether it is in conflict on any interface.</summary>
    public bool IsInConflict { get; init; }

    /// <summary>Whether it is in conflict on the interface that the datagram came in on.</summary>
    public bool IsInConflictHere { get; init; }

    /// <summary>Whether it is held, if only on the first interface to have got it.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether the datagram came by broadcast.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>Whether it says of itself that it was broadcast: its B bit.</summary>
    public bool SaysBroadcast { get; init; }

    /// <summary>Whether its record says G.</summary>
    public bool SaysGroup { get; init; }

    /// <summary>Whether its record carries one of the node's own addresses.</summary>
    public bool CarriesOwnAddress { get; init; }

    /// <summary>Whether it asks for <c>*</c>, in the node's scope.</summary>
    public bool AsksForAll { get; init; }

    /// <summary>Whether it comes from one of the node's own addresses.</summary>
    public bool IsFromOwnAddress { get; init; }

    /// <summary>Whether it comes from an adapter of the node behind the one that it came in on.</summary>
    public bool IsFromLaterAdapter { get; init; }

    /// <summary>Whether it comes from one of the node's name servers.</summary>
    public bool IsFromNameServer { get; init; }

    /// <summary>Whether the node has name servers.</summary>
    public bool HasNameServers { get; init; }
}
