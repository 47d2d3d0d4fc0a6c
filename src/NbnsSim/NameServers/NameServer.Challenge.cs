using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Challenges: an owner is asked whether it still holds its name (RFC 1002 §5.1.4; WINS: Q173519).</content>
public sealed partial class NameServer
{
    /// <summary>Seconds by which a WACK outlasts the challenge; with Windows 2000's intervals this gives the 9 s that Samba sends for one address.</summary>
    private const int WackReserve = 5;

    /// <summary>How long all tries at one address take, in whole seconds.</summary>
    private int SecondsPerAddress
    {
        get
        {
            var sum = TimeSpan.Zero;
            for (int tries = 0; tries < Dialect.ChallengeTries; tries++)
                sum += ChallengeDelay(tries);
            return (int)Math.Ceiling(sum.TotalSeconds);
        }
    }

    private int WackSeconds(int slot) => (int)long.Min(WackReserve + ((long)SecondsPerAddress * _names.AddressCount(_names[slot])), int.MaxValue);

    private void StartChallenge(int slot, in ServerRequest request)
    {
        if (IsOverClaims(request, out ushort source))
        {
            RefuseShare(request, source);
            return;
        }

        _names.TryGetAddress(_names[slot], 0, out var owner);
        if (IsAskedEnough(owner) || !TryBegin(ServerTransactionKind.Claim, request.High, request.Low, request.Scope, out int index))
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
        _transactions[index].InterfaceIndex = request.InterfaceIndex;

        // The node of this very host answers at once: its claimant needs no WACK, unless it does not.
        bool waits = Dialect.SendsWack && owner != Options.Address;
        _transactions[index].OwesWack = Dialect.SendsWack && !waits;
        if (waits)
            AskToWait(request, WackSeconds(slot));
        Challenge(request.Now, index, slot);
    }

    /// <summary>The owner of a name is asked before it goes, as its time has run out, or later where too much is being asked already.</summary>
    private void AskBeforeRemoval(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        _names.TryGetAddress(name, 0, out var owner);
        if (IsAskedEnough(owner) || !TryBegin(ServerTransactionKind.Removal, name.High, name.Low, name.Scope, out int index))
        {
            Say(now, slot, ServerRules.Postponed, owner);
            return;
        }

        Say(now, slot, ServerRules.AskedBeforeRemoval, owner);
        Challenge(now, index, slot);
    }

    /// <summary>WAIT FOR ACKNOWLEDGEMENT, once for a conflict (RFC 1002 §4.2.16; its type is printed as "NULL (0x0020)", and real servers send the number).</summary>
    private void AskToWait(in ServerRequest request, int seconds)
    {
        Say(request, ServerRules.AskedToWait);
        if (!TryStart(request, NbnsFlagWords.Wack, NbnsType.NB, (uint)seconds, 2, out var writer))
            return;
        writer.WriteUInt16((ushort)(request.Flags.Value & 0x7FF0)); // the request's OPCODE and NM_FLAGS
        Send(writer.Length, request.Source, request.InterfaceIndex);
    }

    private void Challenge(Instant now, int index, int slot)
    {
        _statistics.Challenges++;
        ref var transaction = ref _transactions[index];
        transaction.Slot = slot;
        transaction.MaxTries = Options.ChallengesPerClaim == 0 ? Dialect.ChallengeTries
            : Math.Clamp(Options.ChallengesPerClaim / _names.AddressCount(_names[slot]), 1, Dialect.ChallengeTries);
        _names[slot].Challenge = index;
        transaction.Position = -1;
        MoveOn(ref transaction);
        Aim(ref transaction, transaction.Target);
        Ask(now, index);
    }

    /// <summary>Says whom a transaction asks, and so on whose account it goes; null for nobody any more.</summary>
    private void Aim(ref ServerTransaction transaction, Ipv4Address? target)
    {
        if (transaction.TargetSource != SourceTable.None)
            _names.Sources!.RemoveChallenge(transaction.TargetSource);
        transaction.TargetSource = target is { } address && _names.Sources is { } sources ? sources.FindOrAdd(address) : SourceTable.None;
        if (transaction.TargetSource != SourceTable.None)
            _names.Sources!.AddChallenge(transaction.TargetSource);
        transaction.Target = target ?? default;
    }

    private void Ask(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        int stage = transaction.Tries++;
        SayAsked(now, index, ServerRules.AskOwner, transaction.MaxTries);
        var name = _transactions.NameOf(index);
        ushort flags = Dialect.ChallengeSetsRecursionDesired ? NbnsFlagWords.QueryRequest : (ushort)0;
        if (_transmits.TryReserve(NbnsEncoder.EncodedLength(name) + NbnsHeader.Size + 4, out var room))
            Send(NbnsEncoder.WriteQuery(room, transaction.Id, flags, name), new Ipv4Endpoint(transaction.Target, Options.NodePort), transaction.InterfaceIndex);
        transaction.Asked++;
        if (transaction.OwesWack && stage > 0)
        {
            transaction.OwesWack = false;
            var writer = new NbnsPacketWriter(stackalloc byte[NbnsHeader.PlainNameLength + MaxScopeOctets]);
            writer.WriteName(name);
            AskToWait(_claims.First(transaction.FirstClaim).Again(now, transaction, writer.Written), WackSeconds(transaction.Slot));
        }

        _transactions.AwaitAnswer(index, stage, now + ChallengeDelay(stage));
    }

    private TimeSpan ChallengeDelay(int tries) => Dialect.ChallengeIntervalDoubles ? Dialect.ChallengeInterval * (1 << tries) : Dialect.ChallengeInterval;

    private void RepeatChallenge(Instant now, int index)
    {
        if (_transactions[index].Tries < _transactions[index].MaxTries)
        {
            Ask(now, index);
            return;
        }

        _transactions[index].IsSilent = true;
        SayAsked(now, index, ServerRules.OwnerSilent, _transactions[index].MaxTries);
        AskElsewhere(now, index);
    }

    /// <summary>
    /// Goes on to the owner's next address. For a partner's record those are left out that it has too, or that its owner gave: nobody disputes them
    /// (MS-WINSRA §3.2.5.5, charts C3 and C5).
    /// </summary>
    /// <returns>False behind the last one.</returns>
    private bool MoveOn(ref ServerTransaction transaction)
    {
        while (_names.TryGetAddress(_names[transaction.Slot], ++transaction.Position, out transaction.Target, out ushort owner))
        {
            if (transaction.Replica is not { } replica || IsDisputed(transaction.Target, owner, replica))
                return true;
        }

        return false;
    }

    /// <summary>Nobody holds the name at the address that was asked: asks at the owner's next one, or concludes.</summary>
    private void AskElsewhere(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        ref var name = ref _names[transaction.Slot];

        // Addresses before it may have gone meanwhile; where it has gone itself, all that are left are asked (4.3-3: at each address).
        while (transaction.Position >= 0 && !(_names.TryGetAddress(name, transaction.Position, out var asked) && asked == transaction.Target))
            transaction.Position--;
        var before = transaction.Target;
        if (!MoveOn(ref transaction))
        {
            Conclude(now, index, isHeld: false, default);
            return;
        }

        bool isSpent = Options.ChallengesPerClaim > 0 && transaction.Asked >= Options.ChallengesPerClaim;
        if (isSpent || (transaction.Target != before && IsAskedEnough(transaction.Target)))
        {
            SayAsked(now, index, ServerRules.AskedEnough);
            Conclude(now, index, isHeld: true, default);
            return;
        }

        Aim(ref transaction, transaction.Target);
        SayAsked(now, index, ServerRules.AskElsewhere);
        transaction.Tries = 0;
        Ask(now, index);
    }

    private void ChallengeAnswered(Instant now, int index, in NbnsPacket packet)
    {
        if (packet.Rcode == NbnsRcode.Success && packet.HasRecord && packet.Record.EntryCount > 0)
        {
            SayAsked(now, index, ServerRules.OwnerHolds);
            Conclude(now, index, isHeld: true, packet.Record);
            return;
        }

        SayAsked(now, index, ServerRules.OwnerDenies);
        AskElsewhere(now, index);
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
        var writer = new NbnsPacketWriter(stackalloc byte[NbnsHeader.PlainNameLength + MaxScopeOctets]);
        writer.WriteName(_transactions.NameOf(index));
        End(index);
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
            Say(now, slot, Dialect.KeepsReleasedNames ? ServerRules.AgedToReleased : ServerRules.Expired);
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
