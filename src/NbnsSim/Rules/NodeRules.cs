using static NbnsSim.Rules.DecisionKind;

namespace NbnsSim.Rules;

/// <summary>
/// The rules that an end node obeys. The groups: T what it is told, C conflict, B, P, M and H the node types (RFC 1002 §5.1.1–5.1.3, Q119493), N single
/// clauses and articles, X the proxy, D datagrams that ask nothing of the machine, E events. <see cref="RuleBook.Groups"/> says what each is about.
/// </summary>
public static class NodeRules
{
    private static readonly RuleList s_rules = new();

    /// <summary>All of them, in the order of this class.</summary>
    public static IReadOnlyList<Rule> All => s_rules.Rules;

    // What it is told.

    /// <summary>The machine starts.</summary>
    public static Rule Boot { get; } = s_rules.Documented("T1.boot", Told, "Q139608", "A machine that starts registers its names.", "{host} boots.", "BootNames");

    /// <summary>A unique name is added.</summary>
    public static Rule AddName { get; } = s_rules.Documented("T2.add-name", Told, "RFC 1001 §15.2", "ADD NAME claims a unique name.", "{host} claims {name}.");

    /// <summary>A group name is added.</summary>
    public static Rule AddGroupName { get; } = s_rules.Documented("T2.add-group-name", Told, "RFC 1001 §15.2", "ADD GROUP NAME joins a group.", "{host} joins {name}.");

    /// <summary>A name is deleted.</summary>
    public static Rule DeleteName { get; } = s_rules.Documented("T2.delete-name", Told, "RFC 1001 §15.4", "DELETE NAME gives a name up.", "{host} gives {name} up.");

    /// <summary>A user logs on.</summary>
    public static Rule Logon { get; } = s_rules.Documented("T3.logon", Told, "MS-NBTE appendix A <3>, Q186486", "When a user logs on, the Messenger service claims the user's name, suffix 03.", "{user} logs on at {host}.");

    /// <summary>A user logs off.</summary>
    public static Rule Logoff { get; } = s_rules.Documented("T3.logoff", Told, "Q186486", "When a user logs off, the user's name is released.", "{user} logs off at {host}.");

    /// <summary>A name is looked for.</summary>
    public static Rule Query { get; } = s_rules.Documented("T4.query", Told, "RFC 1001 §15.3", "A name is looked for.", "{host} looks for {name}.");

    /// <summary>Another node is asked for its names.</summary>
    public static Rule NodeStatus { get; } = s_rules.Documented("T4.node-status", Told, "RFC 1002 §4.2.17", "Another node is asked for its names.", "{host} asks {address} for its names.");

    /// <summary>Another node is asked for its names by one of them.</summary>
    public static Rule NodeStatusByName { get; } = s_rules.Documented("T4.node-status-by-name", Told, "RFC 1001 §15.6", "The node that holds a name is found first, then asked for its names.", "{host} asks who holds {name} for all its names.");

    /// <summary>All names are registered anew.</summary>
    public static Rule ReleaseRefresh { get; } = s_rules.Documented("T5.release-refresh", Told, "Q188598", "nbtstat -RR registers every name anew.", "{host} registers its names anew.", "HasReleaseRefresh");

    /// <summary>The cache is emptied.</summary>
    public static Rule PurgeCache { get; } = s_rules.Documented("T5.purge-cache", Told, "Q119493", "nbtstat -R empties the cache; preloaded entries stay.", "{host} empties its cache.");

    /// <summary>A name is preloaded.</summary>
    public static Rule PreloadName { get; } = s_rules.Documented("T5.preload", Told, "Q119493", "A #PRE line of LMHOSTS is in the cache for good.");

    /// <summary>The machine stops.</summary>
    public static Rule Shutdown { get; } = s_rules.Documented("T6.shutdown", Told, "RFC 1001 §15.4", "A machine that stops in good order releases its names.", "{host} shuts down.");

    /// <summary>An interface gets another address.</summary>
    public static Rule ChangeAddress { get; } = s_rules.Documented("T7.change-address", Told, "MS-NBTE §3.1.7", "An interface that gets another address claims every name anew for it.", "{host} gets the address {address}.");

    /// <summary>A datagram is sent by hand.</summary>
    public static Rule SentByHand { get; } = s_rules.Documented("T8.by-hand", Told, "the scenario", "A datagram is sent that no machine has decided to send.", "A datagram about {name} is sent from {host} by hand.");

    /// <summary>A machine crashes.</summary>
    public static Rule Crashes { get; } = s_rules.Documented("T8.crash", Told, "the scenario", "A machine that crashes hears, says and does nothing.", "{host} crashes.");

    /// <summary>A machine comes back.</summary>
    public static Rule Restarts { get; } = s_rules.Documented("T8.restart", Told, "the scenario", "A machine comes back after a crash.", "{host} comes back.");

    /// <summary>A captured host is played.</summary>
    public static Rule Played { get; } = s_rules.Documented("T8.played", Told, "the capture", "A node that stands in for a captured host does what the capture shows.", "{host} refreshes {name}.");

    /// <summary>A captured host held a name all along.</summary>
    public static Rule HeldFromStart { get; } = s_rules.InferredForGood("T8.held-from-start", Held, "the capture", "A captured host that defends, answers for, refreshes or releases a name that it has not claimed held it before the capture began.", "{host} holds {name} since before the capture began.", "it says what the capture shows, and not what a node does");

    /// <summary>Commands that a machine cannot follow.</summary>
    public static Rule NotRunning { get; } = s_rules.Documented("T9.not-running", Failed, "RFC 1001 §15.4", "A machine that is shut down, or is shutting down, follows no command.", "{host} is shut down and does nothing.");

    /// <summary>A command that is no longer wanted.</summary>
    public static Rule Cancelled { get; } = s_rules.InferredForGood("T9.cancelled", Failed, "RFC 1001 §15.4 lets a name be deleted at any time", "A later command puts an end to an earlier one.", null, "there is no other order of two commands");

    /// <summary>Too many names or transactions.</summary>
    public static Rule OutOfResources { get; } = s_rules.Documented("T9.out-of-resources", Failed, "RFC 1001 §15.1.1", "A node has room for so many names and transactions.", "{host} has no room for {name}.", "MaxTransactions");

    /// <summary>Whether <c>nbtstat -RR</c> is there.</summary>
    public static Rule NoReleaseRefresh { get; } = s_rules.Documented("N9.no-release-refresh", Failed, "Q188598", "Windows NT 3.5 and 3.51 have no nbtstat -RR.", "{host} has no nbtstat -RR.", "HasReleaseRefresh");

    /// <summary>How often <c>nbtstat -RR</c> may be used.</summary>
    public static Rule ReleaseRefreshTooSoon { get; } = s_rules.Documented("N9.too-soon", Failed, "Q188598", "nbtstat -RR works at most once in two minutes.", "It is too soon after the last time.");

    // Datagrams that ask nothing of this node.

    /// <summary>A P node and broadcasts.</summary>
    public static Rule BroadcastDiscarded { get; } = s_rules.Documented("P1.broadcast", Ignored, "RFC 1002 §5.1.2", "A P node discards what comes by broadcast.");

    /// <summary>A P node and the B bit.</summary>
    public static Rule BroadcastBitDiscarded { get; } = s_rules.Documented("P1.broadcast-bit", Ignored, "RFC 1002 §4.2.1.1, §5.1.2.5", "A P node discards a packet that says of itself that it was broadcast.", null, "DiscardsBroadcastBit");

    /// <summary>A machine that is shut down.</summary>
    public static Rule HearsNothing { get; } = s_rules.Documented("D1.shut-down", Ignored, "RFC 1001 §15.4", "A machine that is shut down hears nothing.");

    /// <summary>What cannot be read.</summary>
    public static Rule Unreadable { get; } = s_rules.Documented("D1.unreadable", Ignored, "RFC 1002 §4", "What cannot be read as a packet of the name service is not looked at.");

    /// <summary>Classes.</summary>
    public static Rule UnknownClass { get; } = s_rules.Documented("N13.class", Ignored, "RFC 1002 §4.2.1.2, §4.2.1.3", "IN is the only class.");

    /// <summary>Names that are too long.</summary>
    public static Rule LongName { get; } = s_rules.Documented("N14.long-name", Ignored, "RFC 1002 §4.1", "A name takes 255 octets at most; a node does not look at a packet with a longer one, which a name server of Windows takes.");

    /// <summary>An interface that the node does not have.</summary>
    public static Rule NoSuchInterface { get; } = s_rules.InferredForGood("D1.no-such-interface", Ignored, "the driver's own mistake", "What comes in on an interface that the node does not have is not heard.", null, "there is no such interface to act on");

    /// <summary>One's own broadcast.</summary>
    public static Rule OwnEcho { get; } = s_rules.InferredForGood("D1.own-echo", Ignored, "a segment may carry a broadcast back to its sender", "A node takes no notice of what it sent itself.", null, "a node that answered itself could never register a name");

    /// <summary>The word of the name server beside it, from outside.</summary>
    public static Rule OwnServerFromOutside { get; } = s_rules.InferredForGood("D1.own-server-from-outside", Ignored, "what a host says to itself does not come by the wire (RFC 1122 §3.2.1.3 g)", "What comes by the wire and claims to be from the name server on the same host is from somebody else, and not looked at.", null, "whoever took it could be told anything");

    /// <summary>A name that is not here.</summary>
    public static Rule NotOurs { get; } = s_rules.Documented("B5.not-ours", Ignored, "RFC 1002 §5.1.1.5", "A request about a name that the node does not hold, and has not looked for, is nothing to it.");

    /// <summary>A kind of packet that nobody knows.</summary>
    public static Rule UnknownKind { get; } = s_rules.Documented("D1.unknown-kind", Ignored, "RFC 1002 §4.2", "A packet that is none of the kinds of the name service is not acted on.");

    /// <summary>A response that nobody waits for.</summary>
    public static Rule UnknownTransaction { get; } = s_rules.Documented("D1.unknown-transaction", Ignored, "RFC 1002 §4.2.1.1", "A response that has the transaction id of nothing that runs answers nothing.");

    /// <summary>A response from somebody else.</summary>
    public static Rule OtherResponder { get; } = s_rules.Documented("D1.other-responder", Ignored, "RFC 1002 §5.1.2.1", "Only who was asked can answer.", "{host} takes no notice of {peer}'s answer: it asked somebody else.");

    /// <summary>A response of a kind that answers nothing here.</summary>
    public static Rule UnexpectedResponse { get; } = s_rules.Documented("D1.unexpected-response", Ignored, "RFC 1002 §5.1.1.1, §5.1.2.1", "A response of another kind than the request can have is ignored.");

    /// <summary>Demands to a P node, whose name server has the last word.</summary>
    public static Rule OverwriteUnheeded { get; } = s_rules.Documented("B5.overwrite", Ignored, "RFC 1002 §5.1.1.5, §5.1.2.5", "An overwrite request or demand is for the caches of those who have the name in it; nobody answers it.");

    // Defending names.

    /// <summary>A unique name is defended.</summary>
    public static Rule DefendUnique { get; } = s_rules.Documented("B5.defend-unique", Refused, "RFC 1002 §5.1.1.5", "A node that holds a unique name refuses it to everybody else who claims it.", "{host} holds {name} and refuses it to {peer}.");

    /// <summary>A group's name is defended against a unique claim.</summary>
    public static Rule DefendGroup { get; } = s_rules.Documented("B5.defend-group", Refused, "RFC 1002 §5.1.1.5", "A member of a group refuses its name to whoever claims it alone.", "{host} is in group {name} and refuses it to {peer}.");

    /// <summary>The first of two adapters.</summary>
    public static Rule FirstAdapter { get; } = s_rules.Documented("N27.first-adapter", Refused, "Q102795", "Of two adapters on one segment only the first to register a name succeeds.", "{host}'s first adapter refuses {name} to the second.", "DefendsAgainstOwnAdapters");

    /// <summary>A P node does not defend.</summary>
    public static Rule ServerDefends { get; } = s_rules.Documented("P6.server-defends", Ignored, "RFC 1002 §5.1.2.5", "A P node does not defend its names: its name server does.");

    /// <summary>A name that is not registered yet, or not any more.</summary>
    public static Rule NotRegistered { get; } = s_rules.Documented("B5.not-registered", Ignored, "RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5", "A name that is still being claimed, or is being released, is neither defended nor answered for.");

    /// <summary>A name in conflict is not defended.</summary>
    public static Rule ConflictNotDefended { get; } = s_rules.Documented("C2.not-defended", Ignored, "RFC 1001 §15.1.3.5, MS-NBTE §3.1.5.1", "A name in conflict is not defended.", "{host} does not defend {name}, which is in conflict.");

    /// <summary>The wildcard.</summary>
    public static Rule Wildcard { get; } = s_rules.Documented("N20.wildcard", Ignored, "MS-NBTE §3.1.5.1", "A name that begins with * is everybody's: nobody defends it or gives it up.");

    /// <summary>Anybody may join a group.</summary>
    public static Rule GroupJoined { get; } = s_rules.Documented("B5.group-joined", Ignored, "RFC 1002 §5.1.1.5", "Any node may join a group: nobody refuses it.");

    /// <summary>One's own claim, heard on another interface.</summary>
    public static Rule OwnClaim { get; } = s_rules.InferredForGood("D1.own-claim", Ignored, "Q102795 for who did not know its own adapters", "A claim that comes from one of the node's own addresses is its own.", null, "DefendsAgainstOwnAdapters is the documented exception");

    // Releases by others.

    /// <summary>The cache forgets who left.</summary>
    public static Rule ReleasePurgesCache { get; } = s_rules.Documented("B5.purge-cache", Forgot, "RFC 1002 §5.1.1.5", "Who hears a release of a name drops it from the cache.", "{host} drops {name} from its cache.");

    /// <summary>The cache is corrected.</summary>
    public static Rule OverwriteCorrectsCache { get; } = s_rules.Documented("B5.correct-cache", Learned, "RFC 1002 §5.1.1.5", "Who hears an overwrite demand for a name in its cache corrects the cache.", "{host} corrects its cache: {name} is at {address}.");

    /// <summary>A B node keeps its own table.</summary>
    public static Rule OwnTableKept { get; } = s_rules.Documented("B5.own-table", Ignored, "RFC 1002 §5.1.1.5", "A B node that hears somebody else's release purges its cache and leaves its own names alone.", "{host} holds {name} and takes no notice: a release is for caches only.", "ReleaseDemand");

    /// <summary>A release deletes a P, M or H node's name.</summary>
    public static Rule ReleaseDeletes { get; } = s_rules.Documented("P6.release-deletes", GaveUp, "RFC 1002 §5.1.2.5, §5.1.3.5, RFC 1001 §15.5.3", "A P or M node that receives a release of its name deletes the name and informs the user.", "{host} takes the release for its own {name}: the name leaves its table.", "ReleaseDemand");

    /// <summary>A release that is repeated because its answer was lost.</summary>
    public static Rule ReleaseAnsweredAgain { get; } = s_rules.Inferred("C4.answered-again", Answered, "its own name server repeats a demand only where the answer was lost", "A release of a name that is gone already is answered POSITIVE, if the node's own name server asks.", "{host} has given {name} up already, and says so again.", "AnswersReleaseDemand");

    /// <summary>MS00-047 and releases.</summary>
    public static Rule ReleaseFromStranger { get; } = s_rules.Documented("N10.release-from-stranger", Ignored, "MS00-047, Q269239", "With NoNameReleaseOnDemand set, a node ignores releases except from its own name servers.", "{host} holds {name} and takes no notice of the release: it does not come from its name server.", "NoNameReleaseOnDemand");

    /// <summary>A broadcast release, by the rival reading.</summary>
    public static Rule BroadcastReleaseForCaches { get; } = s_rules.Inferred("N15.broadcast-release", Ignored, "a rival reading of what Windows NT 3.51 corrected (Q131739)", "A release by broadcast is for caches only.", "{host} holds {name} and takes no notice: a release by broadcast is for caches only.", "IgnoresBroadcastRelease");

    /// <summary>A member leaves a group.</summary>
    public static Rule MemberLeaves { get; } = s_rules.Documented("M4.member-leaves", Ignored, "RFC 1001 §15.4.3", "A member's broadcast release of a group name says that the member leaves; the others keep it.", "{host} is in group {name} and stays: that {peer} leaves changes nothing for it.", "TakesBroadcastGroupRelease");

    /// <summary>A release that carries another's address.</summary>
    public static Rule AddressDiffers { get; } = s_rules.Inferred("N15.address-differs", Ignored, "Q131739 says no more than that Windows NT 3.51 corrects it", "A release is heeded only if it carries the node's own address.", "{host} holds {name} and takes no notice: the release carries {address}, not its own address.", "ReleaseDemand");

    /// <summary>A release of a name in conflict that carries another's address.</summary>
    public static Rule ReleaseInConflict { get; } = s_rules.InferredForGood("C4.in-conflict", Ignored, "RFC 1001 §15.1.3.5: a name in conflict is of no use to anybody", "A release of a name that is in conflict already changes nothing.", null, "there is no state beyond conflict that it could lead to");

    /// <summary>A release that is repeated because its answer was lost.</summary>
    public static Rule ReleaseRepeated { get; } = s_rules.InferredForGood("C4.repeated", Answered, "a release that carries the node's own address is repeated only where the answer was lost", "A release that has put the name into conflict already is answered once more.", "{host} has marked {name} already, and says so again.", "without it the repeats would go on to their end, and nothing else would differ");

    /// <summary>A release of a group, corrected.</summary>
    public static Rule GroupNotReleased { get; } = s_rules.Documented("N28.group-kept", Ignored, "Q314696", "The type of the name is checked: a release does not put a group name into conflict.", "{host} is in group {name} and keeps it: a release is for unique names.", "ReleaseDemandTakesGroupNames");

    /// <summary>A release with the node's own address: 4320.</summary>
    public static Rule ReleaseOfOwnAddress { get; } = s_rules.Documented("N15.own-address", Marked, "Q120752, MS00-047 (Q269239)", "A release of a held name that carries the node's own address makes Windows give the name up.", "{host} takes the release for its own {name}, for it carries {host}'s address: the name goes into Conflict.", "ReleaseDemand");

    /// <summary>A release with somebody else's address, matched on the name alone: 4320, the event of Q131739.</summary>
    public static Rule ReleaseMatchesNameAlone { get; } = s_rules.Inferred("N15.name-alone", Marked, "explains Q131739, which names no mechanism", "Windows NT 3.5 takes a release of a name it holds for its own although the release carries another machine's address.", "{host} takes the release for its own {name}, though it carries {address}: the name goes into Conflict.", "ReleaseDemand");

    /// <summary>A release of a group name sent to this node alone: 4320.</summary>
    public static Rule ReleaseTakesGroup { get; } = s_rules.Documented("N28.group-taken", Marked, "Q314696", "The release of a group name puts it into conflict because the type of the name is not checked.", "{host} takes the release for its own group {name}, whose type it does not check: the name goes into Conflict.", "ReleaseDemandTakesGroupNames");

    // Conflict.

    /// <summary>A name conflict demand for a held name: 4319.</summary>
    public static Rule ConflictDemand { get; } = s_rules.Documented("C1.conflict-demand", Marked, "RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5", "A node that receives a name conflict demand for a name it holds marks the name as in conflict.", "{host} is told by {peer} that {name} is in conflict, and marks it.");

    /// <summary>A NEGATIVE registration response that answers nothing the node asked: 4319.</summary>
    public static Rule UnsolicitedNegative { get; } = s_rules.Documented("C1.unsolicited-negative", Marked, "Q269239 (MS00-047)", "A negative registration response that answers no request of the node puts the name into conflict.", "{host} takes {peer}'s refusal, which answers nothing it asked, for a conflict: {name} goes into Conflict.", "UnsolicitedNegativeMeansConflict");

    /// <summary>The RFC and unsolicited negatives.</summary>
    public static Rule StrayNegative { get; } = s_rules.Documented("C1.stray-negative", Ignored, "RFC 1001 §15.1.3.5", "Only a name conflict demand means a conflict; a refusal that answers nothing means nothing.", "{host} holds {name} and takes no notice of {peer}'s refusal, which answers nothing it asked.", "UnsolicitedNegativeMeansConflict");

    /// <summary>Groups and conflict demands.</summary>
    public static Rule ConflictDemandForGroup { get; } = s_rules.Observed("C1.group", Ignored, "Samba's nmbd; RFC 1002 §4.2.8 has G = 0", "A name conflict demand is for unique names only.", "{host} is in group {name} and takes no notice: a conflict demand is for unique names.", "ConflictDemandTakesGroupNames");

    /// <summary>MS00-047 and conflicts.</summary>
    public static Rule ConflictFromStranger { get; } = s_rules.Documented("N10.conflict-from-stranger", Ignored, "MS00-047, Q269239", "With the update of MS00-047 a node believes a conflict only as an answer to its own registration or from its own name server.", "{host} holds {name} and takes no notice of the conflict: it does not come from its name server.", "SolicitedConflictsOnly");

    /// <summary>A name that is not registered cannot be in conflict.</summary>
    public static Rule NothingToMark { get; } = s_rules.Documented("C1.nothing-to-mark", Ignored, "RFC 1001 §15.1.3.5", "Only a name that was successfully registered, and is not in conflict yet, can be marked.");

    /// <summary>A name in conflict, claimed again here.</summary>
    public static Rule NameInConflict { get; } = s_rules.Documented("C3.name-in-conflict", Failed, "RFC 1001 §15.1.3.5, MS-NBTE §3.1.4.1", "A name in conflict cannot be registered or looked for; nothing is sent.", "{name} is in conflict at {host}: nothing is sent.");

    /// <summary>A name that is here already.</summary>
    public static Rule AlreadyHere { get; } = s_rules.Documented("B1.already-here", Failed, "RFC 1001 §15.1.1", "A name that is in the table already is not claimed again.", "{host} has {name} already.");

    // Queries and node status.

    /// <summary>A query is answered.</summary>
    public static Rule AnswerQuery { get; } = s_rules.Documented("B5.answer-query", Answered, "RFC 1002 §5.1.1.5, §5.1.2.5", "A node answers a query for a name that it holds.");

    /// <summary>A query for the wildcard is answered.</summary>
    public static Rule AnswerWildcard { get; } = s_rules.Observed("N29.answer-wildcard", Answered, "Samba's nmbd; inferred for Windows", "A query for * is answered with the node's address.", "{host} answers {peer}'s query for everybody.", "AnswersWildcardQuery");

    /// <summary>A name in conflict is not answered for.</summary>
    public static Rule ConflictNotAnswered { get; } = s_rules.Documented("C2.not-answered", Ignored, "RFC 1001 §15.1.3.5", "A name in conflict is not answered for.", "{host} does not answer for {name}, which is in conflict.");

    /// <summary>NEGATIVE to a query that was sent to this node alone.</summary>
    public static Rule NegativeAnswer { get; } = s_rules.Documented("P6.negative", Refused, "RFC 1002 §5.1.2.5, MS-NBTE §4.1", "A node that is asked alone for a name it does not have, or has in conflict, says so.", "{host} tells {peer} that it does not hold {name}.", "AnswersUnicastMisses");

    /// <summary>Silence to a query that was sent to this node alone.</summary>
    public static Rule SilentMiss { get; } = s_rules.Documented("B5.silent-miss", Ignored, "RFC 1002 §5.1.1.5", "A B node is silent about names that it does not have.", null, "AnswersUnicastMisses");

    /// <summary>Node status is answered.</summary>
    public static Rule AnswerStatus { get; } = s_rules.Documented("B5.status", Answered, "RFC 1002 §5.1.1.5, §4.2.17", "A node status request for a name that the node holds, or for *, is answered with all its names.", "{host} tells {peer} its names.", "AnswersStatusWildcard");

    /// <summary>Node status is not answered.</summary>
    public static Rule StatusNotAnswered { get; } = s_rules.Documented("B5.no-status", Ignored, "RFC 1002 §5.1.1.5", "A node status request for a name that the node does not hold, or has in conflict, is not answered.", null, "AnswersStatusWildcard");

    // Claiming.

    /// <summary>A claim by broadcast.</summary>
    public static Rule ClaimByBroadcast { get; } = s_rules.Documented("B1.claim", Asked, "RFC 1002 §5.1.1.1", "A name is claimed by broadcast, up to three times.");

    /// <summary>The overwrite demand that ends a claim.</summary>
    public static Rule DemandName { get; } = s_rules.Documented("B1.demand", Demanded, "RFC 1002 §5.1.1.1", "A claim that nobody objected to ends in an overwrite demand.", null, "SendsOverwriteDemand");

    /// <summary>A claim by broadcast succeeds.</summary>
    public static Rule NobodyObjected { get; } = s_rules.Documented("B1.nobody-objected", Held, "RFC 1002 §5.1.1.1", "A name that nobody objected to in time is the claimant's.", "Nobody objects: {name} {is} {host}'s own now.");

    /// <summary>A group is joined by broadcast.</summary>
    public static Rule GroupJoinedUnopposed { get; } = s_rules.Documented("B1.joined", Held, "RFC 1002 §5.1.1.2", "A group that nobody objected to has the claimant as a member.", "{host} is in {group} {name} now.");

    /// <summary>A claim waits for the conflict timer.</summary>
    public static Rule ClaimWatched { get; } = s_rules.Documented("N1.conflict-timer", Waited, "RFC 1001 §15.2.1", "An objection to a broadcast claim counts until CONFLICT_TIMER has run.", null, "ClaimLastsConflictTimer");

    /// <summary>The end of that time, for a name that the name server has granted before.</summary>
    public static Rule ClaimUnopposed { get; } = s_rules.Documented("N1.unopposed", Held, "RFC 1001 §15.2.3", "A name that the name server has granted is held for good once the segment has not objected within CONFLICT_TIMER.", null, "ClaimLastsConflictTimer");

    /// <summary>A claim is refused.</summary>
    public static Rule ClaimRefused { get; } = s_rules.Documented("B1.refused", Failed, "RFC 1002 §5.1.1.1, §5.1.2.1", "A claim that is refused has failed.");

    /// <summary>A computer's own name is refused as it starts.</summary>
    public static Rule BootRefused { get; } = s_rules.Documented("T1.boot-refused", Failed, "Q97491", "A computer whose own name is refused as it starts claims no other: the services that would do not start.", "The boot of {host} ends there: its own name is refused.");

    /// <summary>One of several interfaces is refused a name.</summary>
    public static Rule HeldInPart { get; } = s_rules.Documented("C6.held-in-part", Marked, "MS-NBTE §3.1.4.1", "A name that one interface holds and another was refused stays in the table, in conflict on the one that was refused.", "{host} keeps {name}, which is in conflict on the adapter that was refused it.");

    /// <summary>The refused name leaves the table, or stays in it.</summary>
    public static Rule RefusedKept { get; } = s_rules.Inferred("C6.refused-kept", Marked, "consoles that show a refused name as Conflict are reported; MS-NBTE §4.1 has it leave", "A name that was refused everywhere stays in the table, in conflict.", "{name} stays in {host}'s table, in conflict.", "KeepsRefusedNameInConflict");

    /// <summary>A user's name that was refused is released.</summary>
    public static Rule ReleaseRefusedUserName { get; } = s_rules.Inferred("N15.release-refused", Asked, "explains Q131739, which names no mechanism", "Windows NT 3.5 releases a user's name that it was refused at logon.", "{host} then releases {name}, which it never got.", "ReleasesRefusedUserName");

    /// <summary>A user's name that was refused is left alone.</summary>
    public static Rule RefusedUserNameLeft { get; } = s_rules.Inferred("N15.refused-not-released", Failed, "RFC 1002 §5.1.1.4 releases what is held; by one reading this is what Windows NT 3.51 corrected of Q131739, by the other NT 4.0 had it", "A user's name that was refused at logon is not released, since it was never held.", "{host} has nothing to release: it never got {name}.", "ReleasesRefusedUserName");

    /// <summary>A wildcard is no name to be added.</summary>
    public static Rule WildcardRefused { get; } = s_rules.Documented("N20.refused", Failed, "RFC 1001 §17.2", "A name that begins with * cannot be added.", "{host} does not add {name}, which begins with *.", "TakesAsteriskNames");

    /// <summary>A wildcard is only added.</summary>
    public static Rule WildcardAdded { get; } = s_rules.Documented("N20.added", Held, "MS-NBTE §3.1.4.1", "A name that begins with * is added to the table, and never registered.", "{host} adds {name} to its table.");

    /// <summary>A claim with the name server.</summary>
    public static Rule ClaimAtServer { get; } = s_rules.Documented("P2.claim", Asked, "RFC 1002 §5.1.2.1", "A name is claimed with the name server.");

    /// <summary>The name server grants it.</summary>
    public static Rule ServerGranted { get; } = s_rules.Documented("P2.granted", Held, "RFC 1002 §5.1.2.1", "A name that the name server grants is the claimant's for the granted time.");

    /// <summary>The name server asks to wait.</summary>
    public static Rule AskedToWait { get; } = s_rules.Documented("P2.wack", Waited, "RFC 1002 §5.1.2.1, §4.2.16", "A WACK replaces the wait by the time that it names.", "{peer} asks {host} to wait.", "MaximumWait");

    /// <summary>A WACK without a time.</summary>
    public static Rule WaitWithoutEstimate { get; } = s_rules.InferredForGood("P2.wack-without-time", Ignored, "RFC 1002 §4.2.16 does not say what 0 means", "A WACK whose TTL is 0 is no estimate: the usual time goes on.", null, "no wait at all, the other reading, would spend every try at once against who asked for time");

    /// <summary>The owner is to be asked.</summary>
    public static Rule AskOwner { get; } = s_rules.Documented("P3.ask-owner", Challenged, "RFC 1002 §5.1.2.1", "A claimant that is given the owner's address asks there whether it still holds the name.", "{host} asks {peer} whether it still holds {name}.");

    /// <summary>The owner is there.</summary>
    public static Rule OwnerHolds { get; } = s_rules.Documented("P3.owner-holds", Failed, "RFC 1002 §5.1.2.1", "An owner that answers keeps its name.", "{peer} still holds {name}: {host} does not get it.");

    /// <summary>The owner is not there.</summary>
    public static Rule OwnerGone { get; } = s_rules.Documented("P3.owner-gone", Asked, "RFC 1002 §5.1.2.1, §5.1.3.1", "Where the owner is silent, or denies it, the name server is sent an update request.", "The owner does not hold {name} any more: {host} tells the name server so.");

    /// <summary>The M node's letter: no update.</summary>
    public static Rule UpdateSkipped { get; } = s_rules.Documented("M5.no-update", Held, "RFC 1002 §5.1.3.1", "By the letter of the M node's pseudo-code an owner's denial makes the name the claimant's without an update request.", "{peer} does not hold {name} any more: {host} takes it.", "SkipsUpdateAfterDenial");

    /// <summary>The segment refused what the name server has granted.</summary>
    public static Rule ClaimWithdrawn { get; } = s_rules.Inferred("M1.withdrawn", Asked, "RFC 1001 §15.2.3: both claims have to succeed; what becomes of the other is not said", "What the name server has granted, and the segment has refused, is released at the name server.", "{host} releases {name} at its name server, since the segment has refused it.", "ReleasesClaimTheSegmentRefused");

    /// <summary>The name server did not grant it.</summary>
    public static Rule NothingToWithdraw { get; } = s_rules.Documented("M1.nothing-to-withdraw", Ignored, "RFC 1001 §15.2.3", "A claim that the name server does not grant needs no release there.");

    /// <summary>The name server is told that it is wrong.</summary>
    public static Rule CorrectServer { get; } = s_rules.Documented("T4.correct-name-server", Told, "RFC 1001 §15.1.7(8), §15.3.2", "A node that finds a name not to be where the name server says tells it so by a release request.", "{host} tells its name server that {name} is not at {address}.");

    /// <summary>There is no name server to tell.</summary>
    public static Rule NothingToCorrect { get; } = s_rules.Documented("T4.no-name-server", Failed, "RFC 1001 §15.1.7(8)", "A B node has no name server to correct.", "{host} has no name server to tell.");

    /// <summary>Nobody answers.</summary>
    public static Rule ServerSilent { get; } = s_rules.Documented("P2.silent", Failed, "RFC 1002 §5.1.2.1", "A claim that no name server answers has failed.", "No name server answers {host} about {name}.");

    /// <summary>A claim that is tried again later.</summary>
    public static Rule KeepsTrying { get; } = s_rules.Documented("N11.keeps-trying", Waited, "Q120642", "A name that no name server answered for is tried again every two minutes.", "No name server answers: {host} will try {name} again.", "KeepsTryingNameServer");

    /// <summary>Broadcast is next.</summary>
    public static Rule ThenByBroadcast { get; } = s_rules.Documented("H1.then-by-broadcast", FellBack, "Q119493, RFC 1002 §5.1.3.4", "Where the name server is silent an H node goes on by broadcast; what else comes next says the node type.", "{host} goes on by broadcast.");

    /// <summary>The name server is next.</summary>
    public static Rule ThenAtServer { get; } = s_rules.Documented("M1.then-at-server", FellBack, "RFC 1002 §5.1.3", "An M node goes on with its name server where its broadcasts are done.", "{host} goes on with its name server.");

    /// <summary>The next name server.</summary>
    public static Rule NextServer { get; } = s_rules.Documented("N5.next-server", FellBack, "Q119493, Q137780", "Where a name server is silent, or does not know a name, the next one is asked.", "{host} turns to the next name server, {address}.", "AsksNextServerAfterNegative");

    /// <summary>The letter of MS-NBTE for a claim that nobody answers.</summary>
    public static Rule UnansweredReclaim { get; } = s_rules.Documented("N30.unanswered", Marked, "MS-NBTE §3.1.7", "By the letter a claim for a new address that fails, if only because nobody answers, puts the name into conflict.", "No name server answers: {name} goes into Conflict at {host}.", "UnansweredReclaimIsConflict");

    /// <summary>A name is claimed again.</summary>
    public static Rule ClaimAgain { get; } = s_rules.Documented("N11.claim-again", Asked, "Q120642, MS-NBTE §3.1.7", "A name that its name server has not heard of, or whose address has changed, is claimed again.", "{host} claims {name} again.");

    // Refreshing.

    /// <summary>A refresh.</summary>
    public static Rule Refresh { get; } = s_rules.Documented("P7.refresh", Asked, "RFC 1002 §5.1.2.6", "A name is refreshed with the name server before its time runs out.", "{host} refreshes {name}.");

    /// <summary>A refresh succeeds.</summary>
    public static Rule Refreshed { get; } = s_rules.Documented("P7.refreshed", Held, "RFC 1002 §5.1.2.6", "A POSITIVE answer to a refresh starts its timer anew.");

    /// <summary>A refresh is refused: 4319.</summary>
    public static Rule RefreshRefused { get; } = s_rules.Documented("P7.refused", Marked, "RFC 1002 §5.1.2.6, RFC 1001 §15.5.1", "A node whose refresh is refused marks the name as in conflict.", "{peer} refuses {host} what it holds already: {name} goes into Conflict.");

    /// <summary>A refresh is not answered.</summary>
    public static Rule RefreshSilent { get; } = s_rules.Documented("P7.silent", Waited, "RFC 1002 §5.1.2.6", "Where a refresh is not answered the name stays, and is refreshed later.", "No name server answers: {host} keeps {name} and tries again later.");

    /// <summary>A refresh has to wait.</summary>
    public static Rule RefreshPostponed { get; } = s_rules.InferredForGood("P7.postponed", Waited, "one transaction a name at a time", "A refresh that is due while the name is busy waits.", null, "two requests about one name at once could cross");

    /// <summary>Nothing can be refreshed.</summary>
    public static Rule NothingToRefresh { get; } = s_rules.Documented("P7.nothing", Ignored, "RFC 1001 §15.1.3.5", "A name that is in conflict, or has gone, is not refreshed when its time comes.");

    /// <summary>The primary name server is tried.</summary>
    public static Rule SwitchBack { get; } = s_rules.Documented("N21.switch-back", Asked, "Q247559", "Every ten minutes one name is refreshed with the primary name server, until it answers.", null, "SwitchBackInterval");

    // Looking for names.

    /// <summary>A query by broadcast.</summary>
    public static Rule QueryByBroadcast { get; } = s_rules.Documented("B2.query", Asked, "RFC 1002 §5.1.1.3", "A name is looked for by broadcast, up to three times.");

    /// <summary>The policy against NetBIOS queries.</summary>
    public static Rule ResolutionDisabled { get; } = s_rules.Documented("N31.disabled", Failed, "the policy \"Configure NetBIOS settings\"", "A system whose policy disables NetBIOS name resolution asks nobody.", "NetBIOS name resolution is disabled on {host}: it looks for {name} nowhere.", "NameResolution");

    /// <summary>Learning mode begins.</summary>
    public static Rule LearningMode { get; } = s_rules.Documented("N31.learning-mode", Waited, "the policy \"Configure NetBIOS settings\"", "In NetBIOS learning mode mDNS and LLMNR are asked first.", "{host} asks mDNS and LLMNR for {name} first.", "NameResolution");

    /// <summary>Learning mode ends.</summary>
    public static Rule LearnedNothing { get; } = s_rules.Inferred("N31.fall-back", FellBack, "Microsoft's networking blog, 22 April 2022: a fallback after mDNS and LLMNR queries fail; how long that takes is inferred", "Where mDNS and LLMNR have not answered, the name is looked for by NetBIOS.", "Neither mDNS nor LLMNR answers.", "LearningModeWait");

    /// <summary>A query at the name server.</summary>
    public static Rule QueryAtServer { get; } = s_rules.Documented("P4.query", Asked, "RFC 1002 §5.1.2.3", "A name is looked for at the name server.");

    /// <summary>A query to one machine alone.</summary>
    public static Rule DirectedQuery { get; } = s_rules.Observed("P4.query-one", Asked, "Samba's nmblookup -U", "One machine alone is asked for a name, whoever it is.", "{host} asks {peer} for {name}.");

    /// <summary>The first answer counts.</summary>
    public static Rule FirstAnswer { get; } = s_rules.Documented("B2.first-answer", Found, "RFC 1002 §5.1.1.3", "The first positive answer is the answer, and CONFLICT_TIMER starts.", "{peer} answers: {name} is at {address}.");

    /// <summary>The name server's answer.</summary>
    public static Rule ServerAnswer { get; } = s_rules.Documented("P4.answer", Found, "RFC 1002 §5.1.2.3", "The name server's positive answer is the answer.", "{peer} answers: {name} is at {address}.");

    /// <summary>A node's own table.</summary>
    public static Rule OwnName { get; } = s_rules.Documented("H4.own-name", Found, "Q119493", "A node looks into its own table first.", "Its own name table answers: {name} is at {address}.");

    /// <summary>The cache.</summary>
    public static Rule Cached { get; } = s_rules.Documented("H4.cache", Found, "Q119493", "A node looks into its cache before it asks anybody.", "Its cache answers: {name} is at {address}.");

    /// <summary>LMHOSTS.</summary>
    public static Rule LmHosts { get; } = s_rules.Documented("H4.lmhosts", Found, "Q119493", "What nobody else knows may be in LMHOSTS.", "Its LMHOSTS file answers: {name} is at {address}.");

    /// <summary>Nobody knows it.</summary>
    public static Rule NotFound { get; } = s_rules.Documented("B2.not-found", Failed, "RFC 1002 §5.1.1.3", "A name that nobody answers for is not found.", "Nobody answers.");

    /// <summary>The name server does not know it.</summary>
    public static Rule ServerDoesNotKnow { get; } = s_rules.Documented("P4.negative", Failed, "RFC 1002 §5.1.2.3", "A name that the name server does not know is not found.", "{peer} does not know {name}.");

    /// <summary>A redirect is followed.</summary>
    public static Rule Redirected { get; } = s_rules.Documented("P4.redirect", FellBack, "RFC 1002 §5.1.2.3, §4.2.15", "A redirect is followed to the name server that it names.", "{peer} sends {host} to {address}.");

    /// <summary>A redirect leads nowhere.</summary>
    public static Rule RedirectInCircle { get; } = s_rules.InferredForGood("P4.redirect-circle", Failed, "two name servers may point at each other", "A redirect that names nobody, or the fifth in a row, counts as silence.", "{peer}'s redirect leads nowhere.", "following them without end is the only other reading");

    /// <summary>A pause after a negative answer.</summary>
    public static Rule NegativePause { get; } = s_rules.Documented("N6.pause", Waited, "Q219357", "Windows NT 4.0 before Service Pack 5 waits 1500 ms after each negative answer.", "{host} waits after {peer}'s negative answer.", "NegativeAnswerPause");

    /// <summary>A second owner answers.</summary>
    public static Rule SecondOwner { get; } = s_rules.Documented("B3.second-owner", Demanded, "RFC 1002 §5.1.1.5, RFC 1001 §15.1.3.5", "A node whose query two owners answer tells the later one that the name is in conflict.", "{peer} answers too: {host} tells it that {name} is in conflict.");

    /// <summary>A further answer that is no conflict.</summary>
    public static Rule SameAnswer { get; } = s_rules.Documented("B3.same-answer", Ignored, "RFC 1001 §13.1.1, §15.1.3.5", "A further answer with the same data, or from another member of a group, is no conflict.");

    /// <summary>The watch for further answers ends.</summary>
    public static Rule ConflictTimerEnds { get; } = s_rules.Documented("B3.timer-ends", Ignored, "RFC 1002 §5.1.1.5", "After CONFLICT_TIMER further answers are ignored.");

    /// <summary>A node status request.</summary>
    public static Rule StatusQuery { get; } = s_rules.Documented("N12.status-query", Asked, "RFC 1002 §4.2.17", "A node is asked for its names, up to three times.");

    /// <summary>A node status response.</summary>
    public static Rule StatusAnswer { get; } = s_rules.Documented("N12.status-answer", Found, "RFC 1002 §4.2.18", "The node's names are in its answer.", "{peer} answers with its names.");

    // Giving names up.

    /// <summary>A release by broadcast.</summary>
    public static Rule ReleaseByBroadcast { get; } = s_rules.Documented("B4.release", Asked, "RFC 1002 §5.1.1.4", "A name is released by three broadcasts; no answer is expected.");

    /// <summary>A release at the name server.</summary>
    public static Rule ReleaseAtServer { get; } = s_rules.Documented("P5.release", Asked, "RFC 1002 §5.1.2.4", "A name is released at the name server.");

    /// <summary>A release is done.</summary>
    public static Rule Released { get; } = s_rules.Documented("B4.released", GaveUp, "RFC 1002 §5.1.1.4, §5.1.2.4", "A name whose release is done leaves the table.", "{host} releases {name}.");

    /// <summary>A release on one interface, or of a name that the node does not hold, is done.</summary>
    public static Rule ReleaseDone { get; } = s_rules.Documented("B4.done", GaveUp, "RFC 1002 §5.1.1.4, MS-NBTE §3.1.4.2", "A release that is done on one of several interfaces, or of a name that the node does not hold, changes no table.");

    /// <summary>A name that goes without a word.</summary>
    public static Rule RemovedSilently { get; } = s_rules.Documented("B4.removed", GaveUp, "RFC 1002 §5.1.1.4; Q140419, MS-NBTE §3.1.4.1", "A name that nobody knows of, or that the dialect leaves unreleased, leaves the table without a word.", "{name} leaves {host}'s table without a word.", "ReleasesNameInConflict");

    /// <summary>The name server does not let a name go.</summary>
    public static Rule ReleaseRefused { get; } = s_rules.Documented("P5.refused", Held, "RFC 1002 §5.1.2.4", "A name whose release the name server refuses stays.", "{peer} refuses the release: {host} keeps {name}.");

    /// <summary>No such name.</summary>
    public static Rule NotHere { get; } = s_rules.Documented("B4.not-here", Failed, "RFC 1001 §15.4", "A name that is not in the table cannot be given up.", "{host} has no {name}.");

    // The proxy.

    /// <summary>A proxy answers.</summary>
    public static Rule ProxyAnswers { get; } = s_rules.Documented("X1.answer", Answered, "Q121004", "A proxy answers a broadcast for a name that its name server told it of.", "{host} answers {peer} for {name} as a proxy.", "EnableProxy");

    /// <summary>A proxy objects.</summary>
    public static Rule ProxyDefends { get; } = s_rules.Documented("X1.defend", Refused, "Q121004", "A proxy refuses a name that its name server told it of.", "{host} refuses {name} to {peer} as a proxy.", "EnableProxyRegCheck");

    /// <summary>A proxy asks.</summary>
    public static Rule ProxyAsks { get; } = s_rules.Documented("X1.ask", Asked, "Q121004", "A proxy asks its name server about a name that it hears of, and waits for the next broadcast.", "{host} asks its name server about {name} as a proxy.", "EnableProxy");

    /// <summary>A proxy has nothing to say.</summary>
    public static Rule ProxySilent { get; } = s_rules.Documented("X1.silent", Ignored, "Q121004", "A proxy says nothing about names of its own segment, or that it knows nothing of.", null, "EnableProxy");

    // Events.

    /// <summary>4319.</summary>
    public static Rule LogsConflict { get; } = s_rules.Documented("E1.4319", Logged, "Q120752", "A name that goes into conflict is told by event 4319, with the address of whoever sent the message in its data.", "The log of {host} gets event 4319 with the address of {peer-address} in its data.");

    /// <summary>4319 after a refused refresh.</summary>
    public static Rule LogsRefusedRefresh { get; } = s_rules.Inferred("E1.4319-refresh", Logged, "the event's text fits; no text says when it is logged", "A refused refresh is told by event 4319.", "The log of {host} gets event 4319 with the address of {peer-address} in its data.", "LogsRefusedRefresh");

    /// <summary>4320.</summary>
    public static Rule LogsRelease { get; } = s_rules.Documented("E1.4320", Logged, "Q120752", "A name that is lost to a release is told by event 4320, with the address of whoever sent it in its data.", "The log of {host} gets event 4320 with the address of {peer-address} in its data.", "TakesUserNameReleaseSilently");

    /// <summary>4321.</summary>
    public static Rule LogsRefusal { get; } = s_rules.Documented("E1.4321", Logged, "the text of event 4321", "A machine whose registration is refused says who refused it: Windows 2000 and later.", "The log of {host} gets event 4321: {name} is refused by {peer}.", "LogsRefusedRegistration");

    /// <summary>4321 after an error that says nothing of another holder.</summary>
    public static Rule LogsError { get; } = s_rules.Inferred("E1.4321-error", Logged, "the text of event 4321 for refusals; that a claim which ends in this error counts as refused is inferred", "A machine whose registration ends in an error logs it as a refusal: Windows 2000 and later.", "The log of {host} gets event 4321: {name} is refused by {peer}.", "LogsRefusedRegistration");

    /// <summary>4303.</summary>
    public static Rule LogsNoNameServer { get; } = s_rules.Inferred("E1.4303", Logged, "the text of event 4303; when it is logged is inferred", "A P, M or H node that starts without a name server says so.", "The log of {host} gets event 4303: it has no name server.", "LogsMissingNameServer");
}
