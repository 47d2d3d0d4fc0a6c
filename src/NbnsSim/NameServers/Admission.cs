using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// What a name server says to a claim, an update, a refresh or a release: RFC 1002 §5.1.4, TechNet cc959221. Pure: each request has one rule for an answer, and
/// <see cref="Registrations"/> and <see cref="Releases"/> do what the rule says. What then depends on room (quotas, full tables) and on what an owner answers is decided where that is known.
/// </summary>
internal static class Admission
{
    /// <summary>What can be said without a look at the database; <see langword="null"/> where it takes one.</summary>
    public static Rule? BeforeLookUp(in AdmissionCase c) => c switch
    {
        { Kind: AdmissionKind.Release } => c.IsTooLong || IsIgnored(c) ? ServerRules.NothingToRelease : null,
        { IsAtNoHost: true, SaysGroup: false, Dialect.ChecksClaimedAddress: true } => ServerRules.NotAHost,
        { Kind: AdmissionKind.Update, Dialect.Overwrites: OverwritePolicy.Refuse } => ServerRules.UpdateRefused, // RFC 1002 §5.1.4: a secured server takes no update
        { IsTooLong: true } => c is { Kind: AdmissionKind.Refresh, Dialect.RefreshRegisters: false } ? ServerRules.RefreshUnknown : ServerRules.TooLong,
        { Kind: AdmissionKind.Update, Dialect.Overwrites: OverwritePolicy.Replace } => null,
        { Kind: AdmissionKind.Refresh } when !IsLikeRegistration(c) => null,
        _ => BySuffix(c),
    };

    /// <summary>What is said when the name has been looked up.</summary>
    public static Rule AfterLookUp(in AdmissionCase c) => c switch
    {
        { Kind: AdmissionKind.Release } => OnRelease(c),
        { Kind: AdmissionKind.Update, Dialect.Overwrites: OverwritePolicy.Replace } => OnUpdate(c),
        { Kind: AdmissionKind.Refresh } when !IsLikeRegistration(c) => OnRefresh(c),
        _ => OnRegistration(c),
    };

    /// <summary>Whether a request that is decided so shows that the owner still holds its name, and nobody has to ask it any more.</summary>
    public static bool ShowsOwner(in AdmissionCase c, Rule rule) => c.IsDisputed && rule.Kind == DecisionKind.Granted && rule != ServerRules.UpdateReplaces && IsOwners(c);

    /// <summary>What becomes of a name that its owner does not use any more, or has not refreshed.</summary>
    /// <param name="dialect">The server's.</param>
    /// <param name="isReplica">Whether another server owns the record.</param>
    public static Rule GivenUp(NameServerDialect dialect, bool isReplica) => !dialect.KeepsReleasedNames ? ServerRules.Deleted
        : isReplica && dialect.ReplicaReleases == ReplicaReleasePolicy.Extinct ? ServerRules.ReplicaReleased // cc959256
        : ServerRules.Released;

    private static Rule OnRegistration(in AdmissionCase c) =>
        BySuffix(c) ?? (c.State is not null ? OnRecord(c) : c.SaysGroup ? ServerRules.GroupAdded : ServerRules.Added);

    /// <summary>A non-secured server believes an update; but a member that joins would put all others out by the letter, against RFC 1001 §15.1.3.4.</summary>
    private static Rule OnUpdate(in AdmissionCase c) => ReplacesEntry(c) ? ServerRules.UpdateReplaces : c.State is null ? OnRegistration(c) : OnRecord(c);

    /// <summary>RFC 1002 §5.1.4.1: NEGATIVE to a "node not allowed to have name". Anybody may be a member of a group.</summary>
    private static Rule OnRefresh(in AdmissionCase c) => c switch
    {
        { State: not NameRecordState.Active } => c.Dialect.RefreshRegisters ? OnRegistration(c) : ServerRules.RefreshUnknown,
        _ when c.Dialect.RefreshChallenges || (c.IsGroup == c.SaysGroup && (c.IsGroup || c.HasAddress)) => OnRecord(c),
        _ => ServerRules.NotEntitled,
    };

    /// <summary>A claim on a name that the server has.</summary>
    private static Rule OnRecord(in AdmissionCase c) => c switch
    {
        { IsDisputed: true, Dialect.OwnershipCheck: OwnershipCheck.ByServer } when !IsOwners(c) => ServerRules.JoinsDispute,
        { IsStatic: true } when c.IsGroup || !c.MigratesStatic => OnStatic(c),

        // cc959221: a group is never overwritten by a unique name; here as long as it still answers queries (inference).
        { State: not NameRecordState.Active } => c is { Type: NameRecordType.NormalGroup, Dialect.AnswersReleasedGroups: true, SaysGroup: false }
            ? ServerRules.ReleasedGroupKept : ServerRules.InactiveTaken,
        { IsGroup: true } => OnGroup(c),
        _ when IsOwners(c) => c.IsRefresh ? ServerRules.Refreshed : ServerRules.OwnersClaim,
        { Dialect.OwnershipCheck: OwnershipCheck.ByClaimant } => ServerRules.ClaimantAsks, // END-NODE CHALLENGE: RFC 1002 §4.2.7
        _ => ServerRules.Dispute,
    };

    /// <summary>cc959221: what the administrator entered is never overwritten; its own owner may well "register" it.</summary>
    private static Rule OnStatic(in AdmissionCase c) => c switch
    {
        _ when (c.IsGroup ? c.SaysGroup : IsItsAddress(c)) => ServerRules.StaticOwners,
        { SaysGroup: true, IsGroup: false } when c.Dialect.StaticGroupClaims != StaticGroupClaimPolicy.Refuse => ServerRules.StaticGroup,
        _ => ServerRules.StaticKept,
    };

    private static Rule OnGroup(in AdmissionCase c) => c switch
    {
        { SaysGroup: false } => ServerRules.GroupKept,
        _ when c.KeepsNoMembers || c.HasAddress => c.IsRefresh ? ServerRules.Refreshed : ServerRules.MemberAgain,
        { Type: NameRecordType.NormalGroup, Dialect.Groups: GroupStorage.LastMember } => ServerRules.LastMember, // the pseudo-code of RFC 1002 §5.1.4: the entry is replaced
        _ => ServerRules.MemberAdded,
    };

    private static Rule OnRelease(in AdmissionCase c) => c switch
    {
        { State: not NameRecordState.Active } => ServerRules.NothingToRelease,
        { IsStatic: true } => ServerRules.StaticStays,
        { Dialect.ForeignReleases: ForeignReleasePolicy.Remove } when c.IsGroup && !HasItsAddress(c) => ServerRules.NoSuchMember,
        { Dialect.ForeignReleases: not ForeignReleasePolicy.Remove } when c.IsGroup != c.SaysGroup => ServerRules.WrongType,
        { Dialect.ForeignReleases: not ForeignReleasePolicy.Remove } when !HasItsAddress(c) || !ComesFromOwner(c) => ServerRules.WrongAddress,
        { HasOthers: true } when HasItsAddress(c) => ServerRules.MemberLeaves,
        { IsDisputed: true } => ServerRules.ReleasedInDispute,
        _ => GivenUp(c.Dialect, c.IsReplica),
    };

    private static Rule? BySuffix(in AdmissionCase c) => c.Dialect.ChecksSuffixes && !FitsSuffix(c.Suffix, c.SaysGroup) ? ServerRules.WrongSuffix
        : IsIgnored(c) ? ServerRules.MasterBrowser : null;

    private static bool FitsSuffix(NameSuffix suffix, bool isGroup) => suffix switch
    {
        NameSuffix.DomainMasterBrowser => !isGroup,
        NameSuffix.DomainControllers or NameSuffix.BrowserElections => isGroup,
        _ => true,
    };

    private static bool IsIgnored(in AdmissionCase c) => c is { Suffix: NameSuffix.MasterBrowser, Dialect.IgnoresMasterBrowsers: true };

    /// <summary>WINS makes no difference between a refresh and a registration.</summary>
    private static bool IsLikeRegistration(in AdmissionCase c) => c.Dialect is { RefreshRegisters: true, RefreshChallenges: true };

    private static bool ReplacesEntry(in AdmissionCase c) =>
        c is { Kind: AdmissionKind.Update, Dialect.Overwrites: OverwritePolicy.Replace, State: not null, IsStatic: false } && !(c.IsGroup && c.SaysGroup);

    /// <summary>Whether the name has the address that is claimed, as what it is claimed.</summary>
    private static bool IsItsAddress(in AdmissionCase c) => c.State == NameRecordState.Active && c.IsGroup == c.SaysGroup && HasItsAddress(c);

    /// <summary>Whether the claim is the owner's own: by the letter of RFC 1002 §5.1.4.1 only its refresh is.</summary>
    private static bool IsOwners(in AdmissionCase c) => IsItsAddress(c) && (!c.Dialect.ChallengesSameAddress || c.IsGroup || c.IsRefresh);

    private static bool HasItsAddress(in AdmissionCase c) => c.KeepsNoMembers || c.HasAddress;

    private static bool ComesFromOwner(in AdmissionCase c) => c.KeepsNoMembers || !c.Dialect.ReleaseChecksSource || c.HasSource;
}
