using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Audit;

/// <summary>One client that asks a name server for one name, and what becomes of that without it.</summary>
public sealed record NameDependency
{
    /// <summary>Who asks.</summary>
    public required Ipv4Address Client { get; init; }

    /// <summary>What the client is called, by its own registrations; <see langword="null"/> where they do not tell.</summary>
    public required string? ClientName { get; init; }

    /// <summary>The client's node type as it says itself; <see langword="null"/> where it is not seen to.</summary>
    public required OwnerNodeType? ClientType { get; init; }

    /// <summary>For which name.</summary>
    public required NetBiosName Name { get; init; }

    /// <summary>Whether it is a group's.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>Whether it asks by broadcast, and depends on the name server through whoever answers: a proxy, or an M node.</summary>
    public required bool AsksByBroadcast { get; init; }

    /// <summary>The name server that it depends on; 0.0.0.0 where that is not seen.</summary>
    public required Ipv4Address Server { get; init; }

    /// <summary>Who asks in the client's place, for a broadcast that a proxy takes to the name server; <see langword="null"/> where the client asks itself.</summary>
    public required Ipv4Address? Proxy { get; init; }

    /// <summary>The addresses in the last answer; none where the name is not known, or no answer is seen.</summary>
    public required ImmutableArray<Ipv4Address> Given { get; init; }

    /// <summary>How often it asked, tries of one question counted once.</summary>
    public required int Questions { get; init; }

    /// <summary>What becomes of it.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>Why.</summary>
    public required ImmutableArray<AuditGround> Grounds { get; init; }

    /// <summary>What can take the name server's place; none where nothing breaks.</summary>
    public required ImmutableArray<AuditReplacement> Replacements { get; init; }

    /// <summary>The frames that prove that it asks, and what it was answered.</summary>
    public required ImmutableArray<long> Frames { get; init; }
}
