using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>How a name or an address of it becomes this server's own, and for how long.</content>
public sealed partial class NameServer
{
    /// <summary>Gives a name to a claimant, with this server as the record's owner: new, back again, or another's that is gone.</summary>
    private void Take(int slot, in ServerRequest request)
    {
        Take(slot, TypeOf(request.Suffix, request.IsGroup, request.Flags.Opcode), request.Entry, request.TimeToLive, request.Now);
        _names.SetSource(slot, request.Source.Address);
    }

    private void Take(int slot, NameRecordType type, NbEntry entry, uint timeToLive, Instant now)
    {
        bool moves = _names[slot].Version != 0 && _names[slot].Address != entry.Address.Value;
        _names.ClearMembers(slot);
        ref var name = ref _names[slot];
        name.Type = type;
        name.State = NameRecordState.Active;
        name.NodeType = entry.Flags.OwnerNodeType;
        name.Flags &= ~(SlotFlags.Static | SlotFlags.VerifyDue);
        name.Address = KeepsNoMembers(name) ? Ipv4Address.Broadcast.Value : entry.Address.Value;
        name.Deadline = DeadlineOf(timeToLive, now);
        Own(ref name);
        if (moves)
            _partners.NoteAddressChange(this);
        Changed(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Starts an address's time anew.</summary>
    private void Restamp(int slot, in ServerRequest request)
    {
        ref var name = ref _names[slot];
        if (name.IsStatic)
            return;
        long deadline = DeadlineOf(request.TimeToLive, request.Now);
        int member = _names.FindMember(name, request.Entry.Address);
        bool isMoved = name.Owner != 0 || (member != NameSlot.None && _names.Member(member).Owner != 0);
        if (isMoved)
            Own(ref name, request.Now); // cc959221: a replica refreshed here becomes this server's, with a new version, and so does a member (MS-WINSRA §3.1.1.2)
        name.NodeType = request.Entry.Flags.OwnerNodeType;
        if (member == NameSlot.None)
        {
            name.Deadline = deadline;
        }
        else
        {
            _names.Member(member).Deadline = deadline;
            _names.Member(member).Owner = 0;
            name.Deadline = _names.EarliestDeadline(name);
        }

        name.Flags &= ~SlotFlags.VerifyDue;
        Changed(slot, isRefresh: !isMoved);
        _names.Schedule(slot, request.Now);
    }

    /// <summary>Adds an address to a name that may have several; one too many takes another's place.</summary>
    private void AddAddress(int slot, NbEntry entry, uint timeToLive, Instant now, Ipv4Address source)
    {
        _names.MakeChain(slot);
        if (_names.AddressCount(_names[slot]) >= MaxMembers)
        {
            // MS-NBTE §3.2.5.1, §3.2.5.3: the oldest goes.
            int leaving = _names[slot].IsGroup && Dialect.ReplicasLeaveFirst ? _names.OldestReplica(_names[slot]) : NameSlot.None;
            _names.RemoveMember(slot, leaving != NameSlot.None ? leaving : _names[slot].FirstMember);
        }

        ref var name = ref _names[slot];
        Own(ref name, now); // MS-WINSRA §3.1.1.2: a member added, an address changed
        _partners.NoteAddressChange(this);
        _names.AddMember(slot, entry.Address, 0, entry.Flags.OwnerNodeType, DeadlineOf(timeToLive, now));
        _names.SetYoungestSource(slot, source);
        name.Deadline = _names.EarliestDeadline(name);
        name.Flags &= ~SlotFlags.VerifyDue;
        Changed(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>
    /// Makes a record with its members this server's own. Of a replica they have the time at which it was to be verified, which says nothing of them:
    /// an Internet group's members of other owners hold until these say otherwise, all else a renewal interval from now (inference).
    /// </summary>
    private void Own(ref NameSlot name, Instant now)
    {
        for (int index = name.Owner == 0 ? NameSlot.None : name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref _names.Member(index);
            bool isOthers = name.Type == NameRecordType.InternetGroup && member.Owner != 0;
            member.Deadline = isOthers ? long.MaxValue : (now + Dialect.RenewalInterval).Nanoseconds;
            index = member.Next;
        }

        Own(ref name);
    }

    /// <summary>Makes a record this server's own, with the next version.</summary>
    private void Own(ref NameSlot name)
    {
        name.Owner = 0;
        name.Version = NextVersion();
    }

    private ulong NextVersion()
    {
        _partners.CountUpdate(this);
        return ++_highestVersions[0];
    }

    /// <summary>Seconds that a claimant is told.</summary>
    private uint Granted(uint requested) => Dialect.GrantsRequestedTime ? requested : (uint)long.Clamp((long)Dialect.RenewalInterval.TotalSeconds, 1, uint.MaxValue);

    private long DeadlineOf(uint requested, Instant now)
    {
        uint seconds = Granted(requested);
        if (seconds == 0)
            return long.MaxValue; // RFC 1002 §6: INFINITE_TTL
        var deadline = now.Nanoseconds + ((Int128)seconds * Dialect.LifetimeMultiple * 1_000_000_000);
        return deadline >= long.MaxValue ? long.MaxValue : AgedAt(new Instant((long)deadline), now);
    }

    /// <summary>When a state ends whose time runs out then: at once, or in the scavenger's first run after it (<see cref="NameServerDialect.ScavengingInterval"/>).</summary>
    private long AgedAt(Instant deadline, Instant now)
    {
        if (Dialect.ScavengingInterval is not { } interval || deadline == Instant.MaxValue)
            return deadline.Nanoseconds;
        long start = (_started ??= now).Nanoseconds;
        var step = (Int128)interval.Ticks * 100;
        var runs = Int128.Max((deadline.Nanoseconds - (Int128)start + step - 1) / step, 1);
        return (long)Int128.Min(start + (runs * step), long.MaxValue);
    }
}
