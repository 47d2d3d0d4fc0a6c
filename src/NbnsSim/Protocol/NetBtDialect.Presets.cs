using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NbnsSim.Names;

namespace NbnsSim.Protocol;

public sealed partial record NetBtDialect
{
    /// <summary>Workstation, domain, Messenger, Server, browser elections: the order of Q139608.</summary>
    private static ImmutableArray<BootName> ClassicBootNames =>
    [
        new(BootNamePart.Computer, NameSuffix.Workstation, IsGroup: false, Wave: 0),
        new(BootNamePart.Workgroup, NameSuffix.Workstation, IsGroup: true, Wave: 1),
        new(BootNamePart.Computer, NameSuffix.Messenger, IsGroup: false, Wave: 2),
        new(BootNamePart.Computer, NameSuffix.Server, IsGroup: false, Wave: 3),
        new(BootNamePart.Workgroup, NameSuffix.BrowserElections, IsGroup: true, Wave: 3),
    ];

    /// <summary>
    /// RFC 1001 and 1002 to the letter, save for the deviations that <see cref="TakesBroadcastGroupRelease"/> and <see cref="AnswersStatusWildcard"/> state.
    /// Boots Windows' names all the same: the RFC has no list.
    /// </summary>
    public static NetBtDialect Rfc1002 { get; } = new("rfc1002", "RFC 1002");

    /// <summary>
    /// Windows NT 3.5, the system of Q131739: it releases a user name that it was refused, and takes anybody's release of a name for its own.
    /// Both are inferred.
    /// </summary>
    public static NetBtDialect WindowsNt35 { get; } = new("nt3.5", "Windows NT 3.5")
    {
        Timing = NetBtTiming.Windows with { FirstRefreshDivisor = 8 }, // Q153713
        BroadcastTimeToLive = 300_000,
        AnswerTimeToLive = 300_000,
        ReleasesRefusedUserName = true,
        ReleaseDemand = ReleaseDemandRule.ConflictOnName,
        ReleaseDemandTakesGroupNames = true,
        ReleasesNameInConflict = false,
        UnsolicitedNegativeMeansConflict = true,
        DemandsNameBeforeNameServer = true,
        TakesAsteriskNames = true,
        DefendsAgainstUnicastOverwrite = true,
        DiscardsBroadcastBit = false,
        MarksPermanentName = false,
        ShowsHybridAsMixed = true,
        KeepsTryingNameServer = true,
        HasReleaseRefresh = false,
        AnswersUnicastMisses = true,
        AnswersWildcardQuery = true,
        UsesMultihomedRegistration = true,
        DefendsAgainstOwnAdapters = true,
    };

    /// <summary>
    /// Windows NT 3.51, in which Q131739 is corrected; how, no text says. The preset corrects the receiver: a release counts only with the node's own
    /// address in it (inferred), and the refused machine still sends its release. The rival readings are switches: the sender's half
    /// (<see cref="ReleasesRefusedUserName"/> off, <see cref="ReleaseDemand"/> as in 3.5, which a report of a sister domain controller's release in NT 4.0 speaks for),
    /// <see cref="TakesUserNameReleaseSilently"/> and <see cref="IgnoresBroadcastRelease"/>.
    /// </summary>
    public static NetBtDialect WindowsNt351 { get; } = WindowsNt35 with
    {
        Name = "nt3.51",
        Title = "Windows NT 3.51",
        Timing = WindowsNt35.Timing with { UnregisteredRefreshInterval = TimeSpan.FromMinutes(10) }, // Q164308
        ReleaseDemand = ReleaseDemandRule.ConflictOnNameAndAddress,
        AsksNextServerAfterNegative = true,
        SkipsReleasesAtShutdown = true,
        ReleasesServerNameOnFirstAdapterOnly = true,
    };

    /// <summary>
    /// Windows NT 4.0 before the corrections of Q314696, Q140419, Q219357 (Service Pack 5) and MS00-047, but with what Service Packs 3 and 4 brought:
    /// the secondary name server after a negative answer (Q222840), <c>nbtstat -RR</c> (Q188598), and of a host with several adapters the releases (Q184832) and
    /// the refreshes (Q164308; in which service pack, the article does not say).
    /// </summary>
    public static NetBtDialect WindowsNt4 { get; } = WindowsNt351 with
    {
        Name = "nt4",
        Title = "Windows NT 4.0",
        Timing = NetBtTiming.Windows with { CacheTimeoutSurplus = TimeSpan.FromSeconds(60), NegativeAnswerPause = TimeSpan.FromMilliseconds(1500) }, // Q236901, Q219357
        ReleasesRefusedUserName = false,
        ReleasesServerNameOnFirstAdapterOnly = false,
        HasReleaseRefresh = true,
    };

    /// <summary>
    /// Windows 2000 before MS00-047; with that update and its registry value set,
    /// <c>Windows2000 with { NoNameReleaseOnDemand = true }</c>.
    /// </summary>
    public static NetBtDialect Windows2000 { get; } = WindowsNt4 with
    {
        Name = "w2k",
        Title = "Windows 2000",
        Timing = NetBtTiming.Windows,
        SkipsReleasesAtShutdown = false,
        ReleaseDemandTakesGroupNames = false,
        LogsRefusedRegistration = true,
        DefendsAgainstOwnAdapters = false,
    };

    /// <summary>
    /// Windows 10: event 4321 in the words and with the octets that were seen there, and no query on a public network (the policy's text). That it does the rest as
    /// <see cref="Windows2000"/> does is inferred; what MS00-047 brought stays a matter of switches, as there.
    /// </summary>
    public static NetBtDialect Windows10 { get; } = Windows2000 with
    {
        Name = "w10",
        Title = "Windows 10",
        EventsSayComputer = true,
        NameResolution = NameResolutionPolicy.DisabledOnPublicNetworks,
    };

    /// <summary>Windows 11: as <see cref="Windows10"/>, with NetBIOS learning mode, which is documented for its test builds of April 2022; for its releases it is inferred.</summary>
    public static NetBtDialect Windows11 { get; } = Windows10 with { Name = "w11", Title = "Windows 11", NameResolution = NameResolutionPolicy.LearningMode };

    /// <summary>Windows Server 2025: taken to do as <see cref="Windows11"/>, with which it shares its build (inferred).</summary>
    public static NetBtDialect WindowsServer2025 { get; } = Windows11 with { Name = "ws2025", Title = "Windows Server 2025" };

    /// <summary>Every preset, oldest first after the RFC.</summary>
    public static ImmutableArray<NetBtDialect> All { get; } = [Rfc1002, WindowsNt35, WindowsNt351, WindowsNt4, Windows2000, Windows10, Windows11, WindowsServer2025];

    /// <summary>Finds a preset by <see cref="Name"/>, in any case.</summary>
    /// <param name="name">The name: <c>rfc1002</c>, <c>nt3.5</c>, <c>nt3.51</c>, <c>nt4</c>, <c>w2k</c>, <c>w10</c>, <c>w11</c> or <c>ws2025</c>.</param>
    /// <param name="dialect">The preset, or <see langword="null"/>.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind([NotNullWhen(true)] string? name, [NotNullWhen(true)] out NetBtDialect? dialect)
    {
        dialect = All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return dialect is not null;
    }
}
