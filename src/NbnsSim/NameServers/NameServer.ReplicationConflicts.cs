using System.Runtime.InteropServices;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>What a server does when a partner's record meets another of the same name (Q136571, MS-WINSRA §3.2.5.5).</content>
public sealed partial class NameServer
{
    /// <summary>
    /// Whether a replica comes late: a version of its owner's that is no older is here, or is in dispute. Versions only grow (MS-WINSRA §3.1.1.2), and
    /// batches may come in any order.
    /// </summary>
    private bool IsStale(in NameSlot own, NameRecord replica)
    {
        var disputed = own.Challenge == NameSlot.None ? null : _transactions[own.Challenge].Replica;
        return (_owners[own.Owner] == replica.Owner && own.Version >= replica.Version)
            || (disputed is not null && disputed.Owner == replica.Owner && disputed.Version >= replica.Version);
    }

    /// <summary>Which of two records of a name stays. The two have different owners, or the replica is the owner's news.</summary>
    private Verdict Judge(in NameSlot own, NameRecord replica)
    {
        if (_owners[own.Owner] == replica.Owner)
            return Verdict.Replace;
        if (own.IsStatic)
            return Verdict.Keep; // cc959221: what the administrator entered is never overwritten
        if (own.IsActive && own.Type == NameRecordType.InternetGroup && replica.Type == NameRecordType.InternetGroup)
            return Verdict.Merge; // a tombstone takes its owner's members with it
        if (replica.State == NameRecordState.Tombstone)
            return own.State == NameRecordState.Released ? Verdict.Replace : Verdict.Keep;
        if (!own.IsActive)
            return Verdict.Replace;
        bool isOwned = own.Owner == 0;
        if (own.IsGroup)
            return own.Type == replica.Type && !isOwned ? Verdict.Replace : Verdict.Keep; // unique against group: the group stays
        if (replica.IsGroup)
            return isOwned ? Verdict.Overrule : Verdict.Replace; // observed with Windows Server 2003, through Samba
        if (!isOwned || SameAddresses(own, replica))
            return Verdict.Replace;
        return Dialect.ReplicationConflicts == ReplicationConflictRule.ReplicaWins ? Verdict.Overrule : Verdict.Challenge; // MS-WINSRA §3.2.5.5
    }

    private bool SameAddresses(in NameSlot own, NameRecord replica)
    {
        if (_names.AddressCount(own) != replica.Addresses.Length)
            return false;
        for (int i = 0; _names.TryGetAddress(own, i, out var address); i++)
        {
            if (!replica.Has(address))
                return false;
        }

        return true;
    }

    private void Overrule(Instant now, int slot, NameRecord replica)
    {
        Span<Ipv4Address> losers = stackalloc Ipv4Address[MaxMembers];
        int count = 0;
        for (int i = 0; count < losers.Length && _names.TryGetAddress(_names[slot], i, out var address); i++)
        {
            if (!replica.Has(address) || replica.IsGroup)
                losers[count++] = address;
        }

        Supersede(now, slot, replica);
        foreach (var loser in losers[..count])
            Demand(now, NodeDemand.Release, replica.Name.High, replica.Name.Low, replica.Name.Scope.Encoded, loser);
    }

    private void ChallengeForReplica(Instant now, int slot, NameRecord replica)
    {
        if (!TryBegin(TransactionKind.Replica, replica.Name.High, replica.Name.Low, _names[slot].Scope, out int index))
            return; // it comes again with its next version
        _transactions[index].Slot = slot;
        _transactions[index].Replica = replica;
        Challenge(now, index, slot);
    }

    private void ConcludeReplica(Instant now, int slot, NameRecord replica, bool isHeld, NbnsResourceRecord answer)
    {
        if (!isHeld)
        {
            Supersede(now, slot, replica);
            return;
        }

        bool holdsBoth = Dialect.MergesOwnersAddresses && replica.Addresses.Length > 0;
        foreach (var one in replica.Addresses)
            holdsBoth &= Lists(answer, one.Address);
        if (holdsBoth)
        {
            // One host that registered with two servers: multi-homed (inference from the challenge of a claim).
            foreach (var one in replica.Addresses)
                Merge(slot, new NbEntry(new NbFlags(group: false, one.NodeType), one.Address), 0, answer, now);
            return;
        }

        _log.Add(new WinsEvent(now, WinsEventId.ReplicaRejected, replica.Name, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default));
        foreach (var one in replica.Addresses)
            Demand(now, Dialect.RejectedReplicaDemand, replica.Name.High, replica.Name.Low, replica.Name.Scope.Encoded, one.Address);
    }

    /// <summary>
    /// Internet groups are put together (MS-WINSRA §3.2.5.5): the partner's members as it now has them, the others as they are here. Where that is not just
    /// what the partner has, the record is this server's, with a new version.
    /// </summary>
    private void MergeGroup(Instant now, int slot, NameRecord replica, ushort owner)
    {
        var before = RecordAt(slot);
        var merged = new List<NameRecordAddress>();
        foreach (var one in before.Addresses)
        {
            // A tombstone lists the members that the group had: those of others are still their owners'.
            if (one.Owner != replica.Owner && (replica.State == NameRecordState.Tombstone || !replica.Has(one.Address)))
                merged.Add(Kept(one));
        }

        if (replica.State == NameRecordState.Active)
        {
            foreach (var one in replica.Addresses)
            {
                bool isOwn = one.Owner == Options.Address;
                if (!isOwn)
                    merged.Add(one with { Expires = Instant.MaxValue }); // its time is its owner's business
                else if (before.Addresses.Any(known => known.Address == one.Address))
                    merged.Add(Kept(before.Addresses.First(known => known.Address == one.Address)));
            }
        }

        if (merged.Count == 0)
        {
            Apply(now, slot, replica);
            return;
        }

        var addresses = CollectionsMarshal.AsSpan(merged);
        bool isReplicas = replica.State == NameRecordState.Active && merged.Count == replica.Addresses.Length && before.Owner != Options.Address;
        bool isUnchanged = merged.Count == before.Addresses.Length && merged.TrueForAll(one => before.Has(one.Address));
        if (isReplicas)
        {
            Apply(now, slot, replica);
            return;
        }

        _names.ClearMembers(slot);
        ref var name = ref _names[slot];
        if (!isUnchanged || before.Owner != Options.Address)
            Own(ref name);
        name.Deadline = long.MaxValue;
        SetAddresses(slot, addresses[^Math.Min(addresses.Length, MaxMembers)..], restart: false);
        name.Deadline = _names.EarliestDeadline(name);
        Changed(slot);
        _names.Schedule(slot, now);

        // What a replica's members had was the time at which it was to be verified: see Own.
        NameRecordAddress Kept(NameRecordAddress one)
        {
            if (one.Owner != Options.Address)
                return one with { Expires = Instant.MaxValue };
            return before.Owner == Options.Address ? one : one with { Expires = now + Dialect.RenewalInterval };
        }
    }

    private enum Verdict
    {
        /// <summary>The replica takes the record's place.</summary>
        Replace,

        /// <summary>The record stays.</summary>
        Keep,

        /// <summary>Members of both are kept.</summary>
        Merge,

        /// <summary>The record's owner is asked.</summary>
        Challenge,

        /// <summary>The replica takes the record's place, and the node that had the name is told.</summary>
        Overrule,
    }
}
