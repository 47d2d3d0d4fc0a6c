using System.Collections.Immutable;
using NbnsSim.NameServers;
using NbnsSim.Wire;
using Setting = NbnsSim.Scenarios.DialectSetting<NbnsSim.NameServers.NameServerDialect>;

namespace NbnsSim.Scenarios;

/// <summary>What a scenario can change in a <see cref="NameServerDialect"/>, by name: switches, choices, counts and times.</summary>
internal static class ServerDialectSwitches
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly DialectSettings<NameServerDialect> All = new(
        Setting.Choice<AnswerSource>("answerSource", (dialect, choice) => dialect with { AnswerSource = choice }),
        Setting.Flag("answersReleasedGroups", (dialect, isOn) => dialect with { AnswersReleasedGroups = isOn }),
        Setting.Flag("asksBeforeRemoval", (dialect, isOn) => dialect with { AsksBeforeRemoval = isOn }),
        Setting.Number("burstThreshold", 0, 5000, (dialect, number) => dialect with { BurstThreshold = (int)number }),
        Setting.Duration("challengeInterval", Millisecond, (dialect, duration) => dialect with { ChallengeInterval = duration }, most: TimeSpan.FromMinutes(60)),
        Setting.Flag("challengeIntervalDoubles", (dialect, isOn) => dialect with { ChallengeIntervalDoubles = isOn }),
        Setting.Flag("challengeSetsRecursionDesired", (dialect, isOn) => dialect with { ChallengeSetsRecursionDesired = isOn }),
        Setting.Number("challengeTries", 1, 16, (dialect, number) => dialect with { ChallengeTries = (int)number }),
        Setting.Flag("challengesSameAddress", (dialect, isOn) => dialect with { ChallengesSameAddress = isOn }),
        Setting.Flag("challengesTakeMembers", (dialect, isOn) => dialect with { ChallengesTakeMembers = isOn }),
        Setting.Flag("checksClaimedAddress", (dialect, isOn) => dialect with { ChecksClaimedAddress = isOn }),
        Setting.Flag("checksSuffixes", (dialect, isOn) => dialect with { ChecksSuffixes = isOn }),
        Setting.Flag("domainMasterLeads", (dialect, isOn) => dialect with { DomainMasterLeads = isOn }),
        Setting.Duration("extinctionInterval", Second, (dialect, duration) => dialect with { ExtinctionInterval = duration }),
        Setting.Duration("extinctionTimeout", Second, (dialect, duration) => dialect with { ExtinctionTimeout = duration }),
        Setting.Choice<ForeignReleasePolicy>("foreignReleases", (dialect, choice) => dialect with { ForeignReleases = choice }),
        Setting.Flag("grantsRequestedTime", (dialect, isOn) => dialect with { GrantsRequestedTime = isOn }),
        Setting.Choice<GroupStorage>("groups", (dialect, choice) => dialect with { Groups = choice }),
        Setting.Flag("ignoresMasterBrowsers", (dialect, isOn) => dialect with { IgnoresMasterBrowsers = isOn }),
        Setting.Flag("keepsDomainControllers", (dialect, isOn) => dialect with { KeepsDomainControllers = isOn }),
        Setting.Flag("keepsMultihomed", (dialect, isOn) => dialect with { KeepsMultihomed = isOn }),
        Setting.Flag("keepsReleasedNames", (dialect, isOn) => dialect with { KeepsReleasedNames = isOn }),
        Setting.Number("lifetimeMultiple", 1, 16, (dialect, number) => dialect with { LifetimeMultiple = (int)number }),
        Setting.Number("maxAddresses", 1, NameRecord.MaxAddresses, (dialect, number) => dialect with { MaxAddresses = (int)number }),
        Setting.Number("maxNameOctets", NbnsHeader.PlainNameLength, 272, (dialect, number) => dialect with { MaxNameOctets = (int)number }),
        Setting.Duration("maxWackWait", Millisecond, (dialect, duration) => dialect with { MaxWackWait = duration }),
        Setting.Number("maxWaitingRequests", 0, 100_000, (dialect, number) => dialect with { MaxWaitingRequests = (int)number }),
        Setting.Flag("mergeDropsUnlisted", (dialect, isOn) => dialect with { MergeDropsUnlisted = isOn }),
        Setting.Flag("mergesOwnersAddresses", (dialect, isOn) => dialect with { MergesOwnersAddresses = isOn }),
        Setting.Flag("multihomedClaimsAppend", (dialect, isOn) => dialect with { MultihomedClaimsAppend = isOn }),
        Setting.Flag("normalGroupsAsPrinted", (dialect, isOn) => dialect with { NormalGroupsAsPrinted = isOn }),
        Setting.Choice<OverwritePolicy>("overwrites", (dialect, choice) => dialect with { Overwrites = choice }),
        Setting.Flag("ownMembersLead", (dialect, isOn) => dialect with { OwnMembersLead = isOn }),
        Setting.Choice<OwnershipCheck>("ownershipCheck", (dialect, choice) => dialect with { OwnershipCheck = choice }),
        Setting.Flag("ownsMergedGroups", (dialect, isOn) => dialect with { OwnsMergedGroups = isOn }),
        Setting.Duration("partnerTimeout", Second, (dialect, duration) => dialect with { PartnerTimeout = duration }, most: TimeSpan.FromMinutes(60)),
        Setting.Flag("propagatesPushes", (dialect, isOn) => dialect with { PropagatesPushes = isOn }),
        Setting.Duration("pullInterval", Second, (dialect, duration) => dialect with { PullInterval = duration }, allowsNone: true),
        Setting.Flag("pullsAtStart", (dialect, isOn) => dialect with { PullsAtStart = isOn }),
        Setting.Number("pushUpdateCount", 0, 1_000_000, (dialect, number) => dialect with { PushUpdateCount = (int)number }),
        Setting.Flag("pushesAddressChanges", (dialect, isOn) => dialect with { PushesAddressChanges = isOn }),
        Setting.Flag("recoversOwnRecords", (dialect, isOn) => dialect with { RecoversOwnRecords = isOn }),
        Setting.Flag("refreshChallenges", (dialect, isOn) => dialect with { RefreshChallenges = isOn }),
        Setting.Flag("refreshRegisters", (dialect, isOn) => dialect with { RefreshRegisters = isOn }),
        Setting.Flag("refusalsCarryOwner", (dialect, isOn) => dialect with { RefusalsCarryOwner = isOn }),
        Setting.Choice<NodeDemand>("refusedRefreshDemand", (dialect, choice) => dialect with { RefusedRefreshDemand = choice }),
        Setting.Choice<NodeDemand>("rejectedReplicaDemand", (dialect, choice) => dialect with { RejectedReplicaDemand = choice }),
        Setting.Flag("releaseChecksSource", (dialect, isOn) => dialect with { ReleaseChecksSource = isOn }),
        Setting.Duration("releaseDemandInterval", Millisecond, (dialect, duration) => dialect with { ReleaseDemandInterval = duration }),
        Setting.Number("releaseDemandTries", 1, 16, (dialect, number) => dialect with { ReleaseDemandTries = (int)number }),
        Setting.Flag("releaseRefusalsCarryOwner", (dialect, isOn) => dialect with { ReleaseRefusalsCarryOwner = isOn }),
        Setting.Flag("releasesSameAddress", (dialect, isOn) => dialect with { ReleasesSameAddress = isOn }),
        Setting.Duration("renewalInterval", Second, (dialect, duration) => dialect with { RenewalInterval = duration }),
        Setting.Choice<ReplicaReleasePolicy>("replicaReleases", (dialect, choice) => dialect with { ReplicaReleases = choice }),
        Setting.Flag("replicasLeaveFirst", (dialect, isOn) => dialect with { ReplicasLeaveFirst = isOn }),
        Setting.Choice<ReplicationConflictRule>("replicationConflicts", (dialect, choice) => dialect with { ReplicationConflicts = choice }),
        Setting.Flag("reportsNodeType", (dialect, isOn) => dialect with { ReportsNodeType = isOn }),
        Setting.Flag("reportsTimeToLive", (dialect, isOn) => dialect with { ReportsTimeToLive = isOn }),
        Setting.Duration("scavengingInterval", Second, (dialect, duration) => dialect with { ScavengingInterval = duration == TimeSpan.Zero ? null : duration }, allowsNone: true),
        Setting.Flag("sendsWack", (dialect, isOn) => dialect with { SendsWack = isOn }),
        Setting.Flag("staticDomainsReplace", (dialect, isOn) => dialect with { StaticDomainsReplace = isOn }),
        Setting.Choice<StaticGroupClaimPolicy>("staticGroupClaims", (dialect, choice) => dialect with { StaticGroupClaims = choice }),
        Setting.Flag("tellsDeniers", (dialect, isOn) => dialect with { TellsDeniers = isOn }),
        Setting.Flag("toldMembersLeave", (dialect, isOn) => dialect with { ToldMembersLeave = isOn }),
        Setting.Flag("tombstonesEndMultihomed", (dialect, isOn) => dialect with { TombstonesEndMultihomed = isOn }),
        Setting.Flag("tombstonesTakeMembers", (dialect, isOn) => dialect with { TombstonesTakeMembers = isOn }),
        Setting.Flag("unionDropsLeavers", (dialect, isOn) => dialect with { UnionDropsLeavers = isOn }),
        Setting.Duration("verifyInterval", Second, (dialect, duration) => dialect with { VerifyInterval = duration }));

    public static ImmutableArray<string> Names => All.Names;

    /// <summary>Changes all that a dialect's object says.</summary>
    public static NameServerDialect Read(JsonObjectReader reader, NameServerDialect preset) => All.Read(reader).Aggregate(preset, Set);

    /// <summary>What values a setting can have, in words; null where there is no such setting.</summary>
    public static string? ExpectedOf(string name) => All.ExpectedOf(name);

    /// <exception cref="ArgumentException">There is no such setting, or it cannot have this value.</exception>
    public static NameServerDialect Set(NameServerDialect dialect, DialectSwitch change) => All.Set(dialect, change);
}
