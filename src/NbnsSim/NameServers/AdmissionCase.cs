using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>All that <see cref="Admission"/> looks at: the request, the name as the database has it, and how the server is set up.</summary>
internal readonly record struct AdmissionCase
{
    public required NameServerDialect Dialect { get; init; }

    /// <summary>What the request is treated as.</summary>
    public AdmissionKind Kind { get; init; }

    /// <summary>Whether its opcode is that of a refresh, whatever it is treated as.</summary>
    public bool IsRefresh { get; init; }

    /// <summary>The name's suffix.</summary>
    public NameSuffix Suffix { get; init; }

    /// <summary>Whether the name has more octets than the dialect takes.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>Whether its record says G.</summary>
    public bool SaysGroup { get; init; }

    /// <summary>Whether its record carries an address that no host can have (RFC 1122 §3.2.1.3).</summary>
    public bool IsAtNoHost { get; init; }

    /// <summary>The record's state; <see langword="null"/> where the database has no such name.</summary>
    public NameRecordState? State { get; init; }

    /// <summary>What kind of name it is there.</summary>
    public NameRecordType Type { get; init; }

    /// <summary>Whether the administrator entered it.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Whether static unique names give way like dynamic ones.</summary>
    public bool MigratesStatic { get; init; }

    /// <summary>Whether another server owns the record.</summary>
    public bool IsReplica { get; init; }

    /// <summary>Whether its owner is being asked.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>Whether the name has the request's address.</summary>
    public bool HasAddress { get; init; }

    /// <summary>Whether the name has the address that the request comes from. Looked up for releases only.</summary>
    public bool HasSource { get; init; }

    /// <summary>Whether the name has several addresses.</summary>
    public bool HasOthers { get; init; }

    public bool IsGroup => Type is NameRecordType.NormalGroup or NameRecordType.InternetGroup;

    /// <summary>Whether it is a group of which no member is kept.</summary>
    public bool KeepsNoMembers => Type == NameRecordType.NormalGroup && Dialect.Groups == GroupStorage.LimitedBroadcast;
}
