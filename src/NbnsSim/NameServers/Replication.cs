using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>How far a server knows the records of an owner: an entry of the owner-version map (MS-WINSRA §2.2.2).</summary>
/// <param name="Owner">The server that owns the records.</param>
/// <param name="Version">The highest version that is known of them.</param>
public readonly record struct OwnerVersion(Ipv4Address Owner, ulong Version);

/// <summary>Records on their way from one server to another: immutable, so that it can be carried, delayed and copied.</summary>
/// <param name="Sender">The server that hands them on; it need not own them.</param>
/// <param name="Records">The records, by owner and version.</param>
public sealed record ReplicationBatch(Ipv4Address Sender, ImmutableArray<NameRecord> Records);

/// <summary>What became of a <see cref="ReplicationBatch"/>.</summary>
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
    /// tombstone. Whoever drives the servers has them pull then; here nobody does by itself.
    /// </summary>
    public bool NotifiesPartners { get; init; }

    /// <summary>Internet groups whose members were put together.</summary>
    public int Merged { get; init; }

    /// <summary>Records that wait for the answer of an owner who is being challenged.</summary>
    public int Challenged { get; init; }

    /// <summary>Records that were checked with their owner because the verify interval had run out.</summary>
    public int Verified { get; init; }

    /// <summary>The names whose records the sender is asked to give a new version (NT 3.5's rule; see <see cref="NameServer.BumpVersion"/>).</summary>
    public ImmutableArray<NetBiosName> VersionBumps { get; init; } = [];
}
