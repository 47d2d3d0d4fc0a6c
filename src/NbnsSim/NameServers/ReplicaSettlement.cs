using System.Runtime.InteropServices;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What is done when a partner's record has met another of the same name, and it is decided which of them stays (Q136571, MS-WINSRA §3.2.5.5).</summary>
/// <param name="state">The server's.</param>
/// <param name="charts">Which record stays.</param>
/// <param name="disputes">Where owners are being asked.</param>
/// <param name="records">What is done with the server's records.</param>
/// <param name="writer">How a partner's is written.</param>
/// <param name="demands">How nodes are told.</param>
internal sealed class ReplicaSettlement(ServerState state, ReplicaCharts charts, Disputes disputes, RecordKeeper records, RecordWriter writer, NodeDemands demands)
{
    private readonly NameDatabase _names = state.Names;
    private readonly OwnerTable _owners = state.Owners;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>Puts a partner's record in the place of another.</summary>
    public void Supersede(Instant now, int slot, NameRecord replica)
    {
        if (_names[slot] is { Owner: 0, IsActive: true })
            state.Log.Add(new WinsEvent(now, WinsEventId.ReplicaTaken, replica.Name, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default));
        writer.WriteReplica(slot, replica, now);
    }

    /// <summary>
    /// The nodes that had the name are told to release it, and the replica takes the record's place (figures 6 and 7; Q136571). Where the replica is no
    /// group they are those whose addresses it does not have, or all if there is none such.
    /// </summary>
    public void Overrule(Instant now, int slot, NameRecord replica)
    {
        Span<Ipv4Address> losers = stackalloc Ipv4Address[Dialect.MaxAddresses];
        int count = 0;
        bool tellsAll = replica.IsGroup || (Dialect.ReleasesSameAddress && !charts.HasOthers(_names[slot], replica));
        for (int i = 0; count < losers.Length && _names.TryGetAddress(_names[slot], i, out var address); i++)
        {
            if (tellsAll || !replica.Has(address))
                losers[count++] = address;
        }

        Supersede(now, slot, replica);
        Tell(now, replica, losers[..count]);
    }

    private void Tell(Instant now, NameRecord replica, ReadOnlySpan<Ipv4Address> nodes)
    {
        foreach (var node in nodes)
            demands.Make(now, NodeDemand.Release, replica.Name.High, replica.Name.Low, replica.Name.Scope.Encoded, node);
    }

    /// <summary>The owner of a record has been asked because of a partner's, and holds its name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="slot">The record.</param>
    /// <param name="replica">The partner's.</param>
    /// <param name="answer">The record of the owner's answer, if it answered.</param>
    public void Hold(Instant now, int slot, NameRecord replica, NbnsResourceRecord answer)
    {
        bool holdsBoth = Dialect.MergesOwnersAddresses && replica.Addresses.Length > 0;
        foreach (var one in replica.Addresses)
            holdsBoth &= answer.HasAddress(one.Address);
        if (holdsBoth)
        {
            // One host that registered with two servers: multi-homed (inference from the challenge of a claim).
            foreach (var one in replica.Addresses)
                records.Merge(slot, new NbEntry(new NbFlags(group: false, one.NodeType), one.Address), 0, answer, now, one.Address);
            return;
        }

        state.Log.Add(new WinsEvent(now, WinsEventId.ReplicaRejected, replica.Name, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default));
        if (Dialect.ChallengesTakeMembers && charts.IsDisputed(_names[slot], replica))
            TakeMembers(now, slot, (address, owner) => !charts.IsDisputed(address, owner, replica));
        if (replica.Type == NameRecordType.Multihomed)
            Reassert(now, slot, replica, answer);
        foreach (var one in replica.Addresses)
            demands.Make(now, Dialect.RejectedReplicaDemand, replica.Name.High, replica.Name.Low, replica.Name.Scope.Encoded, one.Address);
    }

    /// <summary>
    /// Charts C2 and C5: a node that does not answer is told to release the name, since it may only be slow, and the replica takes its place; of a
    /// multi-homed record those of its addresses that this server owns. Chart C3, a unique name against a multi-homed one, has no release. One that has
    /// denied the name is told only by <see cref="NameServerDialect.TellsDeniers"/>.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="slot">The record.</param>
    /// <param name="replica">The partner's.</param>
    /// <param name="isSilent">Whether the owner did not answer, rather than deny the name.</param>
    public void GiveWay(Instant now, int slot, NameRecord replica, bool isSilent)
    {
        Span<Ipv4Address> silent = stackalloc Ipv4Address[Dialect.MaxAddresses];
        int count = 0;
        if ((isSilent || Dialect.TellsDeniers) && (replica.Type != NameRecordType.Unique || _names[slot].Type == NameRecordType.Unique))
        {
            for (int i = 0; count < silent.Length && _names.TryGetAddress(_names[slot], i, out var address, out ushort owner); i++)
            {
                if (owner == 0 && !replica.Has(address))
                    silent[count++] = address;
            }
        }

        Supersede(now, slot, replica);
        Tell(now, replica, silent[..count]);
    }

    /// <summary>
    /// Chart C5: a multi-homed replica against a record whose owner still holds the name: the record gets a new version, and its members that this
    /// server does not own are told to release it; not those that the answer lists, which are the same host's, where
    /// <see cref="NameServerDialect.MergesOwnersAddresses"/> lets the owner say so. Whether those told stay on the record:
    /// <see cref="NameServerDialect.ToldMembersLeave"/>.
    /// </summary>
    private void Reassert(Instant now, int slot, NameRecord replica, NbnsResourceRecord answer)
    {
        Span<Ipv4Address> others = stackalloc Ipv4Address[Dialect.MaxAddresses];
        int count = 0;
        for (int i = 0; count < others.Length && _names.TryGetAddress(_names[slot], i, out var address, out ushort owner); i++)
        {
            if (owner != 0 && charts.IsDisputed(address, owner, replica) && !(Dialect.MergesOwnersAddresses && answer.HasAddress(address)))
                others[count++] = address;
        }

        if (Dialect.ToldMembersLeave)
        {
            var told = others[..count].ToArray();
            TakeMembers(now, slot, (address, _) => told.Contains(address));
        }

        Renew(slot, now);
        Tell(now, replica, others[..count]);
    }

    /// <summary>Takes members off a record; some must be left.</summary>
    private void TakeMembers(Instant now, int slot, Func<Ipv4Address, ushort, bool> goes)
    {
        for (int member = _names[slot].FirstMember; member != NameSlot.None;)
        {
            ref var one = ref _names.Member(member);
            int next = one.Next;
            if (goes(new Ipv4Address(one.Address), one.Owner))
                _names.RemoveMember(slot, member);
            member = next;
        }

        if (!_names[slot].IsStatic)
            _names[slot].Deadline = _names.EarliestDeadline(_names[slot]);
        state.Journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Gives a record of this server's own a new version, so that partners take it again.</summary>
    public void Renew(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        records.Own(ref name);
        if (!name.IsStatic)
            name.Deadline = _names.EarliestDeadline(name);
        state.Journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>
    /// A partner's tombstone against an active record of this server's own that stays, with a new version (charts C2, C4, C5). Of a multi-homed record it takes
    /// along the members whose addresses it has, where it has one of them for its owner (C5; all: <see cref="NameServerDialect.TombstonesEndMultihomed"/>);
    /// of an Internet group its owner's by <see cref="NameServerDialect.TombstonesTakeMembers"/>.
    /// </summary>
    public void Reject(Instant now, int slot, NameRecord tombstone)
    {
        bool takes = _names[slot].Type switch
        {
            NameRecordType.InternetGroup => Dialect.TombstonesTakeMembers,
            NameRecordType.Multihomed => tombstone.Type == NameRecordType.Multihomed && HasMemberOf(_names[slot], tombstone),
            _ => false,
        };
        bool isGroup = _names[slot].IsGroup;
        int staying = 0;
        for (int i = 0; _names.TryGetAddress(_names[slot], i, out var address, out ushort owner); i++)
            staying += Goes(address, owner) ? 0 : 1;
        if (staying == 0 && (isGroup || Dialect.TombstonesEndMultihomed))
        {
            disputes.End(now, slot);
            Supersede(now, slot, tombstone);
            return;
        }

        if (takes && staying > 0)
            TakeMembers(now, slot, Goes);
        Renew(slot, now);

        bool Goes(Ipv4Address address, ushort owner) => takes && (isGroup ? _owners[owner] == tombstone.Owner : tombstone.Has(address));
    }

    /// <summary>Whether a record has an address that another has for its own owner.</summary>
    private bool HasMemberOf(in NameSlot own, NameRecord other)
    {
        for (int i = 0; _names.TryGetAddress(own, i, out var address); i++)
        {
            if (other.Has(address, other.Owner))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Internet groups are put together (MS-WINSRA §3.2.5.5, chart C4): the partner's members as it now has them, the others as they are here (the letter,
    /// all of both: <see cref="NameServerDialect.UnionDropsLeavers"/>). What then
    /// is just what the partner has is the partner's; where an owned record has other addresses now it gets a new version; and a replica that got some
    /// becomes this server's where <see cref="NameServerDialect.OwnsMergedGroups"/> says so.
    /// </summary>
    /// <returns>Whether anything has changed.</returns>
    public bool MergeGroup(Instant now, int slot, NameRecord replica)
    {
        var before = state.Reader.At(slot);
        bool isOwned = before.Owner == state.Options.Address;
        var merged = new List<NameRecordAddress>();
        foreach (var one in before.Addresses)
        {
            if ((one.Owner != replica.Owner || !Dialect.UnionDropsLeavers) && !replica.Has(one.Address))
                merged.Add(Kept(one));
        }

        foreach (var one in replica.Addresses)
        {
            if (one.Owner != state.Options.Address)
                merged.Add(one with { Expires = Instant.MaxValue }); // its time is its owner's business
            else if (before.Has(one.Address))
                merged.Add(Kept(before.Addresses.First(known => known.Address == one.Address)));
        }

        bool isUnchanged = merged.Count == before.Addresses.Length && merged.TrueForAll(one => before.Has(one.Address, one.Owner));
        if (isUnchanged || merged.Count == 0)
            return false;
        if (!isOwned && merged.Count == replica.Addresses.Length)
        {
            Supersede(now, slot, replica);
            return true;
        }

        _names.ClearMembers(slot);
        ref var name = ref _names[slot];
        var deadline = name.Deadline;
        bool hasSameAddresses = merged.Count == before.Addresses.Length && merged.TrueForAll(one => before.Has(one.Address));
        bool takesOver = isOwned || Dialect.OwnsMergedGroups;
        if (takesOver && !(isOwned && hasSameAddresses))
            records.Own(ref name);
        name.Deadline = long.MaxValue;
        var addresses = CollectionsMarshal.AsSpan(merged);
        writer.SetAddresses(slot, addresses[^Math.Min(addresses.Length, Dialect.MaxAddresses)..], restart: false);
        if (takesOver)
            name.Flags &= ~SlotFlags.VerifyDue;
        name.Deadline = !takesOver ? deadline : name.IsStatic ? long.MaxValue : _names.EarliestDeadline(name);
        state.Journal.Write(slot);
        _names.Schedule(slot, now);
        return true;

        // What a replica's members had was the time at which it was to be verified: see Own.
        NameRecordAddress Kept(NameRecordAddress one)
        {
            if (one.Owner != state.Options.Address)
                return one with { Expires = Instant.MaxValue };
            return isOwned ? one : one with { Expires = now + Dialect.RenewalInterval };
        }
    }
}
