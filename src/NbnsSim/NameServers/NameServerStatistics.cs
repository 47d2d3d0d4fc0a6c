namespace NbnsSim.NameServers;

/// <summary>What a name server has counted since it was made.</summary>
public record struct NameServerStatistics
{
    /// <summary>Datagrams that came in.</summary>
    public long Datagrams { get; internal set; }

    /// <summary>Datagrams that could not be read, or are no NBNS request or response.</summary>
    public long Unreadable { get; internal set; }

    /// <summary>Datagrams that are no business of a name server: broadcasts, node status, responses nobody waits for.</summary>
    public long Ignored { get; internal set; }

    /// <summary>Registration requests, multi-homed ones and overwrites included.</summary>
    public long Registrations { get; internal set; }

    /// <summary>Refresh requests.</summary>
    public long Refreshes { get; internal set; }

    /// <summary>Release requests.</summary>
    public long Releases { get; internal set; }

    /// <summary>Query requests.</summary>
    public long Queries { get; internal set; }

    /// <summary>Queries answered POSITIVE.</summary>
    public long QueriesFound { get; internal set; }

    /// <summary>Claims answered NEGATIVE.</summary>
    public long Refused { get; internal set; }

    /// <summary>Claims refused because their source has had its share, or the server is full.</summary>
    public long Limited { get; internal set; }

    /// <summary>Owners challenged.</summary>
    public long Challenges { get; internal set; }

    /// <summary>Claims swallowed because the same one of the same claimant is waiting for an owner's answer.</summary>
    public long Swallowed { get; internal set; }

    /// <summary>Release and conflict demands sent, repeats not counted.</summary>
    public long Demands { get; internal set; }

    /// <summary>Registrations and refreshes answered unseen by burst handling.</summary>
    public long BurstAnswers { get; internal set; }

    /// <summary>Names that became released, tombstones or were deleted because their time ran out.</summary>
    public long Expired { get; internal set; }

    /// <summary>Datagrams written, of whatever kind.</summary>
    public long Answers { get; internal set; }

    /// <summary>Requests and answers lost to a full queue or table.</summary>
    public long Dropped { get; internal set; }
}
