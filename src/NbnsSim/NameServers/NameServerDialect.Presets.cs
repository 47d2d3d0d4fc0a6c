using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>The dialects that come with the library.</content>
public sealed partial record NameServerDialect
{
    /// <summary>A non-secured server by the letter of RFC 1001/1002: claimants challenge owners themselves, and may overwrite what they find gone.</summary>
    public static NameServerDialect Rfc1002NonSecured { get; } = new()
    {
        Name = "rfc1002",
        Title = "RFC 1002, non-secured",
        OwnershipCheck = OwnershipCheck.ByClaimant,
        Overwrites = OverwritePolicy.Replace,
        SendsWack = false,
        ChallengeInterval = TimeSpan.FromSeconds(5),
        MergesOwnersAddresses = false,
        AnswerSource = AnswerSource.AskedAddress,
        MaxNameOctets = NbnsHeader.MaxNameLength,
        RefreshChallenges = false,
        MaxAddresses = NameRecord.MaxAddresses,
        OwnMembersLead = false,
        Groups = GroupStorage.Members,
        AnswersReleasedGroups = false,
        KeepsDomainControllers = false,
        DomainMasterLeads = false,
        IgnoresMasterBrowsers = false,
        ChecksSuffixes = false,
        ReportsNodeType = true,
        ReportsTimeToLive = true,
        GrantsRequestedTime = true,
        RenewalInterval = TimeSpan.FromHours(1),
        LifetimeMultiple = 2,
        AsksBeforeRemoval = true,
        KeepsReleasedNames = false,
        ForeignReleases = ForeignReleasePolicy.Remove,
        ReleaseChecksSource = false,
        ReleaseDemandInterval = TimeSpan.FromSeconds(5),
    };

    /// <summary>
    /// A secured server by the letter of RFC 1001/1002: it challenges owners itself (5 s, three times), also where another node says that a name has gone
    /// (RFC 1001 §15.3.2), and takes no overwrite.
    /// </summary>
    public static NameServerDialect Rfc1002Secured { get; } = Rfc1002NonSecured with
    {
        Name = "rfc1002-secured",
        Title = "RFC 1002, secured",
        OwnershipCheck = OwnershipCheck.ByServer,
        Overwrites = OverwritePolicy.Refuse,
        SendsWack = true,
        ForeignReleases = ForeignReleasePolicy.Verify,
        ReleaseChecksSource = true,
    };

    /// <summary>
    /// WINS of Windows NT 3.5 and 3.51: 96-hour intervals (Q142305, Q132740), aged every half of it (Q138272, for 3.51; 3.5 inference), owners asked every 500 ms,
    /// replicas win (Q136571), group claims overwrite static unique records (Q161432), no burst handling.
    /// </summary>
    public static NameServerDialect WinsNt35 { get; } = new()
    {
        Name = "nt3.5",
        Title = "WINS, Windows NT 3.5",
        RenewalInterval = TimeSpan.FromHours(96),
        ExtinctionInterval = TimeSpan.FromHours(96),
        ExtinctionTimeout = TimeSpan.FromHours(96),
        ScavengingInterval = TimeSpan.FromHours(48),
        ReplicaReleases = ReplicaReleasePolicy.Released,
        StaticGroupClaims = StaticGroupClaimPolicy.GroupOfBoth,
        ReplicationConflicts = ReplicationConflictRule.ReplicaWins,
        ReleasesSameAddress = true,
        KeepsMultihomed = true,
        OwnsMergedGroups = false,
        RecoversOwnRecords = false,
    };

    /// <summary>
    /// WINS of Windows NT 4.0 with SP4 or later: 144-hour intervals (Q154414), doubling challenge interval (Q173519), burst handling from 500 requests on.
    /// Replication conflicts are decided by the charts of MS-WINSRA §3.2.5.5, which name NT 4.0 (§6) and no exception; Q136571 names only 3.5 and 3.51.
    /// </summary>
    public static NameServerDialect WinsNt4 { get; } = new()
    {
        Name = "nt4",
        Title = "WINS, Windows NT 4.0 SP4",
        ChallengeIntervalDoubles = true,
        RenewalInterval = TimeSpan.FromHours(144),
        ExtinctionInterval = TimeSpan.FromHours(144),
        ExtinctionTimeout = TimeSpan.FromHours(144),
        ReplicaReleases = ReplicaReleasePolicy.Released,
        BurstThreshold = 500,
        StaticDomainsReplace = true,
    };

    /// <summary>
    /// WINS of Windows 2000 and later: six days' renewal, an extinction interval of four days and a timeout of six (the least that MS-WINSRA
    /// §2.2.10.1 &lt;9&gt; allows), owners challenged in replication conflicts, burst handling from 500 requests on.
    /// </summary>
    public static NameServerDialect Windows2000 { get; } = new()
    {
        Name = "w2k",
        Title = "WINS, Windows 2000",
        ChallengeIntervalDoubles = true,
        BurstThreshold = 500,
    };

    /// <summary>Every preset, oldest first after the RFC's.</summary>
    public static ImmutableArray<NameServerDialect> All { get; } = [Rfc1002NonSecured, Rfc1002Secured, WinsNt35, WinsNt4, Windows2000];

    /// <summary>Finds a preset by <see cref="Name"/>, in any case.</summary>
    /// <param name="name">The name: <c>rfc1002</c>, <c>rfc1002-secured</c>, <c>nt3.5</c>, <c>nt4</c> or <c>w2k</c>.</param>
    /// <param name="dialect">The preset, or <see langword="null"/>.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind([NotNullWhen(true)] string? name, [NotNullWhen(true)] out NameServerDialect? dialect)
    {
        dialect = All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return dialect is not null;
    }
}
