namespace NbnsSim.Conformance;

/// <summary>What a datagram of the peer must be like.</summary>
internal sealed class MatcherData
{
    public Texts? Kind { get; init; }

    public string? At { get; init; }

    public string? From { get; init; }

    public string? Id { get; init; }

    public string? Name { get; init; }

    public Texts? Rcode { get; init; }

    public string? Flags { get; init; }

    public int? Opcode { get; init; }

    public int? Rd { get; init; }

    public int? B { get; init; }

    public int? Aa { get; init; }

    public int? Ra { get; init; }

    public int? Tc { get; init; }

    /// <summary>The two bits of NM_FLAGS between RA and B, 0 to 3.</summary>
    public int? Reserved { get; init; }

    public int? QdCount { get; init; }

    public int? AnCount { get; init; }

    public int? NsCount { get; init; }

    public int? ArCount { get; init; }

    public string? Type { get; init; }

    public string? Class { get; init; }

    public Bounds? Ttl { get; init; }

    public Bounds? RdLength { get; init; }

    public string? RData { get; init; }

    /// <summary>How the record's name stands: <c>pointer</c> or <c>full</c>.</summary>
    public string? RrName { get; init; }

    public string[]? Entries { get; init; }

    public string[]? Includes { get; init; }

    public string[]? Excludes { get; init; }

    public Bounds? EntryCount { get; init; }

    public bool? Group { get; init; }

    public string? Ont { get; init; }

    public string? NbFlags { get; init; }

    public string[]? Names { get; init; }

    public string[]? NoNames { get; init; }

    /// <summary>Names that a node status lists as groups.</summary>
    public string[]? Groups { get; init; }

    public Bounds? NameCount { get; init; }

    public bool? Active { get; init; }

    public Texts? Conflict { get; init; }

    public bool? StatusLength { get; init; }

    public Texts? Port { get; init; }

    public Bounds? Count { get; init; }

    public Bounds? After { get; init; }

    public Bounds? Apart { get; init; }
}
