using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>How far a server knows the records of an owner: an entry of the owner-version map (MS-WINSRA §2.2.2).</summary>
/// <param name="Owner">The server that owns the records.</param>
/// <param name="Version">The highest version that is known of them.</param>
public readonly record struct OwnerVersion(Ipv4Address Owner, ulong Version);

/// <summary>A record that is to get a new version (Q136571).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The server that owns it, which alone gives it versions (MS-WINSRA §3.1.1.2).</param>
public readonly record struct VersionBump(NetBiosName Name, Ipv4Address Owner);

/// <summary>What became of the records of a pull (<see cref="NameServer.LastPull"/>).</summary>
public sealed record ReplicationResult
{
    /// <summary>Records of names that were not known, or not any more.</summary>
    public int Added { get; init; }

    /// <summary>Records that took the place of another, the owner's own updates included.</summary>
    public int Replaced { get; init; }

    /// <summary>Records that were rejected in favour of what is here.</summary>
    public int Rejected { get; init; }

    /// <summary>How many of the rejected ones gave a record of this server's own a new version, so that partners take it again (MS-WINSRA §3.2.5.5).</summary>
    public int Renewed { get; init; }

    /// <summary>
    /// Whether this server's partners are to be notified of what it has, by a push (MS-WINSRA §3.2.5.5, chart C4): its own Internet group has met a
    /// tombstone. They are, where the server has any (<see cref="NameServerOptions.Notifies"/>).
    /// </summary>
    public bool NotifiesPartners { get; init; }

    /// <summary>Internet groups whose members were put together.</summary>
    public int Merged { get; init; }

    /// <summary>Records that wait for the answer of an owner who is being challenged.</summary>
    public int Challenged { get; init; }

    /// <summary>Records that were checked with their owner because the verify interval had run out.</summary>
    public int Verified { get; init; }

    /// <summary>How often a partner did not answer, or knew nothing of the association, and was skipped (MS-WINSRA §3.2.5.1).</summary>
    public int PartnersLost { get; init; }

    /// <summary>The records whose owners are asked to give them new versions (NT 3.5's rule, Q136571).</summary>
    public ImmutableArray<VersionBump> VersionBumps { get; init; } = [];

    internal ReplicationResult Plus(ReplicationResult other) => new()
    {
        Added = Added + other.Added,
        Replaced = Replaced + other.Replaced,
        Rejected = Rejected + other.Rejected,
        Renewed = Renewed + other.Renewed,
        NotifiesPartners = NotifiesPartners || other.NotifiesPartners,
        Merged = Merged + other.Merged,
        Challenged = Challenged + other.Challenged,
        Verified = Verified + other.Verified,
        PartnersLost = PartnersLost + other.PartnersLost,
        VersionBumps = other.VersionBumps.IsEmpty ? VersionBumps : VersionBumps.AddRange(other.VersionBumps),
    };
}
