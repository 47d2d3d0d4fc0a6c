using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>Something that is done in a scenario.</summary>
/// <param name="At">When.</param>
public abstract record ScenarioStep(Instant At)
{
    /// <summary>What expectations call it; null for nothing.</summary>
    public string? Id { get; init; }

    /// <summary>A remark for people.</summary>
    public string? Note { get; init; }

    /// <summary>The names of the hosts that do it; empty where nobody in particular does.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];
}

/// <summary>What end nodes can be told to do.</summary>
public enum NodeCommand : byte
{
    /// <summary>Start the machine.</summary>
    Boot,

    /// <summary>Claim a unique name.</summary>
    AddName,

    /// <summary>Claim a group name.</summary>
    AddGroupName,

    /// <summary>Give a name up.</summary>
    DeleteName,

    /// <summary>A user logs on.</summary>
    Logon,

    /// <summary>A user logs off.</summary>
    Logoff,

    /// <summary>Look for a name.</summary>
    Query,

    /// <summary>Ask a node for its names (<c>nbtstat -A</c>).</summary>
    NodeStatus,

    /// <summary>Register all names anew (<c>nbtstat -RR</c>).</summary>
    Refresh,

    /// <summary>Forget remote names (<c>nbtstat -R</c>).</summary>
    PurgeCache,

    /// <summary>Release all names and stop.</summary>
    Shutdown,

    /// <summary>Tell the name server that it is wrong about a name (RFC 1001 §15.3.2).</summary>
    CorrectNameServer,

    /// <summary>Refresh one name with the name server now, whenever its own time would be (RFC 1002 §5.1.2.6).</summary>
    RefreshName,
}

/// <summary>End nodes are told to do something.</summary>
/// <param name="At">When.</param>
/// <param name="Command">What.</param>
public sealed record NodeStep(Instant At, NodeCommand Command) : ScenarioStep(At)
{
    /// <summary>The name, where there is one to the command; for <see cref="NodeCommand.NodeStatus"/> a name of the asked node, default for <c>*</c>.</summary>
    public NetBiosName Name { get; init; }

    /// <summary>The user, for <see cref="NodeCommand.Logon"/> and <see cref="NodeCommand.Logoff"/>.</summary>
    public string User { get; init; } = "";

    /// <summary>Whom to ask, for <see cref="NodeCommand.NodeStatus"/>, for a <see cref="NodeCommand.Query"/> to one machine alone, and where a name is not, for <see cref="NodeCommand.CorrectNameServer"/>; default for whoever the node's plan says.</summary>
    public Ipv4Address Address { get; init; }

    /// <summary>NAME_TRN_ID of its first request; null for a random one. A query that has one is sent whatever the node's table and cache know.</summary>
    public ushort? TransactionId { get; init; }

    /// <summary>For <see cref="NodeCommand.CorrectNameServer"/>: whether the name server calls it a group name.</summary>
    public bool IsGroup { get; init; }

    /// <summary>How often it asks; null for as often as the dialect says.</summary>
    public int? Tries { get; init; }

    /// <summary>For a query to one machine alone: whether a name server is to answer for others (RD, RFC 1002 §4.2.12), not just a node for itself.</summary>
    public bool RecursionDesired { get; init; } = true;

    /// <summary>The command in words: <c>logon JSMITH</c>.</summary>
    public string Description => Command switch
    {
        NodeCommand.Boot => "boot",
        NodeCommand.AddName => $"add {Name}",
        NodeCommand.AddGroupName => $"join {Name}",
        NodeCommand.DeleteName => $"delete {Name}",
        NodeCommand.Logon => $"logon {User}",
        NodeCommand.Logoff => $"logoff {User}",
        NodeCommand.Query => Address == default ? $"query {Name}" : $"query {Name} at {Address}",
        NodeCommand.NodeStatus => Name == default ? $"node status of {Address}" : $"node status of {Name} at {Address}",
        NodeCommand.Refresh => "refresh all names",
        NodeCommand.PurgeCache => "purge the cache",
        NodeCommand.CorrectNameServer => $"correct the name server: {Name} is not at {Address}",
        NodeCommand.RefreshName => $"refresh {Name}",
        _ => "shutdown",
    };
}

/// <summary>Hosts crash.</summary>
/// <param name="At">When.</param>
public sealed record CrashStep(Instant At) : ScenarioStep(At);

/// <summary>Hosts come back after a crash.</summary>
/// <param name="At">When.</param>
/// <param name="Forgets">Whether they have forgotten everything, as after a power cut, rather than paused.</param>
public sealed record RestartStep(Instant At, bool Forgets) : ScenarioStep(At)
{
    /// <summary>The dialect that their end nodes come back with, as machines that were installed anew; <see langword="null"/> for the one that they had. Only where they forget everything.</summary>
    public NetBtDialect? Dialect { get; init; }
}

/// <summary>Name servers pull a partner's records, as at a replication interval (MS-WINSRA).</summary>
/// <param name="At">When.</param>
/// <param name="Partners">The names of the hosts that they pull from, one after the other.</param>
public sealed record ReplicateStep(Instant At, ImmutableArray<string> Partners) : ScenarioStep(At);

/// <summary>Name servers notify partners of what they have, so that these pull (MS-WINSRA §3.3.4).</summary>
/// <param name="At">When.</param>
/// <param name="Partners">The names of the hosts that they notify.</param>
/// <param name="Propagates">Whether these are to notify their own partners in turn.</param>
public sealed record PushStep(Instant At, ImmutableArray<string> Partners, bool Propagates) : ScenarioStep(At);

/// <summary>A link rule begins.</summary>
/// <param name="At">When.</param>
/// <param name="Rule">The rule.</param>
public sealed record AddRuleStep(Instant At, ScenarioRule Rule) : ScenarioStep(At);

/// <summary>A link rule ends.</summary>
/// <param name="At">When.</param>
/// <param name="Name">The rule's name.</param>
public sealed record RemoveRuleStep(Instant At, string Name) : ScenarioStep(At);

/// <summary>Hosts send a datagram made by hand.</summary>
/// <param name="At">When.</param>
/// <param name="Payload">The UDP payload.</param>
public sealed record SendStep(Instant At, ImmutableArray<byte> Payload) : ScenarioStep(At)
{
    /// <summary>Where to; null for a broadcast on the interface's segment.</summary>
    public Ipv4Address? To { get; init; }

    /// <summary>The address that it claims to come from; null for the host's own.</summary>
    public Ipv4Address? Source { get; init; }

    /// <summary>From which of its interfaces; 0 is the first.</summary>
    public int InterfaceIndex { get; init; }
}
