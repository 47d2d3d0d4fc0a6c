using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>What a name server has counted since it was made.</summary>
public record struct NameServerStatistics
{
    private long _datagrams;
    private long _unreadable;
    private long _ignored;
    private long _registrations;
    private long _refreshes;
    private long _releases;
    private long _queries;
    private long _queriesFound;
    private long _refused;
    private long _limited;
    private long _challenges;
    private long _swallowed;
    private long _demands;
    private long _burstAnswers;
    private long _expired;
    private long _answers;
    private long _dropped;

    /// <summary>Datagrams that came in.</summary>
    public long Datagrams { readonly get => _datagrams; internal set => _datagrams = value; }

    /// <summary>Datagrams that could not be read, or are no NBNS request or response.</summary>
    public long Unreadable { readonly get => _unreadable; internal set => _unreadable = value; }

    /// <summary>Datagrams that are no business of a name server: broadcasts, node status, responses nobody waits for.</summary>
    public long Ignored { readonly get => _ignored; internal set => _ignored = value; }

    /// <summary>Registration requests, multi-homed ones and overwrites included.</summary>
    public long Registrations { readonly get => _registrations; internal set => _registrations = value; }

    /// <summary>Refresh requests.</summary>
    public long Refreshes { readonly get => _refreshes; internal set => _refreshes = value; }

    /// <summary>Release requests.</summary>
    public long Releases { readonly get => _releases; internal set => _releases = value; }

    /// <summary>Query requests.</summary>
    public long Queries { readonly get => _queries; internal set => _queries = value; }

    /// <summary>Queries answered POSITIVE.</summary>
    public long QueriesFound { readonly get => _queriesFound; internal set => _queriesFound = value; }

    /// <summary>Claims answered NEGATIVE.</summary>
    public long Refused { readonly get => _refused; internal set => _refused = value; }

    /// <summary>Claims refused because their source has had its share, or the server is full.</summary>
    public long Limited { readonly get => _limited; internal set => _limited = value; }

    /// <summary>Owners challenged.</summary>
    public long Challenges { readonly get => _challenges; internal set => _challenges = value; }

    /// <summary>Claims swallowed because the same one of the same claimant is waiting for an owner's answer.</summary>
    public long Swallowed { readonly get => _swallowed; internal set => _swallowed = value; }

    /// <summary>Release and conflict demands sent, repeats not counted.</summary>
    public long Demands { readonly get => _demands; internal set => _demands = value; }

    /// <summary>Registrations and refreshes answered unseen by burst handling.</summary>
    public long BurstAnswers { readonly get => _burstAnswers; internal set => _burstAnswers = value; }

    /// <summary>Names that became released, tombstones or were deleted because their time ran out.</summary>
    public long Expired { readonly get => _expired; internal set => _expired = value; }

    /// <summary>Datagrams written, of whatever kind.</summary>
    public long Answers { readonly get => _answers; internal set => _answers = value; }

    /// <summary>Requests and answers lost to a full queue or table.</summary>
    public long Dropped { readonly get => _dropped; internal set => _dropped = value; }

    /// <summary>Carries all of them; a fingerprint has none.</summary>
    internal static void Carry(StateCodec codec, ref NameServerStatistics counters)
    {
        codec.CarryTally(ref counters._datagrams);
        codec.CarryTally(ref counters._unreadable);
        codec.CarryTally(ref counters._ignored);
        codec.CarryTally(ref counters._registrations);
        codec.CarryTally(ref counters._refreshes);
        codec.CarryTally(ref counters._releases);
        codec.CarryTally(ref counters._queries);
        codec.CarryTally(ref counters._queriesFound);
        codec.CarryTally(ref counters._refused);
        codec.CarryTally(ref counters._limited);
        codec.CarryTally(ref counters._challenges);
        codec.CarryTally(ref counters._swallowed);
        codec.CarryTally(ref counters._demands);
        codec.CarryTally(ref counters._burstAnswers);
        codec.CarryTally(ref counters._expired);
        codec.CarryTally(ref counters._answers);
        codec.CarryTally(ref counters._dropped);
    }
}
