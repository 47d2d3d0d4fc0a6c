using System.Text;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Tests.Rules;

namespace NbnsSim.Tests.Nodes;

/// <summary>
/// <see cref="Defence"/> as whole tables: every state of a name × every request that others can send × every switch that counts. <c>tests/DEFENCE.md</c> shows them;
/// run with NBNSSIM_RECORD=1 to write it anew. What the clauses say is asserted over all cases, whatever is recorded.
/// </summary>
public sealed class DefenceTableTests
{
    private static readonly DefenceCase Blank = new() { Dialect = NetBtDialect.Rfc1002, Plan = NodePlan.B };

    private static readonly Factor<DefenceCase> Node = Factor<DefenceCase>.Choice("node", [NodePlan.B, NodePlan.P, NodePlan.M, NodePlan.H], (it, plan) => it with { Plan = plan });
    private static readonly Factor<DefenceCase> State = Factor<DefenceCase>.Choice<(string Title, LocalNameState? State, bool IsHeld)>(
        "name",
        [
            ("not in the table", null, false), ("being claimed", LocalNameState.Registering, false), ("being claimed, held already", LocalNameState.Registering, true),
            ("registered", LocalNameState.Registered, true), ("being released", LocalNameState.Releasing, false), ("in conflict", LocalNameState.Conflict, false),
        ],
        (it, name) => it with
        {
            State = name.State,
            IsHeld = name.IsHeld,
            IsInConflict = name.State == LocalNameState.Conflict,
            IsInConflictHere = name.State == LocalNameState.Conflict,
        },
        name => name.Title);

    private static readonly Factor<DefenceCase> IsGroup = Factor<DefenceCase>.Flag("group's", (it, isOn) => it with { IsGroup = isOn });
    private static readonly Factor<DefenceCase> IsWildcard = Factor<DefenceCase>.Flag("begins with \\*", (it, isOn) => it with { IsWildcard = isOn });
    private static readonly Factor<DefenceCase> IsInConflict = Factor<DefenceCase>.Flag("in conflict somewhere", (it, isOn) => it with { IsInConflict = isOn });
    private static readonly Factor<DefenceCase> IsInConflictHere = Factor<DefenceCase>.Flag("in conflict here", (it, isOn) => it with { IsInConflictHere = isOn });
    private static readonly Factor<DefenceCase> IsBroadcast = Factor<DefenceCase>.Flag("broadcast", (it, isOn) => it with { IsBroadcast = isOn });
    private static readonly Factor<DefenceCase> SaysBroadcast = Factor<DefenceCase>.Flag("B bit", (it, isOn) => it with { SaysBroadcast = isOn });
    private static readonly Factor<DefenceCase> SaysGroup = Factor<DefenceCase>.Flag("G bit", (it, isOn) => it with { SaysGroup = isOn });
    private static readonly Factor<DefenceCase> CarriesOwnAddress = Factor<DefenceCase>.Flag("carries our address", (it, isOn) => it with { CarriesOwnAddress = isOn });
    private static readonly Factor<DefenceCase> AsksForAll = Factor<DefenceCase>.Flag("asks for \\*", (it, isOn) => it with { AsksForAll = isOn });
    private static readonly Factor<DefenceCase> IsFromOwnAddress = Factor<DefenceCase>.Flag("from our address", (it, isOn) => it with { IsFromOwnAddress = isOn });
    private static readonly Factor<DefenceCase> IsFromLaterAdapter = Factor<DefenceCase>.Flag("from a later adapter", (it, isOn) => it with { IsFromLaterAdapter = isOn });
    private static readonly Factor<DefenceCase> IsFromNameServer = Factor<DefenceCase>.Flag("from our name server", (it, isOn) => it with { IsFromNameServer = isOn });
    private static readonly Factor<DefenceCase> HasNameServers = Factor<DefenceCase>.Flag("name servers", (it, isOn) => it with { HasNameServers = isOn });
    private static readonly Factor<DefenceCase> ReleaseDemand = Factor<DefenceCase>.Choice(
        "`ReleaseDemand`", Enum.GetValues<ReleaseDemandRule>(), (it, rule) => it with { Dialect = it.Dialect with { ReleaseDemand = rule } });

    private static readonly Factor<DefenceCase> AnswersReleaseDemand = Switch(nameof(NetBtDialect.AnswersReleaseDemand), (dialect, isOn) => dialect with { AnswersReleaseDemand = isOn });
    private static readonly Factor<DefenceCase> NoNameReleaseOnDemand = Switch(nameof(NetBtDialect.NoNameReleaseOnDemand), (dialect, isOn) => dialect with { NoNameReleaseOnDemand = isOn });
    private static readonly Factor<DefenceCase> IgnoresBroadcastRelease = Switch(nameof(NetBtDialect.IgnoresBroadcastRelease), (dialect, isOn) => dialect with { IgnoresBroadcastRelease = isOn });
    private static readonly Factor<DefenceCase> TakesBroadcastGroupRelease = Switch(nameof(NetBtDialect.TakesBroadcastGroupRelease), (dialect, isOn) => dialect with { TakesBroadcastGroupRelease = isOn });
    private static readonly Factor<DefenceCase> ReleaseDemandTakesGroupNames = Switch(nameof(NetBtDialect.ReleaseDemandTakesGroupNames), (dialect, isOn) => dialect with { ReleaseDemandTakesGroupNames = isOn });
    private static readonly Factor<DefenceCase> UnsolicitedNegative = Switch(nameof(NetBtDialect.UnsolicitedNegativeMeansConflict), (dialect, isOn) => dialect with { UnsolicitedNegativeMeansConflict = isOn });
    private static readonly Factor<DefenceCase> ConflictDemandTakesGroupNames = Switch(nameof(NetBtDialect.ConflictDemandTakesGroupNames), (dialect, isOn) => dialect with { ConflictDemandTakesGroupNames = isOn });
    private static readonly Factor<DefenceCase> SolicitedConflictsOnly = Switch(nameof(NetBtDialect.SolicitedConflictsOnly), (dialect, isOn) => dialect with { SolicitedConflictsOnly = isOn });
    private static readonly Factor<DefenceCase> AnswersWildcardQuery = Switch(nameof(NetBtDialect.AnswersWildcardQuery), (dialect, isOn) => dialect with { AnswersWildcardQuery = isOn });
    private static readonly Factor<DefenceCase> DiscardsBroadcastBit = Switch(nameof(NetBtDialect.DiscardsBroadcastBit), (dialect, isOn) => dialect with { DiscardsBroadcastBit = isOn });
    private static readonly Factor<DefenceCase> AnswersUnicastMisses = Switch(nameof(NetBtDialect.AnswersUnicastMisses), (dialect, isOn) => dialect with { AnswersUnicastMisses = isOn });
    private static readonly Factor<DefenceCase> AnswersStatusWildcard = Switch(nameof(NetBtDialect.AnswersStatusWildcard), (dialect, isOn) => dialect with { AnswersStatusWildcard = isOn });

    private static readonly Factor<DefenceCase>[] Everything =
    [
        Node, State, IsGroup, IsWildcard, IsInConflict, IsInConflictHere, IsBroadcast, SaysBroadcast, SaysGroup, CarriesOwnAddress, AsksForAll, IsFromOwnAddress, IsFromLaterAdapter,
        IsFromNameServer, HasNameServers, ReleaseDemand, AnswersReleaseDemand, NoNameReleaseOnDemand, IgnoresBroadcastRelease, TakesBroadcastGroupRelease, ReleaseDemandTakesGroupNames,
        UnsolicitedNegative, ConflictDemandTakesGroupNames, SolicitedConflictsOnly, AnswersWildcardQuery, DiscardsBroadcastBit, AnswersUnicastMisses, AnswersStatusWildcard,
    ];

    private static readonly DecisionTable<DefenceCase> Claim = new(
        "Somebody claims a name", it => Defence.OnClaim(it), IsPossible, Blank, Node, State, IsInConflict, IsWildcard, IsGroup, SaysGroup, IsFromOwnAddress, IsFromLaterAdapter);

    private static readonly DecisionTable<DefenceCase> Release = new(
        "Somebody releases a name", it => Defence.OnRelease(it), IsPossible, Blank,
        State, NoNameReleaseOnDemand, IsFromNameServer, IsBroadcast, IgnoresBroadcastRelease, IsGroup, TakesBroadcastGroupRelease, IsWildcard, ReleaseDemand, Node, IsInConflictHere, CarriesOwnAddress,
        AnswersReleaseDemand, ReleaseDemandTakesGroupNames);

    private static readonly DecisionTable<DefenceCase> Conflict = new(
        "A name conflict demand comes", it => Defence.OnConflict(it, isDemand: true), IsPossible, Blank,
        State, IsInConflictHere, IsWildcard, IsGroup, ConflictDemandTakesGroupNames, HasNameServers, IsFromNameServer, SolicitedConflictsOnly, NoNameReleaseOnDemand);

    private static readonly DecisionTable<DefenceCase> Negative = new(
        "A NEGATIVE registration response comes that answers nothing", it => Defence.OnConflict(it, isDemand: false), IsPossible, Blank,
        State, IsInConflictHere, IsWildcard, UnsolicitedNegative, IsGroup, ConflictDemandTakesGroupNames, HasNameServers, IsFromNameServer, SolicitedConflictsOnly, NoNameReleaseOnDemand);

    private static readonly DecisionTable<DefenceCase> Query = new(
        "Somebody looks for a name", it => Defence.OnQuery(it), IsPossible, Blank,
        State, IsInConflictHere, AsksForAll, AnswersWildcardQuery, IsBroadcast, SaysBroadcast, DiscardsBroadcastBit, Node, AnswersUnicastMisses);

    private static readonly DecisionTable<DefenceCase> Status = new(
        "Somebody asks for all names (node status)", it => Defence.OnNodeStatus(it), IsPossible, Blank, AsksForAll, Node, AnswersStatusWildcard, State, IsInConflictHere);

    private static readonly DecisionTable<DefenceCase>[] All = [Claim, Release, Conflict, Negative, Query, Status];

    [Test]
    public void EveryCaseIsDecided_AndNothingElseMakesADifference()
    {
        foreach (var table in All)
        {
            Assert.That(table.Walk().Where(one => one.Rule is null), Is.Empty, table.Title);
            table.DependsOnNothingElse(Everything);
        }
    }

    [Test]
    public void ADecisionIsOfAKindThatFitsTheRequest()
    {
        Each(Claim, (_, rule) => rule.Kind is DecisionKind.Refused or DecisionKind.Ignored);
        Each(Release, (_, rule) => rule.Kind is DecisionKind.Ignored or DecisionKind.Answered or DecisionKind.GaveUp or DecisionKind.Marked);
        Each(Conflict, (_, rule) => rule.Kind is DecisionKind.Ignored or DecisionKind.Marked);
        Each(Negative, (_, rule) => rule.Kind is DecisionKind.Ignored or DecisionKind.Marked);
        Each(Query, (_, rule) => rule.Kind is DecisionKind.Ignored or DecisionKind.Answered or DecisionKind.Refused);
        Each(Status, (_, rule) => rule.Kind is DecisionKind.Ignored or DecisionKind.Answered);
    }

    /// <summary>RFC 1001 §15.1.3.5.</summary>
    [Test]
    public void ANameInConflictIsNeitherDefendedNorAnsweredFor()
    {
        Each(Claim, (it, rule) => !it.IsInConflict || rule.Kind != DecisionKind.Refused);
        Each(Query, (it, rule) => !it.IsInConflictHere || rule.Kind != DecisionKind.Answered || it.AsksForAll);
        Each(Status, (it, rule) => !it.IsInConflictHere || rule.Kind != DecisionKind.Answered || it.AsksForAll);
    }

    /// <summary>RFC 1001 §15.1.3.5.</summary>
    [Test]
    public void OnlyANameThatIsHeldGoesIntoConflict_AndByTheRfcEveryDemandPutsItThere()
    {
        foreach (var table in (DecisionTable<DefenceCase>[])[Conflict, Negative, Release])
            Each(table, (it, rule) => rule.Kind != DecisionKind.Marked || it is { State: not null and not LocalNameState.Releasing, IsInConflictHere: false, IsWildcard: false });
        Each(Conflict, (it, rule) => rule.Kind == DecisionKind.Marked || !IsHeldAndFree(it) || it.IsWildcard || HasUpdateOrKeepsGroups(it));
    }

    /// <summary>RFC 1002 §5.1.1.5.</summary>
    [Test]
    public void AMemberRefusesItsGroupOnlyToWhoClaimsItAlone_AndAUniqueNameIsRefusedToEverybodyElse() => Each(Claim, (it, rule) =>
        !(it.Plan.DefendsNames && it.IsHeld && !it.IsInConflict && !it.IsWildcard && !it.IsFromOwnAddress) || rule.Kind == (it.IsGroup && it.SaysGroup ? DecisionKind.Ignored : DecisionKind.Refused));

    /// <summary>RFC 1002 §5.1.2.5.</summary>
    [Test]
    public void APNodeLeavesItsDefenceToItsNameServer() => Each(Claim, (it, rule) => it.Plan != NodePlan.P || rule.Kind == DecisionKind.Ignored);

    /// <summary>RFC 1002 §5.1.1.5.</summary>
    [Test]
    public void ByTheRfcABNodesTableIsNotTouchedByARelease() => Each(Release, (it, rule) =>
        it.Plan != NodePlan.B || it.Dialect.ReleaseDemand != ReleaseDemandRule.Rfc1002 || rule.Kind == DecisionKind.Ignored);

    /// <summary>RFC 1002 §5.1.2.5.</summary>
    [Test]
    public void ByTheRfcAPNodeDeletesWhatItIsToldToRelease() => Each(Release, (it, rule) =>
        it.Plan != NodePlan.P || it.Dialect is not { ReleaseDemand: ReleaseDemandRule.Rfc1002, NoNameReleaseOnDemand: false } || it.IsWildcard
        || it.State is not (LocalNameState.Registered or LocalNameState.Conflict) || rule.Kind == DecisionKind.GaveUp);

    /// <summary>RFC 1001 §15.4.3.</summary>
    [Test]
    public void AMemberThatLeavesByBroadcastTakesNoOtherWithIt() => Each(Release, (it, rule) =>
        !(it.IsBroadcast && it.IsGroup && !it.Dialect.TakesBroadcastGroupRelease) || rule.Kind == DecisionKind.Ignored);

    [Test]
    public void WithTheUpdateOfMs00_047NoStrangerTakesAName()
    {
        Each(Release, (it, rule) => !it.Dialect.NoNameReleaseOnDemand || it.IsFromNameServer || rule.Kind == DecisionKind.Ignored);
        foreach (var table in (DecisionTable<DefenceCase>[])[Conflict, Negative])
        {
            Each(table, (it, rule) => !(it.Dialect.NoNameReleaseOnDemand || it.Dialect.SolicitedConflictsOnly) || it.IsFromNameServer || !it.HasNameServers || rule.Kind == DecisionKind.Ignored);
        }
    }

    /// <summary>RFC 1002 §5.1.3.5.</summary>
    [Test]
    public void NobodyAnswersABroadcastQueryNegative() => Each(Query, (it, rule) => !it.IsBroadcast || rule.Kind != DecisionKind.Refused);

    /// <summary>RFC 1002 §5.1.1.5.</summary>
    [Test]
    public void ANameThatIsHeldAndNotInConflictIsAnsweredForWhateverTheSwitches()
    {
        Each(Query, (it, rule) => !IsHeldAndFree(it) || rule == NodeRules.AnswerQuery);
        Each(Query, (it, rule) => IsHeldAndFree(it) || rule != NodeRules.AnswerQuery);
        Each(Status, (it, rule) => it is not { State: LocalNameState.Registered, IsInConflictHere: false, AsksForAll: false } || rule == NodeRules.AnswerStatus);
    }

    /// <summary>RFC 1002 §5.1.2.5.</summary>
    [Test]
    public void APAndAnMNodeSayThatTheyDoNotHoldAName() => Each(Query, (it, rule) =>
        !(it.Plan.AnswersMisses && !it.IsBroadcast && !it.SaysBroadcast && it.State is null && !it.AsksForAll) || rule == NodeRules.NegativeAnswer);

    [Test]
    public void TheTablesAreUpToDate()
    {
        var text = new StringBuilder("""
            # What an end node does about what others claim, release, demand and ask

            Written by `DefenceTableTests`, which walks every case: each state of the name, each request, each switch that counts. A row stands for all cases that have its values;
            "–" is for what makes no difference there. `tests/RULES.md` says what the rules say. A name that is being claimed may be held already: on the first of several interfaces, or by
            demand or grant while CONFLICT_TIMER runs. "Here" is the interface that the request came in on; "our" is the node's.

            """);
        foreach (var table in All)
            table.Print(text);
        string file = Path.Combine(House.Repository.Root, "tests", "DEFENCE.md");
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, text.ToString());
        Assert.That(File.ReadAllText(file), Is.EqualTo(text.ToString()), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    private static bool IsHeldAndFree(DefenceCase it) => it is { State: not null, IsHeld: true, IsInConflictHere: false };

    private static bool HasUpdateOrKeepsGroups(DefenceCase it) =>
        it.Dialect.NoNameReleaseOnDemand || it.Dialect.SolicitedConflictsOnly || (it.IsGroup && !it.Dialect.ConflictDemandTakesGroupNames);

    private static void Each(DecisionTable<DefenceCase> table, Func<DefenceCase, Rule, bool> holds)
    {
        foreach (var (one, rule, _) in table.Walk().Where(one => one.IsPossible))
        {
            if (!holds(one, rule))
                Assert.Fail($"{table.Title}: {rule.Id} at {one}");
        }
    }

    /// <summary>Whether a node can come to be in this state, and such a datagram can reach this far.</summary>
    private static bool IsPossible(DefenceCase it) =>
        (it.State is not null || it is { IsGroup: false, IsWildcard: false, IsInConflict: false, IsInConflictHere: false })
        && (it.State != LocalNameState.Conflict || it is { IsInConflictHere: true, IsInConflict: true }) // in conflict on every interface
        && (it.Plan.HearsBroadcasts || !it.IsBroadcast) // RFC 1002 §5.1.2
        && (it.IsFromOwnAddress || !it.IsFromLaterAdapter)
        && (it.HasNameServers || !it.IsFromNameServer);

    private static Factor<DefenceCase> Switch(string name, Func<NetBtDialect, bool, NetBtDialect> set) =>
        Factor<DefenceCase>.Flag($"`{name}`", (it, isOn) => it with { Dialect = set(it.Dialect, isOn) });
}
