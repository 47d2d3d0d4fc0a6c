using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// What name servers of an era or a vendor do differently, as data. Every setting says where it is documented, where it was only observed on
/// the wire, and where it is this library's inference. Change one by <c>with</c>.
/// </summary>
public sealed partial record NameServerDialect
{
    /// <summary>Its name on a command line and in a scenario: <c>w2k</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in a sentence: <c>WINS, Windows 2000</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Who asks the owner of a unique name that is claimed with another address. RFC 1002 §5.1.4; WINS: Q173519.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4")]
    [Reading(RuleBasis.Documented, "Q173519", In = "nt3.5 nt4 w2k")]
    public OwnershipCheck OwnershipCheck { get; init; } = OwnershipCheck.ByServer;

    /// <summary>
    /// Whether a claim for an address that the name has already is a conflict like any other: the letter of RFC 1002 §5.1.4.1, which asks only whether the name
    /// exists. Off, the owner's own claim is granted as its refresh would be (inference; WINS: cc959221): asked, it would only be asked about itself.
    /// </summary>
    [Reading(RuleBasis.Inferred, "the owner would only be asked about itself")]
    [Reading(RuleBasis.Documented, "cc959221", Value = "false", In = "nt3.5 nt4 w2k")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4.1", Value = "true")]
    public bool ChallengesSameAddress { get; init; }

    /// <summary>What becomes of overwrite requests. RFC 1002 §5.1.4; WINS taking them for registrations is observed with Samba, which sends registrations with RD clear.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4")]
    [Reading(RuleBasis.Observed, "Samba sends registrations with RD clear", Value = "asRegistration")]
    public OverwritePolicy Overwrites { get; init; } = OverwritePolicy.AsRegistration;

    /// <summary>Whether the claimant is sent one WACK while the owner is asked (RFC 1002 §5.1.4: optional; WINS: Q139608's trace).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4: optional")]
    [Reading(RuleBasis.Documented, "Q139608", In = "nt3.5 nt4 w2k")]
    public bool SendsWack { get; init; } = true;

    /// <summary>How often an address of the owner is asked, 1 to 16. RFC 1002 §6 UCAST_REQ_RETRY_COUNT 3; WINS: 3, later <c>ChlMaxNoOfRetries</c> (Q173519).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6; Q173519")]
    public int ChallengeTries { get; init => field = Tries(value); } = 3;

    /// <summary>How long the first answer is waited for. RFC 1002 §6 UCAST_REQ_RETRY_TIMEOUT 5 s; WINS: 500 ms, later <c>InitChlRetryInterval</c> (Q173519).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Documented, "Q173519", Value = "500ms")]
    public TimeSpan ChallengeInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether each further try waits twice as long (Q173519, from NT 4 on).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Documented, "Q173519", In = "nt3.5 nt4 w2k")]
    public bool ChallengeIntervalDoubles { get; init; }

    /// <summary>
    /// Whether the query that challenges an owner has RD set. Clear, it asks a node for what it holds itself (inference from RFC 1002 §4.2.1.1, where RD
    /// is for requests to a name server); Samba 4 as a name server sets it, its nmbd does not (both observed).
    /// </summary>
    [Reading(RuleBasis.Inferred, "by RFC 1002 §4.2.1.1 RD is for requests to a name server")]
    [Reading(RuleBasis.Observed, "Samba 4 as a name server", Value = "true")]
    public bool ChallengeSetsRecursionDesired { get; init; }

    /// <summary>
    /// Whether a challenged owner whose answer lists the claimed address gets it as a further address of a multi-homed name (observed with Windows Server 2003,
    /// through Samba) or keeps others out by any positive answer (RFC 1002 §5.1.4).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4")]
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba", Value = "true")]
    public bool MergesOwnersAddresses { get; init; } = true;

    /// <summary>What a positive answer to a challenge is worth that comes from another address than the one asked; see <see cref="NameServers.AnswerSource"/>.</summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §13.2.1")]
    [Reading(RuleBasis.Documented, "RFC 1122 §3.3.4.2, RFC 1002 §5.1.4.1", Value = "ownersAddresses")]
    public AnswerSource AnswerSource { get; init; } = AnswerSource.OwnersAddresses;

    /// <summary>
    /// Whether an owner that gets a further address for its name loses those that its answer does not list (inference: it says which addresses it has), or
    /// keeps them until they lapse.
    /// </summary>
    [Reading(RuleBasis.Inferred, "the owner's answer says which addresses it has")]
    public bool MergeDropsUnlisted { get; init; } = true;

    /// <summary>
    /// Whether a multi-homed claim that is granted because the owner was silent or denied the name adds its address to those that the name has: the letter of
    /// MS-NBTE §3.2.5.3, "instead of removing an address when one is already stored". Off, it takes their place, as a plain claim does: nobody is left at
    /// the addresses that were asked (inference; so does Samba, observed).
    /// </summary>
    [Reading(RuleBasis.Inferred, "nobody is left at the addresses that were asked; so does Samba (observed)")]
    [Reading(RuleBasis.Documented, "MS-NBTE §3.2.5.3", Value = "true")]
    public bool MultihomedClaimsAppend { get; init; }

    /// <summary>
    /// How long a node can have the server wait for its answer to a challenge, whatever its WACKs say and however many it sends: a claimant must be answered
    /// in the end (inference: RFC 1002 §4.2.16 sets no limit).
    /// </summary>
    [Reading(RuleBasis.Inferred, "RFC 1002 §4.2.16 sets no limit, and a claimant must be answered in the end")]
    public TimeSpan MaxWackWait { get; init => field = Positive(value); } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a name that one node owns can be claimed only for an address that a host can have: FMT_ERR otherwise (inference: no document says what WINS
    /// does; Samba's servers take any). The name's challenges would go there: to a whole network, or back to this server's host.
    /// </summary>
    [Reading(RuleBasis.Inferred, "RFC 1122 §3.2.1.3 has such addresses; no text says what WINS does")]
    [Reading(RuleBasis.Observed, "Samba's servers", Value = "false")]
    public bool ChecksClaimedAddress { get; init; } = true;

    /// <summary>
    /// How long a name can be, in octets on the wire, before it is refused: 255 (RFC 1002 §4.1), or with a scope of up to 237 characters, 272 (Windows
    /// Server 2008; observed through Samba).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.1")]
    [Reading(RuleBasis.Observed, "Windows Server 2008, through Samba", Value = "272")]
    public int MaxNameOctets { get; init => field = Between(value, NbnsHeader.PlainNameLength, 272); } = 272;

    /// <summary>
    /// Whether a refusal because another node owns the name (ACT_ERR) carries that owner's NB_FLAGS and NB_ADDRESS (RFC 1002 §4.2.6), or those of the claim
    /// (observed with Samba's servers; no client is known that needs it). Of a group whose members are kept no address is told: 0.0.0.0 (RFC 1001
    /// §15.1.3.4: "will never return an IP address (in response to a NAME REGISTRATION REQUEST) when a group name exists").
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.6")]
    [Reading(RuleBasis.Observed, "Samba's servers", Value = "false")]
    public bool RefusalsCarryOwner { get; init; } = true;

    /// <summary>
    /// Whether a refused release is answered with the owner's NB_FLAGS and NB_ADDRESS (RFC 1002 §4.2.1.3: "the IP address of the name's owner") or with the
    /// request's (RFC 1001 §15.4.2: a release response has the "IP address of the releasing node"). The texts disagree.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.4.2")]
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.1.3", Value = "true")]
    public bool ReleaseRefusalsCarryOwner { get; init; }

    /// <summary>
    /// Whether a refresh of an unknown name registers it: so a server that comes back empty is rebuilt (RFC 1001 §15.5.1 b and c; RFC 1002 §5.1.4.1 refuses
    /// only a "node not allowed to have name"; WINS: observed with Samba's servers). Where it does not, the refresh is refused with RFS_ERR, and a restart
    /// puts every name in conflict.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.5.1")]
    [Reading(RuleBasis.Observed, "Samba's servers", Value = "true", In = "nt3.5 nt4 w2k")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4.1", Value = "false")]
    public bool RefreshRegisters { get; init; } = true;

    /// <summary>
    /// Whether a refresh with another address than the record's is treated as a registration, owner challenge included (WINS: observed with Samba),
    /// or refused at once as not entitled (RFC 1002 §5.1.4).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4")]
    [Reading(RuleBasis.Observed, "Samba's servers", Value = "true")]
    public bool RefreshChallenges { get; init; } = true;

    /// <summary>What a node is sent beside the refusal of its refresh (RFC 1001 §15.5.3 leaves the choice; none in WINS is inference).</summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.5.3 leaves the choice")]
    [Reading(RuleBasis.Inferred, "no text says that WINS sends one", Value = "none", In = "nt3.5 nt4 w2k")]
    public NodeDemand RefusedRefreshDemand { get; init; }

    /// <summary>
    /// How many addresses a name has at most, 1 to 1024; one more takes the oldest one's place (MS-NBTE §3.2.1, §3.2.5.1: at least 25). The RFC's groups have
    /// any number of members (RFC 1001 §15.1.3.4); what does not fit in an answer is told by TC (§15.3.2).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.3.4 has no bound")]
    [Reading(RuleBasis.Documented, "MS-NBTE §3.2.1, §3.2.5.1", Value = "25")]
    public int MaxAddresses { get; init => field = Between(value, 1, NameRecord.MaxAddresses); } = 25;

    /// <summary>
    /// Whether a member of another server leaves a full Internet group before this server's oldest one (Windows' documentation of WINS, not re-read), or the
    /// oldest address goes whoever registered it (MS-NBTE §3.2.5.1: "MUST remove the oldest stored address").
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-NBTE §3.2.5.1")]
    [Reading(RuleBasis.Documented, "Windows' documentation of WINS, not re-read", Value = "true")]
    public bool ReplicasLeaveFirst { get; init; }

    /// <summary>Whether the answer for an Internet group lists the members that registered with this server before those of others, each in the order of their registration (Q167365).</summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.3.4 has no order")]
    [Reading(RuleBasis.Documented, "Q167365", Value = "true")]
    public bool OwnMembersLead { get; init; } = true;

    /// <summary>What is kept of normal groups. RFC 1001 §15.1.3.4, RFC 1002 §5.1.4, Q130232.</summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.3.4")]
    [Reading(RuleBasis.Documented, "Q130232", Value = "limitedBroadcast")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4", Value = "lastMember")]
    public GroupStorage Groups { get; init; } = GroupStorage.LimitedBroadcast;

    /// <summary>Whether a normal group is answered even after its release (observed with Samba, which follows Windows Server 2003).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4.1")]
    [Reading(RuleBasis.Observed, "Samba, which follows Windows Server 2003", Value = "true")]
    public bool AnswersReleasedGroups { get; init; } = true;

    /// <summary>Whether groups with suffix <c>&lt;1C&gt;</c> keep their members and answer with them (MS-NBTE appendix A, Q137423).</summary>
    [Reading(RuleBasis.Documented, "the RFC knows no suffixes")]
    [Reading(RuleBasis.Documented, "MS-NBTE appendix A, Q137423", Value = "true")]
    public bool KeepsDomainControllers { get; init; } = true;

    /// <summary>Whether the owner of a domain's <c>&lt;1B&gt;</c> leads the answer to <c>&lt;1C&gt;</c> (MS-NBTE appendix A).</summary>
    [Reading(RuleBasis.Documented, "the RFC knows no suffixes")]
    [Reading(RuleBasis.Documented, "MS-NBTE appendix A", Value = "true")]
    public bool DomainMasterLeads { get; init; } = true;

    /// <summary>Whether <c>&lt;1D&gt;</c> is answered POSITIVE when registered, never stored, and NEGATIVE when queried (MS-NBTE appendix A).</summary>
    [Reading(RuleBasis.Documented, "the RFC knows no suffixes")]
    [Reading(RuleBasis.Documented, "MS-NBTE appendix A", Value = "true")]
    public bool IgnoresMasterBrowsers { get; init; } = true;

    /// <summary>Whether <c>&lt;1B&gt;</c> as a group and <c>&lt;1C&gt;</c> or <c>&lt;1E&gt;</c> as a unique name are refused with RFS_ERR (Windows Server 2003, observed through Samba).</summary>
    [Reading(RuleBasis.Documented, "the RFC knows no suffixes")]
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba", Value = "true")]
    public bool ChecksSuffixes { get; init; } = true;

    /// <summary>Whether answers carry ONT, the owner's node type. WINS neither stores nor returns it (Q189101); Samba's servers do (observed).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.13")]
    [Reading(RuleBasis.Documented, "Q189101", Value = "false")]
    public bool ReportsNodeType { get; init; }

    /// <summary>Whether a query's answer says how long the registration still holds (RFC 1002 §4.2.13) or 0 (observed with Samba; for WINS inference).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.13")]
    [Reading(RuleBasis.Inferred, "Samba answers 0 (observed); that WINS does is inferred", Value = "false")]
    public bool ReportsTimeToLive { get; init; }

    /// <summary>
    /// Whether a node gets the time to live that it asks for (RFC 1002 §5.1.4), 0 meaning for ever (§6 INFINITE_TTL), or the server's renewal interval
    /// whatever it asks for (WINS, Q153713).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4")]
    [Reading(RuleBasis.Documented, "Q153713", Value = "false")]
    public bool GrantsRequestedTime { get; init; }

    /// <summary>How long a registration holds without refresh, where the server decides (Q142305, Q154414, MS-WINSRA §2.2.10.1 &lt;9&gt;).</summary>
    [Reading(RuleBasis.Documented, "Q142305, Q154414, MS-WINSRA §2.2.10.1 <9>")]
    [Reading(RuleBasis.Documented, "Q142305, Q132740", In = "nt3.5")]
    [Reading(RuleBasis.Documented, "Q154414", In = "nt4")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §2.2.10.1 <9>", In = "w2k")]
    [Reading(RuleBasis.Inferred, "by the RFC the node decides; it matters for a name that is kept when its time has run out", In = "rfc1002 rfc1002-secured")]
    public TimeSpan RenewalInterval { get; init => field = Positive(value); } = TimeSpan.FromDays(6);

    /// <summary>Whether names that were released or not refreshed stay as released records and then tombstones (WINS) or are deleted (RFC 1002 §5.1.4).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4")]
    [Reading(RuleBasis.Documented, "cc959221", Value = "true")]
    public bool KeepsReleasedNames { get; init; } = true;

    /// <summary>How long a released record stays before it becomes a tombstone.</summary>
    [Reading(RuleBasis.Documented, "Q142305, Q154414, MS-WINSRA §2.2.10.1 <9>")]
    [Reading(RuleBasis.Documented, "Q142305, Q132740", In = "nt3.5")]
    [Reading(RuleBasis.Documented, "Q154414", In = "nt4")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §2.2.10.1 <9>", In = "w2k")]
    [Reading(RuleBasis.Inferred, "the RFC keeps no released names", In = "rfc1002 rfc1002-secured")]
    public TimeSpan ExtinctionInterval { get; init => field = Positive(value); } = TimeSpan.FromDays(4);

    /// <summary>How long a tombstone stays before it is deleted.</summary>
    [Reading(RuleBasis.Documented, "Q142305, Q154414, MS-WINSRA §2.2.10.1 <9>")]
    [Reading(RuleBasis.Documented, "Q142305, Q132740", In = "nt3.5")]
    [Reading(RuleBasis.Documented, "Q154414", In = "nt4")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §2.2.10.1 <9>", In = "w2k")]
    [Reading(RuleBasis.Inferred, "the RFC keeps no released names", In = "rfc1002 rfc1002-secured")]
    public TimeSpan ExtinctionTimeout { get; init => field = Positive(value); } = TimeSpan.FromDays(6);

    /// <summary>After how long a replica is checked against its owner (MS-WINSRA §3.1.6): 576 h in every era (Q142305, Q154414).</summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.1.6, Q142305, Q154414")]
    public TimeSpan VerifyInterval { get; init => field = Positive(value); } = TimeSpan.FromHours(576);

    /// <summary>
    /// How many times the granted time to live a name holds without a refresh, 1 to 16. The RFCs want "a multiple" (RFC 1002 §5.1.4.2, RFC 1001 §15.1.7(5)),
    /// though RFC 1001 §15.1.3.2 says "before the lifetime expires"; nodes refresh when the time to live has passed, so 1 would lose every name. WINS'
    /// renewal interval is the whole lifetime: 1.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4.2, RFC 1001 §15.1.7(5)")]
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.3.2", Value = "1", In = "rfc1002 rfc1002-secured")]
    [Reading(RuleBasis.Documented, "Q153713: the renewal interval is the whole lifetime", Value = "1", In = "nt3.5 nt4 w2k")]
    public int LifetimeMultiple { get; init => field = Tries(value); } = 1;

    /// <summary>
    /// Whether the owner of a unique name whose time has run out is asked before the name goes (RFC 1001 §15.1.7(5): "a well-behaved NBNS would"; RFC 1002
    /// §5.1.4.2: optional). One that answers keeps it for another <see cref="RenewalInterval"/> (inference). Members of groups are never asked
    /// (RFC 1002 §5.1.4.1); no document says that WINS asks.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.7(5), RFC 1002 §5.1.4.2: optional")]
    [Reading(RuleBasis.Inferred, "no text says that WINS asks", Value = "false", In = "nt3.5 nt4 w2k")]
    public bool AsksBeforeRemoval { get; init; }

    /// <summary>
    /// How far apart the runs are in which records age, the first of them as long after the service's start; null where each record ages at its own time.
    /// In NT 3.51 it is half a renewal interval: a service that is stopped every day never comes to it, and its records stay active past their time (Q138272).
    /// </summary>
    [Reading(RuleBasis.Inferred, "each record ages at its own time")]
    [Reading(RuleBasis.Documented, "Q138272, of Windows NT 3.51", Value = "2d")]
    public TimeSpan? ScavengingInterval { get; init => field = value is { } interval ? Positive(interval) : null; }

    /// <summary>What becomes of a release that does not fit the record: another type, another address.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4.1, RFC 1001 §15.1.7(8)")]
    [Reading(RuleBasis.Documented, "Q123171", Value = "ignore")]
    [Reading(RuleBasis.Documented, "RFC 1001 §15.3.2", Value = "verify")]
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.11, §5.1.4.1", Value = "refuse")]
    public ForeignReleasePolicy ForeignReleases { get; init; }

    /// <summary>What becomes of a record that another server owns when its node releases the name here (TechNet cc959256).</summary>
    [Reading(RuleBasis.Documented, "cc959256")]
    public ReplicaReleasePolicy ReplicaReleases { get; init; } = ReplicaReleasePolicy.Extinct;

    /// <summary>What a group claim does to a static unique record.</summary>
    [Reading(RuleBasis.Documented, "cc959221")]
    [Reading(RuleBasis.Documented, "Q161432", Value = "groupOfBoth")]
    [Reading(RuleBasis.Documented, "Q166502", Value = "moveRecord")]
    public StaticGroupClaimPolicy StaticGroupClaims { get; init; }

    /// <summary>
    /// Whether a release must also come from an address of the name. WINS: event 4250 tells of "the same address as the requestor" (Q123171, NT 3.5), and so it is
    /// observed with Samba; a secured RFC server "may choose to disallow a node from deleting a name" (RFC 1002 §5.1.4.1).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.4.1")]
    [Reading(RuleBasis.Documented, "Q123171, of event 4250", In = "nt3.5 nt4 w2k")]
    public bool ReleaseChecksSource { get; init; } = true;

    /// <summary>How often a release demand is sent while no response comes, 1 to 16: 3 (RFC 1002 §6; observed with Windows Server 2003, through Samba).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba", Value = "3", In = "nt3.5 nt4 w2k")]
    public int ReleaseDemandTries { get; init => field = Tries(value); } = 3;

    /// <summary>How long the response to a release demand is waited for: 5 s (RFC 1002 §6); 500 ms (observed with Windows Server 2003, through Samba).</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §6")]
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba", Value = "500ms")]
    public TimeSpan ReleaseDemandInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How many requests must wait before registrations and refreshes are answered unseen with a short time to live: 500 by default, 50 to 5,000
    /// (burst handling, Q154410, cc758322; NT 4 SP4 and later). 0 switches it off. It matters only where a server has a rate
    /// (<see cref="NameServerOptions.RequestsPerSecond"/>).
    /// </summary>
    [Reading(RuleBasis.Documented, "Q154410, cc758322")]
    public int BurstThreshold { get; init => field = NotNegative(value); }

    /// <summary>How many requests may wait before more are dropped: 25,000 (cc758322; for servers without burst handling inference).</summary>
    [Reading(RuleBasis.Documented, "cc758322")]
    [Reading(RuleBasis.Inferred, "cc758322 speaks of servers with burst handling", In = "rfc1002 rfc1002-secured nt3.5")]
    public int MaxWaitingRequests { get; init => field = NotNegative(value); } = 25_000;

    /// <summary>What the dialect is called.</summary>
    public override string ToString() => Title;

    private static int Tries(int value) => value is >= 1 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 1 to 16 tries.");

    private static int Between(int value, int least, int most) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected {least} to {most}.");

    private static int NotNegative(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
