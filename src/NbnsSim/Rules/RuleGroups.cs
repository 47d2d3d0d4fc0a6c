using System.Globalization;

namespace NbnsSim.Rules;

/// <summary>The groups of rules, chapter by chapter. Where two texts disagree, or every real stack differs from the letter, both readings stand here with the switch that chooses.</summary>
internal static class RuleGroups
{
    private static readonly List<RuleGroup> s_groups = [];

    static RuleGroups()
    {
        Chapter(
            "T", "What a machine is told by people, services and its surroundings",
            "it starts, and registers its names (Q139608)",
            "names are added and deleted (RFC 1001 §15.2, §15.4)",
            "users log on and off (Q186486)",
            "names and other nodes' names are looked for (RFC 1001 §15.3, §15.6)",
            "its table is registered anew, its cache emptied or filled (nbtstat -RR, -R; LMHOSTS)",
            "it shuts down (RFC 1001 §15.4)",
            "an interface gets another address (MS-NBTE §3.1.7)",
            "what a scenario or a capture does to it rather than it itself",
            "commands that cannot be followed",
            "the administrator of a name server, and its partners, have it do something");
        Chapter(
            "C", "Conflict state (RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5, MS-NBTE §3.1)",
            "a NAME CONFLICT DEMAND marks the receiver's own name, and only there",
            "a name in conflict is not defended, answered for or refreshed; only DELETE NAME works",
            "the flag is kept per interface; a unicast query gets NEGATIVE, a broadcast one silence; registering it again fails without traffic; after a change of address a claim that succeeds clears it, one refused sets it (MS-NBTE §3.1.7), one unanswered is made again, or sets it by the switch UnansweredReclaimIsConflict",
            "a release from the name server flushes it from a P, M or H node's table and is answered (RFC 1001 §15.5.3); it may be had again without a release (§15.1.7(3))",
            "DELETE NAME releases it like any other (RFC 1002 §5.1.1.4, §5.1.2.4); Windows is inferred to send nothing: switch ReleasesNameInConflict",
            "a name that was refused everywhere leaves the table (MS-NBTE §4.1); consoles that show it as Conflict are reported: switch KeepsRefusedNameInConflict");
        Chapter(
            "B", "B node (RFC 1002 §5.1.1)",
            "registration: broadcast up to three times; a NEGATIVE response fails it, silence is consent and ends in an overwrite demand",
            "query: broadcast up to three times; the first positive answer counts at once and starts the conflict timer",
            "another answer while the timer runs is a conflict: a conflict demand to the later responder",
            "release: three broadcasts, no answer expected",
            "incoming: defend unique names, answer hits, be silent on misses; a release or overwrite touches the cache only. Deviation: node status for * is answered, as RFC 1001 §15.1.7(2) and every B node have it, not RFC 1002 §5.1.1.5: switch AnswersStatusWildcard");
        Chapter(
            "P", "P node (RFC 1002 §5.1.2)",
            "all traffic is unicast; what comes by broadcast is discarded. Two readings: the packet's B bit (RFC 1002 §4.2.1.1), or what the link did: switch DiscardsBroadcastBit",
            "registration with the name server; a WACK replaces the wait, up to MaximumWait, 5 minutes: the RFC has no bound (§4.2.16), this one is ours; silence or NEGATIVE fails",
            "an end-node challenge: query the owner, and send an update request if it does not hold the name",
            "query: POSITIVE, NEGATIVE, REDIRECT and WACK",
            "release: a NEGATIVE answer leaves the name; of none RFC 1002 §5.1.2.4 says nothing: the name goes, or stays by the switch KeepsNameWhoseReleaseIsUnanswered",
            "incoming: conflict demand, queries, node status; a release deletes the name and tells the user",
            "refresh: POSITIVE restarts the timer, NEGATIVE is a conflict, silence tries again later");
        Chapter(
            "M", "M node (RFC 1002 §5.1.3)",
            "registration: by broadcast first, then with the name server; no demand by broadcast before that has agreed (RFC 1002 §5.1.3.1), save in Windows (Q233517): switch DemandsNameBeforeNameServer",
            "query: by broadcast first, then at the name server",
            "release: at the name server first; broadcasts only after a POSITIVE answer",
            "incoming as a P node, and broadcasts too; no NEGATIVE answers to broadcasts. Deviation: a broadcast release of a group is another member's (RFC 1001 §15.4.3), though RFC 1002 §5.1.3.5 deletes the name: switch TakesBroadcastGroupRelease",
            "a challenged owner that does not hold the name: the update request is sent (RFC 1001 §15.2.2.3, RFC 1002 §5.1.2.1), though §5.1.3.1 takes the name without it. Deviation: switch SkipsUpdateAfterDenial");
        Chapter(
            "H", "H node (Q119493, MS-NBTE §3.1.7)",
            "the name server first, broadcast only where it is silent",
            "a B node until the name server answers, which it keeps trying",
            "release: by broadcast only if the name server refuses or is silent",
            "the order of a look-up: own names, cache, name server, broadcast, LMHOSTS",
            "the node type is H where there is a name server, else B");
        Chapter(
            "N", "End node: single clauses and articles",
            "an objection to a broadcast claim counts until CONFLICT_TIMER has run (RFC 1001 §15.2.1); RFC 1002 §5.1.1.1 ends after 3 × 250 ms: switch ClaimLastsConflictTimer",
            "names are known by sixteen octets and scope, however many a node holds (RFC 1001 §5.2, RFC 1002 §5.1)",
            "the refresh timer is the granted time, without a floor (RFC 1001 §15.5.1, RFC 1002 §5.1.2.6); in Windows half of it (Q164308), an eighth first (Q153713) or after two minutes (Q154409: FirstRefreshInterval), and not within five minutes (MS-NBTE §3.1.4.1)",
            "later refreshes of Windows NT: at half of the granted time (Q153713)",
            "the next name server is asked also after a negative answer: NT 3.51 and later (Q137780)",
            "NT 4.0 before Service Pack 5 waits 1500 ms after each negative answer (Q219357)",
            "NT 4.0 remembers a name for a minute longer than it is told to (Q236901)",
            "NT 3.51 and 4.0 leave COMPUTER<00>, COMPUTER<03> and DOMAIN<1C> unreleased at shutdown (Q140419)",
            "nbtstat -RR: NT 4.0 and later (Q188598), a release at every name server (Q247559)",
            "the update of MS00-047 works only where the computer uses WINS (Q269239)",
            "a name that no name server answered for is tried again every two minutes (InitialRefreshT.O., Q120642); by the RFC only what a machine boots with, which the RFC leaves to the user",
            "node status: PRM for the permanent name (RFC 1002 §4.2.18), not in Windows, whose H nodes look like M nodes (nmap's patterns)",
            "only class IN counts (RFC 1002 §4.2.1.2, §4.2.1.3)",
            "a name has at most 255 octets (RFC 1002 §4.1)",
            "what NT 3.51 corrected (Q131739) is not known: the rival readings are switches",
            "a challenged owner may answer from another of its addresses (RFC 1122 §3.3.4.2); by RFC 1001 §13.2.1 only from the one asked: switch TakesChallengeAnswersFromOtherAddresses",
            "an M node that its name server has granted the name loses it to an objection of the segment within CONFLICT_TIMER (RFC 1001 §15.2.3), and releases it there (inferred): switch ReleasesClaimTheSegmentRefused",
            "where one of several adapters could not register a name, it alone tries again; NT 3.51 refreshes the name on all every ten minutes (Q164308): UnregisteredRefreshInterval",
            "a name that was demanded is defended and answered for at once, though an objection counts until CONFLICT_TIMER has run (RFC 1002 §5.1.1.1, RFC 1001 §15.2.1)",
            "no name begins with * (RFC 1001 §17.2); in Windows such a name is added without a claim (MS-NBTE §3.1.4.1): switch TakesAsteriskNames",
            "an hour after the turn to the secondary, the primary name server is tried with each refresh, at half of the granted time; nbtstat -RR begins with it at once (Q247559)",
            "an answer that is cut (TC) says so to the user (RFC 1001 §15.1.5.1, §15.6); TCP is not spoken, as by no real stack",
            "NT 3.51 releases COMPUTER<20> for its first adapter only (Q184832)",
            "a P or M node tells its name server of wrong information by a release request (RFC 1001 §15.1.7(8), §15.3.2), and forgets what it has of that address (§15.1.8)",
            "any responder may ask for time (RFC 1001 §13.1): a WACK counts for node status too",
            "node status by name: a name discovery, or what is cached, then the request to the node found (RFC 1001 §15.1.4, §15.6)",
            "of two adapters on one segment only the first to register a unique name succeeds (Q102795, Q103470): switch DefendsAgainstOwnAdapters",
            "a release puts a group name into conflict where its type is not checked (Q314696): switch ReleaseDemandTakesGroupNames",
            "a query for * is answered with the node's address (observed with Samba's nmbd; inferred for Windows; the RFC gives * to node status alone, RFC 1002 §4.2.17): switch AnswersWildcardQuery",
            "a claim for a new address that nobody answers is made again, or by the letter of MS-NBTE §3.1.7 puts the name into conflict: switch UnansweredReclaimIsConflict",
            "whether names are looked for by NetBIOS at all, and only after mDNS and LLMNR (the policy \"Configure NetBIOS settings\", EnableNetbios): NameResolution, option IsOnPublicNetwork");
        Chapter(
            "X", "The proxy (Q121004, RFC 1001 §10.3)",
            "it answers, and defends, on its segment what its name server knows: options EnableProxy, EnableProxyRegCheck");
        Chapter(
            "D", "Datagrams that ask nothing of a machine",
            "an end node takes no notice of what it cannot read, did not ask for, or sent itself (RFC 1002 §4, §5.1)",
            null,
            "a name server takes no notice of broadcasts, strays, and an end node's business (RFC 1002 §5.1.4)");
        Chapter(
            "E", "Events (Q120752 and the texts of the events)",
            "what is logged, with whose address: 4303, 4319, 4320, 4321");
        Chapter(
            "S", "Name server (RFC 1002 §5.1.4, RFC 1001 §15.5)",
            "a unique name that nobody has is added and granted",
            "a unique name that another has: challenge by the claimant (non-secured) or by the server (secured)",
            "a unique claim on a group is refused without a challenge",
            "groups: added, or joined",
            "query: POSITIVE, or NEGATIVE NAM_ERR",
            "release: deleted and answered POSITIVE",
            "update request: replaces (non-secured) or is refused (secured)",
            "refresh: whoever is entitled gets a new TTL",
            "a name that is not refreshed is gone",
            "clearing a conflict: NEGATIVE to the refresh, and a conflict or release demand",
            "a WACK without an estimate leaves the usual time-out",
            "an entry's time is a multiple of its TTL, and its owner is asked before it goes (RFC 1002 §5.1.4.2, RFC 1001 §15.1.7(5); RFC 1001 §15.1.3.2 reads 'before the lifetime expires': LifetimeMultiple 1)",
            "a refusal carries the owner's NB_FLAGS and NB_ADDRESS (RFC 1002 §4.2.6); the claim's own as Samba has it: RefusalsCarryOwner",
            "a wrong entry goes when a node releases it (RFC 1001 §15.1.7(8)); a secured server may refuse that with ACT_ERR (RFC 1002 §4.2.11); of a group only the member named goes, by the letter all: ForeignReleases",
            "a group has any number of members, 1,024 here; as many are answered as fit, and TC tells of more (RFC 1001 §15.1.3.4, §15.3.2; TCP 137 is not spoken, as by no real stack)",
            "refreshes rebuild a server that comes back empty (RFC 1001 §15.5.1 b and c); only where another holds the name they are refused (RFC 1002 §5.1.4.1)",
            "a release of what is not there is answered POSITIVE (RFC 1002 §5.1.4.1 asks no condition)",
            "every claimant of a name in dispute is answered (RFC 1002 §5.1.4.1): a WACK of its own, then the verdict; only its repeats are swallowed (how many may wait: ClaimsPerName)",
            "an answer counts only from the address asked (RFC 1001 §13.2.1); by WINS' presets also from another of the owner's (RFC 1122 §3.3.4.2; RFC 1002 §5.1.4.1 keeps track by transaction id): AnswerSource",
            "what one source, one dispute and one owner can take of the server is bounded where it says so (RFS_ERR and SRV_ERR, RFC 1002 §4.2.6), and what it sends is a bounded multiple of what it gets",
            "questions of another class than IN are not answered (RFC 1002 §4.2.1.2)",
            "a name of more than 255 octets is malformed (RFC 1002 §4.1): FMT_ERR; WINS takes up to 272: MaxNameOctets",
            "no address of a group is told to whoever claims its name (RFC 1001 §15.1.3.4); where its members are kept the refusal has 0.0.0.0",
            "a secured server asks the owner before another node's release takes its name away (RFC 1001 §15.3.2), or refuses it at once: ForeignReleases",
            "at any time a server may ask an owner, and take a name from its nodes (RFC 1001 §15.1.7(1), (3)); its driver says when",
            "an owner's own claim is granted without a challenge, though RFC 1002 §5.1.4.1 excepts no address: ChallengesSameAddress",
            "a refused release carries the releasing node's address (RFC 1001 §15.4.2), or the owner's (RFC 1002 §4.2.1.3): ReleaseRefusalsCarryOwner",
            "a unique name cannot be at an address that is no host's (RFC 1122 §3.2.1.3): switch ChecksClaimedAddress");
        Chapter(
            "W", "WINS (cc959221, Q173519, Q136571, MS-WINSRA and others)",
            "the same address is always welcome",
            "groups and static records are never overwritten by a unique claim",
            "another address: WACK, challenge of the old owner, then the verdict",
            "a release that does not fit is ignored, yet answered POSITIVE",
            "active, released, tombstone, gone; replicas are verified",
            "version ids go up with every change that partners must see",
            "the record's type and state have the numbers of MS-WINSRA",
            "an owned record against a replica: the replica wins (NT 3.5), or the owner is asked (Windows 2000)",
            "a release demand is sent three times, half a second apart",
            "bursts are answered at once with a short TTL",
            "the TTL granted is the renewal interval",
            "MS-WINSRA's charts C2 to C5 settle what meets in replication, in every case (NT 4.0 and later)",
            "Q136571's rules settle it in NT 3.5 and 3.51",
            "another server's record that is released here: released and owned here (before Windows 2000), or extinct for extinction interval and timeout (Windows 2000, cc959256)",
            "a group claim on a static unique record: a group of both addresses (3.5, 3.51, 4.0 before the fix, Q161432), a moved record (Q166502), or refused",
            "an Internet group's answer lists the members registered here first (Q167365)",
            "the scavenger first runs half a renewal interval after the start (NT 3.51, Q138272)",
            "events: 4129 and 4130 tell of versions (Q123169), 4236 of a response that differs in name or opcode (Q123171), none of a release that is merely sent",
            "a full Internet group loses its oldest address (MS-NBTE §3.2.5.1), or one of a partner's first: ReplicasLeaveFirst",
            "a multi-homed claim granted against a silent owner takes its place, as a plain one does (observed with Samba); the letter of MS-NBTE §3.2.5.3 adds it: MultihomedClaimsAppend",
            "a server that has lost its database takes its own records back from partners (MS-WINSRA §3.2.5.1): RecoversOwnRecords",
            "where MS-WINSRA §3.2.5.5 can be read in two ways both are switches: TellsDeniers (C2), ChallengesTakeMembers (C3, C5), ToldMembersLeave and TombstonesEndMultihomed (C5), TombstonesTakeMembers and UnionDropsLeavers (C4), NormalGroupsAsPrinted (figure 6), RejectedReplicaDemand",
            "a suffix that is a group's alone, or never a group's, is refused to the other (observed through Samba): switch ChecksSuffixes",
            "a master browser's name is granted and not kept (MS-NBTE appendix A; observed through Samba): switch IgnoresMasterBrowsers",
            "partners exchange messages: an association, the owner-version maps, the records that are news (MS-WINSRA §3.1.5.1, §3.2.5.1, §3.3.5.2); who does not answer within PartnerTimeout is skipped (inferred); at the start and at each PullInterval",
            "a push is a notification that makes a partner pull (MS-WINSRA §3.2.5.2, §3.3.5.1): as told, after PushUpdateCount updates, of changed addresses (PushesAddressChanges), of what others notified of (PropagatesPushes)");
    }

    /// <summary>All of them, in the order of this class.</summary>
    public static IReadOnlyList<RuleGroup> All => s_groups;

    /// <summary>Adds a chapter's groups, numbered from 1; null for a number that is not used.</summary>
    private static void Chapter(string letter, string title, params ReadOnlySpan<string?> sentences)
    {
        for (int i = 0; i < sentences.Length; i++)
        {
            if (sentences[i] is { } sentence)
                s_groups.Add(new RuleGroup(string.Create(CultureInfo.InvariantCulture, $"{letter}{i + 1}"), title, sentence));
        }
    }
}
