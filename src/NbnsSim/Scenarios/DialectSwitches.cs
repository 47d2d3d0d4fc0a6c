using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>The switches of <see cref="NetBtDialect"/> that a scenario can set, by name.</summary>
internal static class DialectSwitches
{
    private static readonly ImmutableArray<(string Name, Func<NetBtDialect, bool, NetBtDialect> Set)> Switches =
    [
        ("answersReleaseDemand", (dialect, isOn) => dialect with { AnswersReleaseDemand = isOn }),
        ("answersStatusWildcard", (dialect, isOn) => dialect with { AnswersStatusWildcard = isOn }),
        ("answersUnicastMisses", (dialect, isOn) => dialect with { AnswersUnicastMisses = isOn }),
        ("answersWildcardQuery", (dialect, isOn) => dialect with { AnswersWildcardQuery = isOn }),
        ("asksNextServerAfterNegative", (dialect, isOn) => dialect with { AsksNextServerAfterNegative = isOn }),
        ("claimLastsConflictTimer", (dialect, isOn) => dialect with { ClaimLastsConflictTimer = isOn }),
        ("conflictDemandTakesGroupNames", (dialect, isOn) => dialect with { ConflictDemandTakesGroupNames = isOn }),
        ("defendsAgainstOwnAdapters", (dialect, isOn) => dialect with { DefendsAgainstOwnAdapters = isOn }),
        ("defendsAgainstUnicastOverwrite", (dialect, isOn) => dialect with { DefendsAgainstUnicastOverwrite = isOn }),
        ("demandsNameBeforeNameServer", (dialect, isOn) => dialect with { DemandsNameBeforeNameServer = isOn }),
        ("discardsBroadcastBit", (dialect, isOn) => dialect with { DiscardsBroadcastBit = isOn }),
        ("hasReleaseRefresh", (dialect, isOn) => dialect with { HasReleaseRefresh = isOn }),
        ("ignoresBroadcastRelease", (dialect, isOn) => dialect with { IgnoresBroadcastRelease = isOn }),
        ("keepsRefusedNameInConflict", (dialect, isOn) => dialect with { KeepsRefusedNameInConflict = isOn }),
        ("keepsTryingNameServer", (dialect, isOn) => dialect with { KeepsTryingNameServer = isOn }),
        ("logsMissingNameServer", (dialect, isOn) => dialect with { LogsMissingNameServer = isOn }),
        ("logsRefusedRefresh", (dialect, isOn) => dialect with { LogsRefusedRefresh = isOn }),
        ("logsRefusedRegistration", (dialect, isOn) => dialect with { LogsRefusedRegistration = isOn }),
        ("marksPermanentName", (dialect, isOn) => dialect with { MarksPermanentName = isOn }),
        ("noNameReleaseOnDemand", (dialect, isOn) => dialect with { NoNameReleaseOnDemand = isOn }),
        ("releaseDemandTakesGroupNames", (dialect, isOn) => dialect with { ReleaseDemandTakesGroupNames = isOn }),
        ("releasesNameInConflict", (dialect, isOn) => dialect with { ReleasesNameInConflict = isOn }),
        ("releasesRefusedUserName", (dialect, isOn) => dialect with { ReleasesRefusedUserName = isOn }),
        ("sendsOverwriteDemand", (dialect, isOn) => dialect with { SendsOverwriteDemand = isOn }),
        ("showsHybridAsMixed", (dialect, isOn) => dialect with { ShowsHybridAsMixed = isOn }),
        ("skipsReleasesAtShutdown", (dialect, isOn) => dialect with { SkipsReleasesAtShutdown = isOn }),
        ("solicitedConflictsOnly", (dialect, isOn) => dialect with { SolicitedConflictsOnly = isOn }),
        ("takesBroadcastGroupRelease", (dialect, isOn) => dialect with { TakesBroadcastGroupRelease = isOn }),
        ("takesUserNameReleaseSilently", (dialect, isOn) => dialect with { TakesUserNameReleaseSilently = isOn }),
        ("unsolicitedNegativeMeansConflict", (dialect, isOn) => dialect with { UnsolicitedNegativeMeansConflict = isOn }),
        ("usesMultihomedRegistration", (dialect, isOn) => dialect with { UsesMultihomedRegistration = isOn }),
    ];

    public static ImmutableArray<string> Names { get; } = [.. Switches.Select(one => one.Name)];

    public static NetBtDialect Set(NetBtDialect dialect, DialectSwitch change)
    {
        foreach (var (name, set) in Switches)
        {
            if (name == change.Name)
                return set(dialect, change.IsOn);
        }

        throw new ArgumentException($"There is no switch '{change.Name}'.", nameof(change));
    }
}
