using System.Text;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Rules;
using NbnsSim.Tests.Rules;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// <see cref="Admission"/> as whole tables: every record × every claim, update, refresh and release × every switch that counts. <c>tests/ADMISSION.md</c> shows them; run
/// with NBNSSIM_RECORD=1 to write it anew. What the clauses say is asserted over all cases, whatever is recorded.
/// </summary>
public sealed class AdmissionTableTests
{
    private static readonly AdmissionCase Blank = new() { Dialect = NameServerDialect.Rfc1002Secured, Suffix = NameSuffix.Server };

    private static readonly Factor<AdmissionCase> Record = Factor<AdmissionCase>.Choice<(string Title, NameRecordState? State, bool IsStatic)>(
        "record",
        [("none", null, false), ("active", NameRecordState.Active, false), ("released", NameRecordState.Released, false), ("tombstone", NameRecordState.Tombstone, false), ("static", NameRecordState.Active, true)],
        (it, record) => it with { State = record.State, IsStatic = record.IsStatic },
        record => record.Title);

    private static readonly Factor<AdmissionCase> Type = Factor<AdmissionCase>.Choice("type", Enum.GetValues<NameRecordType>(), (it, type) => it with { Type = type });
    private static readonly Factor<AdmissionCase> SaysGroup = Factor<AdmissionCase>.Flag("G bit", (it, isOn) => it with { SaysGroup = isOn });
    private static readonly Factor<AdmissionCase> HasAddress = Factor<AdmissionCase>.Flag("has its address", (it, isOn) => it with { HasAddress = isOn });
    private static readonly Factor<AdmissionCase> HasSource = Factor<AdmissionCase>.Flag("has its sender's", (it, isOn) => it with { HasSource = isOn });
    private static readonly Factor<AdmissionCase> HasOthers = Factor<AdmissionCase>.Flag("several addresses", (it, isOn) => it with { HasOthers = isOn });
    private static readonly Factor<AdmissionCase> IsDisputed = Factor<AdmissionCase>.Flag("owner is being asked", (it, isOn) => it with { IsDisputed = isOn });
    private static readonly Factor<AdmissionCase> IsReplica = Factor<AdmissionCase>.Flag("another server's", (it, isOn) => it with { IsReplica = isOn });
    private static readonly Factor<AdmissionCase> IsTooLong = Factor<AdmissionCase>.Flag("too long", (it, isOn) => it with { IsTooLong = isOn });
    private static readonly Factor<AdmissionCase> Address = Factor<AdmissionCase>.Choice<(string Title, bool IsNoHosts, bool IsChecked)>(
        "claimed address", [("a host's", false, true), ("no host's, by `ChecksClaimedAddress` unchecked", true, false), ("no host's", true, true)],
        (it, address) => it with { IsAtNoHost = address.IsNoHosts, Dialect = it.Dialect with { ChecksClaimedAddress = address.IsChecked } }, address => address.Title);

    private static readonly Factor<AdmissionCase> Suffix = Factor<AdmissionCase>.Choice(
        "suffix", [NameSuffix.Server, NameSuffix.DomainMasterBrowser, NameSuffix.DomainControllers, NameSuffix.MasterBrowser, NameSuffix.BrowserElections],
        (it, suffix) => it with { Suffix = suffix }, suffix => suffix == NameSuffix.Server ? "any other" : $"<{(byte)suffix:X2}>");

    private static readonly Factor<AdmissionCase> MigratesStatic = Factor<AdmissionCase>.Flag("`MigrateOn`", (it, isOn) => it with { MigratesStatic = isOn });
    private static readonly Factor<AdmissionCase> OwnershipCheckBy = Choice<OwnershipCheck>(nameof(NameServerDialect.OwnershipCheck), (dialect, choice) => dialect with { OwnershipCheck = choice });
    private static readonly Factor<AdmissionCase> Overwrites = Choice<OverwritePolicy>(nameof(NameServerDialect.Overwrites), (dialect, choice) => dialect with { Overwrites = choice });
    private static readonly Factor<AdmissionCase> Groups = Choice<GroupStorage>(nameof(NameServerDialect.Groups), (dialect, choice) => dialect with { Groups = choice });
    private static readonly Factor<AdmissionCase> StaticGroupClaims = Choice<StaticGroupClaimPolicy>(nameof(NameServerDialect.StaticGroupClaims), (dialect, choice) => dialect with { StaticGroupClaims = choice });
    private static readonly Factor<AdmissionCase> ForeignReleases = Choice<ForeignReleasePolicy>(nameof(NameServerDialect.ForeignReleases), (dialect, choice) => dialect with { ForeignReleases = choice });
    private static readonly Factor<AdmissionCase> ReplicaReleases = Choice<ReplicaReleasePolicy>(nameof(NameServerDialect.ReplicaReleases), (dialect, choice) => dialect with { ReplicaReleases = choice });
    private static readonly Factor<AdmissionCase> ChallengesSameAddress = Switch(nameof(NameServerDialect.ChallengesSameAddress), (dialect, isOn) => dialect with { ChallengesSameAddress = isOn });
    private static readonly Factor<AdmissionCase> ChecksSuffixes = Switch(nameof(NameServerDialect.ChecksSuffixes), (dialect, isOn) => dialect with { ChecksSuffixes = isOn });
    private static readonly Factor<AdmissionCase> IgnoresMasterBrowsers = Switch(nameof(NameServerDialect.IgnoresMasterBrowsers), (dialect, isOn) => dialect with { IgnoresMasterBrowsers = isOn });
    private static readonly Factor<AdmissionCase> RefreshRegisters = Switch(nameof(NameServerDialect.RefreshRegisters), (dialect, isOn) => dialect with { RefreshRegisters = isOn });
    private static readonly Factor<AdmissionCase> RefreshChallenges = Switch(nameof(NameServerDialect.RefreshChallenges), (dialect, isOn) => dialect with { RefreshChallenges = isOn });
    private static readonly Factor<AdmissionCase> AnswersReleasedGroups = Switch(nameof(NameServerDialect.AnswersReleasedGroups), (dialect, isOn) => dialect with { AnswersReleasedGroups = isOn });
    private static readonly Factor<AdmissionCase> KeepsReleasedNames = Switch(nameof(NameServerDialect.KeepsReleasedNames), (dialect, isOn) => dialect with { KeepsReleasedNames = isOn });
    private static readonly Factor<AdmissionCase> ReleaseChecksSource = Switch(nameof(NameServerDialect.ReleaseChecksSource), (dialect, isOn) => dialect with { ReleaseChecksSource = isOn });

    private static readonly Factor<AdmissionCase>[] Everything =
    [
        Record, Type, SaysGroup, HasAddress, HasSource, HasOthers, IsDisputed, IsReplica, IsTooLong, Address, Suffix, MigratesStatic, OwnershipCheckBy, Overwrites, Groups, StaticGroupClaims,
        ForeignReleases, ReplicaReleases, ChallengesSameAddress, ChecksSuffixes, IgnoresMasterBrowsers, RefreshRegisters, RefreshChallenges, AnswersReleasedGroups,
        KeepsReleasedNames, ReleaseChecksSource,
    ];

    /// <summary>What a request says: looked at before the database is.</summary>
    private static readonly Factor<AdmissionCase>[] OfRequest = [Address, IsTooLong, Suffix, ChecksSuffixes, IgnoresMasterBrowsers];

    private static readonly DecisionTable<AdmissionCase> NewName = Of("A registration of a name that the server does not have", AdmissionKind.Registration, SaysGroup, Address, IsTooLong, Suffix, ChecksSuffixes, IgnoresMasterBrowsers);
    private static readonly DecisionTable<AdmissionCase> NewUpdate = Of("An update of a name that the server does not have", AdmissionKind.Update, Overwrites, SaysGroup, Address, IsTooLong, Suffix, ChecksSuffixes, IgnoresMasterBrowsers);
    private static readonly DecisionTable<AdmissionCase> NewRefresh = Of("A refresh of a name that the server does not have", AdmissionKind.Refresh, RefreshRegisters, SaysGroup, Address, IsTooLong, Suffix, ChecksSuffixes, IgnoresMasterBrowsers);

    private static readonly DecisionTable<AdmissionCase> Registration = Of(
        "A registration", AdmissionKind.Registration,
        Record, Type, IsDisputed, OwnershipCheckBy, SaysGroup, MigratesStatic, Groups, HasAddress, ChallengesSameAddress, StaticGroupClaims, AnswersReleasedGroups);

    private static readonly DecisionTable<AdmissionCase> Update = Of(
        "An update", AdmissionKind.Update,
        Overwrites, Record, Type, IsDisputed, OwnershipCheckBy, SaysGroup, MigratesStatic, Groups, HasAddress, ChallengesSameAddress, StaticGroupClaims, AnswersReleasedGroups);

    private static readonly DecisionTable<AdmissionCase> Refresh = Of(
        "A refresh", AdmissionKind.Refresh,
        Record, RefreshRegisters, RefreshChallenges, Type, IsDisputed, OwnershipCheckBy, SaysGroup, MigratesStatic, Groups, HasAddress, StaticGroupClaims, AnswersReleasedGroups);

    private static readonly DecisionTable<AdmissionCase> Release = Of(
        "A release", AdmissionKind.Release,
        Record, Type, SaysGroup, ForeignReleases, Groups, HasAddress, ReleaseChecksSource, HasSource, HasOthers, IsDisputed, KeepsReleasedNames, IsReplica, ReplicaReleases);

    private static readonly DecisionTable<AdmissionCase>[] OfNew = [NewName, NewUpdate, NewRefresh];
    private static readonly DecisionTable<AdmissionCase>[] OfKnown = [Registration, Update, Refresh, Release];

    [Test]
    public void EveryCaseIsDecided_AndNothingElseMakesADifference()
    {
        foreach (var table in OfNew)
        {
            Assert.That(table.Walk().Where(one => one.Rule is null), Is.Empty, table.Title);
            table.DependsOnNothingElse(Everything.Except([Record, RefreshChallenges])); // that a record is there, and that a refresh is like a registration, says another table
        }

        foreach (var table in OfKnown)
        {
            Assert.That(table.Walk().Where(one => one.Rule is null), Is.Empty, table.Title);
            table.DependsOnNothingElse(Everything.Except(OfRequest));
        }
    }

    [Test]
    public void WhatIsSaidBeforeTheNameIsLookedUp_DoesNotDependOnTheRecord()
    {
        foreach (var table in OfNew)
        {
            foreach (var (one, _, _) in table.Walk())
            {
                var known = one with { State = NameRecordState.Active, Type = NameRecordType.Multihomed, IsStatic = true, HasAddress = true, HasOthers = true, IsReplica = true, IsDisputed = true };
                Assert.That(Admission.BeforeLookUp(known), Is.SameAs(Admission.BeforeLookUp(one)), $"{one}");
            }
        }
    }

    [Test]
    public void ADecisionIsOfAKindThatFitsTheRequest()
    {
        foreach (var table in (DecisionTable<AdmissionCase>[])[.. OfNew, Registration, Update, Refresh])
            Each(table, (_, rule) => rule.Kind is DecisionKind.Granted or DecisionKind.Refused or DecisionKind.Challenged or DecisionKind.Waited);
        Each(Release, (_, rule) => rule.Kind is DecisionKind.Answered or DecisionKind.GaveUp);
    }

    /// <summary>RFC 1002 §5.1.4.1: a unique name is not taken from a group, and the owner of a unique name is asked before another gets it.</summary>
    [Test]
    public void ANameThatIsActiveGoesToNobodyElseUnasked()
    {
        foreach (var table in (DecisionTable<AdmissionCase>[])[Registration, Refresh])
        {
            Each(table, (it, rule) => rule.Kind != DecisionKind.Granted || it is not { State: NameRecordState.Active, IsStatic: false } || (it.IsGroup ? it.SaysGroup : !it.SaysGroup && it.HasAddress));
            Each(table, (it, rule) => rule.Kind is not (DecisionKind.Challenged or DecisionKind.Waited) || it is { State: NameRecordState.Active, IsGroup: false } || it.IsDisputed);
        }

        Each(Update, (it, rule) => rule != ServerRules.UpdateReplaces || it.Dialect.Overwrites == OverwritePolicy.Replace);
    }

    /// <summary>RFC 1002 §5.1.4.1: "secured" takes no update.</summary>
    [Test]
    public void ASecuredServerTakesNoUpdate() =>
        Each(Update, (it, rule) => it.Dialect.Overwrites != OverwritePolicy.Refuse || rule == ServerRules.UpdateRefused);

    /// <summary>RFC 1002 §5.1.4.1: a name that nobody has is granted; cc959221: so is one that was given up, save for a group that is still answered.</summary>
    [Test]
    public void WhatNobodyHasIsGranted() => Each(Registration, (it, rule) =>
        it.State == NameRecordState.Active || rule.Kind == DecisionKind.Granted || (it is { Type: NameRecordType.NormalGroup, SaysGroup: false } && it.Dialect.AnswersReleasedGroups));

    /// <summary>RFC 1001 §15.1.3.4: anybody may join a group.</summary>
    [Test]
    public void AnybodyMayJoinAGroup() => Each(Registration, (it, rule) => !(it is { State: NameRecordState.Active, SaysGroup: true } && it.IsGroup) || rule.Kind == DecisionKind.Granted);

    /// <summary>RFC 1002 §5.1.4.1: "a node allowed to have name" gets its refresh granted, whatever the switches.</summary>
    [Test]
    public void AnOwnersRefreshIsGranted() => Each(Refresh, (it, rule) =>
        !(it is { State: NameRecordState.Active, HasAddress: true } && it.IsGroup == it.SaysGroup) || rule.Kind == DecisionKind.Granted);

    /// <summary>cc959221: what the administrator entered is never overwritten by a claim, but for the faults of Q161432 and Q166502, and where it is to give way (Q135922).</summary>
    [Test]
    public void AStaticRecordIsNeverOverwritten()
    {
        foreach (var table in (DecisionTable<AdmissionCase>[])[Registration, Update, Refresh])
        {
            Each(table, (it, rule) => !it.IsStatic || (it.MigratesStatic && !it.IsGroup)
                || rule.Kind == DecisionKind.Refused || rule == ServerRules.StaticOwners || rule == ServerRules.JoinsDispute
                || (rule == ServerRules.StaticGroup && it.Dialect.StaticGroupClaims != StaticGroupClaimPolicy.Refuse));
        }

        Each(Release, (it, rule) => !it.IsStatic || rule.Kind == DecisionKind.Answered);
    }

    /// <summary>RFC 1002 §5.1.4.1: a release of what is not there is answered POSITIVE; §15.1.7(8) of RFC 1001 and Q123171: a stranger's takes nothing away where its sender is looked at.</summary>
    [Test]
    public void ARelease_IsTheOwners_OrChangesNothing()
    {
        Each(Release, (it, rule) => it.State == NameRecordState.Active || rule == ServerRules.NothingToRelease);
        Each(Release, (it, rule) => rule.Kind != DecisionKind.GaveUp || it.Dialect.ForeignReleases == ForeignReleasePolicy.Remove || it.KeepsNoMembers || (it.HasAddress && it.IsGroup == it.SaysGroup));
        Each(Release, (it, rule) => rule.Kind != DecisionKind.GaveUp || it.Dialect.ForeignReleases == ForeignReleasePolicy.Remove || it.KeepsNoMembers || !it.Dialect.ReleaseChecksSource || it.HasSource);
        Each(Release, (it, rule) => !(it is { State: NameRecordState.Active, IsStatic: false, HasAddress: true, HasSource: true } && it.IsGroup == it.SaysGroup) || rule.Kind == DecisionKind.GaveUp);
    }

    /// <summary>An owner that claims or refreshes its name while it is asked about it holds it: nobody else's claim shows that.</summary>
    [Test]
    public void OnlyTheOwnersClaimEndsADispute()
    {
        foreach (var table in (DecisionTable<AdmissionCase>[])[Registration, Update, Refresh])
            Each(table, (it, rule) => !Admission.ShowsOwner(it, rule) || it is { IsDisputed: true, HasAddress: true, SaysGroup: false });
        Each(Release, (it, rule) => !Admission.ShowsOwner(it, rule));
        Each(Registration, (it, rule) => !(it is { IsDisputed: true, HasAddress: true, SaysGroup: false } && !it.Dialect.ChallengesSameAddress) || Admission.ShowsOwner(it, rule));
    }

    [Test]
    public void TheTablesAreUpToDate()
    {
        var text = new StringBuilder("""
            # What a name server says to claims, updates, refreshes and releases

            Written by `AdmissionTableTests`, which walks every case: each record, each request, each switch that counts. A row stands for all cases that have its values; "–" is
            for what makes no difference there. `tests/RULES.md` says what the rules say. "Has its address": the record has the address that the request carries. What then
            depends on room is not here: a claim that is granted or waits may still be refused as the server is full or its sender has had its share (S20); nor what becomes of a
            release that does not fit: it is refused, or its owner asked, where `ForeignReleases` says so (S24). The first three tables say what is looked at before the record.

            """);
        foreach (var table in (DecisionTable<AdmissionCase>[])[.. OfNew, .. OfKnown])
            table.Print(text);
        string file = Path.Combine(House.Repository.Root, "tests", "ADMISSION.md");
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, text.ToString());
        Assert.That(File.ReadAllText(file), Is.EqualTo(text.ToString()), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    private static void Each(DecisionTable<AdmissionCase> table, Func<AdmissionCase, Rule, bool> holds)
    {
        foreach (var (one, rule, _) in table.Walk().Where(one => one.IsPossible))
        {
            if (!holds(one, rule))
                Assert.Fail($"{table.Title}: {rule.Id} at {one}");
        }
    }

    /// <summary>Whether a database can have such a record: only the owners of active names that are no group's are asked.</summary>
    private static bool IsPossible(AdmissionCase it) =>
        (it.State is not null || it is { Type: NameRecordType.Unique, HasAddress: false, HasSource: false, HasOthers: false, IsReplica: false })
        && (it.Type != NameRecordType.Unique || !it.HasOthers)
        && (!it.IsDisputed || (it.State == NameRecordState.Active && !it.IsGroup));

    private static DecisionTable<AdmissionCase> Of(string title, AdmissionKind kind, params Factor<AdmissionCase>[] factors) => new(
        title, it => Admission.BeforeLookUp(it) ?? Admission.AfterLookUp(it), IsPossible, Blank with { Kind = kind, IsRefresh = kind == AdmissionKind.Refresh }, factors);

    private static Factor<AdmissionCase> Switch(string name, Func<NameServerDialect, bool, NameServerDialect> set) =>
        Factor<AdmissionCase>.Flag($"`{name}`", (it, isOn) => it with { Dialect = set(it.Dialect, isOn) });

    private static Factor<AdmissionCase> Choice<T>(string name, Func<NameServerDialect, T, NameServerDialect> set)
        where T : struct, Enum => Factor<AdmissionCase>.Choice($"`{name}`", Enum.GetValues<T>(), (it, choice) => it with { Dialect = set(it.Dialect, choice) });
}
