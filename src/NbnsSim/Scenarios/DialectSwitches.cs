using System.Collections.Immutable;
using NbnsSim.Protocol;
using Setting = NbnsSim.Scenarios.DialectSetting<NbnsSim.Protocol.NetBtDialect>;

namespace NbnsSim.Scenarios;

/// <summary>What a scenario can change in a <see cref="NetBtDialect"/> and its <see cref="NetBtTiming"/>, by name: switches, choices, counts and times.</summary>
internal static class DialectSwitches
{
    private static readonly DialectSettings<NetBtDialect> All = new(
        Seconds("answerTimeToLive", (dialect, seconds) => dialect with { AnswerTimeToLive = seconds }),
        Setting.Flag("answersReleaseDemand", (dialect, isOn) => dialect with { AnswersReleaseDemand = isOn }),
        Setting.Flag("answersStatusWildcard", (dialect, isOn) => dialect with { AnswersStatusWildcard = isOn }),
        Setting.Flag("answersUnicastMisses", (dialect, isOn) => dialect with { AnswersUnicastMisses = isOn }),
        Setting.Flag("answersWildcardQuery", (dialect, isOn) => dialect with { AnswersWildcardQuery = isOn }),
        Setting.Flag("asksNextServerAfterNegative", (dialect, isOn) => dialect with { AsksNextServerAfterNegative = isOn }),
        Count("broadcastRetryCount", 1, (timing, count) => timing with { BroadcastRetryCount = count }),
        Duration("broadcastRetryTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { BroadcastRetryTimeout = duration }),
        Seconds("broadcastTimeToLive", (dialect, seconds) => dialect with { BroadcastTimeToLive = seconds }),
        Duration("cacheTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { CacheTimeout = duration }),
        Duration("cacheTimeoutSurplus", TimeSpan.Zero, (timing, duration) => timing with { CacheTimeoutSurplus = duration }),
        Setting.Flag("claimLastsConflictTimer", (dialect, isOn) => dialect with { ClaimLastsConflictTimer = isOn }),
        Setting.Flag("claimsAsMultihomed", (dialect, isOn) => dialect with { ClaimsAsMultihomed = isOn }),
        Setting.Flag("conflictDemandTakesGroupNames", (dialect, isOn) => dialect with { ConflictDemandTakesGroupNames = isOn }),
        Duration("conflictTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { ConflictTimeout = duration }),
        Setting.Flag("defendsAgainstOwnAdapters", (dialect, isOn) => dialect with { DefendsAgainstOwnAdapters = isOn }),
        Setting.Flag("defendsAgainstUnicastOverwrite", (dialect, isOn) => dialect with { DefendsAgainstUnicastOverwrite = isOn }),
        Setting.Flag("demandsNameBeforeNameServer", (dialect, isOn) => dialect with { DemandsNameBeforeNameServer = isOn }),
        Setting.Flag("discardsBroadcastBit", (dialect, isOn) => dialect with { DiscardsBroadcastBit = isOn }),
        Setting.Flag("eventsSayComputer", (dialect, isOn) => dialect with { EventsSayComputer = isOn }),
        Count("firstRefreshDivisor", 1, (timing, count) => timing with { FirstRefreshDivisor = count }),
        Duration("firstRefreshInterval", TimeSpan.Zero, (timing, duration) => timing with { FirstRefreshInterval = duration }),
        Setting.Flag("hasReleaseRefresh", (dialect, isOn) => dialect with { HasReleaseRefresh = isOn }),
        Setting.Flag("ignoresBroadcastRelease", (dialect, isOn) => dialect with { IgnoresBroadcastRelease = isOn }),
        Duration("initialRefreshTimeout", TimeSpan.FromSeconds(1), (timing, duration) => timing with { InitialRefreshTimeout = duration }),
        Setting.Flag("keepsNameWhoseReleaseIsUnanswered", (dialect, isOn) => dialect with { KeepsNameWhoseReleaseIsUnanswered = isOn }),
        Setting.Flag("keepsRefusedNameInConflict", (dialect, isOn) => dialect with { KeepsRefusedNameInConflict = isOn }),
        Setting.Flag("keepsSegmentAndServerApart", (dialect, isOn) => dialect with { KeepsSegmentAndServerApart = isOn }),
        Setting.Flag("keepsTryingNameServer", (dialect, isOn) => dialect with { KeepsTryingNameServer = isOn }),
        Duration("learningModeWait", TimeSpan.Zero, (timing, duration) => timing with { LearningModeWait = duration }),
        Setting.Flag("logsMissingNameServer", (dialect, isOn) => dialect with { LogsMissingNameServer = isOn }),
        Setting.Flag("logsRefusedRefresh", (dialect, isOn) => dialect with { LogsRefusedRefresh = isOn }),
        Setting.Flag("logsRefusedRegistration", (dialect, isOn) => dialect with { LogsRefusedRegistration = isOn }),
        Setting.Flag("marksPermanentName", (dialect, isOn) => dialect with { MarksPermanentName = isOn }),
        Duration("maximumWait", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { MaximumWait = duration }),
        Duration("minimumRefreshInterval", TimeSpan.Zero, (timing, duration) => timing with { MinimumRefreshInterval = duration }),
        Setting.Choice<NameResolutionPolicy>("nameResolution", (dialect, policy) => dialect with { NameResolution = policy }),
        Duration("nameServerDownTimeout", TimeSpan.Zero, (timing, duration) => timing with { NameServerDownTimeout = duration }),
        Count("nameServerRetryCount", 0, (timing, count) => timing with { NameServerRetryCount = count }),
        Duration("nameServerRetryTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { NameServerRetryTimeout = duration }),
        Duration("negativeAnswerPause", TimeSpan.Zero, (timing, duration) => timing with { NegativeAnswerPause = duration }),
        Setting.Flag("noNameReleaseOnDemand", (dialect, isOn) => dialect with { NoNameReleaseOnDemand = isOn }),
        Count("refreshDivisor", 1, (timing, count) => timing with { RefreshDivisor = count }),
        Setting.Choice<ReleaseDemandRule>("releaseDemand", (dialect, rule) => dialect with { ReleaseDemand = rule }),
        Setting.Flag("releaseDemandTakesGroupNames", (dialect, isOn) => dialect with { ReleaseDemandTakesGroupNames = isOn }),
        Setting.Flag("releasesClaimTheSegmentRefused", (dialect, isOn) => dialect with { ReleasesClaimTheSegmentRefused = isOn }),
        Setting.Flag("releasesNameInConflict", (dialect, isOn) => dialect with { ReleasesNameInConflict = isOn }),
        Setting.Flag("releasesRefusedUserName", (dialect, isOn) => dialect with { ReleasesRefusedUserName = isOn }),
        Setting.Flag("releasesServerNameOnFirstAdapterOnly", (dialect, isOn) => dialect with { ReleasesServerNameOnFirstAdapterOnly = isOn }),
        Seconds("requestedTimeToLive", (dialect, seconds) => dialect with { RequestedTimeToLive = seconds }),
        Setting.Flag("reversesRecursionOfClaims", (dialect, isOn) => dialect with { ReversesRecursionOfClaims = isOn }),
        Setting.Flag("sendsOverwriteDemand", (dialect, isOn) => dialect with { SendsOverwriteDemand = isOn }),
        Setting.Flag("showsHybridAsMixed", (dialect, isOn) => dialect with { ShowsHybridAsMixed = isOn }),
        Setting.Flag("skipsReleasesAtShutdown", (dialect, isOn) => dialect with { SkipsReleasesAtShutdown = isOn }),
        Setting.Flag("skipsUpdateAfterDenial", (dialect, isOn) => dialect with { SkipsUpdateAfterDenial = isOn }),
        Setting.Flag("solicitedConflictsOnly", (dialect, isOn) => dialect with { SolicitedConflictsOnly = isOn }),
        Count("switchBackCount", 0, (timing, count) => timing with { SwitchBackCount = count }),
        Duration("switchBackInterval", TimeSpan.FromSeconds(1), (timing, duration) => timing with { SwitchBackInterval = duration }),
        Setting.Flag("takesAsteriskNames", (dialect, isOn) => dialect with { TakesAsteriskNames = isOn }),
        Setting.Flag("takesBroadcastGroupRelease", (dialect, isOn) => dialect with { TakesBroadcastGroupRelease = isOn }),
        Setting.Flag("takesChallengeAnswersFromOtherAddresses", (dialect, isOn) => dialect with { TakesChallengeAnswersFromOtherAddresses = isOn }),
        Setting.Flag("takesUserNameReleaseSilently", (dialect, isOn) => dialect with { TakesUserNameReleaseSilently = isOn }),
        Setting.Flag("unansweredReclaimIsConflict", (dialect, isOn) => dialect with { UnansweredReclaimIsConflict = isOn }),
        Duration("unregisteredRefreshInterval", TimeSpan.Zero, (timing, duration) => timing with { UnregisteredRefreshInterval = duration }),
        Setting.Flag("unsolicitedNegativeMeansConflict", (dialect, isOn) => dialect with { UnsolicitedNegativeMeansConflict = isOn }),
        Setting.Flag("usesMultihomedRegistration", (dialect, isOn) => dialect with { UsesMultihomedRegistration = isOn }));

    public static ImmutableArray<string> Names => All.Names;

    /// <summary>Reads all that a dialect's object changes.</summary>
    public static ImmutableArray<DialectSwitch> Read(JsonObjectReader reader) => All.Read(reader);

    /// <summary>What values a setting can have, in words; null where there is no such setting.</summary>
    public static string? ExpectedOf(string name) => All.ExpectedOf(name);

    /// <exception cref="ArgumentException">There is no such setting, or it cannot have this value.</exception>
    public static NetBtDialect Set(NetBtDialect dialect, DialectSwitch change) => All.Set(dialect, change);

    private static Setting Seconds(string name, Func<NetBtDialect, uint, NetBtDialect> set) => Setting.Number(name, 0, uint.MaxValue, (dialect, number) => set(dialect, (uint)number));

    private static Setting Count(string name, int least, Func<NetBtTiming, int, NetBtTiming> set) =>
        Setting.Number(name, least, ushort.MaxValue, (dialect, number) => dialect with { Timing = set(dialect.Timing, (int)number) });

    private static Setting Duration(string name, TimeSpan least, Func<NetBtTiming, TimeSpan, NetBtTiming> set) =>
        Setting.Duration(name, least, (dialect, duration) => dialect with { Timing = set(dialect.Timing, duration) });
}
