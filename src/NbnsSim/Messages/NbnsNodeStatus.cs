using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>What a node says of itself (RFC 1002 §4.2.18; <c>nbtstat -A</c>).</summary>
public sealed record NbnsNodeStatus
{
    /// <summary>Who answered.</summary>
    public Ipv4Endpoint Responder { get; init; }

    /// <summary>Its names, in its order.</summary>
    public ImmutableArray<NodeStatusName> Names { get; init; } = [];

    /// <summary>Whether it has more names than it could say.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Its statistics, of which only the Ethernet address is reliable.</summary>
    public NodeStatistics Statistics { get; init; }

    /// <summary>Its Ethernet address: zeros from Samba; <see langword="null"/> where its answer ends before it (ESP8266).</summary>
    public MacAddress? UnitId { get; init; }

    /// <summary>The computer's name: its unique name with suffix 00, or else 20; <see langword="null"/> where it has neither.</summary>
    public string? ComputerName => Find(NameSuffix.Workstation, group: false) ?? Find(NameSuffix.Server, group: false);

    /// <summary>The workgroup or domain: its group name with suffix 00; <see langword="null"/> where it has none.</summary>
    public string? Workgroup => Find(NameSuffix.Workstation, group: true);

    private string? Find(NameSuffix suffix, bool group)
    {
        foreach (var entry in Names)
        {
            if (entry.Name.Suffix == suffix && entry.Flags.IsGroup == group && !entry.Flags.IsInConflict)
                return entry.Name.BaseName;
        }

        return null;
    }
}
