using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>Releases (RFC 1002 §5.1.4; WINS: Q123171): what <see cref="Admission"/> says of each is done.</summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="disputes">Where owners are asked.</param>
/// <param name="records">What is done with its records.</param>
/// <param name="replies">What nodes are answered.</param>
internal sealed class Releases(ServerState state, Scavenger scavenger, Disputes disputes, RecordKeeper records, ServerReplies replies)
{
    /// <summary>A release comes.</summary>
    public void Release(in ServerRequest request)
    {
        var situation = AdmissionCase.Of(state.Options, request, AdmissionKind.Release);
        if (Admission.BeforeLookUp(situation) is { } known)
        {
            replies.AcceptRelease(request, known);
            return;
        }

        int slot = scavenger.Find(request);
        var rule = Admission.AfterLookUp(situation.With(state.Names, slot, request));
        if (rule == ServerRules.WrongType || rule == ServerRules.WrongAddress)
        {
            // Who waits for the name gives that up; else an owner may be asked about what another node says.
            if (disputes.TryWithdraw(slot, request) || !disputes.TryVerify(slot, request))
                replies.Reject(slot, request, rule);
        }
        else if (rule == ServerRules.ReleasedInDispute)
        {
            state.Voice.Say(request, rule);
            disputes.Conclude(request.Now, slot, isHeld: false);
            replies.AnswerRelease(request);
        }
        else
        {
            if (rule == ServerRules.MemberLeaves)
                records.RemoveAddress(slot, request.Entry.Address, request.Now);
            else if (rule.Kind == DecisionKind.GaveUp)
                records.GiveUp(slot, request.Now);
            replies.AcceptRelease(request, rule);
        }
    }
}
