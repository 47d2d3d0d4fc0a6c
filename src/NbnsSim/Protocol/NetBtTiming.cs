namespace NbnsSim.Protocol;

/// <summary>
/// The counts and durations of RFC 1002 §6 under which a node works, and Windows' additions. The registry values are those below
/// <c>HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters</c> (Q120642, Q314053).
/// </summary>
/// <remarks>
/// Microsoft documents its counts and timeouts for queries. That registrations and releases use the same ones is observed:
/// Windows XP and 7 broadcast a registration three times 750 ms apart and send it to a name server 1.5 s apart.
/// </remarks>
public sealed record NetBtTiming
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(365);

    /// <summary>The values of RFC 1002 §6, with Microsoft's where the RFC has none.</summary>
    public static NetBtTiming Rfc1002 { get; } = new();

    /// <summary>The defaults of Windows NT and 2000.</summary>
    public static NetBtTiming Windows { get; } = new()
    {
        BroadcastRetryTimeout = TimeSpan.FromMilliseconds(750),
        NameServerRetryTimeout = TimeSpan.FromMilliseconds(1500),
        NameServerDownTimeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>BCAST_REQ_RETRY_COUNT 3 (RFC 1002 §6); <c>BcastNameQueryCount</c>, 3, 1 to 0xFFFF: how often a broadcast is sent.</summary>
    public int BroadcastRetryCount { get; init => field = Count(value, 1); } = 3;

    /// <summary>BCAST_REQ_RETRY_TIMEOUT 250 ms (RFC 1002 §6); <c>BcastQueryTimeout</c>, 750 ms, at least 100: the gap between broadcasts.</summary>
    public TimeSpan BroadcastRetryTimeout { get; init => field = Duration(value); } = TimeSpan.FromMilliseconds(250);

    /// <summary>UCAST_REQ_RETRY_COUNT 3 (RFC 1002 §6); <c>NameSrvQueryCount</c>, 3, 0 to 0xFFFF: how often a name server or a node is asked.</summary>
    public int NameServerRetryCount { get; init => field = Count(value, 0); } = 3;

    /// <summary>UCAST_REQ_RETRY_TIMEOUT 5 s (RFC 1002 §6); <c>NameSrvQueryTimeout</c>, 1500 ms, at least 100 (MS-NBTE §3.1.2: 1.5 s): the gap between them.</summary>
    public TimeSpan NameServerRetryTimeout { get; init => field = Duration(value); } = TimeSpan.FromSeconds(5);

    /// <summary>CONFLICT_TIMER 1 s, "may be longer" (RFC 1002 §6): how long further answers to a broadcast query are watched. Windows' value is not known; inferred to be the same.</summary>
    public TimeSpan ConflictTimeout { get; init => field = Duration(value); } = TimeSpan.FromSeconds(1);

    /// <summary><c>CacheTimeout</c>, 600,000 ms, at least 60,000: how long a resolved name is remembered. The RFC has no value.</summary>
    public TimeSpan CacheTimeout { get; init => field = Duration(value); } = TimeSpan.FromMinutes(10);

    /// <summary><c>InitialRefreshT.O.</c>, 960,000 ms, at least that: the name server is tried every eighth of it until it says the real interval.</summary>
    public TimeSpan InitialRefreshTimeout { get; init => field = Duration(value); } = TimeSpan.FromSeconds(960);

    /// <summary>The shortest time between two refreshes, however short the granted time to live: 5 minutes (MS-NBTE §3.1.4.1).</summary>
    public TimeSpan MinimumRefreshInterval { get; init => field = Duration(value); } = TimeSpan.FromMinutes(5);

    /// <summary><c>WinsDownTimeout</c>, 15,000 ms, at least 1,000: how long name servers that did not answer are left alone; zero for not at all, as in the RFC.</summary>
    public TimeSpan NameServerDownTimeout { get; init => field = value == TimeSpan.Zero ? value : Duration(value); }

    /// <summary>How often a node that turned to its secondary name server tries the primary again: every 10 minutes (Q247559).</summary>
    public TimeSpan SwitchBackInterval { get; init => field = Duration(value); } = TimeSpan.FromMinutes(10);

    /// <summary>How many times it tries that: for 60 minutes, so 6 (Q247559).</summary>
    public int SwitchBackCount { get; init => field = Count(value, 0); } = 6;

    /// <summary>The longest wait that a WACK can ask for; the RFC has no bound (§4.2.16), so this one is ours: a hostile answer must not stop a node for years.</summary>
    public TimeSpan MaximumWait { get; init => field = Duration(value); } = TimeSpan.FromMinutes(5);

    private static int Count(int value, int minimum) => value >= minimum && value <= 0xFFFF
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"A count lies between {minimum} and 65535.");

    private static TimeSpan Duration(TimeSpan value) => value > TimeSpan.Zero && value <= LongestDuration
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A duration is positive and at most 365 days.");
}
