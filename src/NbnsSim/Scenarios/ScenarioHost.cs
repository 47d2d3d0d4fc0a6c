using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;

namespace NbnsSim.Scenarios;

/// <summary>What a host is.</summary>
[Flags]
public enum HostRoles
{
    /// <summary>Neither: it sends what the scenario's steps say, and hears nothing.</summary>
    None = 0,

    /// <summary>An end node.</summary>
    Node = 1,

    /// <summary>A name server.</summary>
    NameServer = 2,
}

/// <summary>A host of a scenario.</summary>
public sealed record ScenarioHost
{
    /// <summary>Its name, which is the computer's NetBIOS name too.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the group that it was expanded from, such as <c>PC###</c>; its own where it stands for itself.</summary>
    public required string Group { get; init; }

    /// <summary>What it is.</summary>
    public HostRoles Roles { get; init; } = HostRoles.Node;

    /// <summary>Where it stands.</summary>
    public ImmutableArray<ScenarioInterface> Interfaces { get; init; } = [];

    /// <summary>Its dialect; null for the scenario's.</summary>
    public DialectChoice? Dialect { get; init; }

    /// <summary>The end node's configuration, but for its dialect.</summary>
    public EndNodeOptions Node { get; init; } = EndNodeOptions.Default;

    /// <summary>The name server's configuration, but for address and seed.</summary>
    public NameServerOptions NameServer { get; init; } = new();

    /// <summary>What the name server's administrator has entered.</summary>
    public ImmutableArray<ScenarioStaticMapping> StaticMappings { get; init; } = [];

    /// <summary>What was registered with the name server before the scenario begins: active records of its own, of which each lives a whole renewal interval from the start.</summary>
    public ImmutableArray<ScenarioStaticMapping> Records { get; init; } = [];

    /// <summary>The names that the end node holds when the scenario begins; nothing is sent for them. With several interfaces, on all of them.</summary>
    public ImmutableArray<ScenarioHeldName> HeldNames { get; init; } = [];
}

/// <summary>A name that an end node holds from the start.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsGroup">Whether it is a group name.</param>
public sealed record ScenarioHeldName(NetBiosName Name, bool IsGroup = false);

/// <summary>A mapping in a name server's database that is there from the start: a static one, or one that a node has registered.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">What kind of name it is.</param>
/// <param name="Addresses">Its addresses; none for a normal group.</param>
public sealed record ScenarioStaticMapping(NetBiosName Name, NameRecordType Type, ImmutableArray<Ipv4Address> Addresses);

/// <summary>Where a host stands on a segment.</summary>
/// <param name="Segment">The segment's name.</param>
/// <param name="Address">Its address there.</param>
/// <param name="Mac">Its Ethernet address; null for one made from the address.</param>
public sealed record ScenarioInterface(string Segment, Ipv4Address Address, MacAddress? Mac = null);
