using NbnsSim.Messages;
using NbnsSim.Rules;

namespace NbnsSim.Diagnosis;

/// <summary>By which rule machines send a packet, as far as the packet alone tells.</summary>
/// <remarks>
/// Where the state of a machine decides, there is no rule: of what a name server grants or refuses, of conflict demands, and of what is said to a release. What cannot
/// be told apart is taken for what is common: a query to one host for one to a name server, a release to one host for one to a name server.
/// </remarks>
public static class PacketRules
{
    /// <summary>The rule.</summary>
    /// <param name="kind">What kind of packet it is.</param>
    /// <param name="isBroadcast">Whether it went to every station; of a response, whether the request did that it answers.</param>
    /// <param name="recursionAvailable">RA, which only name servers set (RFC 1002 §4.2.1.1).</param>
    /// <param name="isWildcard">Whether it is about the name <c>*</c>.</param>
    /// <returns><see langword="null"/> where the packet alone does not tell.</returns>
    public static Rule? Find(NbnsMessageKind kind, bool isBroadcast, bool recursionAvailable, bool isWildcard) => kind switch
    {
        NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest => isBroadcast ? NodeRules.ClaimByBroadcast : NodeRules.ClaimAtServer,
        NbnsMessageKind.NameOverwriteDemand => NodeRules.DemandName,
        NbnsMessageKind.NameOverwriteRequest => isBroadcast ? NodeRules.DemandName : NodeRules.OwnerGone,
        NbnsMessageKind.NameRefreshRequest => NodeRules.Refresh,
        NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand => isBroadcast ? NodeRules.ReleaseByBroadcast : NodeRules.ReleaseAtServer,
        NbnsMessageKind.NameQueryRequest => isBroadcast ? NodeRules.QueryByBroadcast : NodeRules.QueryAtServer,
        NbnsMessageKind.NodeStatusRequest => NodeRules.StatusQuery,
        NbnsMessageKind.NodeStatusResponse => NodeRules.AnswerStatus,
        NbnsMessageKind.PositiveNameQueryResponse => recursionAvailable ? ServerRules.Answer : isWildcard ? NodeRules.AnswerWildcard : NodeRules.AnswerQuery,
        NbnsMessageKind.NegativeNameQueryResponse => recursionAvailable ? ServerRules.NotFound : NodeRules.NegativeAnswer,
        NbnsMessageKind.RedirectNameQueryResponse => ServerRules.Redirect,
        NbnsMessageKind.EndNodeChallengeNameRegistrationResponse => ServerRules.ClaimantAsks,
        NbnsMessageKind.NegativeNameRegistrationResponse => isBroadcast ? NodeRules.DefendUnique : null, // only nodes hear broadcasts
        NbnsMessageKind.WaitForAcknowledgementResponse => ServerRules.AskedToWait,
        _ => null,
    };
}
