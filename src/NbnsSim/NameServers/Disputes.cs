using System.Diagnostics.CodeAnalysis;
using NbnsSim.Rules;
using NbnsSim.Wire;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// Names whose owner is being asked, and who waits for the verdict. RFC 1002 §5.1.4.1 answers every claimant; so each waits with a WACK of its own, in the order in which
/// they came, and only a repeat is swallowed. A release by another node waits among them where the owner is asked about it (RFC 1001 §15.3.2). How owners are
/// asked is the business of <see cref="OwnerChallenges"/>, and what a verdict leads to that of <see cref="IDisputeVerdicts"/>.
/// </summary>
/// <param name="state">The server's.</param>
/// <param name="challenges">How owners are asked.</param>
/// <param name="replies">What claimants are answered.</param>
internal sealed class Disputes(ServerState state, OwnerChallenges challenges, ServerReplies replies)
{
    private readonly NameDatabase _names = state.Names;
    private readonly ServerTransactions _transactions = state.Transactions;
    private readonly WaitingClaims _claims = state.Claims;
    private readonly ServerQuotas _quotas = state.Quotas;
    private readonly ServerVoice _voice = state.Voice;

    /// <summary>What verdicts lead to. Set once, when the server is put together: a verdict may start another dispute.</summary>
    [SuppressMessage("Performance", "CA1859", Justification = "Tests put verdicts of their own in its place.")]
    [field: NotState("how the server is put together")]
    public IDisputeVerdicts Verdicts { private get; set; } = null!;

    /// <summary>Somebody claims the name of an owner, who is asked.</summary>
    public void Start(int slot, in ServerRequest request)
    {
        if (_quotas.IsOverClaims(request.Source.Address))
            replies.RefuseShare(request);
        else if (TryBegin(slot, ServerTransactionKind.Claim, out int index, out var owner))
            Start(index, slot, owner, request);
        else
            replies.RefuseFull(request);
    }

    /// <summary>Puts a claim behind those that already wait for the same verdict.</summary>
    public void Join(int slot, in ServerRequest request)
    {
        int index = _names[slot].Challenge;
        if (IsRepeat(index, request))
            return;
        if (IsCrowded(index))
            replies.RefuseFull(request);
        else if (_quotas.IsOverClaims(request.Source.Address))
            replies.RefuseShare(request);
        else
            Wait(index, slot, request);
    }

    /// <summary>Another node says that an entry is wrong: its owner is asked, and the release waits for the verdict (RFC 1001 §15.3.2).</summary>
    /// <returns>False where that is not done.</returns>
    public bool TryVerify(int slot, in ServerRequest release)
    {
        if (state.Dialect.ForeignReleases != ForeignReleasePolicy.Verify || _names[slot].IsGroup)
            return false;
        int index = _names[slot].Challenge;
        bool isAsked = index != NameSlot.None;
        if (isAsked && IsRepeat(index, release))
            return true;
        if (_quotas.IsOverClaims(release.Source.Address) || (isAsked && IsCrowded(index)))
            return false;
        if (isAsked)
        {
            Wait(index, slot, release);
            return true;
        }

        if (!TryBegin(slot, ServerTransactionKind.Claim, out index, out var owner))
            return false;
        Start(index, slot, owner, release);
        return true;
    }

    /// <summary>A claimant gives up what it waits for: it must not be granted the name any more.</summary>
    /// <returns>Whether there is such a claim.</returns>
    public bool TryWithdraw(int slot, in ServerRequest release)
    {
        int index = _names[slot].Challenge;
        if (index == NameSlot.None || !_claims.TryWithdraw(ref _transactions[index].FirstClaim, release))
            return false;
        _voice.Say(release, ServerRules.ClaimWithdrawn);
        if (_transactions[index] is { Kind: ServerTransactionKind.Claim, FirstClaim: NameSlot.None })
            _transactions.End(index);
        return true;
    }

    /// <summary>The owner of a name is asked before it goes, as its time has run out, or later where too much is being asked already.</summary>
    public void AskBeforeRemoval(int slot, Instant now)
    {
        bool isAsked = TryBegin(slot, ServerTransactionKind.Removal, out int index, out var owner);
        _voice.Say(now, slot, isAsked ? ServerRules.AskedBeforeRemoval : ServerRules.Postponed, owner);
        if (isAsked)
            challenges.Start(now, index, slot);
    }

    /// <summary>A partner has another owner for a name: the one that is known here is asked.</summary>
    /// <returns>False where no more can be under way.</returns>
    public bool TryAskForReplica(int slot, NameRecord replica, Instant now)
    {
        ref var name = ref _names[slot];
        if (!_transactions.TryBegin(ServerTransactionKind.Replica, name.High, name.Low, name.Scope, out int index))
            return false;
        ref var transaction = ref _transactions[index];
        transaction.Replica = replica;
        state.Owners.TryFindOrAdd(replica.Owner, out transaction.ReplicaOwner);
        challenges.Start(now, index, slot);
        return true;
    }

    /// <summary>Ends a dispute before something else is done with its record: a claimant is refused, and may come again.</summary>
    public void End(Instant now, int slot)
    {
        int index = _names[slot].Challenge;
        if (index == NameSlot.None)
            return;
        _transactions[index].Kind = ServerTransactionKind.Claim; // what a partner's record or time wanted of it does not matter any more
        _transactions[index].Replica = null;
        Conclude(now, index, isHeld: true, default);
    }

    /// <summary>Does what follows from what an owner has said, or from its silence.</summary>
    public void Heed(Instant now, int index, OwnerAnswer answer, NbnsResourceRecord record = default)
    {
        if (answer != OwnerAnswer.Open)
            Conclude(now, index, answer == OwnerAnswer.Held, answer == OwnerAnswer.Held ? record : default);
    }

    /// <summary>It is known, without an answer, whether the owner of a name holds it.</summary>
    public void Conclude(Instant now, int slot, bool isHeld) => Conclude(now, _names[slot].Challenge, isHeld, default);

    private void Conclude(Instant now, int index, bool isHeld, NbnsResourceRecord answer)
    {
        var dispute = _transactions[index];
        int slot = dispute.Slot;
        var writer = new NbnsPacketWriter(stackalloc byte[NbnsHeader.PlainNameLength + ServerRequest.MaxScopeOctets]);
        writer.WriteName(_transactions.NameOf(index));
        _transactions.End(index);
        _names.Scopes.Acquire(dispute.Scope); // the name may go before its claimants are answered
        if (dispute.Replica is { } replica)
            Verdicts.DecideReplica(now, dispute, replica, isHeld, answer);
        else if (dispute.Kind == ServerTransactionKind.Removal && (isHeld || dispute.FirstClaim == NameSlot.None))
            Verdicts.DecideRemoval(now, slot, isHeld);

        bool isFirst = dispute.Replica is null; // else the partner was first
        while (_claims.TryTake(ref dispute.FirstClaim, out var waiting))
        {
            var request = waiting.Again(now, dispute, writer.Written);
            if (isHeld)
                Verdicts.Refuse(slot, request, answer);
            else if (isFirst)
                Verdicts.Award(slot, request);
            else
                Verdicts.TakeUpAgain(request);
            isFirst = false;
        }

        _names.Scopes.Release(dispute.Scope);
    }

    private bool TryBegin(int slot, ServerTransactionKind kind, out int index, out Ipv4Address owner)
    {
        ref var name = ref _names[slot];
        _names.TryGetAddress(name, 0, out owner);
        index = NameSlot.None;
        return !_quotas.IsAskedEnough(owner) && _transactions.TryBegin(kind, name.High, name.Low, name.Scope, out index);
    }

    private void Start(int index, int slot, Ipv4Address owner, in ServerRequest request)
    {
        _claims.Add(ref _transactions[index].FirstClaim, request);
        _voice.Say(request, ServerRules.Dispute, owner);
        challenges.AskToWait(index, slot, owner, request);
        challenges.Start(request.Now, index, slot);
    }

    private bool IsCrowded(int index) => _claims.CountOf(_transactions[index].FirstClaim) >= state.Options.ClaimsPerName;

    /// <summary>Whether a request waits already: one WACK is enough; the verdict goes to the id that its sender used last.</summary>
    private bool IsRepeat(int index, in ServerRequest request)
    {
        if (!_claims.TryRenew(_transactions[index].FirstClaim, request))
            return false;
        state.Counters.Swallowed++;
        _voice.Say(request, ServerRules.RepeatSwallowed);
        return true;
    }

    private void Wait(int index, int slot, in ServerRequest request)
    {
        _claims.Add(ref _transactions[index].FirstClaim, request);
        _voice.Say(request, ServerRules.JoinsDispute);
        challenges.AskToWait(slot, request);
    }
}
