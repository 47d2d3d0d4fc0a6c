namespace NbnsSim.Protocol;

/// <summary>What a node does with a name release that somebody else sends for a name it holds.</summary>
public enum ReleaseDemandRule : byte
{
    /// <summary>
    /// RFC 1002: a B node leaves its own table alone and purges its cache (§5.1.1.5); P and M nodes, and H nodes with them, delete the
    /// name and tell the user (§5.1.2.5, §5.1.3.5). Documented.
    /// </summary>
    Rfc1002,

    /// <summary>
    /// The name alone counts, whoever's address the release carries: the name goes into conflict and 4320 is logged. Inferred: it is what
    /// explains Q131739 on one segment.
    /// </summary>
    ConflictOnName,

    /// <summary>
    /// Only a release that carries one of the node's own addresses counts: the name goes into conflict and 4320 is logged, as Q120752 and
    /// MS00-047 have it; the release of somebody else's claim is ignored. That this is what NT 3.51 corrected is inferred.
    /// </summary>
    ConflictOnNameAndAddress,
}
