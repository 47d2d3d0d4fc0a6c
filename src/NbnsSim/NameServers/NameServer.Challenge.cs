using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Challenges: an owner is asked whether it still holds its name (RFC 1002 §5.1.4; WINS: Q173519).</content>
public sealed partial class NameServer
{
    private readonly OwnerChallenges _challenges;

    private void StartChallenge(int slot, in ServerRequest request)
    {
        if (_quotas.IsOverClaims(request.Source.Address))
        {
            RefuseShare(request);
            return;
        }

        _names.TryGetAddress(_names[slot], 0, out var owner);
        if (_quotas.IsAskedEnough(owner) || !_transactions.TryBegin(ServerTransactionKind.Claim, request.High, request.Low, request.Scope, out int index))
        {
            RefuseFull(request);
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
            TryGetOwner(replica.Owner, out transaction.ReplicaOwner);
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
            Keep(slot, now);
        }
        else if (transaction.Kind == ServerTransactionKind.Removal && transaction.FirstClaim == NameSlot.None)
        {
            Say(now, slot, Ageing.Unrefreshed(Dialect));
            GiveUp(slot, now);
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
            GiveUp(slot, request.Now);
            AcceptRelease(request, rule);
            return;
        }

        bool adds = Dialect.MultihomedClaimsAppend && request.Flags.Opcode == NbnsOpcode.MultihomedRegistration && !request.IsGroup
            && _names[slot] is { IsActive: true, IsGroup: false } && !_names.HasAddress(_names[slot], request.Entry.Address);
        if (adds)
            Join(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address); // MS-NBTE §3.2.5.3
        else
            Take(slot, request);
        Accept(request, ServerRules.Awarded);
    }

    /// <summary>The owner holds its name: the claimant is refused, or is one more address of the same owner.</summary>
    private void Settle(int slot, in ServerRequest request, NbnsResourceRecord answer)
    {
        if (request.IsRelease)
        {
            RefuseRelease(request, ServerRules.ReleaseRefused);
        }
        else if (Dialect.MergesOwnersAddresses && !request.IsGroup && answer.HasAddress(request.Entry.Address))
        {
            Merge(slot, request.Entry, request.TimeToLive, answer, request.Now, request.Source.Address);
            Accept(request, ServerRules.Merged);
        }
        else
        {
            Refuse(request, NbnsRcode.ActiveError, ServerRules.ClaimantRefused);
        }
    }

    /// <summary>A claim whose turn comes when another one has been decided: whoever just got the name was there a moment ago, and is not asked again.</summary>
    private void SettleLater(in ServerRequest request)
    {
        if (request.IsRelease)
        {
            AcceptRelease(request, ServerRules.NothingToRelease); // the entry that it is about has gone
            return;
        }

        int slot = Find(request);
        bool isAnothers = slot != NameSlot.None && _names[slot] is { IsActive: true, IsGroup: false, Owner: 0, Challenge: NameSlot.None }
            && !_names.HasAddress(_names[slot], request.Entry.Address);
        if (isAnothers)
            Refuse(request, NbnsRcode.ActiveError, ServerRules.CameSecond);
        else
            Admit(request, AdmissionKind.Registration);
    }

    /// <summary>The owner of a name whose time has run out, or that was asked before, still holds it.</summary>
    private void Keep(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        name.Deadline = long.Max(name.Deadline, AgedAt(now + (Dialect.RenewalInterval * Dialect.LifetimeMultiple), now));
        for (int index = name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref _names.Member(index);
            member.Deadline = long.Max(member.Deadline, name.Deadline);
            index = member.Next;
        }

        Changed(slot, isRefresh: true);
        _names.Schedule(slot, now);
    }

    /// <summary>The owner says that the claimed address is one of its own: the name becomes multi-homed.</summary>
    private void Merge(int slot, NbEntry entry, uint timeToLive, NbnsResourceRecord answer, Instant now, Ipv4Address source)
    {
        _names.MakeChain(slot);
        for (int member = _names[slot].FirstMember; member != NameSlot.None;)
        {
            int next = _names.Member(member).Next;
            var address = new Ipv4Address(_names.Member(member).Address);
            if (address == entry.Address || (Dialect.MergeDropsUnlisted && !answer.HasAddress(address)))
                _names.RemoveMember(slot, member); // the claimed one comes back as the youngest
            member = next;
        }

        if (_names[slot].FirstMember == NameSlot.None)
        {
            Take(slot, NameRecordType.Multihomed, entry, timeToLive, now);
            _names.SetSource(slot, source);
            return;
        }

        Join(slot, entry, timeToLive, now, source);
    }

    /// <summary>One more address of a name that has one owner.</summary>
    private void Join(int slot, NbEntry entry, uint timeToLive, Instant now, Ipv4Address source)
    {
        ref var name = ref _names[slot];
        name.Type = NameRecordType.Multihomed;
        name.Flags &= ~SlotFlags.Static;
        AddAddress(slot, entry, timeToLive, now, source);
    }
}
