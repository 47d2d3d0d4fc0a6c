using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>
/// What becomes of partners' records (MS-WINSRA §3.2.5; Q136571). Where a chart of §3.2.5.5 can be read in two ways, or where what it says cannot be all,
/// both readings are here.
/// </content>
public sealed partial record NameServerDialect
{
    /// <summary>Who wins a replication conflict (Q136571; MS-WINSRA §3.2.5.5).</summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5")]
    [Reading(RuleBasis.Documented, "Q136571", Value = "replicaWins")]
    public ReplicationConflictRule ReplicationConflicts { get; init; } = ReplicationConflictRule.ChallengeOwner;

    /// <summary>
    /// Whether the owner of an active record is told to release the name even where the replica that wins has its address: Q136571 heads its rule "Same or
    /// Different IP Address" (NT 3.5 and 3.51). MS-WINSRA §3.2.5.5 replaces such a record in silence. It matters only with
    /// <see cref="ReplicationConflictRule.ReplicaWins"/>.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5")]
    [Reading(RuleBasis.Documented, "Q136571", Value = "true")]
    public bool ReleasesSameAddress { get; init; }

    /// <summary>
    /// Whether an active multi-homed record stays where a partner has an active unique or multi-homed one of another owner (Q136571; between two replicas
    /// Q135277 calls it a fault, corrected by an NT 3.51 service pack), or is judged as MS-WINSRA §3.2.5.5 has it. It matters only with
    /// <see cref="ReplicationConflictRule.ReplicaWins"/>.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5")]
    [Reading(RuleBasis.Documented, "Q136571", Value = "true")]
    public bool KeepsMultihomed { get; init; }

    /// <summary>
    /// Whether a server becomes the owner, with a version of its own, of a partner's Internet group that it has put together with another partner's: NT
    /// 4.0 from SP4 on (Q168076; MS-WINSRA §3.1.1.2: an address added by replication counts the version up; so does Samba after Windows Server 2003,
    /// observed). Off, the record keeps owner and version and goes no further: NT 3.5 to 4.0 SP3 (Q140978, Q168076), and the letter of chart C4 of
    /// MS-WINSRA §3.2.5.5, which gives only an owned record a new version.
    /// </summary>
    [Reading(RuleBasis.Documented, "Q168076, MS-WINSRA §3.1.1.2")]
    [Reading(RuleBasis.Documented, "Q140978, Q168076", Value = "false")]
    public bool OwnsMergedGroups { get; init; } = true;

    /// <summary>
    /// Whether a partner's static <c>&lt;1C&gt;</c> takes a dynamic one's place, so that old members can be cleared out (Q199159, NT 4.0 SP4), or is put
    /// together with it: MS-WINSRA §3.2.5.5 asks only of unique names whether the new record is static.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5")]
    [Reading(RuleBasis.Documented, "Q199159", Value = "true")]
    public bool StaticDomainsReplace { get; init; }

    /// <summary>
    /// What the node named in a rejected replica is sent. The Windows 2000 resource kit says that WINS sends it a message, and not which one; MS-WINSRA
    /// §3.2.5.5 sends it nothing: hence none unless switched on. A release is also another reading of chart C5's "members that the NBNS does not own":
    /// those of the new record instead of the existing one's.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5")]
    [Reading(RuleBasis.Inferred, "the resource kit of Windows 2000 does not say which message is sent", Value = "conflict")]
    [Reading(RuleBasis.Inferred, "the resource kit of Windows 2000 does not say which message is sent", Value = "release")]
    public NodeDemand RejectedReplicaDemand { get; init; }

    /// <summary>
    /// Whether a server takes back its own records from a partner that knows later versions of them than itself, as after a lost database: MS-WINSRA
    /// §3.2.5.1 merges the local map too, and requests whatever a partner has later versions of (that this is meant of the server's own records is
    /// inference). Off, a partner's copies of a server's own records are never looked at.
    /// </summary>
    [Reading(RuleBasis.Inferred, "MS-WINSRA §3.2.5.1; that it is meant of a server's own records")]
    [Reading(RuleBasis.Inferred, "no text says that Windows NT 3.5 does", Value = "false")]
    public bool RecoversOwnRecords { get; init; } = true;

    /// <summary>
    /// Whether a node that has denied a name in a challenge for a partner's record is told to release it, as a silent one is. Chart C2 of MS-WINSRA §3.2.5.5
    /// has one "no" for both, if "is there a response" means a positive one, as its text has it; none is sent by Windows Server 2003 (observed through Samba).
    /// </summary>
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5, chart C2", Value = "true")]
    public bool TellsDeniers { get; init; }

    /// <summary>
    /// Whether the members that charts C3 and C5 of MS-WINSRA §3.2.5.5 take off an own multi-homed record before they challenge stay off where its owner still
    /// holds the name. Off, they only say whom to ask: where a member is to be kept off, C5 says so, "update the version number and the modified members",
    /// and after a response it says "update the version number" (both readings are inference).
    /// </summary>
    [Reading(RuleBasis.Inferred, "in charts C3 and C5 of MS-WINSRA §3.2.5.5 members only say whom to ask")]
    [Reading(RuleBasis.Inferred, "the other reading of charts C3 and C5 of MS-WINSRA §3.2.5.5", Value = "true")]
    public bool ChallengesTakeMembers { get; init; }

    /// <summary>
    /// Whether the members of an own multi-homed record that chart C5 of MS-WINSRA §3.2.5.5 tells to release the name leave the record (inference: they are not
    /// to hold it any more), or stay: the chart only gives the record a new version.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5, chart C5")]
    [Reading(RuleBasis.Inferred, "who is told to release a name does not hold it any more", Value = "true")]
    public bool ToldMembersLeave { get; init; }

    /// <summary>
    /// Whether a partner's tombstone that names all addresses of an own multi-homed record takes its place. The letter of chart C5 of MS-WINSRA §3.2.5.5
    /// leaves an active record without an address, which no query could be answered from; it is taken to be gone (inference). Off, it keeps them all, and
    /// gets a new version (observed with Windows Server 2003, through Samba).
    /// </summary>
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba")]
    [Reading(RuleBasis.Inferred, "the letter of chart C5 of MS-WINSRA §3.2.5.5 leaves an active record without an address", Value = "true")]
    public bool TombstonesEndMultihomed { get; init; }

    /// <summary>
    /// Whether a partner's tombstone of an Internet group takes that partner's members off a group of this server's own, and the group with them where there are
    /// no others (inference: they have gone). Off, the group gets a new version and keeps them: the letter of chart C4 of MS-WINSRA §3.2.5.5.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5, chart C4")]
    [Reading(RuleBasis.Inferred, "members that a tombstone names have gone", Value = "true")]
    public bool TombstonesTakeMembers { get; init; }

    /// <summary>
    /// Whether Internet groups that are put together lose the partner's members that its new record does not list any more (observed with Windows Server 2003,
    /// through Samba), or keep every address of both: the letter of chart C4 of MS-WINSRA §3.2.5.5, by which no member leaves that has been merged once.
    /// </summary>
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5, chart C4", Value = "false")]
    public bool UnionDropsLeavers { get; init; } = true;

    /// <summary>
    /// Whether figure 6 of MS-WINSRA §3.2.5.5 is followed as printed where a normal group meets a record: "yes" and "no" seem to be swapped at "is the existing
    /// record a unique name or multihomed machine" (so observed with Windows Server 2003, through Samba) and at the question below it (inference).
    /// </summary>
    [Reading(RuleBasis.Observed, "Windows Server 2003, through Samba; 'yes' and 'no' seem to be swapped in figure 6")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5.5, figure 6", Value = "true")]
    public bool NormalGroupsAsPrinted { get; init; }

    /// <summary>
    /// How long after a pull from all partners the next one follows (MS-WINSRA §3.2.2, §3.2.6; TimeInterval of the registry); zero for never. The period is the
    /// administrator's; half an hour is taken for one who has said nothing (inference).
    /// </summary>
    [Reading(RuleBasis.Inferred, "MS-WINSRA §3.2.2 leaves the period to the administrator")]
    public TimeSpan PullInterval
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An interval is not negative.");
    } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a server that starts pulls from its partners at once (MS-WINSRA §3.2.5), or first waits for the interval: InitTimeReplication of the registry is 0.</summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.2.5")]
    [Reading(RuleBasis.Documented, "InitTimeReplication, registry of WINS", Value = "false")]
    public bool PullsAtStart { get; init; } = true;

    /// <summary>
    /// After how many updates of its own records a server notifies its partners, who do not pass that on (MS-WINSRA §3.3.5.1, 2b; UpdateCount of the registry); 0 for
    /// never, which is taken for an administrator who has said nothing (inference).
    /// </summary>
    [Reading(RuleBasis.Inferred, "MS-WINSRA §3.3.5.1 leaves the number to the administrator")]
    public int PushUpdateCount
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number of updates is not negative.");
    }

    /// <summary>
    /// Whether a server notifies its partners, and they theirs, whenever the address of a record of its own has changed (MS-WINSRA §3.3.5.1, 2a; RplOnAddressChg of the
    /// registry). The text leaves it to the administrator; off is taken (inference).
    /// </summary>
    [Reading(RuleBasis.Inferred, "MS-WINSRA §3.3.5.1 leaves it to the administrator")]
    [Reading(RuleBasis.Documented, "MS-WINSRA §3.3.5.1, 2a", Value = "true")]
    public bool PushesAddressChanges { get; init; }

    /// <summary>
    /// Whether a server passes a notification on that is to be passed on, once it has pulled something because of it (MS-WINSRA §3.3.5.1, 3: "and the server is
    /// configured to allow the propagation"; §2.2.8: it should).
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-WINSRA §2.2.8, §3.3.5.1")]
    public bool PropagatesPushes { get; init; } = true;

    /// <summary>
    /// How long a server waits for each answer of a partner before it goes on without it. MS-WINSRA §3.2.5.1 says what follows "if any error happens", and no time; 45
    /// seconds are what a TCP connection takes to fail that begins with 3 seconds, doubles them and tries four times (inference).
    /// </summary>
    [Reading(RuleBasis.Inferred, "MS-WINSRA §3.2.5.1 says what follows an error, and no time")]
    public TimeSpan PartnerTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(45);
}
