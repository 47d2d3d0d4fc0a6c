using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// Challenges: an owner is asked at each of its addresses whether it still holds its name (RFC 1002 §5.1.4; WINS: Q173519). What then becomes of the name is
/// decided where the answer goes.
/// </summary>
/// <param name="state">The server's.</param>
internal sealed class OwnerChallenges(ServerState state)
{
    /// <summary>Seconds by which a WACK outlasts the challenge; with Windows 2000's intervals this gives the 9 s that Samba sends for one address.</summary>
    private const int WackReserve = 5;

    private readonly NameDatabase _names = state.Names;
    private readonly ServerTransactions _transactions = state.Transactions;
    private readonly ServerOutbox _outbox = state.Outbox;
    private readonly ServerVoice _voice = state.Voice;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>How long all tries at one address take, in whole seconds.</summary>
    private int SecondsPerAddress
    {
        get
        {
            var sum = TimeSpan.Zero;
            for (int tries = 0; tries < Dialect.ChallengeTries; tries++)
                sum += Delay(tries);
            return (int)Math.Ceiling(sum.TotalSeconds);
        }
    }

    /// <summary>
    /// Has a claimant wait for the verdict, once for a conflict: at once, or, where the node of this very host is asked, which answers at once, only when it does not.
    /// </summary>
    public void AskToWait(int index, int slot, Ipv4Address owner, in ServerRequest request)
    {
        ref var transaction = ref _transactions[index];
        transaction.InterfaceIndex = request.InterfaceIndex;
        transaction.OwesWack = Dialect.SendsWack && owner == state.Options.Address;
        if (!transaction.OwesWack)
            AskToWait(slot, request);
    }

    /// <summary>Has a claimant wait for the verdict about a name, where the dialect has WACKs.</summary>
    public void AskToWait(int slot, in ServerRequest request)
    {
        if (!Dialect.SendsWack)
            return; // a dialect without them: nothing was decided
        _voice.Say(request, ServerRules.AskedToWait);
        _outbox.AskToWait(request, (int)long.Min(WackReserve + ((long)SecondsPerAddress * _names.AddressCount(_names[slot])), int.MaxValue));
    }

    /// <summary>Asks the owner of a name, at its first address.</summary>
    public void Start(Instant now, int index, int slot)
    {
        state.Counters.Challenges++;
        ref var transaction = ref _transactions[index];
        transaction.Slot = slot;
        transaction.MaxTries = state.Options.ChallengesPerClaim == 0 ? Dialect.ChallengeTries
            : Math.Clamp(state.Options.ChallengesPerClaim / _names.AddressCount(_names[slot]), 1, Dialect.ChallengeTries);
        _names[slot].Challenge = index;
        transaction.Position = -1;
        TryMoveOn(ref transaction, out var target);
        _transactions.SetTarget(index, target);
        if (!state.Options.ForgetsChallenges)
            Ask(now, index);
    }

    /// <summary>Nothing came in time: the owner is asked again, or elsewhere.</summary>
    public OwnerAnswer Repeat(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        if (transaction.Tries < transaction.MaxTries)
        {
            Ask(now, index);
            return OwnerAnswer.Open;
        }

        transaction.IsSilent = true;
        _voice.SayAsked(now, _transactions, index, ServerRules.OwnerSilent, transaction.MaxTries);
        return AskElsewhere(now, index);
    }

    /// <summary>The owner has answered.</summary>
    public OwnerAnswer Answered(Instant now, int index, in NbnsPacket packet)
    {
        if (packet.Rcode == NbnsRcode.Success && packet.HasRecord && packet.Record.EntryCount > 0)
        {
            _voice.SayAsked(now, _transactions, index, ServerRules.OwnerHolds);
            return OwnerAnswer.Held;
        }

        _voice.SayAsked(now, _transactions, index, ServerRules.OwnerDenies);
        return AskElsewhere(now, index);
    }

    /// <summary>Whether an answer from another address than the one asked is the owner's all the same (<see cref="NameServerDialect.AnswerSource"/>).</summary>
    public bool IsOwners(int index, Ipv4Address source, in NbnsPacket packet)
    {
        if (Dialect.AnswerSource == AnswerSource.AskedAddress)
            return false;
        ref var transaction = ref _transactions[index];
        bool isPositive = packet.Opcode == NbnsOpcode.Query && packet.Rcode == NbnsRcode.Success && packet.HasRecord;
        return _names.HasAddress(_names[transaction.Slot], source) || (isPositive && packet.Record.HasAddress(transaction.Target) && packet.Record.HasAddress(source));
    }

    private void Ask(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        int before = transaction.Tries++;
        _voice.SayAsked(now, _transactions, index, ServerRules.AskOwner, transaction.MaxTries);
        var name = _transactions.NameOf(index);
        _outbox.Challenge(transaction, name, Dialect.ChallengeSetsRecursionDesired ? NbnsFlagWords.QueryRequest : (ushort)0);
        transaction.Asked++;
        if (transaction.OwesWack && before > 0)
        {
            transaction.OwesWack = false;
            var writer = new NbnsPacketWriter(stackalloc byte[NbnsHeader.PlainNameLength + ServerRequest.MaxScopeOctets]);
            writer.WriteName(name);
            AskToWait(transaction.Slot, state.Claims.First(transaction.FirstClaim).Again(now, transaction, writer.Written));
        }

        _transactions.AwaitAnswer(index, before, now + Delay(before));
    }

    /// <summary>Nobody holds the name at the address that was asked: asks at the owner's next one, if there is one.</summary>
    private OwnerAnswer AskElsewhere(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        ref var name = ref _names[transaction.Slot];

        // Addresses before it may have gone meanwhile; where it has gone itself, all that are left are asked (4.3-3: at each address).
        while (transaction.Position >= 0 && !(_names.TryGetAddress(name, transaction.Position, out var asked) && asked == transaction.Target))
            transaction.Position--;
        if (!TryMoveOn(ref transaction, out var target))
            return OwnerAnswer.Gone;
        bool isSpent = state.Options.ChallengesPerClaim > 0 && transaction.Asked >= state.Options.ChallengesPerClaim;
        if (isSpent || (target != transaction.Target && state.Quotas.IsAskedEnough(target)))
        {
            transaction.Target = target;
            _voice.SayAsked(now, _transactions, index, ServerRules.AskedEnough);
            return OwnerAnswer.Held;
        }

        _transactions.SetTarget(index, target);
        _voice.SayAsked(now, _transactions, index, ServerRules.AskElsewhere);
        transaction.Tries = 0;
        Ask(now, index);
        return OwnerAnswer.Open;
    }

    /// <summary>
    /// Goes on to the owner's next address. For a partner's record those are left out that it has too, or that its owner gave: nobody disputes them
    /// (MS-WINSRA §3.2.5.5, charts C3 and C5).
    /// </summary>
    /// <returns>False behind the last one.</returns>
    private bool TryMoveOn(ref ServerTransaction transaction, out Ipv4Address target)
    {
        while (_names.TryGetAddress(_names[transaction.Slot], ++transaction.Position, out target, out ushort owner))
        {
            if (transaction.Replica is not { } replica || (!replica.Has(target) && owner != transaction.ReplicaOwner))
                return true;
        }

        return false;
    }

    private TimeSpan Delay(int tries) => Dialect.ChallengeIntervalDoubles ? Dialect.ChallengeInterval * (1 << tries) : Dialect.ChallengeInterval;
}
