using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <summary>
/// What a node does about what others ask, claim, release and demand: RFC 1002 §5.1.1.5, §5.1.2.5, §5.1.3.5. Pure: each question has one rule for an answer, and
/// <see cref="EndNode"/> does what the rule says.
/// </summary>
internal static class Defence
{
    /// <summary>Somebody claims a name.</summary>
    public static Rule OnClaim(in DefenceCase c) => c switch
    {
        { Plan.DefendsNames: false } => NodeRules.ServerDefends,
        { State: null } => NodeRules.NotOurs,
        { IsInConflict: true } => NodeRules.ConflictNotDefended, // MS-NBTE §3.1.5.1: whichever interface it is in conflict on
        { IsFromLaterAdapter: true, IsGroup: false, SaysGroup: false, IsWildcard: false, State: not LocalNameState.Releasing } => NodeRules.FirstAdapter, // Q102795: though it may still be claiming the name itself
        { IsHeld: false } => NodeRules.NotRegistered,
        { IsWildcard: true } => NodeRules.Wildcard,
        { IsGroup: true, SaysGroup: true } => NodeRules.GroupJoined,
        { IsFromOwnAddress: true } => NodeRules.OwnClaim, // whoever else claims it is refused, whatever address the claim carries: the RFC compares none
        { IsGroup: true } => NodeRules.DefendGroup,
        _ => NodeRules.DefendUnique,
    };

    /// <summary>Somebody releases a name.</summary>
    public static Rule OnRelease(in DefenceCase c) => c switch
    {
        // it is gone, or about to be: repeated because our answer was lost, or crossed with our own release
        { State: null or LocalNameState.Releasing } => c.Dialect.ReleaseDemand == ReleaseDemandRule.Rfc1002 && c.Plan.ReleaseDemandDeletes && c.IsFromNameServer && Answers(c)
            ? NodeRules.ReleaseAnsweredAgain
            : c.State is null ? NodeRules.NotOurs : NodeRules.NotRegistered,
        { Dialect.NoNameReleaseOnDemand: true, IsFromNameServer: false } => NodeRules.ReleaseFromStranger,
        { IsBroadcast: true, Dialect.IgnoresBroadcastRelease: true } => NodeRules.BroadcastReleaseForCaches,
        { IsBroadcast: true, IsGroup: true, Dialect.TakesBroadcastGroupRelease: false } => NodeRules.MemberLeaves,
        { IsWildcard: true } => NodeRules.Wildcard,
        { State: LocalNameState.Registering } => NodeRules.NotRegistered,
        { Dialect.ReleaseDemand: ReleaseDemandRule.Rfc1002 } => c.Plan.ReleaseDemandDeletes ? NodeRules.ReleaseDeletes : NodeRules.OwnTableKept,
        { IsInConflictHere: true } => c.CarriesOwnAddress && Answers(c) ? NodeRules.ReleaseRepeated : NodeRules.ReleaseInConflict,
        { Dialect.ReleaseDemand: ReleaseDemandRule.ConflictOnNameAndAddress, CarriesOwnAddress: false } => NodeRules.AddressDiffers, // somebody else's claim
        { IsGroup: true, Dialect.ReleaseDemandTakesGroupNames: false } => NodeRules.GroupNotReleased, // Q314696, corrected
        { IsGroup: true } => NodeRules.ReleaseTakesGroup,
        { CarriesOwnAddress: true } => NodeRules.ReleaseOfOwnAddress,
        _ => NodeRules.ReleaseMatchesNameAlone,
    };

    /// <summary>A name conflict demand comes, or a NEGATIVE registration response that answers nothing we asked.</summary>
    public static Rule OnConflict(in DefenceCase c, bool isDemand) => c switch
    {
        { State: null } => NodeRules.NotOurs,
        { IsHeld: false } or { IsInConflictHere: true } => NodeRules.NothingToMark,
        { IsWildcard: true } => NodeRules.Wildcard,
        { Dialect.UnsolicitedNegativeMeansConflict: false } when !isDemand => NodeRules.StrayNegative,
        { IsGroup: true, Dialect.ConflictDemandTakesGroupNames: false } => NodeRules.ConflictDemandForGroup,
        { IsFromNameServer: false, HasNameServers: true } when c.Dialect.SolicitedConflictsOnly || c.Dialect.NoNameReleaseOnDemand => NodeRules.ConflictFromStranger,
        _ => isDemand ? NodeRules.ConflictDemand : NodeRules.UnsolicitedNegative, // RFC 1001 §15.1.3.5: only the node that receives the demand marks its name
    };

    /// <summary>Somebody looks for a name.</summary>
    public static Rule OnQuery(in DefenceCase c) => c switch
    {
        { State: not null, IsHeld: true, IsInConflictHere: false } => NodeRules.AnswerQuery, // one that begins with * too: it is in the table, and may be resolved (MS-NBTE §3.1.4.1, §3.1.4.2)
        { AsksForAll: true, Dialect.AnswersWildcardQuery: true, State: null } => NodeRules.AnswerWildcard,
        { IsBroadcast: false } when !(c.SaysBroadcast && c.Dialect.DiscardsBroadcastBit) && (c.Plan.AnswersMisses || c.Dialect.AnswersUnicastMisses) => NodeRules.NegativeAnswer,
        { State: null } => c.IsBroadcast ? NodeRules.NotOurs : NodeRules.SilentMiss, // RFC 1002 §5.1.1.5, §5.1.3.5: nobody answers a broadcast with NEGATIVE
        { IsInConflictHere: true } => NodeRules.ConflictNotAnswered,
        _ => NodeRules.NotRegistered,
    };

    /// <summary>Somebody wants our names.</summary>
    public static Rule OnNodeStatus(in DefenceCase c) => c switch
    {
        { AsksForAll: true } => c.Plan.AnswersStatusWildcard || c.Dialect.AnswersStatusWildcard ? NodeRules.AnswerStatus : NodeRules.StatusNotAnswered,
        { State: null or LocalNameState.Registering } or { IsInConflictHere: true } => NodeRules.StatusNotAnswered,
        _ => NodeRules.AnswerStatus,
    };

    /// <summary>Whether a release sent to this node alone, which it obeys, is answered.</summary>
    public static bool Answers(in DefenceCase c) => c.Dialect.AnswersReleaseDemand && !c.IsBroadcast;
}
