using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// What whoever runs the server does to its records: enters static mappings, takes names out, puts back what was kept, and keeps the database true to its nodes
/// (RFC 1001 §15.1.7). <see cref="NameServer"/> has the same commands for everybody.
/// </summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="disputes">Where owners are asked.</param>
/// <param name="records">What is done with its records.</param>
/// <param name="writer">How a record that was kept is written.</param>
/// <param name="demands">How nodes are told.</param>
internal sealed class Administration(ServerState state, Scavenger scavenger, Disputes disputes, RecordKeeper records, RecordWriter writer, NodeDemands demands)
{
    private readonly NameDatabase _names = state.Names;

    /// <summary>Enters a static mapping, or puts it in the place of what is there.</summary>
    /// <returns>False when the server is full.</returns>
    /// <exception cref="ArgumentException">There are too many addresses for <paramref name="type"/>, or none where one is needed.</exception>
    public bool AddStatic(Instant now, in NetBiosName name, NameRecordType type, ReadOnlySpan<Ipv4Address> addresses)
    {
        int most = type == NameRecordType.Unique ? 1 : state.Dialect.MaxAddresses;
        if (addresses.Length > most || (addresses.IsEmpty && type != NameRecordType.NormalGroup))
            throw new ArgumentException($"A static mapping of type {type} takes 1 to {most} addresses, not {addresses.Length}.", nameof(addresses));
        int slot = scavenger.Find(name, now);
        if (slot != NameSlot.None)
            disputes.End(now, slot);
        else if (!writer.TryAdd(name, out slot))
            return false;

        if (type == NameRecordType.NormalGroup && state.Dialect.Groups == GroupStorage.LimitedBroadcast)
            addresses = [];
        records.SetStatic(slot, type, addresses);
        state.Voice.Tell(now, _names.NameOf(slot), ServerRules.StaticAdded, addresses.IsEmpty ? default : addresses[0]);
        return true;
    }

    /// <summary>Enters what an LMHOSTS file lists.</summary>
    /// <returns>How many mappings were entered.</returns>
    public int AddStatic(Instant now, LmHostsFile file)
    {
        int entered = 0;
        foreach (var entry in file.Entries)
        {
            foreach (var (name, isGroup) in entry.GetNames())
            {
                var type = isGroup ? NameRecordType.InternetGroup : entry.IsMultihomed ? NameRecordType.Multihomed : NameRecordType.Unique;
                entered += AddStatic(now, name, type, [entry.Address]) ? 1 : 0;
            }
        }

        return entered;
    }

    /// <summary>Makes the static mappings of this server those of another one; what is as the other has it stays untouched.</summary>
    public void ReplaceStatic(Instant now, Administration wanted)
    {
        foreach (var own in OwnStatic())
        {
            if (wanted.Find(own.Name) is not { } same || same.Type != own.Type || !AddressesOf(same).SequenceEqual(AddressesOf(own)))
                Remove(now, own.Name);
        }

        var kept = OwnStatic().Select(own => own.Name).ToHashSet();
        foreach (var mapping in wanted.OwnStatic().Where(mapping => !kept.Contains(mapping.Name)))
            AddStatic(now, mapping.Name, mapping.Type, [.. AddressesOf(mapping)]);
    }

    /// <summary>Takes a name out: as a tombstone that partners learn of, or at once where the dialect keeps none.</summary>
    /// <returns>False when there is no such name.</returns>
    public bool Remove(Instant now, in NetBiosName name)
    {
        int slot = scavenger.Find(name, now);
        if (slot == NameSlot.None || _names[slot].State == NameRecordState.Tombstone)
            return false;
        state.Voice.Tell(now, name, ServerRules.Removed);
        disputes.End(now, slot);
        if (!state.Dialect.KeepsReleasedNames)
        {
            records.Delete(slot);
            return true;
        }

        _names[slot].Flags &= ~(SlotFlags.Static | SlotFlags.VerifyDue);
        records.Bury(slot, now, now);
        _names.Schedule(slot, now);
        return true;
    }

    /// <summary>Puts a record in as it was kept.</summary>
    /// <returns>False when the server is full, knows too many owners, or where nothing could be said of the name.</returns>
    public bool Restore(Instant now, NameRecord record)
    {
        if (RecordWriter.IsEmpty(record) || !writer.TryGetOwners(record))
            return false;
        int slot = _names.Find(record.Name);
        if (slot != NameSlot.None)
            disputes.End(now, slot);
        else if (!writer.TryAdd(record.Name, out slot))
            return false;

        state.Voice.Tell(now, record.Name, ServerRules.Restored);
        state.Owners.Meet(record.Owner, record.Version);
        writer.WriteKept(slot, record, now);
        return true;
    }

    /// <summary>Asks the owner of a name whether it still holds it; one that is silent, or denies it, loses it (RFC 1001 §15.1.7(1) and (7)).</summary>
    /// <returns>False where nobody can be asked.</returns>
    public bool CheckOwner(Instant now, in NetBiosName name)
    {
        int slot = scavenger.Find(name, now);
        if (slot == NameSlot.None || _names[slot] is not { IsActive: true, IsGroup: false, IsStatic: false })
            return false;
        state.Voice.Tell(now, name, ServerRules.OwnerChecked);
        if (_names[slot].Challenge == NameSlot.None)
            disputes.AskBeforeRemoval(slot, now);
        return _names[slot].Challenge != NameSlot.None;
    }

    /// <summary>Takes a name from the nodes that have it: they are told to stop using it (RFC 1001 §15.1.7(3)).</summary>
    /// <returns>False where there is no such active name, or the administrator has entered it.</returns>
    public bool Revoke(Instant now, in NetBiosName name, NodeDemand demand)
    {
        int slot = scavenger.Find(name, now);
        if (slot == NameSlot.None || _names[slot] is not { IsActive: true, IsStatic: false })
            return false;
        state.Voice.Tell(now, name, ServerRules.Revoked);
        disputes.End(now, slot);
        var nodes = records.KeepsNoMembers(_names[slot]) ? [] : state.Reader.At(slot).Addresses;
        records.GiveUp(slot, now);
        foreach (var node in nodes)
            demands.Make(now, demand, name.High, name.Low, name.Scope.Encoded, node.Address);
        return true;
    }

    private NameRecord? Find(in NetBiosName name) => state.Reader.Find(name);

    private List<NameRecord> OwnStatic()
    {
        var mappings = new List<NameRecord>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (_names[slot] is { IsRecord: true, IsStatic: true, Owner: 0 })
                mappings.Add(state.Reader.At(slot));
        }

        return mappings;
    }

    private static IEnumerable<Ipv4Address> AddressesOf(NameRecord record) => record.Addresses.Select(one => one.Address);
}
