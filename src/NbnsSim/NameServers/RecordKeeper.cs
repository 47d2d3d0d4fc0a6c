using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// What can be done with a record of a name server's: it is taken, refreshed, given more addresses or fewer, given up, buried or deleted. Each change of what
/// partners must see makes the record this server's own, with a new version, and goes into the journal.
/// </summary>
/// <param name="state">The server's.</param>
internal sealed class RecordKeeper(ServerState state)
{
    private readonly NameDatabase _names = state.Names;
    private readonly OwnerTable _owners = state.Owners;
    private readonly Lifetimes _lifetimes = state.Lifetimes;
    private readonly ChangeJournal _journal = state.Journal;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>Whether a name is a group of which no member is kept.</summary>
    public bool KeepsNoMembers(in NameSlot name) => name.Type == NameRecordType.NormalGroup && Dialect.Groups == GroupStorage.LimitedBroadcast;

    /// <summary>Makes a slot for a name that the server does not have yet.</summary>
    /// <returns>False where it is full.</returns>
    public bool TryAdd(ulong high, ulong low, ReadOnlySpan<byte> encodedScope, out int slot)
    {
        int scope = _names.Count < state.Options.MaxNames ? _names.Scopes.Acquire(encodedScope) : -1;
        slot = scope < 0 ? NameSlot.None : _names.Add(high, low, scope);
        return slot != NameSlot.None;
    }

    /// <summary>Gives a name to a claimant, with this server as the record's owner: new, back again, or another's that is gone.</summary>
    public void Take(int slot, in ServerRequest request)
    {
        Take(slot, TypeOf(request.Suffix, request.IsGroup, request.Flags.Opcode), request.Entry, request.TimeToLive, request.Now);
        _names.SetSource(slot, request.Source.Address);
    }

    /// <summary>Gives a name to whoever is at an address.</summary>
    public void Take(int slot, NameRecordType type, NbEntry entry, uint timeToLive, Instant now)
    {
        bool moves = _names[slot].Version != 0 && _names[slot].Address != entry.Address.Value;
        _names.ClearMembers(slot);
        ref var name = ref _names[slot];
        name.Type = type;
        name.State = NameRecordState.Active;
        name.NodeType = entry.Flags.OwnerNodeType;
        name.Flags &= ~(SlotFlags.Static | SlotFlags.VerifyDue);
        name.Address = KeepsNoMembers(name) ? Ipv4Address.Broadcast.Value : entry.Address.Value;
        name.Deadline = _lifetimes.DeadlineOf(timeToLive, now);
        Own(ref name);
        if (moves)
            state.Pushes.NoteAddressChange(state.Voice.Last);
        _journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Starts an address's time anew.</summary>
    public void Restamp(int slot, in ServerRequest request)
    {
        ref var name = ref _names[slot];
        if (name.IsStatic)
            return;
        long deadline = _lifetimes.DeadlineOf(request.TimeToLive, request.Now);
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
        _journal.Write(slot, isRefresh: !isMoved);
        _names.Schedule(slot, request.Now);
    }

    /// <summary>Adds an address to a name that may have several; one too many takes another's place.</summary>
    public void AddAddress(int slot, NbEntry entry, uint timeToLive, Instant now, Ipv4Address source)
    {
        _names.MakeChain(slot);
        if (_names.AddressCount(_names[slot]) >= Dialect.MaxAddresses)
        {
            // MS-NBTE §3.2.5.1, §3.2.5.3: the oldest goes.
            int leaving = _names[slot].IsGroup && Dialect.ReplicasLeaveFirst ? _names.OldestReplica(_names[slot]) : NameSlot.None;
            _names.RemoveMember(slot, leaving != NameSlot.None ? leaving : _names[slot].FirstMember);
        }

        ref var name = ref _names[slot];
        Own(ref name, now); // MS-WINSRA §3.1.1.2: a member added, an address changed
        state.Pushes.NoteAddressChange(state.Voice.Last);
        _names.AddMember(slot, entry.Address, 0, entry.Flags.OwnerNodeType, _lifetimes.DeadlineOf(timeToLive, now));
        _names.SetYoungestSource(slot, source);
        name.Deadline = _names.EarliestDeadline(name);
        name.Flags &= ~SlotFlags.VerifyDue;
        _journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>
    /// Makes a record with its members this server's own. Of a replica they have the time at which it was to be verified, which says nothing of them:
    /// an Internet group's members of other owners hold until these say otherwise, all else a renewal interval from now (inference).
    /// </summary>
    public void Own(ref NameSlot name, Instant now)
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
    public void Own(ref NameSlot name)
    {
        name.Owner = 0;
        state.Pushes.CountUpdate(state.Voice.Last);
        name.Version = _owners.NextVersion();
    }

    /// <summary>Takes an address off a name that has several.</summary>
    public void RemoveAddress(int slot, Ipv4Address address, Instant now)
    {
        ref var name = ref _names[slot];
        _names.RemoveMember(slot, _names.FindMember(name, address));
        Own(ref name, now); // MS-WINSRA §3.1.1.2: an address changed
        name.Deadline = _names.EarliestDeadline(name);
        name.Flags &= ~SlotFlags.VerifyDue;
        _journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>A name is extinct, and partners are to learn of it; what ages does so from the time at which it ran out.</summary>
    public void Bury(int slot, Instant since, Instant now)
    {
        ref var name = ref _names[slot];
        name.State = NameRecordState.Tombstone;
        name.Deadline = _lifetimes.AgedAt(since + Dialect.ExtinctionTimeout, now);
        Own(ref name); // MS-WINSRA §3.1.1.2: a new version, so that partners learn of it
        _journal.Write(slot);
    }

    /// <summary>Takes off the addresses whose time has run out, all but the one that holds longest.</summary>
    public void RemoveLapsed(int slot, Instant now, Action<Ipv4Address>? leaving)
    {
        ref var name = ref _names[slot];
        _names.RemoveLapsed(slot, now.Nanoseconds, leaving);
        name.Deadline = _names.EarliestDeadline(name);
        Own(ref name);
        _journal.Write(slot);
    }

    /// <summary>A name that its owner does not use any more, or has not refreshed: released, or deleted where the dialect keeps no such names.</summary>
    public void GiveUp(int slot, Instant now)
    {
        if (!Dialect.KeepsReleasedNames)
        {
            Delete(slot);
            return;
        }

        ref var name = ref _names[slot];
        bool isOthers = name.Owner != 0;
        if (isOthers)
            Own(ref name); // cc959256
        if (isOthers && Dialect.ReplicaReleases == ReplicaReleasePolicy.Extinct)
        {
            // cc959256: another server owns it and would never learn of it, but a tombstone of this server's own is replicated.
            name.State = NameRecordState.Tombstone;
            name.Deadline = _lifetimes.AgedAt(now + Dialect.ExtinctionInterval + Dialect.ExtinctionTimeout, now);
        }
        else
        {
            name.State = NameRecordState.Released; // the version stays: released records are not replicated (MS-WINSRA §3.2.5.1)
            name.Deadline = _lifetimes.AgedAt(now + Dialect.ExtinctionInterval, now);
        }

        _journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Nothing is left of a name; the driver is told where it wants to be.</summary>
    public void Delete(int slot)
    {
        state.Voice.Forget(slot);
        _names.Remove(slot);
        _journal.WriteRemoved(slot);
    }

    /// <summary>The owner of a name whose time has run out, or that was asked before, still holds it.</summary>
    public void Keep(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        name.Deadline = long.Max(name.Deadline, _lifetimes.AgedAt(now + (Dialect.RenewalInterval * Dialect.LifetimeMultiple), now));
        for (int index = name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref _names.Member(index);
            member.Deadline = long.Max(member.Deadline, name.Deadline);
            index = member.Next;
        }

        _journal.Write(slot, isRefresh: true);
        _names.Schedule(slot, now);
    }

    /// <summary>The owner says that the claimed address is one of its own: the name becomes multi-homed.</summary>
    public void Merge(int slot, NbEntry entry, uint timeToLive, NbnsResourceRecord answer, Instant now, Ipv4Address source)
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
    public void Join(int slot, NbEntry entry, uint timeToLive, Instant now, Ipv4Address source)
    {
        ref var name = ref _names[slot];
        name.Type = NameRecordType.Multihomed;
        name.Flags &= ~SlotFlags.Static;
        AddAddress(slot, entry, timeToLive, now, source);
    }

    /// <summary>Makes a record a static mapping, or adds addresses to one of the same kind.</summary>
    public void SetStatic(int slot, NameRecordType type, ReadOnlySpan<Ipv4Address> addresses)
    {
        ref var record = ref _names[slot];
        bool adds = record.IsStatic && record.IsActive && record.Type == type && type is NameRecordType.InternetGroup or NameRecordType.Multihomed;
        if (!adds)
        {
            _names.ClearMembers(slot);
            record.Address = addresses.IsEmpty ? Ipv4Address.Broadcast.Value : addresses[0].Value;
        }

        record.Type = type;
        record.State = NameRecordState.Active;
        record.NodeType = default;
        record.Flags = (record.Flags | SlotFlags.Static) & ~SlotFlags.VerifyDue;
        record.Deadline = long.MaxValue;
        _names.SetSource(slot, null);
        Own(ref record);
        foreach (var address in addresses)
        {
            if (_names.HasAddress(_names[slot], address) || _names.AddressCount(_names[slot]) >= Dialect.MaxAddresses)
                continue;
            _names.MakeChain(slot);
            _names.AddMember(slot, address, 0, default, long.MaxValue);
        }

        _journal.Write(slot);
    }

    /// <summary>A group claim against a static unique record, as WINS took it before its fixes.</summary>
    public void OverwriteStatic(int slot, in ServerRequest request)
    {
        ref var name = ref _names[slot];
        if (Dialect.StaticGroupClaims == StaticGroupClaimPolicy.MoveRecord)
        {
            _names.ClearMembers(slot);
            name.Address = request.Entry.Address.Value; // Q166502
            Own(ref name);
            _journal.Write(slot);
        }
        else
        {
            _names.MakeChain(slot); // Q161432: both addresses
            name.Type = NameRecordType.InternetGroup;
            name.Flags &= ~SlotFlags.Static;
            _names.Member(name.FirstMember).Deadline = _lifetimes.DeadlineOf(request.TimeToLive, request.Now);
            int member = _names.FindMember(name, request.Entry.Address);
            if (member == NameSlot.None)
            {
                AddAddress(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address);
            }
            else
            {
                _names.Member(member).Deadline = _lifetimes.DeadlineOf(request.TimeToLive, request.Now); // the mapping's own machine: it has that address already
                Own(ref name);
                name.Deadline = _names.EarliestDeadline(name);
                _journal.Write(slot);
                _names.Schedule(slot, request.Now);
            }
        }
    }

    private NameRecordType TypeOf(NameSuffix suffix, bool isGroup, NbnsOpcode opcode) => isGroup switch
    {
        true when suffix == NameSuffix.DomainControllers && Dialect.KeepsDomainControllers => NameRecordType.InternetGroup,
        true => NameRecordType.NormalGroup, // opcode F with G is an ordinary group registration (MS-NBTE §3.2.5)
        false => opcode == NbnsOpcode.MultihomedRegistration ? NameRecordType.Multihomed : NameRecordType.Unique,
    };
}
