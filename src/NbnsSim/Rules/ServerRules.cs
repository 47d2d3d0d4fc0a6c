using static NbnsSim.Rules.DecisionKind;

namespace NbnsSim.Rules;

/// <summary>
/// The rules that a name server obeys. The groups: S the RFC's name server (RFC 1002 §5.1.4, RFC 1001 §15.5), W WINS (TechNet cc959221, MS-WINSRA and articles), D datagrams that ask nothing of it,
/// T what the administrator and partners tell it. <see cref="RuleBook.Groups"/> says what each group is about.
/// </summary>
public static class ServerRules
{
    private static readonly RuleList s_rules = new();

    /// <summary>All of them, in the order of this class.</summary>
    public static IReadOnlyList<Rule> All => s_rules.Rules;

    // Datagrams that ask nothing of a name server.

    /// <summary>What cannot be read.</summary>
    public static Rule Unreadable { get; } = s_rules.Documented("D3.unreadable", Ignored, "RFC 1002 §4", "What cannot be read as a packet of the name service is counted and left.");

    /// <summary>Broadcasts.</summary>
    public static Rule Broadcast { get; } = s_rules.Documented("D3.broadcast", Ignored, "RFC 1002 §5.1.4", "A name server discards broadcasts.");

    /// <summary>Classes.</summary>
    public static Rule UnknownClass { get; } = s_rules.Documented("S21.class", Ignored, "RFC 1002 §4.2.1.2, §4.2.1.3", "Requests whose question or record is of another class than IN are not answered.");

    /// <summary>What is for nodes.</summary>
    public static Rule NodesBusiness { get; } = s_rules.Documented("D3.nodes-business", Ignored, "RFC 1002 §5.1.4", "Node status and demands are an end node's business.");

    /// <summary>A request without its record.</summary>
    public static Rule Malformed { get; } = s_rules.Documented("D3.malformed", Refused, "RFC 1002 §4.2.6, §4.2.11", "A request without the record that it needs is answered FMT_ERR.", "{host} cannot read {peer}'s request.");

    /// <summary>A response that nobody waits for.</summary>
    public static Rule UnknownTransaction { get; } = s_rules.Documented("D3.unknown-transaction", Ignored, "RFC 1002 §4.2.1.1", "A response that has the transaction id of nothing that runs answers nothing.");

    /// <summary>A response from somebody else.</summary>
    public static Rule OtherResponder { get; } = s_rules.Documented("S19.other-responder", Ignored, "RFC 1002 §5.1.4.1", "Only the owner that was asked can answer a challenge.", "{host} takes no notice of {peer}'s answer: it asked somebody else.", "AnswerSource");

    /// <summary>A response that differs from the question.</summary>
    public static Rule ResponseDiffers { get; } = s_rules.Documented("W18.response-differs", Ignored, "Q123171", "A response that differs from its request in name or opcode is logged as 4236 and ignored.", "{peer}'s response is about something else.");

    /// <summary>A challenge of this very host.</summary>
    public static Rule OwnChallenge { get; } = s_rules.Documented("D3.own-challenge", Ignored, "RFC 1002 §5.1.4", "A challenge of a name at the server's own address is for the node there: the database does not answer it.");

    // A busy server.

    /// <summary>A request waits.</summary>
    public static Rule Queued { get; } = s_rules.InferredForGood("W10.queued", Waited, "Q154410 speaks of the length of the queue", "A server that is busy lets requests wait for their turn.", null, "RequestsPerSecond is the whole model");

    /// <summary>A request is lost.</summary>
    public static Rule QueueFull { get; } = s_rules.Documented("W10.lost", Ignored, "Q154410, cc758322", "What comes while the queue is full is lost.", "{host} is too busy for {peer}.", "MaxWaitingRequests");

    /// <summary>A burst is answered unseen.</summary>
    public static Rule BurstAnswer { get; } = s_rules.Documented("W10.burst", Granted, "Q154410, cc758322", "In a burst claims are answered at once, without a look at the database, for a short time.", "{host} is in a burst and grants {name} to {peer} unseen, for a short time.", "BurstThreshold");

    // Queries.

    /// <summary>A query finds its name.</summary>
    public static Rule Answer { get; } = s_rules.Documented("S5.answer", Answered, "RFC 1002 §5.1.4", "A query for a name that is there is answered with its addresses.");

    /// <summary>A query finds nothing.</summary>
    public static Rule NotFound { get; } = s_rules.Documented("S5.not-found", Refused, "RFC 1002 §5.1.4", "A query for a name that is not there is answered NAM_ERR.", "{host} does not know {name}.");

    /// <summary>A query is sent elsewhere.</summary>
    public static Rule Redirect { get; } = s_rules.Documented("S5.redirect", Answered, "RFC 1002 §4.2.15", "A query for a name that is not there is sent to another name server, where one is set.", "{host} sends {peer} to {address}.", "Redirect");

    // Claims.

    /// <summary>A name that is too long.</summary>
    public static Rule TooLong { get; } = s_rules.Documented("S22.too-long", Refused, "RFC 1002 §4.1", "A name of more than 255 octets is malformed; WINS takes up to 272.", "{host} refuses {name}: the name is too long.", "MaxNameOctets");

    /// <summary>A suffix that does not fit.</summary>
    public static Rule WrongSuffix { get; } = s_rules.Observed("W23.suffix", Refused, "Windows, through Samba's tests", "A suffix that is a group's alone, or never a group's, is refused to the other.", "{host} refuses {name}: its suffix is of the other kind.", "ChecksSuffixes");

    /// <summary>Master browsers.</summary>
    public static Rule MasterBrowser { get; } = s_rules.Observed("W24.master-browser", Granted, "Windows, through Samba's tests", "A master browser's name is granted and not kept.", "{host} grants {name} and keeps no record of it.", "IgnoresMasterBrowsers");

    /// <summary>An address that is no host's.</summary>
    public static Rule NotAHost { get; } = s_rules.Documented("S28.no-host", Refused, "RFC 1122 §3.2.1.3", "A unique name cannot be at an address that is no host's.", "{host} refuses {name} at {address}, which is no host's address.", "ChecksClaimedAddress");

    /// <summary>A source has had its share.</summary>
    public static Rule ShareUsed { get; } = s_rules.Documented("S20.share", Refused, "RFC 1002 §4.2.6 RFS_ERR", "Who has used up its share of the server is refused more.", "{host} refuses {name}: {peer} has used up its share.", "NamesPerSource");

    /// <summary>The server is full.</summary>
    public static Rule Full { get; } = s_rules.Documented("S20.full", Refused, "RFC 1002 §4.2.6 SRV_ERR", "A server whose tables are full cannot process a claim.", "{host} refuses {name}: it is full.", "MaxNames");

    /// <summary>A new unique name.</summary>
    public static Rule Added { get; } = s_rules.Documented("S1.added", Granted, "RFC 1002 §5.1.4.1", "A name that nobody has is granted to who claims it.", "{host} has no {name} yet and grants {them} to {peer}.");

    /// <summary>A new group.</summary>
    public static Rule GroupAdded { get; } = s_rules.Documented("S4.group-added", Granted, "RFC 1002 §5.1.4.1", "A group that nobody is in begins with who joins it.", "{host} has no {group} {name} yet: {peer} is the first member.");

    /// <summary>The owner claims its name again.</summary>
    public static Rule OwnersClaim { get; } = s_rules.Documented("W1.same-address", Granted, "cc959221, RFC 1002 §5.1.4.1", "An owner may claim its own name again, at the same address.", "{name} {is} {peer}'s already: {host} grants {them} again.");

    /// <summary>A refresh by who is entitled.</summary>
    public static Rule Refreshed { get; } = s_rules.Documented("S8.refreshed", Granted, "RFC 1002 §5.1.4.1", "A refresh by a node that is allowed to have the name starts its time anew.");

    /// <summary>A static record and its owner.</summary>
    public static Rule StaticOwners { get; } = s_rules.Documented("W2.static-own", Granted, "cc959221", "The owner of a static record may register it; the record stays as it is.", "{host} has a static mapping of {name} to {peer}'s own address, says yes and changes nothing.");

    /// <summary>A static record is never overwritten.</summary>
    public static Rule StaticKept { get; } = s_rules.Documented("W2.static", Refused, "cc959221, Q242053", "A static mapping is never overwritten by a claim.", "{host} has a static mapping of {name} to {address}, and a claim never overwrites one: {peer} is refused.", "MigrateOn");

    /// <summary>A group claim on a static unique record.</summary>
    public static Rule StaticGroup { get; } = s_rules.Documented("W15.group-on-static", Granted, "Q161432, Q166502", "Before its fixes WINS let a group claim change a static unique record.", "{host} lets {peer}'s group claim change the static mapping {name}.", "StaticGroupClaims");

    /// <summary>A released group that still answers.</summary>
    public static Rule ReleasedGroupKept { get; } = s_rules.Inferred("W2.released-group", Refused, "cc959221: a group is never overwritten by a unique name", "A released group that still answers queries is not overwritten by a unique name.", "{host} has {name} as a group and refuses {them} to {peer}.", "AnswersReleasedGroups");

    /// <summary>A record that is no longer active.</summary>
    public static Rule InactiveTaken { get; } = s_rules.Documented("W5.taken", Granted, "cc959221", "A released name or a tombstone is for whoever claims it.", "{host} has {name} as given up and grants {them} to {peer}.");

    /// <summary>A unique claim on a group.</summary>
    public static Rule GroupKept { get; } = s_rules.Documented("S3.group", Refused, "RFC 1002 §5.1.4.1, cc959221", "A unique claim on a group is refused, and no member is asked.", "{host} has {name} as a group and refuses {them} to {peer}.");

    /// <summary>A member comes again.</summary>
    public static Rule MemberAgain { get; } = s_rules.Documented("S4.member", Granted, "RFC 1002 §5.1.4.1", "A member of a group may claim it again.", "{host} grants {peer} {group} {name}.");

    /// <summary>A member joins.</summary>
    public static Rule MemberAdded { get; } = s_rules.Documented("S4.joined", Granted, "RFC 1001 §15.1.3.4", "Anybody may join a group.", "{host} enters {peer} into {group} {name}.");

    /// <summary>The last member replaces the others.</summary>
    public static Rule LastMember { get; } = s_rules.Documented("S4.last-member", Granted, "RFC 1002 §5.1.4.1", "By the letter of the pseudo-code a group has its last claimant for an entry.", "{host} keeps {peer} alone in group {name}.", "Groups");

    /// <summary>An update request replaces.</summary>
    public static Rule UpdateReplaces { get; } = s_rules.Documented("S7.update", Granted, "RFC 1002 §5.1.4.1", "A non-secured server believes an update request.", "{host} takes {peer}'s word: {name} is {peer}'s now.", "Overwrites");

    /// <summary>An update request is refused.</summary>
    public static Rule UpdateRefused { get; } = s_rules.Documented("S7.secured", Refused, "RFC 1002 §5.1.4.1", "A secured server takes no update request.", "{host} takes no update request.", "Overwrites");

    /// <summary>A refresh of a name that is not there.</summary>
    public static Rule RefreshUnknown { get; } = s_rules.Documented("S16.unknown", Refused, "RFC 1001 §15.5.1", "A refresh of a name that is not there is refused, where it does not register it.", "{host} has no {name} to refresh.", "RefreshRegisters");

    /// <summary>A refresh by somebody else.</summary>
    public static Rule NotEntitled { get; } = s_rules.Documented("S8.not-entitled", Refused, "RFC 1002 §5.1.4.1", "A refresh by a node that is not allowed to have the name is refused.", "{host} has {name} for {address}: {peer}'s refresh is refused.", "RefreshChallenges");

    // Challenges.

    /// <summary>The claimant is to ask.</summary>
    public static Rule ClaimantAsks { get; } = s_rules.Documented("S2.by-claimant", Challenged, "RFC 1002 §4.2.7, §5.1.4.1", "A non-secured server gives the claimant the owner's address, to ask there itself.", "{host} has {name} for {address}: {peer} is to ask there itself.", "OwnershipCheck");

    /// <summary>The server asks.</summary>
    public static Rule Dispute { get; } = s_rules.Documented("S2.by-server", Challenged, "RFC 1002 §5.1.4.1, Q173519", "Where another address claims a unique name, the server asks the owner whether it still holds it.", "{host} has {name} for {address}, and {peer} claims {them}: {host} asks the owner.", "OwnershipCheck");

    /// <summary>One question to an owner.</summary>
    public static Rule AskOwner { get; } = s_rules.Documented("S2.ask", Asked, "RFC 1002 §5.1.4.1, Q173519", "An owner is asked up to three times, at each of its addresses.", null, "ChallengeTries");

    /// <summary>A claimant waits.</summary>
    public static Rule AskedToWait { get; } = s_rules.Documented("S18.wack", Waited, "RFC 1002 §5.1.4.1, §4.2.16", "A claimant whose claim is in dispute is asked to wait.", "{host} asks {peer} to wait.", "SendsWack");

    /// <summary>A further claimant.</summary>
    public static Rule JoinsDispute { get; } = s_rules.Documented("S18.joins", Waited, "RFC 1002 §5.1.4.1", "Who claims a name that is in dispute waits for the same verdict.", "{peer} claims {name} too, and waits for the same answer.", "ClaimsPerName");

    /// <summary>A repeat.</summary>
    public static Rule RepeatSwallowed { get; } = s_rules.Documented("S18.repeat", Ignored, "RFC 1002 §5.1.4.1", "A claimant that was asked to wait, and claims again, is not asked twice.");

    /// <summary>A claimant gives up.</summary>
    public static Rule ClaimWithdrawn { get; } = s_rules.Documented("S18.withdrawn", Forgot, "RFC 1002 §5.1.4.1", "Who releases the name that it waits for waits no longer.", "{peer} does not want {name} any more.");

    /// <summary>The owner shows itself.</summary>
    public static Rule OwnerShowsItself { get; } = s_rules.InferredForGood("S2.owner-shows-itself", Held, "a claim or refresh of the owner's proves what the challenge asks", "An owner that claims or refreshes its name while it is asked about it holds it.", "{peer} shows that it still holds {name}.", "the owner's next answer would say the same");

    /// <summary>The owner still holds it.</summary>
    public static Rule OwnerHolds { get; } = s_rules.Documented("S2.owner-holds", Held, "RFC 1002 §5.1.4.1, Q173519", "An owner that answers keeps its name.", "{peer} still holds {name}.");

    /// <summary>The owner denies it.</summary>
    public static Rule OwnerDenies { get; } = s_rules.Documented("S2.owner-denies", Forgot, "RFC 1002 §5.1.4.1", "An owner that answers NEGATIVE does not hold the name any more.", "{peer} says that it does not hold {name}.");

    /// <summary>The owner is silent.</summary>
    public static Rule OwnerSilent { get; } = s_rules.Documented("S2.owner-silent", Forgot, "RFC 1002 §5.1.4.1", "An owner that does not answer has given the name up.", "{peer} was asked about {name} {tries}, and {host} heard no answer.");

    /// <summary>The next address.</summary>
    public static Rule AskElsewhere { get; } = s_rules.Documented("W3.next-address", FellBack, "Q173519, MS-NBTE §3.2.5", "An owner with several addresses is asked at each.", "{host} asks at the owner's next address, {address}.");

    /// <summary>Nobody may be asked.</summary>
    public static Rule AskedEnough { get; } = s_rules.InferredForGood("S20.asked-enough", Held, "what one owner can be asked is bounded, so that nobody can be flooded", "Who may not be asked any more is taken to hold the name.", "{host} may not ask {peer} any more, and leaves it {name}.", "ChallengesPerOwner and ChallengesPerClaim of the options set the bound");

    /// <summary>The claimant gets the name.</summary>
    public static Rule Awarded { get; } = s_rules.Documented("S2.awarded", Granted, "RFC 1002 §5.1.4.1, Q173519", "A name whose owner does not hold it any more goes to the claimant.", "So {host} gives {name} to {peer}.");

    /// <summary>The claimant is refused.</summary>
    public static Rule ClaimantRefused { get; } = s_rules.Documented("S2.refused", Refused, "RFC 1002 §5.1.4.1, Q173519", "A claimant of a name whose owner still holds it is refused.", "So {host} refuses {name} to {peer}.");

    /// <summary>A claim that came second.</summary>
    public static Rule CameSecond { get; } = s_rules.InferredForGood("S18.second", Refused, "it has just been shown who owns the name", "Who waited for a name that went to another is refused.", "{name} has just gone to another: {host} refuses it to {peer}.", "to ask the new owner at once would say the same");

    /// <summary>One more address of the owner.</summary>
    public static Rule Merged { get; } = s_rules.Documented("W3.merged", Granted, "MS-NBTE §3.2.5", "A claimed address that the owner's answer lists is one more of its own.", "The owner of {name} has both addresses: {host} adds {address}.", "MergesOwnersAddresses");

    /// <summary>Time is asked for.</summary>
    public static Rule TimeGiven { get; } = s_rules.Documented("S11.wack", Waited, "RFC 1002 §4.2.16", "An owner may ask for time to answer.", "{peer} asks {host} to wait.");

    /// <summary>A WACK too many.</summary>
    public static Rule TimeSpent { get; } = s_rules.Inferred("S11.time-spent", Ignored, "RFC 1002 §4.2.16 sets no limit, and a claimant must be answered in the end", "An owner that has had all the time that it may ask for is given no more.", "{host} has waited long enough for {peer}.", "MaxWackWait");

    /// <summary>A WACK without a time.</summary>
    public static Rule NoEstimate { get; } = s_rules.Documented("S11.no-estimate", Ignored, "RFC 1002 §4.2.16", "A WACK without an estimate leaves the usual time-out.");

    // Demands.

    /// <summary>A conflict demand.</summary>
    public static Rule ConflictDemand { get; } = s_rules.Documented("S10.conflict-demand", Demanded, "RFC 1001 §15.5.3", "A node whose refresh was refused may be told that the name is in conflict.", "{host} tells {peer} that {name} is in conflict.", "RefusedRefreshDemand");

    /// <summary>A release demand.</summary>
    public static Rule ReleaseDemand { get; } = s_rules.Documented("W9.release-demand", Asked, "RFC 1001 §15.5.3, Q136571", "A node that is not to use a name any more is told to release it, up to three times.", "{host} tells {peer} to release {name}.");

    /// <summary>It is answered.</summary>
    public static Rule DemandAnswered { get; } = s_rules.Documented("W9.answered", Forgot, "Q123171", "A node that was told to release a name says that it has.", "{peer} answers that {name} {is} released.");

    /// <summary>It is not answered.</summary>
    public static Rule DemandUnanswered { get; } = s_rules.Documented("W9.unanswered", Failed, "Q123171", "A node that does not answer a release demand is told no more.", "{peer} does not answer.");

    // Releases.

    /// <summary>Nothing to release.</summary>
    public static Rule NothingToRelease { get; } = s_rules.Documented("S17.nothing", Answered, "RFC 1002 §5.1.4.1", "A release of what is not there is answered POSITIVE.", "{host} has no {name}, and says yes to {peer}'s release.");

    /// <summary>A static record is not released.</summary>
    public static Rule StaticStays { get; } = s_rules.Documented("W2.static-stays", Answered, "cc959221", "What the administrator entered stays, and its release is answered POSITIVE.", "{name} {is} a static mapping at {host}: it stays, though {host} says yes.");

    /// <summary>No such member.</summary>
    public static Rule NoSuchMember { get; } = s_rules.Documented("S14.no-member", Answered, "RFC 1001 §15.1.7(8)", "Of a group only the member named goes.", "{peer} is not in group {name}.", "ForeignReleases");

    /// <summary>A release of another kind.</summary>
    public static Rule WrongType { get; } = s_rules.Documented("W4.type", Answered, "Q123171", "A release that says another kind than the record is ignored, yet answered.", "{name} {is} of another kind at {host}: the release changes nothing.", "ForeignReleases");

    /// <summary>A release by somebody else.</summary>
    public static Rule WrongAddress { get; } = s_rules.Documented("W4.address", Answered, "Q123171, RFC 1001 §15.1.7(8)", "A release that does not fit the owner is ignored by WINS, yet answered; a secured server refuses it.", "{host} has {name} for {address}: {peer}'s release changes nothing.", "ForeignReleases");

    /// <summary>A release by somebody else is refused.</summary>
    public static Rule ReleaseRefused { get; } = s_rules.Documented("S24.release-refused", Refused, "RFC 1001 §15.3.2, §15.4.2", "A secured server refuses the release of a name whose owner still holds it.", "{host} refuses {peer}'s release of {name}.", "ForeignReleases");

    /// <summary>A member leaves.</summary>
    public static Rule MemberLeaves { get; } = s_rules.Documented("S6.member", GaveUp, "RFC 1001 §15.4.3, MS-WINSRA §3.1.1.2", "An address of several goes with its release; the name stays.", "{host} takes {address} off {name}.");

    /// <summary>A name is deleted.</summary>
    public static Rule Deleted { get; } = s_rules.Documented("S6.deleted", GaveUp, "RFC 1002 §5.1.4.1", "A released name is deleted.", "{host} deletes {name}.", "KeepsReleasedNames");

    /// <summary>A name is released.</summary>
    public static Rule Released { get; } = s_rules.Documented("W5.released", GaveUp, "cc959221", "A released name stays as released for the extinction interval.", "{name} {is} released at {host}.", "KeepsReleasedNames");

    /// <summary>Another server's name is released here.</summary>
    public static Rule ReplicaReleased { get; } = s_rules.Documented("W14.extinct", GaveUp, "cc959256", "Another server's name that is released here becomes this server's tombstone, so that its owner learns of it.", "{name}, another server's, is extinct at {host}.", "ReplicaReleases");

    /// <summary>The owner gives it up while another waits.</summary>
    public static Rule ReleasedInDispute { get; } = s_rules.Documented("S18.released", GaveUp, "RFC 1002 §5.1.4.1", "An owner that releases its name while another waits for it makes way.", "{peer} gives {name} up while another waits for it.");

    // Time.

    /// <summary>A name expires.</summary>
    public static Rule Expired { get; } = s_rules.Documented("S9.expired", Aged, "RFC 1002 §5.1.4.2", "A name that is not refreshed is gone.", "{host} deletes {name}, not refreshed in time.");

    /// <summary>The owner is asked first.</summary>
    public static Rule AskedBeforeRemoval { get; } = s_rules.Documented("S12.asked", Challenged, "RFC 1001 §15.1.7(5), RFC 1002 §5.1.4.2", "The owner of a name whose time has run out is asked before it goes.", "{name} has not been refreshed: {host} asks its owner.", "AsksBeforeRemoval");

    /// <summary>The owner still holds it.</summary>
    public static Rule Kept { get; } = s_rules.Documented("S12.kept", Held, "RFC 1001 §15.1.7(5)", "A name whose owner still holds it stays.", "So {name} stays at {host}.");

    /// <summary>A member's time runs out.</summary>
    public static Rule MemberLapsed { get; } = s_rules.Documented("S9.member", Aged, "RFC 1001 §15.1.3.4", "A member that does not refresh is gone from its group.", "{peer} does not refresh {name} any more and goes from the record at {host}.");

    /// <summary>Active → released.</summary>
    public static Rule AgedToReleased { get; } = s_rules.Documented("W5.to-released", Aged, "cc959221", "A name that is not refreshed within the renewal interval is released.", "{name} {is} not refreshed: at {host} it is released.", "RenewalInterval");

    /// <summary>Released → tombstone.</summary>
    public static Rule AgedToTombstone { get; } = s_rules.Documented("W5.to-tombstone", Aged, "cc959221", "A released name becomes a tombstone after the extinction interval.", "{name} becomes extinct at {host}.", "ExtinctionInterval");

    /// <summary>Tombstone → gone.</summary>
    public static Rule AgedAway { get; } = s_rules.Documented("W5.gone", Aged, "cc959221", "A tombstone goes after the extinction timeout.", "{name} goes from {host}.", "ExtinctionTimeout");

    /// <summary>A replica is due to be verified.</summary>
    public static Rule VerifyDue { get; } = s_rules.Documented("W5.verify-due", Aged, "MS-WINSRA §3.1.6", "A replica is checked with its owner after the verify interval.", null, "VerifyInterval");

    /// <summary>A name whose owner is asked later.</summary>
    public static Rule Postponed { get; } = s_rules.InferredForGood("S12.postponed", Waited, "what one owner can be asked is bounded", "A name whose owner is being asked, or may not be asked now, is looked at again in a minute.", null, "it is a pause, not a decision about the name");

    // Replication.

    /// <summary>A new replica.</summary>
    public static Rule ReplicaAdded { get; } = s_rules.Documented("W12.added", Replicated, "MS-WINSRA §3.2.5.5", "A partner's record of a name that is not here is taken.", "{host} takes {name} from {peer}.");

    /// <summary>A replica that comes late.</summary>
    public static Rule ReplicaStale { get; } = s_rules.Documented("W6.stale", Ignored, "MS-WINSRA §3.1.1.2", "An older version that comes late, or a record without an address, changes nothing.");

    /// <summary>No room for a replica.</summary>
    public static Rule ReplicaRefused { get; } = s_rules.Documented("S20.replica", Ignored, "MS-WINSRA §3.2.5.5", "A replica for which there is no room is asked for again.", "{host} has no room for {name}.", "MaxNames");

    /// <summary>The replica takes the record's place.</summary>
    public static Rule ReplicaReplaces { get; } = s_rules.Documented("W12.replaces", Replicated, "MS-WINSRA §3.2.5.5, charts C2 to C5; Q136571", "Where the charts say so the replica takes the record's place.", "{peer}'s record of {name} takes the place of {host}'s.", "ReplicationConflicts");

    /// <summary>The record stays.</summary>
    public static Rule RecordStays { get; } = s_rules.Documented("W12.stays", Replicated, "MS-WINSRA §3.2.5.5, charts C2 to C5; Q136571", "Where the charts say so the record stays as it is.", "{host} keeps its record of {name} against {peer}'s.", "ReplicationConflicts");

    /// <summary>A static replica takes the record's place.</summary>
    public static Rule StaticReplicaReplaces { get; } = s_rules.Documented("W12.static-replaces", Replicated, "MS-WINSRA §3.2.5.5, figure 3; Q199159, Q136571", "A partner's static record takes the place of a dynamic one.", "{peer}'s record of {name}, which an administrator has entered there, takes the place of {host}'s.", "ReplicationConflicts");

    /// <summary>A static record stays.</summary>
    public static Rule StaticRecordStays { get; } = s_rules.Documented("W12.static-stays", Replicated, "MS-WINSRA §3.2.5.5, figures 3 and 6", "A static record is kept against a partner's.", "{host} keeps its record of {name}, which an administrator has entered, against {peer}'s.", "MigrateOn");

    /// <summary>The record stays, with a new version.</summary>
    public static Rule RecordRenewed { get; } = s_rules.Documented("W12.renewed", Replicated, "MS-WINSRA §3.2.5.5, charts C2, C4, C5", "A tombstone does not overwrite an active record, which gets a new version.", "{host} keeps {name} against {peer}'s tombstone, with a new version.", "ReplicationConflicts");

    /// <summary>Members are put together.</summary>
    public static Rule MembersMerged { get; } = s_rules.Documented("W12.merged", Replicated, "MS-WINSRA §3.2.5.5, chart C4", "Internet groups are put together.", "{host} puts the members of {name} together with {peer}'s.", "ReplicationConflicts");

    /// <summary>The owner is asked because of a replica.</summary>
    public static Rule ReplicaDispute { get; } = s_rules.Documented("W12.challenge", Challenged, "MS-WINSRA §3.2.5.5, charts C2, C3, C5", "Where a replica has another address than an owned active record, the owner is asked.", "{peer} has {name} at another address: {host} asks the owner.", "ReplicationConflicts");

    /// <summary>The replica wins, and the node is told.</summary>
    public static Rule ReplicaOverrules { get; } = s_rules.Documented("W13.overrules", Replicated, "Q136571, MS-WINSRA figures 6 and 7", "The replica takes the record's place, and the node that had the name is told to release it.", "{peer}'s record of {name} takes the place of {host}'s, whose node is told.", "ReplicationConflicts");

    /// <summary>A record is verified.</summary>
    public static Rule Verified { get; } = s_rules.Documented("W5.verified", Replicated, "MS-WINSRA §3.2.5.3", "A replica that its owner still has stays.");

    /// <summary>A record is gone at its owner.</summary>
    public static Rule GoneAtOwner { get; } = s_rules.Documented("W5.gone-at-owner", GaveUp, "MS-WINSRA §3.2.5.3", "A replica that its owner does not have any more is deleted.", "{peer}, whose it was, does not have {name} any more: {host} deletes it.");

    /// <summary>Records are to be verified.</summary>
    public static Rule VerificationAsked { get; } = s_rules.Documented("W5.verify", Asked, "MS-WINSRA §3.2.5.3", "Replicas that are due to be verified are asked for at their owner, from version 1 to the highest of them.");

    /// <summary>A version is counted up at a partner's wish.</summary>
    public static Rule VersionBumped { get; } = s_rules.Documented("W13.version", Replicated, "Q136571", "A partner may ask for a new version, so that every partner pulls the record.", "{host} gives {name} a new version, as {peer} asks.");

    /// <summary>A version is not counted up.</summary>
    public static Rule VersionNotBumped { get; } = s_rules.Documented("W13.no-version", Ignored, "MS-WINSRA §3.1.1.2", "Only the owner of an active record gives it a new version.", "{host} gives {name} no new version, as {peer} asks: it does not own it, or not any more.");

    /// <summary>A partner is asked to count a version up.</summary>
    public static Rule VersionBumpAsked { get; } = s_rules.Documented("W13.ask-version", Demanded, "Q136571, Q123169", "The owner of a record that has won against an own one is told to give it a new version.", "{host} asks {peer} to give {name} a new version.", "ReplicationConflicts");

    // What partners say to each other.

    /// <summary>The first pull.</summary>
    public static Rule PullsAtStart { get; } = s_rules.Documented("W25.at-start", Asked, "MS-WINSRA §3.2.5", "A server that starts pulls from its partners.", "{host} starts, and pulls from its partners.", "PullsAtStart");

    /// <summary>The start of a server that does not pull at its start.</summary>
    public static Rule PullTimerStarts { get; } = s_rules.Documented("W25.timer-starts", Waited, "MS-WINSRA §3.2.2", "A server that does not pull at its start pulls when its pull timer first expires.", "{host} starts, and waits for its pull timer.", "PullsAtStart");

    /// <summary>The pull timer.</summary>
    public static Rule PullTimer { get; } = s_rules.Documented("W25.pull-timer", Asked, "MS-WINSRA §3.2.6", "When the pull timer expires a server pulls from its partners.", "It is time: {host} pulls from its partners.", "PullInterval");

    /// <summary>An association is opened.</summary>
    public static Rule AssociationOpened { get; } = s_rules.Documented("W25.open", Asked, "MS-WINSRA §3.1.5.1", "Before partners exchange anything, one opens an association.");

    /// <summary>An association is accepted.</summary>
    public static Rule AssociationAccepted { get; } = s_rules.Documented("W25.accept", Answered, "MS-WINSRA §3.1.5.1", "A server accepts an association, also from a server that is no partner of it.");

    /// <summary>No room for an association.</summary>
    public static Rule AssociationRefused { get; } = s_rules.InferredForGood("S20.association", Refused, "MS-WINSRA §5.1 knows of floods", "An association for which there is no room is refused.", "{host} has no room for an association with {peer}.", "a bound so that nobody fills the memory");

    /// <summary>No room for what is to be done.</summary>
    public static Rule ExchangeRefused { get; } = s_rules.InferredForGood("S20.exchange", Ignored, "MS-WINSRA §3.3.5.1 has partners throttled", "What is to be done with a partner is left where too much waits to be done.", "{host} has too much to do with partners to turn to {peer}.", "a bound so that nobody fills the memory");

    /// <summary>An association ends.</summary>
    public static Rule AssociationStopped { get; } = s_rules.Documented("W25.stop", Learned, "MS-WINSRA §3.1.5.1", "Whoever opened an association stops it, and gets no response.");

    /// <summary>An association that is not known.</summary>
    public static Rule UnknownAssociation { get; } = s_rules.Documented("W25.unknown", Refused, "RFC 9293 §3.5.2; MS-WINSRA §3.1.5.1", "What belongs to no association is refused: the server has forgotten it, or it has been stopped.", "{host} knows nothing of the association that {peer} uses.");

    /// <summary>A message that nobody waits for.</summary>
    public static Rule UnawaitedMessage { get; } = s_rules.Documented("W25.unawaited", Ignored, "MS-WINSRA §3.1.5.1", "A response to nothing that is under way changes nothing.");

    /// <summary>The map is asked for.</summary>
    public static Rule MapAsked { get; } = s_rules.Documented("W25.ask-map", Asked, "MS-WINSRA §3.2.5.1", "A server asks a partner how far it knows each owner's records.");

    /// <summary>The map is handed out.</summary>
    public static Rule MapServed { get; } = s_rules.Documented("W25.give-map", Answered, "MS-WINSRA §3.3.5.2", "A server says how far it knows each owner's records.");

    /// <summary>The map has come.</summary>
    public static Rule MapTaken { get; } = s_rules.Documented("W25.take-map", Learned, "MS-WINSRA §3.2.5.1", "The partners' maps are merged: for each owner the highest version counts.");

    /// <summary>A partner has no news.</summary>
    public static Rule NothingNew { get; } = s_rules.Documented("W25.nothing-new", Learned, "MS-WINSRA §3.2.5.1", "What is known already is not asked for.", "{peer} has nothing new for {host}.");

    /// <summary>Records are asked for.</summary>
    public static Rule RecordsAsked { get; } = s_rules.Documented("W25.ask-records", Asked, "MS-WINSRA §3.2.5.1", "An owner's records are asked for at the partner that knows most of them, from the version after the highest that is known.");

    /// <summary>Records are handed out.</summary>
    public static Rule RecordsServed { get; } = s_rules.Documented("W25.give-records", Answered, "MS-WINSRA §3.3.5.2, §3.2.5.1", "A server hands out an owner's active records and tombstones of the versions that are asked for.");

    /// <summary>Records have come.</summary>
    public static Rule RecordsTaken { get; } = s_rules.Documented("W25.take-records", Learned, "MS-WINSRA §3.2.5.1", "The database is brought up to date when all records have come.");

    /// <summary>A partner does not answer.</summary>
    public static Rule PartnerLost { get; } = s_rules.Inferred("W25.partner-lost", Failed, "MS-WINSRA §3.2.5.1 has a partner skipped on any error, and no time", "A partner that does not answer in time is skipped until the next exchange.", "{peer} does not answer {host}, which goes on without it.", "PartnerTimeout");

    /// <summary>A partner has forgotten the association.</summary>
    public static Rule AssociationLost { get; } = s_rules.Documented("W25.reset", Failed, "MS-WINSRA §3.2.5.1, §3.3.5.2", "A partner that resets the association is skipped until the next exchange.", "{peer} resets {host}'s association, which goes on without it.");

    /// <summary>Enough updates.</summary>
    public static Rule PushesCount { get; } = s_rules.Documented("W26.count", Asked, "MS-WINSRA §3.3.5.1, 2b", "After a number of updates partners are notified, who do not pass it on.", "{host} has had so many updates that it notifies its partners.", "PushUpdateCount");

    /// <summary>An address has changed.</summary>
    public static Rule PushesAddress { get; } = s_rules.Documented("W26.address", Asked, "MS-WINSRA §3.3.5.1, 2a", "When a record's address has changed partners are notified, who pass it on.", "An address has changed at {host}, which notifies its partners.", "PushesAddressChanges");

    /// <summary>An Internet group has met a tombstone.</summary>
    public static Rule PushesGroup { get; } = s_rules.Documented("W26.group", Asked, "MS-WINSRA §3.2.5.5, chart C4", "When an own Internet group has met a partner's tombstone partners are notified.", "{host} notifies its partners that it still has the group.", "Notifies");

    /// <summary>A notification is passed on.</summary>
    public static Rule PushPropagated { get; } = s_rules.Documented("W26.pass-on", Asked, "MS-WINSRA §3.3.5.1, 3", "A notification to be passed on goes to all partners but the one that it came from, when something was pulled because of it.", "{host} passes {peer}'s notification on.", "PropagatesPushes");

    /// <summary>A notification goes out.</summary>
    public static Rule PartnerNotified { get; } = s_rules.Documented("W26.notify", Demanded, "MS-WINSRA §3.2.5.2", "A partner is notified of what the server knows.", "{host} notifies {peer} of what it has.");

    /// <summary>A notification comes.</summary>
    public static Rule Notified { get; } = s_rules.Documented("W26.notified", Learned, "MS-WINSRA §3.2.5.2", "A server that is notified pulls what it does not know.", "So {host} pulls from {peer}.");

    /// <summary>A partner is left alone.</summary>
    public static Rule PushThrottled { get; } = s_rules.Documented("W26.throttled", Ignored, "MS-WINSRA §3.3.5.1 <11>", "A partner with which communication has failed more than twice in the last five minutes is not notified.", "{host} does not notify {peer}, with which it has failed three times.");

    // The administrator.

    /// <summary>A static mapping is entered.</summary>
    public static Rule StaticAdded { get; } = s_rules.Documented("T10.static", Told, "cc959221", "The administrator enters a static mapping.", "{name} {is} entered at {host} as a static mapping.");

    /// <summary>A name is taken out.</summary>
    public static Rule Removed { get; } = s_rules.Documented("T10.remove", Told, "MS-WINSRA §3.1.4", "The administrator takes a name out.", "{name} {is} taken out at {host}.");

    /// <summary>A record is put back from where it was kept.</summary>
    public static Rule Restored { get; } = s_rules.Documented("T10.restore", Told, "RFC 1001 §15.5.1", "A server that starts has the records that were kept.");

    /// <summary>An owner is to be asked.</summary>
    public static Rule OwnerChecked { get; } = s_rules.Documented("S25.check", Told, "RFC 1001 §15.1.7(1)", "A server may ask an owner at any time whether it still holds its name.", "{host} checks {name} with its owner.");

    /// <summary>A name is taken from its nodes.</summary>
    public static Rule Revoked { get; } = s_rules.Documented("S25.revoke", Told, "RFC 1001 §15.1.7(3)", "A server may take a name from the nodes that have it.", "{host} takes {name} from the nodes that have it.");

    /// <summary>A pull.</summary>
    public static Rule Pulled { get; } = s_rules.Documented("T10.pull", Told, "MS-WINSRA §3.2.5", "A server pulls from its partner what it does not know.", "{host} pulls from {peer}.");

    /// <summary>A push.</summary>
    public static Rule Pushed { get; } = s_rules.Documented("T10.push", Told, "MS-WINSRA §3.3.4", "A server notifies its partner of what it has.");
}
