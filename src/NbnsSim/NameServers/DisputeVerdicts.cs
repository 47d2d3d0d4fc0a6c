using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What follows from what an owner has said, or from its silence: records change, and those who waited are answered (RFC 1002 §5.1.4; MS-NBTE §3.2.5).</summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="records">What is done with its records.</param>
/// <param name="registrations">Where a claim is taken up again.</param>
/// <param name="settlement">What is done with partners' records.</param>
/// <param name="replies">What nodes are answered.</param>
internal sealed class DisputeVerdicts(
    ServerState state, Scavenger scavenger, RecordKeeper records, Registrations registrations, ReplicaSettlement settlement, ServerReplies replies) : IDisputeVerdicts
{
    private readonly NameDatabase _names = state.Names;

    /// <inheritdoc/>
    public void DecideReplica(Instant now, in ServerTransaction dispute, NameRecord replica, bool isHeld, NbnsResourceRecord answer)
    {
        state.Voice.Say(now, dispute.Slot, isHeld ? ServerRules.RecordStays : ServerRules.ReplicaReplaces, replica.Owner);
        if (isHeld)
            settlement.Hold(now, dispute.Slot, replica, answer);
        else
            settlement.GiveWay(now, dispute.Slot, replica, dispute.IsSilent);
    }

    /// <inheritdoc/>
    public void DecideRemoval(Instant now, int slot, bool isHeld)
    {
        state.Voice.Say(now, slot, isHeld ? ServerRules.Kept : Ageing.Unrefreshed(state.Dialect));
        if (isHeld)
            records.Keep(slot, now);
        else
            records.GiveUp(slot, now);
    }

    /// <summary>The claimant is the new owner; or there is none any more, as another node has said.</summary>
    public void Award(int slot, in ServerRequest request)
    {
        if (request.IsRelease)
        {
            var rule = Admission.GivenUp(state.Dialect, _names[slot].Owner != 0);
            records.GiveUp(slot, request.Now);
            replies.AcceptRelease(request, rule);
            return;
        }

        bool adds = state.Dialect.MultihomedClaimsAppend && request.Flags.Opcode == NbnsOpcode.MultihomedRegistration && !request.IsGroup
            && _names[slot] is { IsActive: true, IsGroup: false } && !_names.HasAddress(_names[slot], request.Entry.Address);
        if (adds)
            records.Join(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address); // MS-NBTE §3.2.5.3
        else
            records.Take(slot, request);
        replies.Accept(request, ServerRules.Awarded);
    }

    /// <summary>The claimant is refused, or is one more address of the same owner.</summary>
    public void Refuse(int slot, in ServerRequest request, NbnsResourceRecord answer)
    {
        if (request.IsRelease)
        {
            replies.RefuseRelease(request, ServerRules.ReleaseRefused);
        }
        else if (state.Dialect.MergesOwnersAddresses && !request.IsGroup && answer.HasAddress(request.Entry.Address))
        {
            records.Merge(slot, request.Entry, request.TimeToLive, answer, request.Now, request.Source.Address);
            replies.Accept(request, ServerRules.Merged);
        }
        else
        {
            replies.Refuse(request, ServerRules.ClaimantRefused);
        }
    }

    /// <summary>Whoever just got the name was there a moment ago, and is not asked again: it has just been shown who owns it.</summary>
    public void TakeUpAgain(in ServerRequest request)
    {
        if (request.IsRelease)
        {
            replies.AcceptRelease(request, ServerRules.NothingToRelease); // the entry that it is about has gone
            return;
        }

        int slot = scavenger.Find(request);
        bool isAnothers = slot != NameSlot.None && _names[slot] is { IsActive: true, IsGroup: false, Owner: 0, Challenge: NameSlot.None }
            && !_names.HasAddress(_names[slot], request.Entry.Address);
        if (isAnothers)
            replies.Refuse(request, ServerRules.CameSecond);
        else
            registrations.Admit(request, AdmissionKind.Registration);
    }
}
