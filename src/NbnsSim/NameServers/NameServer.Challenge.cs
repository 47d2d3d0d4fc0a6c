using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Challenges: an owner is asked whether it still holds its name (RFC 1002 §5.1.4; WINS: Q173519).</content>
public sealed partial class NameServer
{
    private readonly OwnerChallenges _challenges;
    private readonly ServerQuotas _quotas;

    private void StartChallenge(int slot, in ServerRequest request)
    {
        if (_quotas.IsOverClaims(request.Source.Address))
        {
            _replies.RefuseShare(request);
            return;
        }

        _names.TryGetAddress(_names[slot], 0, out var owner);
        if (_quotas.IsAskedEnough(owner) || !_transactions.TryBegin(ServerTransactionKind.Claim, request.High, request.Low, request.Scope, out int index))
        {
            _replies.RefuseFull(request);
            return;
        }

        StartChallenge(index, slot, owner, request);
    }

    private void StartChallenge(int index, int slot, Ipv4Address owner, in ServerRequest request)
    {
        _claims.Add(ref _transactions[index].FirstClaim, request);
        Say(request, ServerRules.Dispute, owner);
        _challenges.AskToWait(index, slot, owner, request);
        Challenge(request.Now, index, slot);
    }

    /// <summary>The owner of a name is asked before it goes, as its time has run out, or later where too much is being asked already.</summary>
    private void AskBeforeRemoval(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        _names.TryGetAddress(name, 0, out var owner);
        if (_quotas.IsAskedEnough(owner) || !_transactions.TryBegin(ServerTransactionKind.Removal, name.High, name.Low, name.Scope, out int index))
        {
            Say(now, slot, ServerRules.Postponed, owner);
            return;
        }

        Say(now, slot, ServerRules.AskedBeforeRemoval, owner);
        Challenge(now, index, slot);
    }

    private void Challenge(Instant now, int index, int slot)
    {
        ref var transaction = ref _transactions[index];
        if (transaction.Replica is { } replica)
            _owners.TryFindOrAdd(replica.Owner, out transaction.ReplicaOwner);
        _challenges.Start(now, index, slot);
    }

    /// <summary>Does what follows from what an owner has said, or from its silence.</summary>
    private void Heed(Instant now, int index, OwnerAnswer answer, NbnsResourceRecord record = default)
    {
        if (answer != OwnerAnswer.Open)
            Conclude(now, index, answer == OwnerAnswer.Held, answer == OwnerAnswer.Held ? record : default);
    }

    /// <summary>Ends a challenge.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="index">The transaction.</param>
    /// <param name="isHeld">Whether the owner still holds its name.</param>
    /// <param name="answer">The record of its answer, if it answered.</param>
    private void Conclude(Instant now, int index, bool isHeld, NbnsResourceRecord answer)
    {
        var transaction = _transactions[index];
        int slot = transaction.Slot;
        var writer = new NbnsPacketWriter(stackalloc byte[NbnsHeader.PlainNameLength + ServerRequest.MaxScopeOctets]);
        writer.WriteName(_transactions.NameOf(index));
        _transactions.End(index);
        _names.Scopes.Acquire(transaction.Scope); // the name may go before its claimants are answered
        bool isFirst = true;
        if (transaction.Replica is { } replica)
        {
            ConcludeReplica(now, slot, replica, isHeld, transaction.IsSilent, answer);
            isFirst = false; // the partner was first
        }
        else if (transaction.Kind == ServerTransactionKind.Removal && isHeld)
        {
            Say(now, slot, ServerRules.Kept);
            _records.Keep(slot, now);
        }
        else if (transaction.Kind == ServerTransactionKind.Removal && transaction.FirstClaim == NameSlot.None)
        {
            Say(now, slot, Ageing.Unrefreshed(Dialect));
            _records.GiveUp(slot, now);
        }

        while (_claims.TryTake(ref transaction.FirstClaim, out var waiting))
        {
            var request = waiting.Again(now, transaction, writer.Written);
            if (isHeld)
                Settle(slot, request, answer);
            else if (isFirst)
                Award(slot, request);
            else
                SettleLater(request);
            isFirst = false;
        }

        _names.Scopes.Release(transaction.Scope);
    }

    /// <summary>No answer, or a negative one: the claimant is the new owner; or there is none any more, as another node has said.</summary>
    private void Award(int slot, in ServerRequest request)
    {
        if (request.IsRelease)
        {
            var rule = Admission.GivenUp(Dialect, _names[slot].Owner != 0);
            _records.GiveUp(slot, request.Now);
            _replies.AcceptRelease(request, rule);
            return;
        }

        bool adds = Dialect.MultihomedClaimsAppend && request.Flags.Opcode == NbnsOpcode.MultihomedRegistration && !request.IsGroup
            && _names[slot] is { IsActive: true, IsGroup: false } && !_names.HasAddress(_names[slot], request.Entry.Address);
        if (adds)
            _records.Join(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address); // MS-NBTE §3.2.5.3
        else
            _records.Take(slot, request);
        _replies.Accept(request, ServerRules.Awarded);
    }

    /// <summary>The owner holds its name: the claimant is refused, or is one more address of the same owner.</summary>
    private void Settle(int slot, in ServerRequest request, NbnsResourceRecord answer)
    {
        if (request.IsRelease)
        {
            _replies.RefuseRelease(request, ServerRules.ReleaseRefused);
        }
        else if (Dialect.MergesOwnersAddresses && !request.IsGroup && answer.HasAddress(request.Entry.Address))
        {
            _records.Merge(slot, request.Entry, request.TimeToLive, answer, request.Now, request.Source.Address);
            _replies.Accept(request, ServerRules.Merged);
        }
        else
        {
            _replies.Refuse(request, ServerRules.ClaimantRefused);
        }
    }

    /// <summary>A claim whose turn comes when another one has been decided: whoever just got the name was there a moment ago, and is not asked again.</summary>
    private void SettleLater(in ServerRequest request)
    {
        if (request.IsRelease)
        {
            _replies.AcceptRelease(request, ServerRules.NothingToRelease); // the entry that it is about has gone
            return;
        }

        int slot = Find(request);
        bool isAnothers = slot != NameSlot.None && _names[slot] is { IsActive: true, IsGroup: false, Owner: 0, Challenge: NameSlot.None }
            && !_names.HasAddress(_names[slot], request.Entry.Address);
        if (isAnothers)
            _replies.Refuse(request, ServerRules.CameSecond);
        else
            Admit(request, AdmissionKind.Registration);
    }
}
