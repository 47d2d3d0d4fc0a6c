using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>Release (RFC 1002 §5.1.4; WINS: Q123171).</content>
public sealed partial class NameServer
{
    /// <summary>A release: what <see cref="Admission"/> says of it is done.</summary>
    private void Release(in ServerRequest request)
    {
        var situation = CaseOf(request, AdmissionKind.Release);
        if (Admission.BeforeLookUp(situation) is { } known)
        {
            _replies.AcceptRelease(request, known);
            return;
        }

        int slot = Find(request);
        var rule = Admission.AfterLookUp(CaseOf(situation, request, slot));
        if (rule == ServerRules.WrongType || rule == ServerRules.WrongAddress)
        {
            RejectRelease(slot, request, rule);
        }
        else if (rule == ServerRules.MemberLeaves)
        {
            RemoveMember(slot, request);
        }
        else if (rule == ServerRules.ReleasedInDispute)
        {
            Say(request, rule);
            Conclude(request.Now, _names[slot].Challenge, isHeld: false, default);
            _replies.AnswerRelease(request);
        }
        else
        {
            if (rule.Kind == DecisionKind.GaveUp)
                _records.GiveUp(slot, request.Now);
            _replies.AcceptRelease(request, rule);
        }
    }

    private void RemoveMember(int slot, in ServerRequest request)
    {
        _records.RemoveAddress(slot, request.Entry.Address, request.Now);
        _replies.AcceptRelease(request, ServerRules.MemberLeaves);
    }

    /// <summary>A release that is not the owner's, or not of what it owns.</summary>
    private void RejectRelease(int slot, in ServerRequest request, Rule rule)
    {
        int challenge = _names[slot].Challenge;
        bool isWithdrawn = challenge != NameSlot.None && TryWithdraw(challenge, request);
        if (!isWithdrawn && TryVerify(slot, request))
            return;
        _replies.Reject(slot, request, rule);
    }

    /// <summary>Another node says that an entry is wrong: its owner is asked, and the release waits for the verdict (RFC 1001 §15.3.2).</summary>
    /// <returns>False where that is not done.</returns>
    private bool TryVerify(int slot, in ServerRequest request)
    {
        ref var name = ref _names[slot];
        if (Dialect.ForeignReleases != ForeignReleasePolicy.Verify || name.IsGroup)
            return false;
        int index = name.Challenge;
        if (index != NameSlot.None && IsRepeat(index, request))
            return true;
        if (_quotas.IsOverClaims(request.Source.Address) || (index != NameSlot.None && _claims.CountOf(_transactions[index].FirstClaim) >= Options.ClaimsPerName))
            return false;
        if (index != NameSlot.None)
        {
            JoinWaiting(index, slot, request);
            return true;
        }

        _names.TryGetAddress(name, 0, out var owner);
        if (_quotas.IsAskedEnough(owner) || !_transactions.TryBegin(ServerTransactionKind.Claim, request.High, request.Low, request.Scope, out index))
            return false;
        StartChallenge(index, slot, owner, request);
        return true;
    }
}
