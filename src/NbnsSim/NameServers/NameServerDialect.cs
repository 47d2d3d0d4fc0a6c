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
    public OwnershipCheck OwnershipCheck { get; init; } = OwnershipCheck.ByServer;

    /// <summary>What becomes of overwrite requests. RFC 1002 §5.1.4; WINS taking them for registrations is observed with Samba, which sends registrations with RD clear.</summary>
    public OverwritePolicy Overwrites { get; init; } = OverwritePolicy.AsRegistration;

    /// <summary>Whether the claimant is sent one WACK while the owner is asked (RFC 1002 §5.1.4: optional; WINS: Q139608's trace).</summary>
    public bool SendsWack { get; init; } = true;

    /// <summary>How often an address of the owner is asked, 1 to 16. RFC 1002 §6 UCAST_REQ_RETRY_COUNT 3; WINS: 3, later <c>ChlMaxNoOfRetries</c> (Q173519).</summary>
    public int ChallengeTries { get; init => field = Tries(value); } = 3;

    /// <summary>How long the first answer is waited for. RFC 1002 §6 UCAST_REQ_RETRY_TIMEOUT 5 s; WINS: 500 ms, later <c>InitChlRetryInterval</c> (Q173519).</summary>
    public TimeSpan ChallengeInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether each further try waits twice as long (Q173519, from NT 4 on).</summary>
    public bool ChallengeIntervalDoubles { get; init; }

    /// <summary>
    /// Whether the query that challenges an owner has RD set. Clear, it asks a node for what it holds itself (inference from RFC 1002 §4.2.1.1, where RD
    /// is for requests to a name server); Samba 4 as a name server sets it, its nmbd does not (both observed).
    /// </summary>
    public bool ChallengeSetsRecursionDesired { get; init; }

    /// <summary>
    /// Whether a challenged owner whose answer lists the claimed address gets it as a further address of a multi-homed name (observed with Windows Server 2003,
    /// through Samba) or keeps others out by any positive answer (RFC 1002 §5.1.4).
    /// </summary>
    public bool MergesOwnersAddresses { get; init; } = true;

    /// <summary>Whether a refresh of an unknown name registers it (WINS: observed with Samba's servers) or is refused (RFC 1002 §5.1.4).</summary>
    public bool RefreshRegisters { get; init; } = true;

    /// <summary>
    /// Whether a refresh with another address than the record's is treated as a registration, owner challenge included (WINS: observed with Samba),
    /// or refused at once as not entitled (RFC 1002 §5.1.4).
    /// </summary>
    public bool RefreshChallenges { get; init; } = true;

    /// <summary>What a node is sent beside the refusal of its refresh (RFC 1001 §15.5.3 leaves the choice; none in WINS is inference).</summary>
    public NodeDemand RefusedRefreshDemand { get; init; }

    /// <summary>What is kept of normal groups. RFC 1001 §15.1.3.4, RFC 1002 §5.1.4, Q130232.</summary>
    public GroupStorage Groups { get; init; } = GroupStorage.LimitedBroadcast;

    /// <summary>Whether a normal group is answered even after its release (observed with Samba, which follows Windows Server 2003).</summary>
    public bool AnswersReleasedGroups { get; init; } = true;

    /// <summary>Whether groups with suffix <c>&lt;1C&gt;</c> keep their members and answer with them (MS-NBTE appendix A, Q137423).</summary>
    public bool KeepsDomainControllers { get; init; } = true;

    /// <summary>Whether the owner of a domain's <c>&lt;1B&gt;</c> leads the answer to <c>&lt;1C&gt;</c> (MS-NBTE appendix A).</summary>
    public bool DomainMasterLeads { get; init; } = true;

    /// <summary>Whether <c>&lt;1D&gt;</c> is answered POSITIVE when registered, never stored, and NEGATIVE when queried (MS-NBTE appendix A).</summary>
    public bool IgnoresMasterBrowsers { get; init; } = true;

    /// <summary>Whether <c>&lt;1B&gt;</c> as a group and <c>&lt;1C&gt;</c> or <c>&lt;1E&gt;</c> as a unique name are refused with RFS_ERR (Windows Server 2003, observed through Samba).</summary>
    public bool ChecksSuffixes { get; init; } = true;

    /// <summary>Whether answers carry ONT, the owner's node type. WINS neither stores nor returns it (Q189101); Samba's servers do (observed).</summary>
    public bool ReportsNodeType { get; init; }

    /// <summary>Whether a query's answer says how long the registration still holds (RFC 1002 §4.2.13) or 0 (observed with Samba; for WINS inference).</summary>
    public bool ReportsTimeToLive { get; init; }

    /// <summary>
    /// Whether a node gets the time to live that it asks for (RFC 1002 §5.1.4), 0 meaning for ever (§6 INFINITE_TTL), or the server's renewal interval
    /// whatever it asks for (WINS, Q153713).
    /// </summary>
    public bool GrantsRequestedTime { get; init; }

    /// <summary>How long a registration holds without refresh, where the server decides (Q142305, Q154414, MS-WINSRA §2.2.10.1 &lt;9&gt;).</summary>
    public TimeSpan RenewalInterval { get; init => field = Positive(value); } = TimeSpan.FromDays(6);

    /// <summary>Whether names that were released or not refreshed stay as released records and then tombstones (WINS) or are deleted (RFC 1002 §5.1.4).</summary>
    public bool KeepsReleasedNames { get; init; } = true;

    /// <summary>How long a released record stays before it becomes a tombstone.</summary>
    public TimeSpan ExtinctionInterval { get; init => field = Positive(value); } = TimeSpan.FromDays(4);

    /// <summary>How long a tombstone stays before it is deleted.</summary>
    public TimeSpan ExtinctionTimeout { get; init => field = Positive(value); } = TimeSpan.FromDays(6);

    /// <summary>After how long a replica is checked against its owner (MS-WINSRA §3.1.6): 576 h in every era (Q142305, Q154414).</summary>
    public TimeSpan VerifyInterval { get; init => field = Positive(value); } = TimeSpan.FromHours(576);

    /// <summary>
    /// Whether a release that does not fit the record (type, address) is refused with ACT_ERR, as RFC 1002 §4.2.11 allows a secured server, or ignored
    /// yet answered POSITIVE (WINS: Q123171; the answer observed through Samba).
    /// </summary>
    public bool RefusesForeignReleases { get; init; }

    /// <summary>Whether a release must also come from an address of the name (observed with Samba; no document says that WINS looks at it).</summary>
    public bool ReleaseChecksSource { get; init; } = true;

    /// <summary>Who wins a replication conflict (Q136571; MS-WINSRA §3.2.5.5).</summary>
    public ReplicationConflictRule ReplicationConflicts { get; init; } = ReplicationConflictRule.ChallengeOwner;

    /// <summary>
    /// Whether the owner of an active record is told to release the name even where the replica that wins has its address: Q136571 heads its rule "Same or
    /// Different IP Address" (NT 3.5 and 3.51). MS-WINSRA §3.2.5.5 replaces such a record in silence. It matters only with
    /// <see cref="ReplicationConflictRule.ReplicaWins"/>.
    /// </summary>
    public bool ReleasesSameAddress { get; init; }

    /// <summary>
    /// Whether an active multi-homed record stays where a partner has an active unique or multi-homed one of another owner (Q136571; between two replicas
    /// Q135277 calls it a fault, corrected by an NT 3.51 service pack), or is judged as MS-WINSRA §3.2.5.5 has it. It matters only with
    /// <see cref="ReplicationConflictRule.ReplicaWins"/>.
    /// </summary>
    public bool KeepsMultihomed { get; init; }

    /// <summary>
    /// Whether a server becomes the owner, with a version of its own, of a partner's Internet group that it has put together with another partner's: NT
    /// 4.0 from SP4 on (Q168076; MS-WINSRA §3.1.1.2: an address added by replication counts the version up; so does Samba after Windows Server 2003,
    /// observed). Off, the record keeps owner and version and goes no further: NT 3.5 to 4.0 SP3 (Q140978, Q168076), and the letter of chart C4 of
    /// MS-WINSRA §3.2.5.5, which gives only an owned record a new version.
    /// </summary>
    public bool OwnsMergedGroups { get; init; } = true;

    /// <summary>
    /// Whether a partner's static <c>&lt;1C&gt;</c> takes a dynamic one's place, so that old members can be cleared out (Q199159, NT 4.0 SP4), or is put
    /// together with it: MS-WINSRA §3.2.5.5 asks only of unique names whether the new record is static.
    /// </summary>
    public bool StaticDomainsReplace { get; init; }

    /// <summary>
    /// What the node named in a rejected replica is sent. The Windows 2000 resource kit says that WINS sends it a message, and not which one; MS-WINSRA
    /// §3.2.5.5 sends it nothing: hence none unless switched on.
    /// </summary>
    public NodeDemand RejectedReplicaDemand { get; init; }

    /// <summary>How often a release demand is sent while no response comes, 1 to 16: 3 (observed with Windows Server 2003, through Samba).</summary>
    public int ReleaseDemandTries { get; init => field = Tries(value); } = 3;

    /// <summary>How long the response to a release demand is waited for: 500 ms (observed with Windows Server 2003, through Samba).</summary>
    public TimeSpan ReleaseDemandInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How many requests must wait before registrations and refreshes are answered unseen with a short time to live: 500 by default, 50 to 5,000
    /// (burst handling, Q154410, cc758322; NT 4 SP4 and later). 0 switches it off. It matters only where a server has a rate
    /// (<see cref="NameServerOptions.RequestsPerSecond"/>).
    /// </summary>
    public int BurstThreshold { get; init => field = NotNegative(value); }

    /// <summary>How many requests may wait before more are dropped: 25,000 (cc758322; for servers without burst handling inference).</summary>
    public int MaxWaitingRequests { get; init => field = NotNegative(value); } = 25_000;

    /// <summary>What the dialect is called.</summary>
    public override string ToString() => Title;

    private static int Tries(int value) => value is >= 1 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 1 to 16 tries.");

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
