namespace NbnsSim.Conformance;

/// <summary>A packet that the runner sends, right or wrong on purpose.</summary>
internal sealed class PacketData
{
    public string? Kind { get; init; }

    public string? Raw { get; init; }

    /// <summary>Of an answer: how long after the request it is sent, in seconds, where that is not the step's.</summary>
    public double? After { get; init; }

    public string? Name { get; init; }

    public string? Id { get; init; }

    /// <summary>Of an answer: the station that sends it, where it is another than the one that was asked.</summary>
    public string? From { get; init; }

    public string? Address { get; init; }

    public string[]? Entries { get; init; }

    public bool Group { get; init; }

    public string? Ont { get; init; }

    public string? NbFlags { get; init; }

    public uint? Ttl { get; init; }

    public string? Flags { get; init; }

    public int? Rd { get; init; }

    public int? B { get; init; }

    public int? Aa { get; init; }

    public int? Ra { get; init; }

    public int? Tc { get; init; }

    public Texts? Rcode { get; init; }

    public int? Opcode { get; init; }

    public int? QdCount { get; init; }

    public int? AnCount { get; init; }

    public int? NsCount { get; init; }

    public int? ArCount { get; init; }

    public string? QType { get; init; }

    public string? QClass { get; init; }

    public string? RrType { get; init; }

    public string? RrClass { get; init; }

    public string? RrName { get; init; }

    public int? RdLength { get; init; }

    public string? RData { get; init; }

    /// <summary>Whether there is a question; a default of true would be lost, since the generated reader sets every init property.</summary>
    public bool? Question { get; init; }

    /// <summary>Whether there is a record.</summary>
    public bool? Record { get; init; }

    public int Trailing { get; init; }

    public int? Cut { get; init; }

    public string[]? Names { get; init; }

    /// <summary>Of a redirect: the name server's name, which stands as a DNS name in the NS record.</summary>
    public string? ServerName { get; init; }
}
