using NbnsSim.Rules;

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
        RefreshDivisor = 2,
        FirstRefreshDivisor = 2,
        MinimumRefreshInterval = TimeSpan.FromMinutes(5),
    };

    /// <summary>BCAST_REQ_RETRY_COUNT 3 (RFC 1002 §6); <c>BcastNameQueryCount</c>, 3, 1 to 0xFFFF: how often a broadcast is sent.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6; Q120642")]
    public int BroadcastRetryCount { get; init => field = Count(value, 1); } = 3;

    /// <summary>BCAST_REQ_RETRY_TIMEOUT 250 ms (RFC 1002 §6); <c>BcastQueryTimeout</c>, 750 ms, at least 100: the gap between broadcasts.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Documented, "Q120642", Value = "750ms")]
    public TimeSpan BroadcastRetryTimeout { get; init => field = Duration(value); } = TimeSpan.FromMilliseconds(250);

    /// <summary>UCAST_REQ_RETRY_COUNT 3 (RFC 1002 §6); <c>NameSrvQueryCount</c>, 3, 0 to 0xFFFF: how often a name server or a node is asked.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6; Q120642")]
    public int NameServerRetryCount { get; init => field = Count(value, 0); } = 3;

    /// <summary>UCAST_REQ_RETRY_TIMEOUT 5 s (RFC 1002 §6); <c>NameSrvQueryTimeout</c>, 1500 ms, at least 100 (MS-NBTE §3.1.2: 1.5 s): the gap between them.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Documented, "Q120642, MS-NBTE §3.1.2", Value = "1500ms")]
    public TimeSpan NameServerRetryTimeout { get; init => field = Duration(value); } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// CONFLICT_TIMER 1 s, "may be longer" (RFC 1002 §6): how long further answers to a broadcast query are watched, and how long a broadcast claim can be objected to
    /// (RFC 1001 §15.2.1). Windows' value is not known; inferred to be the same.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Inferred, "Windows' value is not known", In = "nt3.5 nt3.51 nt4 w2k w10 w11 ws2025")]
    public TimeSpan ConflictTimeout { get; init => field = Duration(value); } = TimeSpan.FromSeconds(1);

    /// <summary><c>CacheTimeout</c>, 600,000 ms, at least 60,000: how long a resolved name is remembered. The RFC has no value.</summary>
    [Reading(RuleBasis.Documented, "Q120642")]
    [Reading(RuleBasis.Inferred, "the RFC has no value", In = "rfc1002")]
    public TimeSpan CacheTimeout { get; init => field = Duration(value); } = TimeSpan.FromMinutes(10);

    /// <summary>What is added to <see cref="CacheTimeout"/>: 60 s in Windows NT 4.0, whose new entries show 660; corrected in Windows 2000 (Q236901).</summary>
    [Reading(RuleBasis.Documented, "Q236901")]
    public TimeSpan CacheTimeoutSurplus { get; init => field = DurationOrNone(value); }

    /// <summary>
    /// How long a node with several name servers waits after a negative answer of one, for nothing, before it goes on: 1500 ms after each in NT 4.0 before
    /// Service Pack 5 (Q219357); none elsewhere.
    /// </summary>
    [Reading(RuleBasis.Documented, "Q219357")]
    public TimeSpan NegativeAnswerPause { get; init => field = DurationOrNone(value); }

    /// <summary>
    /// How long a system in learning mode waits for mDNS and LLMNR before it looks for a name by NetBIOS: 820 ms, what an LLMNR query that nobody answers takes in
    /// Windows 8 and later (a retry after 410 ms, a wait of 410 ms: MS-LLMNRP, product behaviour of §3.1.2). That NetBIOS waits just so long is inferred. Other systems have no such wait.
    /// </summary>
    [Reading(RuleBasis.Inferred, "MS-LLMNRP §3.1.2: a retry after 410 ms, a wait of 410 ms; that NetBIOS waits so long is inferred")]
    public TimeSpan LearningModeWait { get; init => field = DurationOrNone(value); } = TimeSpan.FromMilliseconds(820);

    /// <summary><c>InitialRefreshT.O.</c>, 960,000 ms, at least that: the name server is tried every eighth of it until it says the real interval.</summary>
    [Reading(RuleBasis.Documented, "Q120642")]
    [Reading(RuleBasis.Inferred, "the RFC has no value", In = "rfc1002")]
    public TimeSpan InitialRefreshTimeout { get; init => field = Duration(value); } = TimeSpan.FromSeconds(960);

    /// <summary>
    /// The part of the granted time to live after which a name is refreshed: 1, when it has run out, for it is "the actual refresh timeout that the end node
    /// must use" (RFC 1001 §15.5.1, RFC 1002 §5.1.2.6); 2, half of it, in Windows (Q153713, Q164308), though MS-NBTE §3.1.2 has the RFC's period too.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.5.1, RFC 1002 §5.1.2.6")]
    [Reading(RuleBasis.Documented, "Q153713, Q164308", Value = "2")]
    [Reading(RuleBasis.Documented, "Q154409", Value = "8")]
    public int RefreshDivisor { get; init => field = Count(value, 1); } = 1;

    /// <summary>
    /// The same for the first refresh after a registration: 8 in Windows NT 3.5 and 3.51 ("initially at one-eighth", Q153713), else as later ones. The articles
    /// disagree: Q154409 has an eighth of <see cref="InitialRefreshTimeout"/> first and an eighth of the granted time later, Q164308 (3.51 and 4.0, corrected) half of it.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.5.1, RFC 1002 §5.1.2.6")]
    [Reading(RuleBasis.Documented, "Q164308", Value = "2")]
    [Reading(RuleBasis.Documented, "Q153713", Value = "8")]
    public int FirstRefreshDivisor { get; init => field = Count(value, 1); } = 1;

    /// <summary>
    /// When the first refresh after a registration comes, whatever was granted: after an eighth of <c>InitialRefreshT.O.</c>, 2 minutes, as Q154409 has it (3.5, 3.51 and 4.0;
    /// later ones at an eighth of the granted time, <see cref="RefreshDivisor"/> 8). Zero, as in every preset, for the part of the granted time that <see cref="FirstRefreshDivisor"/> says.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.5.1; Q153713, Q164308")]
    [Reading(RuleBasis.Documented, "Q154409", Value = "2min")]
    public TimeSpan FirstRefreshInterval { get; init => field = DurationOrNone(value); }

    /// <summary>
    /// The shortest time between two refreshes, however short the granted time to live: none in the RFC, where a node may set one (RFC 1001 §15.1.3.2); 5 minutes in
    /// Windows (MS-NBTE §3.1.4.1), which so lets a name lapse at a server that grants less.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.3.2")]
    [Reading(RuleBasis.Documented, "MS-NBTE §3.1.4.1", Value = "5min")]
    public TimeSpan MinimumRefreshInterval { get; init => field = DurationOrNone(value); }

    /// <summary>
    /// How often a host with several adapters refreshes a name on all of them as long as it could not be registered on one: 10 minutes in Windows NT 3.51, and in 4.0
    /// before a service pack (Q164308). Zero is the corrected way: only the adapter that failed tries again; how soon, the article does not say, and it is taken to be
    /// an eighth of <see cref="InitialRefreshTimeout"/> as for any name that waits for its name server (inferred).
    /// </summary>
    [Reading(RuleBasis.Documented, "Q164308")]
    public TimeSpan UnregisteredRefreshInterval { get; init => field = DurationOrNone(value); }

    /// <summary><c>WinsDownTimeout</c>, 15,000 ms, at least 1,000: how long name servers that did not answer are left alone; zero for not at all, as in the RFC.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.2 has none")]
    [Reading(RuleBasis.Documented, "Q120642", Value = "15s")]
    public TimeSpan NameServerDownTimeout { get; init => field = DurationOrNone(value); }

    /// <summary>How often a node that turned to its secondary name server tries the primary again: every 10 minutes (Q247559).</summary>
    [Reading(RuleBasis.Documented, "Q247559")]
    public TimeSpan SwitchBackInterval { get; init => field = Duration(value); } = TimeSpan.FromMinutes(10);

    /// <summary>How many times it tries that: for 60 minutes, so 6; after that with the refreshes, at half of the granted time (Q247559).</summary>
    [Reading(RuleBasis.Documented, "Q247559")]
    public int SwitchBackCount { get; init => field = Count(value, 0); } = 6;

    /// <summary>The longest wait that a WACK can ask for; the RFC has no bound (§4.2.16), so this one is ours: a hostile answer must not stop a node for years.</summary>
    [Reading(RuleBasis.Inferred, "RFC 1002 §4.2.16 has no bound")]
    public TimeSpan MaximumWait { get; init => field = Duration(value); } = TimeSpan.FromMinutes(5);

    private static int Count(int value, int minimum) => value >= minimum && value <= 0xFFFF
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"A count lies between {minimum} and 65535.");

    private static TimeSpan DurationOrNone(TimeSpan value) => value == TimeSpan.Zero ? value : Duration(value);

    private static TimeSpan Duration(TimeSpan value) => value > TimeSpan.Zero && value <= LongestDuration
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A duration is positive and at most 365 days.");
}
