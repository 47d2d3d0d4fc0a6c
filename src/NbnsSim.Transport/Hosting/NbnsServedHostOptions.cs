using Microsoft.Extensions.Logging;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <summary>What a <see cref="NbnsServedHost"/> is: its names, its addresses, and whether a name server runs beside the node.</summary>
public record NbnsServedHostOptions
{
    /// <summary>The computer's name, in capitals.</summary>
    public required string Name { get; init; }

    /// <summary>Where to listen: this machine's own addresses, at least one, all with one port.</summary>
    public required IReadOnlyList<Ipv4Endpoint> Listen { get; init; }

    /// <summary>The workgroup or domain, in capitals; null for none.</summary>
    public string? Workgroup { get; init; }

    /// <summary>A user who logs on when the node has its names; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Whether a name server runs beside the node, which registers with it.</summary>
    public bool HasNameServer { get; init; }

    /// <summary>What node and name server behave like.</summary>
    public NetBtDialect Dialect { get; init; } = NetBtDialect.Windows2000;

    /// <summary>B, P, M or H; null for H where there is a name server, else B.</summary>
    public OwnerNodeType? NodeType { get; init; }

    /// <summary>The NetBIOS scope.</summary>
    public NetBiosScope Scope { get; init; } = NetBiosScope.Empty;

    /// <summary>Name servers elsewhere for the node to register with, the primary first; behind the one beside it, if there is one.</summary>
    public IReadOnlyList<Ipv4Address> NameServers { get; init; } = [];

    /// <summary>
    /// Whether anybody's conflict demand, refusal or release takes a name of the node's, as before MS00-047 (Q269239). By default only its name servers' does, and
    /// others who try are told of.
    /// </summary>
    public bool IsVulnerable { get; init; }

    /// <summary>How datagrams are moved.</summary>
    public NbnsSocketPath SocketPath { get; init; }

    /// <summary>The most datagrams a second from one address; null for the usual rate, 0 for none (<see cref="NbnsUdpHostOptions.RequestsPerSecondPerSource"/>).</summary>
    public int? RequestsPerSecondPerSource { get; init; }

    /// <summary>How many names of the name server one address may register; null for the usual share, 0 for no shares at all.</summary>
    public int? NamesPerSource { get; init; }

    /// <summary>Where the name server's database is kept; null for nowhere. Whoever gives it disposes it, after the host.</summary>
    public INameServerStore? Store { get; init; }

    /// <summary>What to do where records of <see cref="Store"/> cannot be read.</summary>
    public DamagedRecords DamagedRecords { get; init; }

    /// <summary>The name server's static mappings (<see cref="LmHostsFiles"/> reads them from files); null for none.</summary>
    public LmHostsFile? StaticMappings { get; init; }

    /// <summary>Whether to say more: each command's outcome, each line of the name server's log.</summary>
    public bool Verbose { get; init; }

    /// <summary>Called on the host's thread for each NetBT event that the node logs.</summary>
    public Action<NetBtEvent>? EventLogged { get; init; }

    /// <summary>Told what happens, in a line each, on any thread: it must not block or throw. What came from the network is escaped (<see cref="VisibleText"/>).</summary>
    public Action<string>? Say { get; init; }

    /// <summary>The log of the sockets' host; null to have <see cref="Say"/> told what is worth a warning, and with <see cref="Verbose"/> more.</summary>
    public ILogger<NbnsUdpHost>? Logger { get; init; }

    /// <summary>Whether a computer, a workgroup or a user can be called so: 1 to 15 Latin-1 characters, not blanks alone.</summary>
    /// <param name="text">The name.</param>
    public static bool IsName(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return false;
        try
        {
            _ = new NetBiosName(text, NameSuffix.Workstation);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
