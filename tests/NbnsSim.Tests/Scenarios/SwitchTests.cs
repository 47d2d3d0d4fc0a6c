using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Scenarios;

/// <summary>
/// Every behaviour of the dialects does something: set to another value in a named network, it changes at least one decision, or where it only says what stands in a
/// packet, the packet.
/// </summary>
public sealed class SwitchTests
{
    /// <summary>Setting, network, dialect that its nodes have, other value.</summary>
    private static readonly string[] OfNodes =
    [
        "answerTimeToLive two-adapters rfc1002 1",
        "answersReleaseDemand q131739-wins rfc1002 false",
        "answersStatusWildcard strangers rfc1002 false",
        "answersUnicastMisses strangers rfc1002 true",
        "answersWildcardQuery strangers rfc1002 true",
        "asksNextServerAfterNegative q137780-secondary-name-server rfc1002 true",
        "broadcastRetryCount computer-named-like-workgroup rfc1002 4",
        "broadcastRetryTimeout computer-named-like-workgroup rfc1002 500ms",
        "broadcastTimeToLive two-adapters rfc1002 1",
        "cacheTimeout wins-retirement rfc1002 1200000ms",
        "cacheTimeoutSurplus wins-retirement rfc1002 1h",
        "claimLastsConflictTimer computer-named-like-workgroup rfc1002 false",
        "claimsAsMultihomed silent-servers w2k true",
        "conflictDemandTakesGroupNames strangers rfc1002 false",
        "conflictTimeout computer-named-like-workgroup rfc1002 2s",
        "defendsAgainstOwnAdapters q102795-two-adapters rfc1002 true",
        "defendsAgainstUnicastOverwrite strangers rfc1002 true",
        "demandsNameBeforeNameServer strangers rfc1002 true",
        "discardsBroadcastBit strangers rfc1002 false",
        "eventsSayComputer ms00-047-forged-release nt3.5 true",
        "firstRefreshDivisor lost-challenge rfc1002 2",
        "firstRefreshInterval lost-challenge rfc1002 1s",
        "hasReleaseRefresh silent-servers rfc1002 false",
        "ignoresBroadcastRelease ms00-047-forged-release rfc1002 true",
        "initialRefreshTimeout q242053-stale-mapping rfc1002 1920000ms",
        "keepsNameWhoseReleaseIsUnanswered silent-servers rfc1002 true",
        "keepsRefusedNameInConflict computer-named-like-workgroup rfc1002 true",
        "keepsSegmentAndServerApart claims rfc1002 true",
        "keepsTryingNameServer silent-servers rfc1002 true",
        "learningModeWait wins-retirement w11 1s",
        "logsMissingNameServer silent-servers rfc1002 false",
        "logsRefusedRefresh lost-challenge rfc1002 false",
        "logsRefusedRegistration computer-named-like-workgroup rfc1002 true",
        "marksPermanentName strangers rfc1002 false",
        "maximumWait odd-owners rfc1002 1s",
        "minimumRefreshInterval short-grants rfc1002 1h",
        "nameResolution wins-retirement rfc1002 disabled",
        "nameServerDownTimeout q242053-stale-mapping rfc1002 1min",
        "nameServerRetryCount lost-challenge rfc1002 0",
        "nameServerRetryTimeout q242053-stale-mapping rfc1002 10000ms",
        "negativeAnswerPause q137780-secondary-name-server rfc1002 1s",
        "noNameReleaseOnDemand ms00-047-forged-conflict rfc1002 true",
        "refreshDivisor lost-challenge rfc1002 100",
        "releaseDemand ms00-047-forged-release rfc1002 conflictOnName",
        "releaseDemandTakesGroupNames q314696-group-release nt3.5 false",
        "releasesClaimTheSegmentRefused claims rfc1002 false",
        "releasesNameInConflict two-adapters nt3.5 true",
        "releasesRefusedUserName q131739 rfc1002 true",
        "releasesServerNameOnFirstAdapterOnly two-adapters rfc1002 true",
        "requestedTimeToLive rfc1001-15.5.3-flush-conflict rfc1002 1",
        "reversesRecursionOfClaims strangers rfc1002 true",
        "sendsOverwriteDemand computer-named-like-workgroup rfc1002 false",
        "showsHybridAsMixed strangers rfc1002 true",
        "skipsReleasesAtShutdown two-adapters rfc1002 true",
        "skipsUpdateAfterDenial claims rfc1002 true",
        "solicitedConflictsOnly ms00-047-forged-conflict rfc1002 true",
        "switchBackCount silent-servers rfc1002 0",
        "switchBackInterval silent-servers rfc1002 1s",
        "takesAsteriskNames strangers rfc1002 true",
        "takesBroadcastGroupRelease strangers rfc1002 true",
        "takesChallengeAnswersFromOtherAddresses odd-owners rfc1002 false",
        "takesUserNameReleaseSilently ms00-047-forged-release nt3.5 true",
        "unansweredReclaimIsConflict two-adapters nt3.5 true",
        "unregisteredRefreshInterval two-adapters rfc1002 1s",
        "unsolicitedNegativeMeansConflict strangers rfc1002 true",
        "usesMultihomedRegistration two-adapters rfc1002 true",
    ];

    /// <summary>The same of name servers.</summary>
    private static readonly string[] OfNameServers =
    [
        "answerSource odd-owners rfc1002-secured ownersAddresses",
        "answersReleasedGroups requests nt3.5 false",
        "asksBeforeRemoval requests nt3.5 true",
        "burstThreshold requests rfc1002 1",
        "challengeInterval lost-challenge rfc1002-secured 1s",
        "challengeIntervalDoubles lost-challenge rfc1002-secured true",
        "challengeSetsRecursionDesired lost-challenge rfc1002-secured true",
        "challengeTries lost-challenge rfc1002-secured 4",
        "challengesSameAddress requests rfc1002 true",
        "challengesTakeMembers charts w2k true",
        "checksClaimedAddress requests rfc1002 false",
        "checksSuffixes requests rfc1002 true",
        "domainMasterLeads requests nt3.5 false",
        "extinctionInterval two-adapters nt4 1s",
        "extinctionTimeout requests nt3.5 1s",
        "foreignReleases lost-challenge rfc1002 ignore",
        "grantsRequestedTime lost-challenge rfc1002 false",
        "groups q131739-wins rfc1002 limitedBroadcast",
        "ignoresMasterBrowsers two-masters rfc1002 true",
        "keepsDomainControllers q314696-group-release nt3.5 false",
        "keepsMultihomed partners nt3.5 false",
        "keepsReleasedNames lost-challenge rfc1002 true",
        "lifetimeMultiple siblings-1c rfc1002 3",
        "maxAddresses siblings-1c rfc1002 1",
        "maxNameOctets requests nt3.5 136",
        "maxWackWait odd-owners rfc1002-secured 1s",
        "maxWaitingRequests requests rfc1002 1",
        "mergeDropsUnlisted odd-owners nt3.5 false",
        "mergesOwnersAddresses q164016-static-multihomed rfc1002-secured true",
        "multihomedClaimsAppend requests nt3.5 true",
        "normalGroupsAsPrinted q131739-wins rfc1002 true",
        "overwrites q164016-static-multihomed rfc1002 asRegistration",
        "ownMembersLead partners nt3.5 false",
        "ownershipCheck lost-challenge rfc1002 byServer",
        "ownsMergedGroups charts w2k false",
        "partnerTimeout exchanges w2k 10s",
        "propagatesPushes exchanges w2k false",
        "pullInterval exchanges w2k 10min",
        "pullsAtStart exchanges w2k false",
        "pushUpdateCount exchanges w2k 2",
        "pushesAddressChanges exchanges w2k true",
        "recoversOwnRecords partners rfc1002 false",
        "refreshChallenges lost-challenge rfc1002-secured true",
        "refreshRegisters lost-challenge rfc1002 false",
        "refusalsCarryOwner lost-challenge rfc1002-secured false",
        "refusedRefreshDemand lost-challenge rfc1002-secured conflict",
        "rejectedReplicaDemand q131739-wins rfc1002 conflict",
        "releaseChecksSource requests rfc1002-secured false",
        "releaseDemandInterval partners rfc1002 1s",
        "releaseDemandTries partners rfc1002 4",
        "releaseRefusalsCarryOwner requests rfc1002-secured true",
        "releasesSameAddress partners nt3.5 false",
        "renewalInterval lost-challenge nt3.5 1s",
        "replicaReleases partners nt3.5 extinct",
        "replicasLeaveFirst partners nt4 true",
        "replicationConflicts q131739-wins rfc1002 replicaWins",
        "reportsNodeType lost-challenge rfc1002 false",
        "reportsTimeToLive lost-challenge rfc1002 false",
        "scavengingInterval siblings-1c rfc1002 1min",
        "sendsWack lost-challenge rfc1002-secured false",
        "staticDomainsReplace partners nt3.5 true",
        "staticGroupClaims requests rfc1002 groupOfBoth",
        "tellsDeniers partners rfc1002 true",
        "toldMembersLeave charts w2k true",
        "tombstonesEndMultihomed charts w2k true",
        "tombstonesTakeMembers partners nt4 true",
        "unionDropsLeavers partners nt3.5 false",
        "verifyInterval q131739-wins rfc1002 1s",
    ];

    /// <summary>What changes no decision, only what a packet says.</summary>
    private static readonly string[] OnlyInPackets =
    [
        "answerTimeToLive", "broadcastTimeToLive", "challengeSetsRecursionDesired", "claimsAsMultihomed", "domainMasterLeads", "marksPermanentName", "ownMembersLead", "refusalsCarryOwner",
        "releaseRefusalsCarryOwner", "reportsNodeType", "reportsTimeToLive", "showsHybridAsMixed", "usesMultihomedRegistration",
    ];

    [TestCaseSource(nameof(OfNodes))]
    public void ASettingOfANode_ChangesADecision(string row)
    {
        var (setting, network, preset, value) = Read(row);
        Assert.That(NetBtDialect.TryFind(preset, out var dialect), Is.True);
        var changed = DialectSwitches.Set(dialect!, new DialectSwitch(setting, value));
        Assert.That(changed, Is.Not.EqualTo(dialect));
        Compare(setting, network.Run(dialect!), network.Run(changed));
    }

    [TestCaseSource(nameof(OfNameServers))]
    public void ASettingOfANameServer_ChangesADecision(string row)
    {
        var (setting, network, preset, value) = Read(row);
        Assert.That(NameServerDialect.TryFind(preset, out var dialect), Is.True);
        var changed = ServerDialectSwitches.Set(dialect!, new DialectSwitch(setting, value));
        Assert.That(changed, Is.Not.EqualTo(dialect));
        Compare(setting, network.Run(dialect!), network.Run(changed));
    }

    [Test]
    public void EverySettingHasARow()
    {
        Assert.That(OfNodes.Select(row => row.Split(' ')[0]), Is.EquivalentTo(DialectSwitches.Names));
        Assert.That(OfNameServers.Select(row => row.Split(' ')[0]), Is.EquivalentTo(ServerDialectSwitches.Names));
    }

    private static (string Setting, SwitchNetwork Network, string Preset, string Value) Read(string row) =>
        row.Split(' ') is [var setting, var network, var preset, var value] ? (setting, SwitchNetwork.Find(network), preset, value) : throw new FormatException(row);

    private static void Compare(string setting, SwitchNetwork.Trace before, SwitchNetwork.Trace after)
    {
        if (OnlyInPackets.Contains(setting, StringComparer.Ordinal))
        {
            Assert.That(after.Decisions, Is.EqualTo(before.Decisions), "it is not only in packets");
            Assert.That(after.Packets, Is.Not.EqualTo(before.Packets));
        }
        else
        {
            Assert.That(after.Decisions, Is.Not.EqualTo(before.Decisions));
        }
    }
}
