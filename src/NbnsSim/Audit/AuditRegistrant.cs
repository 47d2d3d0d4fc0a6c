using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Audit;

/// <summary>A machine that registers names with a name server, and what becomes of them without it.</summary>
public sealed record AuditRegistrant
{
    /// <summary>The machine.</summary>
    public required Ipv4Address Address { get; init; }

    /// <summary>What it is called, by its own registrations; <see langword="null"/> where they do not tell.</summary>
    public required string? ComputerName { get; init; }

    /// <summary>Its node type as it says itself; <see langword="null"/> where it is not seen to.</summary>
    public required OwnerNodeType? NodeType { get; init; }

    /// <summary>The names.</summary>
    public required ImmutableArray<NetBiosName> Names { get; init; }

    /// <summary>Whether it asks for names too; one that only registers and refreshes may yet ask.</summary>
    public required bool Asks { get; init; }

    /// <summary>What becomes of its registrations.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>Why.</summary>
    public required ImmutableArray<AuditGround> Grounds { get; init; }

    /// <summary>What can be done about it.</summary>
    public required ImmutableArray<AuditReplacement> Replacements { get; init; }

    /// <summary>The frames that show the registrations, the first ones.</summary>
    public required ImmutableArray<long> Frames { get; init; }
}
