using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>What a scenario can change in a <see cref="NetBtDialect"/> and its <see cref="NetBtTiming"/>, by name: switches, choices, counts and times.</summary>
internal static class DialectSwitches
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(365); // of NetBtTiming

    private static readonly ImmutableArray<Setting> All =
    [
        Seconds("answerTimeToLive", (dialect, seconds) => dialect with { AnswerTimeToLive = seconds }),
        Flag("answersReleaseDemand", (dialect, isOn) => dialect with { AnswersReleaseDemand = isOn }),
        Flag("answersStatusWildcard", (dialect, isOn) => dialect with { AnswersStatusWildcard = isOn }),
        Flag("answersUnicastMisses", (dialect, isOn) => dialect with { AnswersUnicastMisses = isOn }),
        Flag("answersWildcardQuery", (dialect, isOn) => dialect with { AnswersWildcardQuery = isOn }),
        Flag("asksNextServerAfterNegative", (dialect, isOn) => dialect with { AsksNextServerAfterNegative = isOn }),
        Count("broadcastRetryCount", 1, (timing, count) => timing with { BroadcastRetryCount = count }),
        Duration("broadcastRetryTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { BroadcastRetryTimeout = duration }),
        Seconds("broadcastTimeToLive", (dialect, seconds) => dialect with { BroadcastTimeToLive = seconds }),
        Duration("cacheTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { CacheTimeout = duration }),
        Duration("cacheTimeoutSurplus", TimeSpan.Zero, (timing, duration) => timing with { CacheTimeoutSurplus = duration }),
        Flag("claimLastsConflictTimer", (dialect, isOn) => dialect with { ClaimLastsConflictTimer = isOn }),
        Flag("conflictDemandTakesGroupNames", (dialect, isOn) => dialect with { ConflictDemandTakesGroupNames = isOn }),
        Duration("conflictTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { ConflictTimeout = duration }),
        Flag("defendsAgainstOwnAdapters", (dialect, isOn) => dialect with { DefendsAgainstOwnAdapters = isOn }),
        Flag("defendsAgainstUnicastOverwrite", (dialect, isOn) => dialect with { DefendsAgainstUnicastOverwrite = isOn }),
        Flag("demandsNameBeforeNameServer", (dialect, isOn) => dialect with { DemandsNameBeforeNameServer = isOn }),
        Flag("discardsBroadcastBit", (dialect, isOn) => dialect with { DiscardsBroadcastBit = isOn }),
        Count("firstRefreshDivisor", 1, (timing, count) => timing with { FirstRefreshDivisor = count }),
        Duration("firstRefreshInterval", TimeSpan.Zero, (timing, duration) => timing with { FirstRefreshInterval = duration }),
        Flag("hasReleaseRefresh", (dialect, isOn) => dialect with { HasReleaseRefresh = isOn }),
        Flag("ignoresBroadcastRelease", (dialect, isOn) => dialect with { IgnoresBroadcastRelease = isOn }),
        Duration("initialRefreshTimeout", TimeSpan.FromSeconds(1), (timing, duration) => timing with { InitialRefreshTimeout = duration }),
        Flag("keepsNameWhoseReleaseIsUnanswered", (dialect, isOn) => dialect with { KeepsNameWhoseReleaseIsUnanswered = isOn }),
        Flag("keepsRefusedNameInConflict", (dialect, isOn) => dialect with { KeepsRefusedNameInConflict = isOn }),
        Flag("keepsTryingNameServer", (dialect, isOn) => dialect with { KeepsTryingNameServer = isOn }),
        Flag("logsMissingNameServer", (dialect, isOn) => dialect with { LogsMissingNameServer = isOn }),
        Flag("logsRefusedRefresh", (dialect, isOn) => dialect with { LogsRefusedRefresh = isOn }),
        Flag("logsRefusedRegistration", (dialect, isOn) => dialect with { LogsRefusedRegistration = isOn }),
        Flag("marksPermanentName", (dialect, isOn) => dialect with { MarksPermanentName = isOn }),
        Duration("maximumWait", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { MaximumWait = duration }),
        Duration("minimumRefreshInterval", TimeSpan.Zero, (timing, duration) => timing with { MinimumRefreshInterval = duration }),
        Duration("nameServerDownTimeout", TimeSpan.Zero, (timing, duration) => timing with { NameServerDownTimeout = duration }),
        Count("nameServerRetryCount", 0, (timing, count) => timing with { NameServerRetryCount = count }),
        Duration("nameServerRetryTimeout", TimeSpan.FromMilliseconds(1), (timing, duration) => timing with { NameServerRetryTimeout = duration }),
        Duration("negativeAnswerPause", TimeSpan.Zero, (timing, duration) => timing with { NegativeAnswerPause = duration }),
        Flag("noNameReleaseOnDemand", (dialect, isOn) => dialect with { NoNameReleaseOnDemand = isOn }),
        Count("refreshDivisor", 1, (timing, count) => timing with { RefreshDivisor = count }),
        Choice<ReleaseDemandRule>("releaseDemand", (dialect, rule) => dialect with { ReleaseDemand = rule }),
        Flag("releaseDemandTakesGroupNames", (dialect, isOn) => dialect with { ReleaseDemandTakesGroupNames = isOn }),
        Flag("releasesClaimTheSegmentRefused", (dialect, isOn) => dialect with { ReleasesClaimTheSegmentRefused = isOn }),
        Flag("releasesNameInConflict", (dialect, isOn) => dialect with { ReleasesNameInConflict = isOn }),
        Flag("releasesRefusedUserName", (dialect, isOn) => dialect with { ReleasesRefusedUserName = isOn }),
        Flag("releasesServerNameOnFirstAdapterOnly", (dialect, isOn) => dialect with { ReleasesServerNameOnFirstAdapterOnly = isOn }),
        Seconds("requestedTimeToLive", (dialect, seconds) => dialect with { RequestedTimeToLive = seconds }),
        Flag("sendsOverwriteDemand", (dialect, isOn) => dialect with { SendsOverwriteDemand = isOn }),
        Flag("showsHybridAsMixed", (dialect, isOn) => dialect with { ShowsHybridAsMixed = isOn }),
        Flag("skipsReleasesAtShutdown", (dialect, isOn) => dialect with { SkipsReleasesAtShutdown = isOn }),
        Flag("skipsUpdateAfterDenial", (dialect, isOn) => dialect with { SkipsUpdateAfterDenial = isOn }),
        Flag("solicitedConflictsOnly", (dialect, isOn) => dialect with { SolicitedConflictsOnly = isOn }),
        Count("switchBackCount", 0, (timing, count) => timing with { SwitchBackCount = count }),
        Duration("switchBackInterval", TimeSpan.FromSeconds(1), (timing, duration) => timing with { SwitchBackInterval = duration }),
        Flag("takesAsteriskNames", (dialect, isOn) => dialect with { TakesAsteriskNames = isOn }),
        Flag("takesBroadcastGroupRelease", (dialect, isOn) => dialect with { TakesBroadcastGroupRelease = isOn }),
        Flag("takesChallengeAnswersFromOtherAddresses", (dialect, isOn) => dialect with { TakesChallengeAnswersFromOtherAddresses = isOn }),
        Flag("takesUserNameReleaseSilently", (dialect, isOn) => dialect with { TakesUserNameReleaseSilently = isOn }),
        Flag("unansweredReclaimIsConflict", (dialect, isOn) => dialect with { UnansweredReclaimIsConflict = isOn }),
        Duration("unregisteredRefreshInterval", TimeSpan.Zero, (timing, duration) => timing with { UnregisteredRefreshInterval = duration }),
        Flag("unsolicitedNegativeMeansConflict", (dialect, isOn) => dialect with { UnsolicitedNegativeMeansConflict = isOn }),
        Flag("usesMultihomedRegistration", (dialect, isOn) => dialect with { UsesMultihomedRegistration = isOn }),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(one => one.Name)];

    /// <summary>Reads all that a dialect's object changes.</summary>
    public static ImmutableArray<DialectSwitch> Read(JsonObjectReader reader) =>
        [.. All.Select(one => (one.Name, Value: one.Read(reader))).Where(one => one.Value is not null).Select(one => new DialectSwitch(one.Name, one.Value!))];

    /// <exception cref="ArgumentException">There is no such setting, or it cannot have this value.</exception>
    public static NetBtDialect Set(NetBtDialect dialect, DialectSwitch change)
    {
        foreach (var one in All)
        {
            if (one.Name == change.Name)
                return one.Set(dialect, change.Value) ?? throw new ArgumentException($"'{change.Name}' cannot be '{change.Value}'.", nameof(change));
        }

        throw new ArgumentException($"There is no switch '{change.Name}'.", nameof(change));
    }

    private static Setting Flag(string name, Func<NetBtDialect, bool, NetBtDialect> set) => new(
        name, reader => reader.OptionalFlag(name) is { } isOn ? DialectSwitch.Word(isOn) : null,
        (dialect, text) => text == DialectSwitch.Word(true) ? set(dialect, true) : text == DialectSwitch.Word(false) ? set(dialect, false) : null);

    private static Setting Choice<T>(string name, Func<NetBtDialect, T, NetBtDialect> set)
        where T : struct, Enum => Text(name, ScenarioText.Expected<T>(), ScenarioText.TryEnum, set);

    private static Setting Seconds(string name, Func<NetBtDialect, uint, NetBtDialect> set) => Number(name, 0, uint.MaxValue, (dialect, number) => set(dialect, (uint)number));

    private static Setting Count(string name, int least, Func<NetBtTiming, int, NetBtTiming> set) =>
        Number(name, least, ushort.MaxValue, (dialect, number) => dialect with { Timing = set(dialect.Timing, (int)number) });

    /// <summary>What is done again and again has a least time, so that no file makes a run endless.</summary>
    private static Setting Duration(string name, TimeSpan least, Func<NetBtTiming, TimeSpan, NetBtTiming> set) => Text(
        name, $"a duration such as \"0.5ms\", \"20s\" or \"10min\", {(least == TimeSpan.Zero ? "or \"0\"" : $"at least {least.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms")}, at most 365 days",
        (string text, out TimeSpan duration) => ScenarioText.TryDuration(text, out duration) && duration >= least && duration <= LongestDuration,
        (dialect, duration) => dialect with { Timing = set(dialect.Timing, duration) });

    private static Setting Number(string name, long least, long most, Func<NetBtDialect, long, NetBtDialect> set) => new(
        name, reader => reader.OptionalNumber(name, least, most)?.ToString(CultureInfo.InvariantCulture),
        (dialect, text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most ? set(dialect, number) : null);

    private static Setting Text<T>(string name, string expected, JsonObjectReader.TryParse<T> parse, Func<NetBtDialect, T, NetBtDialect> set)
        where T : struct => new(
        name, reader => reader.OptionalText<string>(name, expected, (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return parse(text, out _);
        }),
        (dialect, text) => parse(text, out var value) ? set(dialect, value) : null);

    /// <summary>One of them: how it is read, as text, and how it is set; null for a value that it cannot have.</summary>
    private sealed record Setting(string Name, Func<JsonObjectReader, string?> Read, Func<NetBtDialect, string, NetBtDialect?> Set);
}
