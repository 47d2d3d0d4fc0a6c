using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Challenges: an owner is asked whether it still holds its name (RFC 1002 §5.1.4; WINS: Q173519).</content>
public sealed partial class NameServer
{
    /// <summary>How long a node can have the server wait, whatever its WACKs say and however many it sends; inference.</summary>
    private const uint MaxWaitSeconds = 60;

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

    private void StartChallenge(int slot, in Request request)
    {
        if (!TryBegin(TransactionKind.Claim, request.High, request.Low, request.Scope, out int index))
            return; // too many: the claimant will ask again
        ref var transaction = ref _transactions[index];
        transaction.Slot = slot;
        transaction.Claimant = request.Source;
        transaction.InterfaceIndex = request.InterfaceIndex;
        transaction.ClaimantId = request.TransactionId;
        transaction.ClaimFlags = request.Flags;
        transaction.Claim = request.Entry;
        transaction.TimeToLive = request.TimeToLive;
        if (Dialect.SendsWack)
            AskToWait(request, WackReserve + (SecondsPerAddress * _names.AddressCount(_names[slot])));
        Challenge(request.Now, index, slot);
    }

    /// <summary>WAIT FOR ACKNOWLEDGEMENT, once for a conflict (RFC 1002 §4.2.16; its type is printed as "NULL (0x0020)", and real servers send the number).</summary>
    private void AskToWait(in Request request, int seconds)
    {
        if (!TryStart(request, NbnsFlagWords.Wack, NbnsType.NB, (uint)seconds, 2, out var writer))
            return;
        writer.WriteUInt16((ushort)(request.Flags.Value & 0x7FF0)); // the request's OPCODE and NM_FLAGS
        Send(writer.Length, request.Source, request.InterfaceIndex);
    }

    private void Challenge(Instant now, int index, int slot)
    {
        _statistics.Challenges++;
        _names[slot].Challenge = index;
        ref var transaction = ref _transactions[index];
        transaction.Position = -1;
        MoveOn(ref transaction);
        Ask(now, index);
    }

    private void Ask(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        var name = NameOf(transaction);
        ushort flags = Dialect.ChallengeSetsRecursionDesired ? NbnsFlagWords.QueryRequest : (ushort)0;
        if (_transmits.TryReserve(NbnsEncoder.EncodedLength(name) + NbnsHeader.Size + 4, out var room))
            Send(NbnsEncoder.WriteQuery(room, transaction.Id, flags, name), new Ipv4Endpoint(transaction.Target, Options.NodePort), transaction.InterfaceIndex);
        int stage = transaction.Tries++;
        Enqueue(index, stage, now + ChallengeDelay(stage));
    }

    private TimeSpan ChallengeDelay(int tries) => Dialect.ChallengeIntervalDoubles ? Dialect.ChallengeInterval * (1 << tries) : Dialect.ChallengeInterval;

    private void RepeatChallenge(Instant now, int index)
    {
        if (_transactions[index].Tries < Dialect.ChallengeTries)
        {
            Ask(now, index);
            return;
        }

        _transactions[index].IsSilent = true;
        AskElsewhere(now, index);
    }

    /// <summary>
    /// Goes on to the owner's next address. For a partner's record those are left out that it has too, or that its owner gave: nobody disputes them
    /// (MS-WINSRA §3.2.5.5, charts C3 and C5).
    /// </summary>
    /// <returns>False behind the last one.</returns>
    private bool MoveOn(ref Transaction transaction)
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
        if (!MoveOn(ref transaction))
        {
            Conclude(now, index, isHeld: false, default);
            return;
        }

        transaction.Tries = 0;
        Ask(now, index);
    }

    private void ChallengeAnswered(Instant now, int index, in NbnsPacket packet)
    {
        if (packet.Rcode == NbnsRcode.Success && packet.HasRecord && packet.Record.EntryCount > 0)
            Conclude(now, index, isHeld: true, packet.Record);
        else
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
        var name = NameOf(transaction);
        End(index);
        if (transaction.Replica is { } replica)
        {
            ConcludeReplica(now, slot, replica, isHeld, transaction.IsSilent, answer);
            return;
        }

        var writer = new NbnsPacketWriter(stackalloc byte[NbnsHeader.PlainNameLength + MaxScopeOctets]);
        writer.WriteName(name);
        var request = new Request
        {
            Now = now,
            Source = transaction.Claimant,
            InterfaceIndex = transaction.InterfaceIndex,
            TransactionId = transaction.ClaimantId,
            Flags = transaction.ClaimFlags,
            EncodedName = writer.Written,
            High = transaction.High,
            Low = transaction.Low,
            Scope = transaction.Scope,
            Entry = transaction.Claim,
            TimeToLive = transaction.TimeToLive,
        };
        if (!isHeld)
        {
            Take(slot, request); // no answer, or a negative one: the claimant is the new owner
            Accept(request);
        }
        else if (Dialect.MergesOwnersAddresses && !request.IsGroup && Lists(answer, request.Entry.Address))
        {
            Merge(slot, request.Entry, request.TimeToLive, answer, now);
            Accept(request);
        }
        else
        {
            Refuse(request, NbnsRcode.ActiveError);
        }
    }

    /// <summary>The owner says that the claimed address is one of its own: the name becomes multi-homed. Addresses that it does not list, it has lost (inference).</summary>
    private void Merge(int slot, NbEntry entry, uint timeToLive, NbnsResourceRecord answer, Instant now)
    {
        _names.MakeChain(slot);
        for (int member = _names[slot].FirstMember; member != NameSlot.None;)
        {
            int next = _names.Member(member).Next;
            var address = new Ipv4Address(_names.Member(member).Address);
            if (!Lists(answer, address) || address == entry.Address)
                _names.RemoveMember(slot, member); // the claimed one comes back as the youngest
            member = next;
        }

        if (_names[slot].FirstMember == NameSlot.None)
        {
            Take(slot, NameRecordType.Multihomed, entry, timeToLive, now);
            return;
        }

        ref var name = ref _names[slot];
        name.Type = NameRecordType.Multihomed;
        name.Flags &= ~SlotFlags.Static;
        AddAddress(slot, entry, timeToLive, now);
    }

    private static bool Lists(NbnsResourceRecord answer, Ipv4Address address)
    {
        for (int i = 0; i < answer.EntryCount; i++)
        {
            if (answer.GetEntry(i).Address == address)
                return true;
        }

        return false;
    }
}
