using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Which command of an <see cref="EndNode"/> a result belongs to.</summary>
/// <param name="Value">1 and up within a node; 0 for none.</param>
public readonly record struct OperationId(int Value);

/// <summary>The kinds of commands.</summary>
public enum OperationKind : byte
{
    /// <summary><see cref="EndNode.Boot"/>; each name of the boot also has a <see cref="Registration"/> result.</summary>
    Boot,

    /// <summary>A name was to be added.</summary>
    Registration,

    /// <summary>A name was to be deleted.</summary>
    Release,

    /// <summary>A name was to be found.</summary>
    Query,

    /// <summary>Another node's names were asked for.</summary>
    NodeStatus,

    /// <summary>The names were to be registered anew (<c>nbtstat -RR</c>).</summary>
    Refresh,

    /// <summary><see cref="EndNode.Shutdown"/>; each name also has a <see cref="Release"/> result.</summary>
    Shutdown,
}

/// <summary>How a command ended.</summary>
public enum OperationOutcome : byte
{
    /// <summary>It did what it was for.</summary>
    Succeeded,

    /// <summary>Somebody objected: NEGATIVE response, or a conflict demand as its answer.</summary>
    Refused,

    /// <summary>Nobody answered who had to.</summary>
    NoAnswer,

    /// <summary>The name server does not know the name, or nobody on the segment has it.</summary>
    NotFound,

    /// <summary>The name is in conflict on this node: anything but deleting it fails at once (RFC 1001 §15.1.3.5; NCB return code 0x19).</summary>
    NameConflict,

    /// <summary>The name is in this node's table already (NCB return code 0x0D; NET error 2276).</summary>
    AlreadyHere,

    /// <summary>The name is not in this node's table.</summary>
    NotHere,

    /// <summary>Another command, such as deleting the name, put an end to it.</summary>
    Cancelled,

    /// <summary>The node is shut down, or on its way there.</summary>
    NotRunning,

    /// <summary>The node holds as many names or runs as many transactions as it may.</summary>
    OutOfResources,
}

/// <summary>Where the answer to a query came from.</summary>
public enum AnswerSource : byte
{
    /// <summary>There was none, or it is no query.</summary>
    None,

    /// <summary>The name is the node's own.</summary>
    OwnName,

    /// <summary>The cache.</summary>
    Cache,

    /// <summary>A broadcast query.</summary>
    Broadcast,

    /// <summary>The name server.</summary>
    NameServer,
}

/// <summary>How a command ended.</summary>
public sealed record OperationResult
{
    /// <summary>The command.</summary>
    public OperationId Id { get; init; }

    /// <summary>What kind of command.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>The name it was about; default for a boot, refresh or shutdown.</summary>
    public NetBiosName Name { get; init; }

    /// <summary>How it ended.</summary>
    public OperationOutcome Outcome { get; init; }

    /// <summary>When.</summary>
    public Instant CompletedAt { get; init; }

    /// <summary>Who decided it: who answered or objected; 0.0.0.0 for nobody.</summary>
    public Ipv4Address Responder { get; init; }

    /// <summary>RCODE of the answer that decided it.</summary>
    public NbnsRcode Rcode { get; init; }

    /// <summary>Where a query's answer came from.</summary>
    public AnswerSource Source { get; init; }

    /// <summary>The addresses a query found.</summary>
    public ImmutableArray<NbEntry> Entries { get; init; } = [];

    /// <summary>The names a node status request found.</summary>
    public ImmutableArray<NodeStatusName> Names { get; init; } = [];

    /// <summary>UNIT_ID in a node status response.</summary>
    public MacAddress UnitId { get; init; }

    /// <summary>Compares by value, lists by their elements.</summary>
    /// <param name="other">The other result.</param>
    public bool Equals(OperationResult? other) =>
        other is not null && (Id, Kind, Outcome, CompletedAt, Responder) == (other.Id, other.Kind, other.Outcome, other.CompletedAt, other.Responder)
        && (Rcode, Source, UnitId) == (other.Rcode, other.Source, other.UnitId) && Name == other.Name
        && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan()) && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Id.Value ^ ((int)Kind << 24) ^ Name.GetHashCode();

    /// <summary>Kind, name and outcome on one line.</summary>
    public override string ToString() => $"{Kind} {Name}: {Outcome}{(Responder == default ? "" : $" by {Responder}")}";
}
