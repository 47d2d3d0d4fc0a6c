using System.Collections.Immutable;
using NbnsSim.Rules;

namespace NbnsSim.Protocol;

/// <summary>
/// What an era or a vendor does differently, as data. Every switch says which text documents it, or that it is observed in recorded
/// traffic, or our inference; the presets are <see cref="Rfc1002"/> and Windows NT 3.5, 3.51, 4.0, 2000, 10, 11 and Server 2025. Vary one with <c>with</c>.
/// </summary>
public sealed partial record NetBtDialect
{
    /// <summary>A dialect that does what RFC 1001 and 1002 say, until switches are set.</summary>
    /// <param name="name">Its name on a command line: <c>nt3.5</c>.</param>
    /// <param name="title">Its name in a sentence: <c>Windows NT 3.5</c>.</param>
    public NetBtDialect(string name, string title)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(title);
        Name = name;
        Title = title;
    }

    /// <summary>Its name on a command line and in a scenario: <c>nt3.5</c>.</summary>
    public string Name { get; init; }

    /// <summary>Its name in a sentence: <c>Windows NT 3.5</c>.</summary>
    public string Title { get; init; }

    /// <summary>Counts and durations.</summary>
    public NetBtTiming Timing { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = NetBtTiming.Rfc1002;

    /// <summary>
    /// TTL of a broadcast registration, in seconds: 0 (RFC 1002 §5.1.1.1, documented); 300,000 in every recorded Windows (observed).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.1")]
    [Reading(RuleBasis.Observed, "every recorded Windows", Value = "300000")]
    public uint BroadcastTimeToLive { get; init; }

    /// <summary>
    /// TTL asked of a name server, in seconds. The RFC leaves it to the node (§4.2.2); 300,000 in every recorded Windows (observed), taken for all.
    /// </summary>
    [Reading(RuleBasis.Observed, "every recorded Windows; RFC 1002 §4.2.2 leaves it to the node")]
    public uint RequestedTimeToLive { get; init; } = 300_000;

    /// <summary>
    /// TTL in the node's positive query responses, in seconds: <see langword="null"/> for what the name server granted, 0 without one
    /// (RFC 1002 §4.2.13, documented); 300,000 in every recorded Windows (observed).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.13")]
    [Reading(RuleBasis.Observed, "every recorded Windows", Value = "300000")]
    public uint? AnswerTimeToLive { get; init; }

    /// <summary>
    /// Whether a broadcast claim that nobody objected to ends with a NAME OVERWRITE DEMAND (RFC 1002 §5.1.1.1, documented; Windows XP and 7
    /// do so too, observed).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.1")]
    public bool SendsOverwriteDemand { get; init; } = true;

    /// <summary>
    /// Whether an M node sends that demand when its broadcasts are done, before it asks the name server. RFC 1002 §5.1.3.1 has no demand, and the
    /// broadcast "is not sufficient to confirm" the name (RFC 1001 §15.1.1, documented). An NT 4.0 M node sends four broadcasts before it asks
    /// WINS (Q233517, documented); that the fourth is the demand, and the other Windows do so too, is inferred.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.3.1, RFC 1001 §15.1.1")]
    [Reading(RuleBasis.Inferred, "Q233517 counts four broadcasts; that the fourth is the demand is inferred", Value = "true")]
    public bool DemandsNameBeforeNameServer { get; init; }

    /// <summary>
    /// Whether an objection to a broadcast claim counts until CONFLICT_TIMER has run since its start, however short the tries were. The texts
    /// differ: the name is owned "if, and only if" nobody objects within that time (RFC 1001 §15.2.1, documented), or after the last try's wait,
    /// 3 × 250 ms (RFC 1002 §5.1.1.1). Windows' tries take 2.25 s, so that it makes no difference there.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.2.1")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.1", Value = "false")]
    public bool ClaimLastsConflictTimer { get; init; } = true;

    /// <summary>
    /// Whether an M node whose broadcast claim is refused when its name server has granted the name, or grants it later, releases it there. It has not acquired
    /// the name: "only if both name claims were successful" (RFC 1001 §15.2.3, documented). That the name server is told is inferred: it would else give the
    /// node's address to whoever asks, until the name lapses. Nothing is broadcast, for on the segment the name is another's.
    /// </summary>
    [Reading(RuleBasis.Inferred, "RFC 1001 §15.2.3 wants both claims to succeed; what becomes of the one that did is not said")]
    public bool ReleasesClaimTheSegmentRefused { get; init; } = true;

    /// <summary>
    /// Whether the positive answer of a challenged owner also counts when it comes from another address than the one asked, and lists that one. RFC 1001 §13.2.1
    /// matches answers by transaction id "and the IP address of the transaction partner" (documented), but a host with several addresses may answer from any of
    /// them (RFC 1122 §3.3.4.2), and the claimant that takes its answer for silence takes its name, though it is defended (§15.5.2): inferred.
    /// </summary>
    [Reading(RuleBasis.Inferred, "RFC 1122 §3.3.4.2: a host may answer from any of its addresses")]
    [Reading(RuleBasis.Documented, "RFC 1001 §13.2.1", Value = "false")]
    public bool TakesChallengeAnswersFromOtherAddresses { get; init; } = true;

    /// <summary>
    /// Whether a challenged owner's NEGATIVE answer gives the claimant the name without an update request. RFC 1002 §5.1.3.1 says so for M nodes (one reading); by
    /// RFC 1001 §15.2.2.3 and RFC 1002 §5.1.2.1 the name server has to be told, or it goes on naming the old owner (the other, documented): off in every preset.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.2.2.3, RFC 1002 §5.1.2.1")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.3.1", Value = "true")]
    public bool SkipsUpdateAfterDenial { get; init; }

    /// <summary>
    /// Whether a name that begins with <c>*</c> can be added: to the table, without a claim (MS-NBTE §3.1.4.1, documented). "A user may not provide a NetBIOS name
    /// beginning with *" (RFC 1001 §17.2, documented): without the switch the command ends with an illegal name.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §17.2")]
    [Reading(RuleBasis.Documented, "MS-NBTE §3.1.4.1", Value = "true")]
    public bool TakesAsteriskNames { get; init; }

    /// <summary>
    /// Whether a name stays whose release the name server never answers. RFC 1002 §5.1.2.4 has no case for it, and RFC 1001 §15.4.3 knows "succeeds" and
    /// "fails" only: that the name goes, so that a dead name server keeps nobody's name, is inferred. An H node broadcasts its release then (MS-NBTE §3.1.7).
    /// </summary>
    [Reading(RuleBasis.Inferred, "RFC 1002 §5.1.2.4 has no case for it")]
    public bool KeepsNameWhoseReleaseIsUnanswered { get; init; }

    /// <summary>
    /// Whether a user's name that could not be registered at logon is released at once, as if it were held. Inferred: Q131739 names no
    /// mechanism; the release that event 4320 reports must come from somewhere, and on one segment only the refused machine can send it.
    /// What Windows NT 3.51 changed the article does not say either. The presets have the receiver corrected (<see cref="ReleaseDemand"/>); that it was the sender, and
    /// receivers went on to match the name alone, is the rival reading: <c>WindowsNt351 with { ReleasesRefusedUserName = false, ReleaseDemand = ConflictOnName }</c>, as in
    /// the scenario q131739-sender.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.4: what is not held is not released")]
    [Reading(RuleBasis.Inferred, "explains Q131739, which names no mechanism", Value = "true")]
    public bool ReleasesRefusedUserName { get; init; }

    /// <summary>What a release that somebody else sends does to a name the node holds: see the values for what is documented and what inferred.</summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5, §5.1.2.5, §5.1.3.5")]
    [Reading(RuleBasis.Inferred, "explains Q131739, which names no mechanism", Value = "conflictOnName")]
    [Reading(RuleBasis.Documented, "Q120752, MS00-047", Value = "conflictOnNameAndAddress")]
    [Reading(RuleBasis.Inferred, "that this is what Windows NT 3.51 corrected (Q131739)", Value = "conflictOnNameAndAddress", In = "nt3.51")]
    public ReleaseDemandRule ReleaseDemand { get; init; }

    /// <summary>
    /// Whether a release sent to this node alone also puts a group name into conflict, its type unchecked: documented for NT 4.0 (Q314696),
    /// inferred for 3.5 and 3.51, corrected later. For broadcast ones see <see cref="TakesBroadcastGroupRelease"/>.
    /// </summary>
    [Reading(RuleBasis.Documented, "Q314696")]
    [Reading(RuleBasis.Inferred, "Q314696 names Windows NT 4.0", Value = "true", In = "nt3.5 nt3.51")]
    public bool ReleaseDemandTakesGroupNames { get; init; }

    /// <summary>
    /// Whether a release sent to this node alone, which it obeys, is answered POSITIVE: the figure of RFC 1001 §15.5.3 draws the answer
    /// (documented), though the pseudo-code of RFC 1002 §5.1.2.5 has none. WINS waits for one (Q123171), so Windows is inferred to give it. By
    /// <see cref="ReleaseDemandRule.Rfc1002"/> a name that is gone already is answered for too, if the node's own name server asks: its repeat
    /// means that our answer was lost (inferred).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.5.3")]
    [Reading(RuleBasis.Inferred, "WINS waits for an answer (Q123171)", Value = "true", In = "nt3.5 nt3.51 nt4 w2k w10 w11 ws2025")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.2.5", Value = "false")]
    public bool AnswersReleaseDemand { get; init; } = true;

    /// <summary>
    /// Whether a broadcast release of a group name is obeyed like any other. RFC 1002 §5.1.3.5 makes no exception (one reading), but a member
    /// that leaves broadcasts just that (RFC 1001 §15.4.3), and would end the group for all M nodes that hear it (the other); so no preset does:
    /// a stated deviation from the letter.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.4.3")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.3.5", Value = "true")]
    public bool TakesBroadcastGroupRelease { get; init; }

    /// <summary>
    /// Whether a broadcast release only purges the cache, as in an RFC B node (RFC 1002 §5.1.1.5), whatever <see cref="ReleaseDemand"/> does with
    /// one sent to this node alone. Inferred: a rival reading of what NT 3.51 corrected (Q131739); off in every preset.
    /// </summary>
    [Reading(RuleBasis.Documented, "Q120752, MS00-047 name no such exception")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5 for B nodes, by ReleaseDemand", In = "rfc1002")]
    [Reading(RuleBasis.Inferred, "a rival reading of what Windows NT 3.51 corrected (Q131739)", Value = "true")]
    public bool IgnoresBroadcastRelease { get; init; }

    /// <summary>
    /// Whether a release of a name of suffix 03 does its work without an event. Inferred: a rival reading of what NT 3.51 corrected (Q131739),
    /// and the only one that also silences the release of a name server (Q136571); off in every preset.
    /// </summary>
    [Reading(RuleBasis.Documented, "Q120752")]
    [Reading(RuleBasis.Inferred, "a rival reading of what Windows NT 3.51 corrected (Q131739)", Value = "true")]
    public bool TakesUserNameReleaseSilently { get; init; }

    /// <summary>
    /// Whether deleting a name in conflict releases it like any other: nothing in RFC 1002 §5.1.1.4 and §5.1.2.4 exempts it (documented). That
    /// the name goes even where the name server refuses its release is ours: deletion is the only way out of a conflict (RFC 1001 §15.1.3.5).
    /// Without the switch nothing is sent, since the release could end the name of whoever holds it now (inferred for Windows).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.4, §5.1.2.4")]
    [Reading(RuleBasis.Inferred, "the release could end the name of whoever holds it now", Value = "false")]
    public bool ReleasesNameInConflict { get; init; } = true;

    /// <summary>
    /// <c>NoNameReleaseOnDemand</c> (MS00-047, Q269239, documented): releases are ignored, except from the node's own name servers. The
    /// registry value only exists where that update is installed, so it implies <see cref="SolicitedConflictsOnly"/>.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS00-047, Q269239")]
    public bool NoNameReleaseOnDemand { get; init; }

    /// <summary>
    /// Whether a name conflict demand is only believed as an answer to the node's own registration or from its own name server: what the
    /// update of MS00-047 brings. The update only works where the computer uses WINS: without a name server any demand is obeyed as before (Q269239,
    /// documented), as it is without the switch (RFC 1002 §5.1.1.5).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5")]
    [Reading(RuleBasis.Documented, "MS00-047, Q269239", Value = "true")]
    public bool SolicitedConflictsOnly { get; init; }

    /// <summary>
    /// Whether a NEGATIVE registration response that answers nothing the node asked also means conflict. The RFC knows only the name
    /// conflict demand (RFC 1001 §15.1.3.5); Windows takes an unsolicited negative name registration response (Q269239, documented).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.3.5")]
    [Reading(RuleBasis.Documented, "Q269239", Value = "true")]
    public bool UnsolicitedNegativeMeansConflict { get; init; }

    /// <summary>
    /// Whether a name conflict demand puts a group name into conflict too. RFC 1002 §5.1.1.5 makes no exception, and the holder of a group may well
    /// be told of a conflict with a unique name (RFC 1001 §15.1.3.5, documented); the demand itself says G = 0 (§4.2.8), which others read as
    /// "unique names only": Samba's nmbd keeps the group (observed).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5, RFC 1001 §15.1.3.5")]
    [Reading(RuleBasis.Observed, "Samba's nmbd", Value = "false")]
    public bool ConflictDemandTakesGroupNames { get; init; } = true;

    /// <summary>
    /// Whether a refused refresh, which puts the name into conflict (RFC 1001 §15.5.1, documented), logs 4319. Inferred: the event's text fits, and
    /// no text says so.
    /// </summary>
    [Reading(RuleBasis.Inferred, "the text of event 4319 fits; no text says when it is logged")]
    public bool LogsRefusedRefresh { get; init; } = true;

    /// <summary>Whether a P, M or H node that starts without a name server logs 4303. The event's text is documented, when it is logged is inferred.</summary>
    [Reading(RuleBasis.Inferred, "the text of event 4303; when it is logged is inferred")]
    public bool LogsMissingNameServer { get; init; } = true;

    /// <summary>Whether a refused registration logs 4321: Windows 2000 and later (documented by the event's text); what 3.x and 4.0 logged is not known.</summary>
    [Reading(RuleBasis.Documented, "the text of event 4321", Value = "true")]
    [Reading(RuleBasis.Inferred, "what Windows NT 3.x and 4.0 logged is not known", Value = "false")]
    public bool LogsRefusedRegistration { get; init; }

    /// <summary>
    /// Whether the texts of events 4319 to 4321 say "computer" where they said "machine": from Windows Vista on (observed: 4320 on Server 2008 R2, 4321 on Windows 10).
    /// </summary>
    [Reading(RuleBasis.Observed, "the texts of events before Windows Vista")]
    [Reading(RuleBasis.Observed, "events of Windows Server 2008 R2 and Windows 10", Value = "true")]
    public bool EventsSayComputer { get; init; }

    /// <summary>
    /// Whether names are looked for by NetBIOS at all (documented: the policy "Configure NetBIOS settings"). It speaks of resolution; that names are registered, defended and
    /// answered for as ever is inferred, and that a release of Windows 11 has learning mode as the test builds of April 2022 had.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.3; Windows before the policy")]
    [Reading(RuleBasis.Documented, "the text of the policy \"Configure NetBIOS settings\"", Value = "disabledOnPublicNetworks")]
    [Reading(RuleBasis.Inferred, "documented for test builds of April 2022 (Microsoft's networking blog); that releases have it is inferred", Value = "learningMode")]
    [Reading(RuleBasis.Documented, "the text of the policy \"Configure NetBIOS settings\"", Value = "disabled")]
    public NameResolutionPolicy NameResolution { get; init; } = NameResolutionPolicy.Allowed;

    /// <summary>
    /// Whether a name that was refused everywhere stays in the table, in conflict, rather than leaving it. MS-NBTE §4.1 has it leave
    /// (documented), and so do all presets; consoles that show a refused name as Conflict are reported, hence the switch.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-NBTE §4.1")]
    [Reading(RuleBasis.Inferred, "consoles that show a refused name as Conflict are reported", Value = "true")]
    public bool KeepsRefusedNameInConflict { get; init; }

    /// <summary>
    /// Whether a name is in conflict on an interface whose address has changed where no name server answers its claim for the new one: "set if it fails"
    /// (MS-NBTE §3.1.7, one reading). Without the switch the claim is made again later, for nobody has said that the name is another's (inferred).
    /// </summary>
    [Reading(RuleBasis.Inferred, "nobody has said that the name is another's")]
    [Reading(RuleBasis.Documented, "MS-NBTE §3.1.7", Value = "true")]
    public bool UnansweredReclaimIsConflict { get; init; }

    /// <summary>
    /// Whether the first of two adapters on one segment objects to the second's claim of the same unique name: documented for NT 3.1 to 4.0
    /// (Q102795, Q103470); that Windows 2000 knows its own adapters is inferred.
    /// </summary>
    [Reading(RuleBasis.Inferred, "a host knows its own addresses")]
    [Reading(RuleBasis.Documented, "Q102795, Q103470", Value = "true")]
    public bool DefendsAgainstOwnAdapters { get; init; }

    /// <summary>
    /// Whether even a B node answers a query sent to it alone for a name it does not have, or has in conflict, with NEGATIVE. The RFC's B node
    /// is silent (RFC 1002 §5.1.1.5); MS-NBTE §4.1 shows the answer for a name in conflict (documented); for a name it never had, inferred.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5")]
    [Reading(RuleBasis.Inferred, "MS-NBTE §4.1 shows it for a name in conflict; for any other it is inferred", Value = "true")]
    public bool AnswersUnicastMisses { get; init; }

    /// <summary>
    /// Whether an overwrite request or demand for a held name that is sent to this node alone is taken for a claim and refused: Samba's registrations
    /// come with RD clear (observed). By RFC 1002 §5.1.1.5 a NAME UPDATE REQUEST is for the cache, and nobody answers it (documented).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5")]
    [Reading(RuleBasis.Observed, "Samba's registrations have RD clear", Value = "true")]
    public bool DefendsAgainstUnicastOverwrite { get; init; }

    /// <summary>
    /// Whether a P node also discards a packet that was sent to it alone but has its B bit set. "Sent as a broadcast" (RFC 1002 §5.1.2.5) is what
    /// that bit says (§4.2.1.1: "packet was broadcast or multicast", documented); the other reading, what the link did, is taken for Windows (inferred). By the same
    /// reading an M node does not answer such a query NEGATIVE ("IF request NOT broadcast", §5.1.3.5).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.1.1, §5.1.2.5")]
    [Reading(RuleBasis.Inferred, "what the link did counts, not what the packet says", Value = "false")]
    public bool DiscardsBroadcastBit { get; init; } = true;

    /// <summary>
    /// Whether a B node answers a node status request for <c>*</c>. By the letter of RFC 1002 §5.1.1.5 only a name in its table counts, and <c>*</c> is
    /// for P and M nodes (§5.1.2.5, §5.1.3.5); every B node there is answers it (observed), and RFC 1001 §15.1.7(2) says that every end node must. So
    /// every preset does: a stated deviation.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.1.7(2)")]
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.1.5", Value = "false")]
    public bool AnswersStatusWildcard { get; init; } = true;

    /// <summary>
    /// Whether node status marks the node's own name, the computer's with suffix 00, as permanent: PRM (RFC 1002 §4.2.18, RFC 1001 §15.1.1,
    /// documented). No recorded Windows sets it (observed).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.18, RFC 1001 §15.1.1")]
    [Reading(RuleBasis.Observed, "every recorded Windows", Value = "false")]
    public bool MarksPermanentName { get; init; } = true;

    /// <summary>
    /// Whether an H node calls itself an M node in node status, 0x4400 and 0xC400: so have it the patterns by which nmap tells Windows, which takes
    /// 0x6400 for Samba. Evidence, not a recording of a Windows H node; in NB_FLAGS H stays H (Q189101).
    /// </summary>
    [Reading(RuleBasis.Documented, "Q189101")]
    [Reading(RuleBasis.Observed, "nmap's patterns of Windows", Value = "true")]
    public bool ShowsHybridAsMixed { get; init; }

    /// <summary>
    /// Whether the next name server is asked also when one does not know a name (NAM_ERR): Windows NT 3.51 and later, not 3.5 (Q137780, 870623,
    /// documented; Q222840 dates it to SP3 of NT 4.0). The RFC knows of one name server.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.2.3 knows of one name server; Q137780")]
    [Reading(RuleBasis.Documented, "Q137780, Q222840", Value = "true")]
    public bool AsksNextServerAfterNegative { get; init; }

    /// <summary>
    /// Whether a name that no name server answered for is claimed again every eighth of <c>InitialRefreshT.O.</c>, two minutes, until one does
    /// (Q120642, documented for the interval; that P and M nodes do so too is inferred). The RFC's add_name fails for good (RFC 1002 §5.1.2.1); of its
    /// nodes only a machine's own names, claimed when it boots, are tried again: that is ours, the RFC leaves it to the user.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.2.1")]
    [Reading(RuleBasis.Documented, "Q120642", Value = "true")]
    public bool KeepsTryingNameServer { get; init; }

    /// <summary>
    /// Whether a shutdown leaves <c>COMPUTER&lt;00&gt;</c>, <c>COMPUTER&lt;03&gt;</c> and <c>DOMAIN&lt;1C&gt;</c> unreleased: Windows NT 3.51 and 4.0 before their
    /// corrections (Q140419, documented).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.4")]
    [Reading(RuleBasis.Documented, "Q140419", Value = "true")]
    [Reading(RuleBasis.Documented, "Q140419: corrected", In = "w2k")]
    public bool SkipsReleasesAtShutdown { get; init; }

    /// <summary>
    /// Whether a host with several adapters releases the Server service's name, <c>COMPUTER&lt;20&gt;</c>, for the first of them only, so that name servers go on
    /// naming the others: Windows NT 3.51, and 4.0 before Service Pack 4 (Q184832, documented).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1001 §15.4")]
    [Reading(RuleBasis.Documented, "Q184832", Value = "true")]
    [Reading(RuleBasis.Documented, "Q184832: corrected", In = "nt4 w2k w10 w11 ws2025")]
    public bool ReleasesServerNameOnFirstAdapterOnly { get; init; }

    /// <summary>Whether there is <c>nbtstat -RR</c>: NT 4.0 with Service Pack 4 and later (Q188598, documented), so not in NT 3.5 and 3.51.</summary>
    [Reading(RuleBasis.Documented, "Q188598")]
    public bool HasReleaseRefresh { get; init; } = true;

    /// <summary>
    /// Whether a query for <c>*</c>, the name that every node answers a node status request for, is answered with the node's address, so that
    /// one broadcast finds everybody: Samba's nmbd does (observed). The RFC gives <c>*</c> to node status alone (RFC 1002 §4.2.17). That Windows
    /// answers, as those who look for it with <c>nmblookup '*'</c> expect, is inferred.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.17")]
    [Reading(RuleBasis.Inferred, "Samba's nmbd does (observed); that Windows does is inferred", Value = "true")]
    public bool AnswersWildcardQuery { get; init; }

    /// <summary>
    /// Whether a host with several addresses claims a unique name with the multi-homed request, opcode 15 (MS-NBTE §2.2.2, documented), rather
    /// than with one plain registration for each address, of which the name server believes one.
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.2")]
    [Reading(RuleBasis.Documented, "MS-NBTE §2.2.2", Value = "true")]
    public bool UsesMultihomedRegistration { get; init; }

    /// <summary>
    /// Whether a host with one address claims a unique name at a name server with the multi-homed request too: Samba's nmbd does (observed). MS-NBTE §2.2.2 gives that request
    /// to hosts with several (documented). It matters only where <see cref="UsesMultihomedRegistration"/> is on.
    /// </summary>
    [Reading(RuleBasis.Documented, "MS-NBTE §2.2.2")]
    [Reading(RuleBasis.Observed, "Samba's nmbd", Value = "true")]
    public bool ClaimsAsMultihomed { get; init; }

    /// <summary>
    /// Whether what an M node does on its segment and with its name server are two things, as in Samba's nmbd (observed): a name is claimed with both at once, looked for by broadcast alone, and
    /// released at the name server alone. By RFC 1002 §5.1.3 one follows the other (documented).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §5.1.3")]
    [Reading(RuleBasis.Observed, "Samba's nmbd", Value = "true")]
    public bool KeepsSegmentAndServerApart { get; init; }

    /// <summary>
    /// Whether broadcast claims have RD clear, and the demand that ends them has it set: Samba's domain controller sends them so (observed). RFC 1002 §4.2.2 and §4.2.3 have it the other way
    /// round (documented).
    /// </summary>
    [Reading(RuleBasis.Documented, "RFC 1002 §4.2.2, §4.2.3")]
    [Reading(RuleBasis.Observed, "Samba's domain controller", Value = "true")]
    public bool ReversesRecursionOfClaims { get; init; }

    /// <summary>
    /// What a machine registers when it starts, in order. Documented for NT 3.51 with a WINS server (Q139608); taken for the other eras
    /// (inferred). That each claim ends before the next starts, and the last ones run together, is observed on Windows XP.
    /// </summary>
    public ImmutableArray<BootName> BootNames { get; init => field = value.IsDefault ? [] : value; } = ClassicBootNames;

    /// <summary>Its title.</summary>
    public override string ToString() => Title;
}
