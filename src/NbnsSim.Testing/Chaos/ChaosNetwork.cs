using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Chaos;

/// <summary>Draws a network: segments, hosts, name servers.</summary>
internal sealed class ChaosNetwork
{
    private const int HostsPerSegment = 3;
    private const int MaxSegments = 10;
    private const uint Network = 10u << 24; // 10.0.0.0, a subnet of 16 bits for each segment

    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(20);

    private readonly ChaosDraws _draws;
    private readonly ImmutableArray<NetBtDialect> _dialects;
    private readonly int[] _used; // how many addresses of each segment
    private readonly ImmutableArray<Ipv4Address> _servers;

    public ChaosNetwork(ulong seed, ChaosOptions options)
    {
        (_draws, _dialects) = (new ChaosDraws(seed, "network"), options.Dialects);
        int hosts = _draws.Between(2, options.MaxHosts);
        int servers = hosts > 2 ? _draws.Below(hosts > 3 ? 3 : 2) : 0;
        int segments = _draws.Between(1, Math.Clamp(hosts / HostsPerSegment, 1, MaxSegments));
        _used = new int[segments];
        Segments = [.. Enumerable.Range(0, segments).Select(i => new ScenarioSegment(
            string.Create(CultureInfo.InvariantCulture, $"LAN{i + 1}"), new Ipv4Subnet(new Ipv4Address(Network | (uint)i << 16), 16), _draws.Milliseconds(0, 2)))];
        if (segments > 1)
            Routers = [new ScenarioRouter("ROUTER", [.. Segments.Select(segment => segment.Name)], _draws.Milliseconds(0, 20))];
        var places = Enumerable.Range(0, hosts).Select(_ => NextPlace()).ToArray();
        _servers = [.. places.Take(servers).Select(place => place.Address)];
        bool hasMixedNodes = _draws.Percent(50);
        if (_draws.Percent(50))
            _dialects = [_draws.OneOf(options.Dialects)];
        Hosts = [.. places.Select((place, i) => i < servers ? Server(i, place) : Node(i - servers, place, hasMixedNodes))];
        Nodes = [.. Hosts.Skip(servers)];
        Servers = [.. Hosts.Take(servers)];
        if (!HasServers)
            Askers = [.. Nodes.GroupBy(node => node.Interfaces[0].Segment, StringComparer.Ordinal).Where(segment => segment.Count() > 2).Select(segment => segment.Last())];
        Users = [.. Nodes.Except(Askers)];
    }

    public ImmutableArray<ScenarioSegment> Segments { get; }

    public ImmutableArray<ScenarioRouter> Routers { get; } = [];

    public ImmutableArray<ScenarioHost> Hosts { get; }

    public ImmutableArray<ScenarioHost> Nodes { get; }

    public ImmutableArray<ScenarioHost> Servers { get; }

    /// <summary>Where names are claimed by broadcast, one of each segment that has three: it wants no name but its own, and looks for those of others in the end.</summary>
    public ImmutableArray<ScenarioHost> Askers { get; } = [];

    /// <summary>The other nodes, at which people work.</summary>
    public ImmutableArray<ScenarioHost> Users { get; }

    public bool HasServers => !Servers.IsEmpty;

    private ScenarioInterface NextPlace()
    {
        int segment = _draws.Below(_used.Length);
        int number = ++_used[segment];
        return new ScenarioInterface(Segments[segment].Name, new Ipv4Address(Network | (uint)segment << 16 | (uint)number));
    }

    private ScenarioHost Server(int number, ScenarioInterface place)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"NBNS{number + 1}");
        var dialect = _draws.OneOf(NameServerDialect.All) with
        {
            RenewalInterval = Renewal,
            ExtinctionInterval = Renewal,
            ExtinctionTimeout = Renewal,
            VerifyInterval = Renewal, // the life, too, of what a server that has lost its database takes back (MS-WINSRA §3.2.5.4)
            ScavengingInterval = Renewal / 2,
            PullInterval = TimeSpan.FromMinutes(5),
            GrantsRequestedTime = false, // else a node that asks for three days tells the server of its names no sooner
        };
        return new ScenarioHost
        {
            Name = name,
            Group = name,
            Roles = HostRoles.NameServer,
            Interfaces = [place],
            NameServer = new NameServerOptions { Dialect = dialect, PullsFrom = [.. _servers.Where(other => other != place.Address)] },
        };
    }

    private ScenarioHost Node(int number, ScenarioInterface place, bool hasMixedNodes)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"PC{number + 1}");
        var dialect = _draws.OneOf(_dialects);
        OwnerNodeType[] types = _servers.IsEmpty ? [OwnerNodeType.B] : hasMixedNodes ? [OwnerNodeType.B, OwnerNodeType.P, OwnerNodeType.M, OwnerNodeType.H] : [OwnerNodeType.H];
        var type = _draws.OneOf(types);
        bool isReversed = _draws.Percent(30);
        return new ScenarioHost
        {
            Name = name,
            Group = name,
            Interfaces = [place],
            Dialect = new DialectChoice(dialect),
            Node = EndNodeOptions.Default with
            {
                NodeType = type,
                NameServers = type == OwnerNodeType.B ? [] : isReversed ? [.. _servers.Reverse()] : _servers,
                Workgroup = "WORKGROUP",
            },
        };
    }
}
