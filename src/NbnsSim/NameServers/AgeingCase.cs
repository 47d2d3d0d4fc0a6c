namespace NbnsSim.NameServers;

/// <summary>All that <see cref="Ageing"/> looks at: a record whose time has run out, and how the server is set up.</summary>
internal readonly record struct AgeingCase
{
    public required NameServerDialect Dialect { get; init; }

    /// <summary>Its state.</summary>
    public NameRecordState State { get; init; }

    /// <summary>Whether it is a group.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Whether another server owns the record.</summary>
    public bool IsReplica { get; init; }

    /// <summary>Whether the time of some of its addresses has run out, and one is left.</summary>
    public bool HasLapsedMember { get; init; }

    /// <summary>Whether its owner is being asked.</summary>
    public bool IsDisputed { get; init; }
}
