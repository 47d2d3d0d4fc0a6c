using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <summary>The switches of <see cref="NetBtDialect"/> that a scenario can set, by name.</summary>
internal static class DialectSwitches
{
    public static ImmutableArray<string> Names { get; } =
    [
        "answersReleaseDemand", "answersUnicastMisses", "answersWildcardQuery", "defendsAgainstOwnAdapters", "keepsRefusedNameInConflict", "logsRefusedRegistration", "noNameReleaseOnDemand",
        "releaseDemandTakesGroupNames", "releasesRefusedUserName", "sendsOverwriteDemand", "solicitedConflictsOnly", "unsolicitedNegativeMeansConflict", "usesMultihomedRegistration",
    ];

    public static NetBtDialect Set(NetBtDialect dialect, DialectSwitch change) => change.Name switch
    {
        "answersReleaseDemand" => dialect with { AnswersReleaseDemand = change.IsOn },
        "answersUnicastMisses" => dialect with { AnswersUnicastMisses = change.IsOn },
        "answersWildcardQuery" => dialect with { AnswersWildcardQuery = change.IsOn },
        "defendsAgainstOwnAdapters" => dialect with { DefendsAgainstOwnAdapters = change.IsOn },
        "keepsRefusedNameInConflict" => dialect with { KeepsRefusedNameInConflict = change.IsOn },
        "logsRefusedRegistration" => dialect with { LogsRefusedRegistration = change.IsOn },
        "noNameReleaseOnDemand" => dialect with { NoNameReleaseOnDemand = change.IsOn },
        "releaseDemandTakesGroupNames" => dialect with { ReleaseDemandTakesGroupNames = change.IsOn },
        "releasesRefusedUserName" => dialect with { ReleasesRefusedUserName = change.IsOn },
        "sendsOverwriteDemand" => dialect with { SendsOverwriteDemand = change.IsOn },
        "solicitedConflictsOnly" => dialect with { SolicitedConflictsOnly = change.IsOn },
        "unsolicitedNegativeMeansConflict" => dialect with { UnsolicitedNegativeMeansConflict = change.IsOn },
        "usesMultihomedRegistration" => dialect with { UsesMultihomedRegistration = change.IsOn },
        _ => throw new ArgumentException($"There is no switch '{change.Name}'.", nameof(change)),
    };
}
