using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>
/// How an <see cref="EndNode"/> is configured. Immutable, and meant to be shared by any number of nodes. The registry values are those below
/// <c>HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters</c> (Q120642, Q314053); counts and durations are in the dialect's <see cref="NetBtTiming"/>.
/// </summary>
public sealed record EndNodeOptions
{
    /// <summary>The most names a node holds: NetBIOS' 254.</summary>
    public const int MaxNames = 254;

    /// <summary>The most interfaces a node has.</summary>
    public const int MaxInterfaces = 16;

    /// <summary>Everything as RFC 1002 has it: a B node without scope.</summary>
    public static EndNodeOptions Default { get; } = new();

    /// <summary>Which era or vendor the node behaves like.</summary>
    public NetBtDialect Dialect { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = NetBtDialect.Rfc1002;

    /// <summary><c>NodeType</c> / <c>DhcpNodeType</c> (DHCP option 46): <see langword="null"/> is H where there is a name server, else B (MS-NBTE §3.1.3).</summary>
    public OwnerNodeType? NodeType { get; init => field = value is null or <= OwnerNodeType.H ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

    /// <summary><c>NameServer</c>, <c>NameServerBackup</c>: the name servers, primary first; at most 12.</summary>
    public ImmutableArray<Ipv4Address> NameServers
    {
        get;
        init => field = value.IsDefault ? [] : value.Length <= 12 ? value : throw new ArgumentException("A node has at most 12 name servers.", nameof(value));
    } = [];

    /// <summary><c>ScopeId</c> (DHCP option 47).</summary>
    public NetBiosScope Scope { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = NetBiosScope.Empty;

    /// <summary>The workgroup or domain, at most 15 Latin-1 characters, taken as they are; <see langword="null"/> for none.</summary>
    public string? Workgroup
    {
        get;
        init
        {
            if (value is not null)
                _ = new NetBiosName(value, NameSuffix.Workstation);
            field = value;
        }
    }

    /// <summary><c>EnableProxy</c>, 0: whether broadcast queries are answered for names that the name server knows.</summary>
    public bool EnableProxy { get; init; }

    /// <summary><c>EnableProxyRegCheck</c>, 0: whether a proxy also objects to broadcast registrations of names that the name server knows for another.</summary>
    public bool EnableProxyRegCheck { get; init; }

    /// <summary><c>RandomAdapter</c>, 0: a multi-homed node puts a random one of its addresses first into query responses, rather than that of the interface that was asked.</summary>
    public bool RandomAdapter { get; init; }

    /// <summary><c>SingleResponse</c>, 0: a multi-homed node puts only one of its addresses into query responses.</summary>
    public bool SingleResponse { get; init; }

    /// <summary>
    /// Whether Windows takes the network for a public one, on which systems with <see cref="NameResolutionPolicy.DisabledOnPublicNetworks"/> look for no name by NetBIOS.
    /// </summary>
    public bool IsOnPublicNetwork { get; init; }

    /// <summary>
    /// The LMHOSTS file, where <c>EnableLmhosts</c> is 1: its <c>#PRE</c> lines are in the cache from the start, the others are looked at when nobody
    /// else knows a name (Q119493). <see langword="null"/> for none. It is at hand, so <c>LmhostsTimeout</c> has no counterpart, nor has <c>EnableDns</c>.
    /// </summary>
    public LmHostsFile? LmHosts { get; init; }

    /// <summary><c>RefreshOpCode</c>, 8: the opcode of refreshes, 8 as RFC 1002 §4.2.1.1 says or 9 as the diagram of §4.2.4 has it.</summary>
    public NbnsOpcode RefreshOpcode
    {
        get;
        init => field = value is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate ? value : throw new ArgumentOutOfRangeException(nameof(value), "8 or 9.");
    } = NbnsOpcode.Refresh;

    /// <summary>The node's own port and the one on which it expects other nodes: 137 (RFC 1002 §6 NAME_SERVICE_UDP_PORT).</summary>
    public ushort NameServicePort { get; init; } = Ipv4Endpoint.NameServicePort;

    /// <summary><c>NameServerPort</c>, 0x89: the name servers' port.</summary>
    public ushort NameServerPort { get; init; } = Ipv4Endpoint.NameServicePort;

    /// <summary>How many remote names are remembered (<c>Size/Small/Medium/Large</c>: 16, 128 or 256 hash buckets; Windows bounds the buckets, we the names): 128.</summary>
    public int CacheCapacity { get; init => field = Capacity(value); } = 128;

    /// <summary>How many transactions run at once; a command beyond that ends with <see cref="OperationOutcome.OutOfResources"/>: 256.</summary>
    public int MaxTransactions { get; init => field = Capacity(value); } = 256;

    /// <summary>Whether commands leave results for <see cref="EndNode.TryPollResult"/>. A simulation of a million nodes that nobody asks does without.</summary>
    public bool ReportsResults { get; init; } = true;

    /// <summary>A defect, for tests of what finds defects: whoever claims a name of this node's is told nothing.</summary>
    internal bool ForgetsToDefend { get; init; }

    /// <summary>What kind of node it is.</summary>
    public NodePlan Plan => NodePlan.For(NodeType ?? (NameServers.IsEmpty ? OwnerNodeType.B : OwnerNodeType.H)); // MS-NBTE §3.1.3

    private static int Capacity(int value) => value is >= 1 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65536.");
}
