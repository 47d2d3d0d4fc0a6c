using NbnsSim.Names;
using NbnsSim.Wire;

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

    /// <summary>What there is to know of a request before its name is looked up.</summary>
    /// <param name="options">How the server is set up.</param>
    /// <param name="request">The request.</param>
    /// <param name="kind">What it is treated as.</param>
    public static AdmissionCase Of(NameServerOptions options, in ServerRequest request, AdmissionKind kind) => new()
    {
        Dialect = options.Dialect,
        Kind = kind,
        IsRefresh = request.Flags.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate,
        Suffix = request.Suffix,
        IsTooLong = request.EncodedName.Length > options.Dialect.MaxNameOctets,
        SaysGroup = request.IsGroup,
        IsAtNoHost = !IsHosts(request.Entry.Address, request.Source.Address),
        MigratesStatic = options.MigrateOn,
    };

    /// <summary>The same with what there is to know of the name.</summary>
    /// <param name="names">The server's names.</param>
    /// <param name="slot">Where the name is, or <see cref="NameSlot.None"/>.</param>
    /// <param name="request">The request.</param>
    public AdmissionCase With(NameDatabase names, int slot, in ServerRequest request)
    {
        if (slot == NameSlot.None)
            return this;
        ref var name = ref names[slot];
        return this with
        {
            State = name.State,
            Type = name.Type,
            IsStatic = name.IsStatic,
            IsReplica = name.Owner != 0,
            IsDisputed = name.Challenge != NameSlot.None,
            HasAddress = names.HasAddress(name, request.Entry.Address),
            HasSource = Kind == AdmissionKind.Release && names.HasAddress(name, request.Source.Address),
            HasOthers = name.FirstMember != NameSlot.None && names.AddressCount(name) > 1,
        };
    }

    /// <summary>
    /// Whether a host can have an address: one host's, and not "this host" from another one (RFC 1122 §3.2.1.3). Other loopback addresses are taken: smbtorture
    /// registers 127.64.64.1 as one that does not answer, and expects a POSITIVE response.
    /// </summary>
    private static bool IsHosts(Ipv4Address address, Ipv4Address source) =>
        address.IsUnicast && (address != Ipv4Address.Loopback || source.Value >> 24 == Ipv4Address.Loopback.Value >> 24);
}
