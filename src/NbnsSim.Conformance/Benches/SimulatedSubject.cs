using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Benches;

/// <summary>A machine of ours that is held against the cases in the simulator.</summary>
public sealed record SimulatedSubject
{
    /// <summary>As what it is tested: an end node, or a machine with a name server.</summary>
    public ConformanceRole Role { get; init; } = ConformanceRole.Node;

    /// <summary>How its end node behaves.</summary>
    public NetBtDialect Dialect { get; init; } = NetBtDialect.Rfc1002;

    /// <summary>How its name server behaves.</summary>
    public NameServerDialect ServerDialect { get; init; } = NameServerDialect.Rfc1002NonSecured;

    /// <summary>Its node type; that of a client case is the case's.</summary>
    public OwnerNodeType NodeType { get; init; } = OwnerNodeType.B;

    /// <summary>Changes its end node before it is put on the network, such as into one that is wrong on purpose.</summary>
    public Func<INbnsEndpoint, INbnsEndpoint>? Wrap { get; init; }

    internal EndNodeOptions Node(OwnerNodeType type, Ipv4Address? server) =>
        new() { Dialect = Dialect, NodeType = type, Workgroup = "LAB", NameServers = server is { } address ? [address] : [] };

    internal NameServerOptions NameServer(Ipv4Address address, ulong seed) => new() { Dialect = ServerDialect, Address = address, Seed = seed };
}
