using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Transport;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Live;

/// <summary>What <c>serve</c> was told.</summary>
internal sealed record ServeSettings
{
    public required string Name { get; init; }

    public string? Workgroup { get; init; }

    public string? User { get; init; }

    public bool Wins { get; init; }

    public NetBtDialect Dialect { get; init; } = NetBtDialect.Windows2000;

    public OwnerNodeType? NodeType { get; init; }

    public NetBiosScope Scope { get; init; } = NetBiosScope.Empty;

    public required IReadOnlyList<Ipv4Endpoint> Listen { get; init; }

    public IReadOnlyList<Ipv4Address> NameServers { get; init; } = [];

    public string? StaticFile { get; init; }

    /// <summary>Whether a line of <see cref="StaticFile"/> that cannot be used ends the command.</summary>
    public bool Strict { get; init; }

    public string? StateFile { get; init; }

    /// <summary>Whether the rest is served where rows of the state file cannot be read.</summary>
    public bool SkipsDamaged { get; init; }

    /// <summary>Whether anybody's conflict demand, refusal or release takes a name, as before MS00-047.</summary>
    public bool IsVulnerable { get; init; }

    public NbnsSocketPath SocketPath { get; init; }

    public int? Rate { get; init; }

    /// <summary>How many names one address may register; null for the usual share, 0 for no shares at all.</summary>
    public int? Quota { get; init; }

    public bool Verbose { get; init; }
}
