using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>
/// Claims on a name whose owner is being asked. RFC 1002 §5.1.4.1 answers every claimant; so each waits with a WACK of its own, in the order in which they came,
/// and only a repeat is swallowed. Where the name goes to the first, the others are refused: it has just been shown who owns it. A release by another node
/// waits among them where the owner is asked about it (RFC 1001 §15.3.2).
/// </content>
public sealed partial class NameServer
{
    private readonly WaitingClaims _claims;

    /// <summary>Puts a claim behind those that already wait for the same verdict.</summary>
    private void JoinDispute(int index, int slot, in ServerRequest request)
    {
        if (IsRepeat(index, request))
            return;
        if (_claims.CountOf(_transactions[index].FirstClaim) >= Options.ClaimsPerName)
            _replies.RefuseFull(request);
        else if (_quotas.IsOverClaims(request.Source.Address))
            _replies.RefuseShare(request);
        else
            JoinWaiting(index, slot, request);
    }

    /// <summary>Whether a request waits already: one WACK is enough; the verdict goes to the id that its sender used last.</summary>
    private bool IsRepeat(int index, in ServerRequest request)
    {
        if (!_claims.TryRenew(_transactions[index].FirstClaim, request))
            return false;
        _statistics.Swallowed++;
        Say(request, ServerRules.RepeatSwallowed);
        return true;
    }

    private void JoinWaiting(int index, int slot, in ServerRequest request)
    {
        _claims.Add(ref _transactions[index].FirstClaim, request);
        Say(request, ServerRules.JoinsDispute);
        _challenges.AskToWait(slot, request);
    }

    /// <summary>A claimant gives up what it waits for: it must not be granted the name any more.</summary>
    /// <returns>Whether there is such a claim.</returns>
    private bool TryWithdraw(int index, in ServerRequest release)
    {
        if (!_claims.TryWithdraw(ref _transactions[index].FirstClaim, release))
            return false;
        Say(release, ServerRules.ClaimWithdrawn);
        if (_transactions[index] is { Kind: ServerTransactionKind.Claim, FirstClaim: NameSlot.None })
            _transactions.End(index);
        return true;
    }
}
