using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>Whole records that come from elsewhere, a partner or a file, written over whatever a slot holds: with their owners, versions and times, as they are.</summary>
/// <param name="state">The server's.</param>
/// <param name="records">What is done with its records.</param>
internal sealed class RecordWriter(ServerState state, RecordKeeper records)
{
    private readonly NameDatabase _names = state.Names;
    private readonly OwnerTable _owners = state.Owners;

    /// <summary>A name of which nothing could be said: no address, and no group that needs none.</summary>
    public static bool IsEmpty(NameRecord record) =>
        record.State == NameRecordState.Active && record.Type != NameRecordType.NormalGroup && record.Addresses.IsEmpty;

    /// <summary>Whether the owners of a record and of its members are known, or can be from now on.</summary>
    public bool TryGetOwners(NameRecord record)
    {
        bool areKnown = _owners.TryFindOrAdd(record.Owner, out _);
        foreach (var one in record.Addresses)
            areKnown = areKnown && _owners.TryFindOrAdd(one.Owner, out _);
        return areKnown;
    }

    /// <summary>Makes a slot for a name that the server does not have yet.</summary>
    /// <returns>False where it is full.</returns>
    public bool TryAdd(in NetBiosName name, out int slot) => records.TryAdd(name.High, name.Low, name.Scope.Encoded, out slot);

    /// <summary>Writes a partner's record: it has the time of a replica, whatever the partner's says (MS-WINSRA §3.2.5.4).</summary>
    public void WriteReplica(int slot, NameRecord replica, Instant now)
    {
        _names.ClearMembers(slot);
        ref var name = ref _names[slot];
        name.Type = replica.Type;
        name.State = replica.State;
        name.Flags &= ~(SlotFlags.Static | SlotFlags.VerifyDue);
        if (replica.IsStatic)
            name.Flags |= SlotFlags.Static;
        name.Version = replica.Version;
        _owners.TryFindOrAdd(replica.Owner, out name.Owner);
        var keep = replica.State == NameRecordState.Tombstone ? state.Dialect.ExtinctionTimeout : state.Dialect.VerifyInterval;
        bool isFixed = name is { Owner: 0, IsStatic: true, IsActive: true };
        name.Deadline = isFixed ? long.MaxValue : state.Lifetimes.AgedAt(now + keep, now); // static records of others do not age, but are verified
        _names.SetSource(slot, null);
        SetAddresses(slot, replica.Addresses.AsSpan(), restart: true);
        state.Journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Writes a record as it was kept: what has run out meanwhile ages when it is next looked at.</summary>
    public void WriteKept(int slot, NameRecord record, Instant now)
    {
        _names.Unschedule(slot);
        _names.ClearMembers(slot);
        _owners.TryFindOrAdd(record.Owner, out ushort owner);
        ref var name = ref _names[slot];
        name.Type = record.Type;
        name.State = record.State;
        name.Flags = record.IsStatic ? name.Flags | SlotFlags.Static : name.Flags & ~SlotFlags.Static;
        if (owner != 0 && name.State != NameRecordState.Tombstone && record.Expires == Instant.MaxValue)
            name.Flags |= SlotFlags.VerifyDue; // a replica has no other reason to stay for ever
        name.Owner = owner;
        name.Version = record.Version;
        name.Deadline = state.Lifetimes.AgedAt(record.Expires, now);
        _names.SetSource(slot, owner == 0 && !record.IsStatic && !record.Addresses.IsEmpty ? record.Addresses[0].Address : null); // who registered it was not kept
        SetAddresses(slot, record.Addresses.AsSpan(), restart: false);
        state.Journal.Write(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Writes addresses into a slot that has no chain.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="addresses">The addresses; more than 25 are cut off.</param>
    /// <param name="restart">Whether they have no time of their own here, but the record's.</param>
    public void SetAddresses(int slot, ReadOnlySpan<NameRecordAddress> addresses, bool restart)
    {
        ref var name = ref _names[slot];
        name.Address = addresses.IsEmpty ? 0 : addresses[0].Address.Value;
        name.NodeType = addresses.IsEmpty ? default : addresses[0].NodeType;
        if (records.KeepsNoMembers(name))
        {
            name.Address = Ipv4Address.Broadcast.Value; // Q130232, also where the record's writer keeps members
            return;
        }

        if (addresses.IsEmpty)
            return;
        bool fitsSlot = addresses[0].Owner == _owners[name.Owner] && (restart || addresses[0].Expires.Nanoseconds == name.Deadline);
        if (addresses.Length == 1 && fitsSlot)
            return;
        foreach (var one in addresses[..Math.Min(addresses.Length, state.Dialect.MaxAddresses)])
        {
            if (_owners.TryFindOrAdd(one.Owner, out ushort owner)) // else there is no room for another owner, and nobody's member must not be this server's
                _names.AddMember(slot, one.Address, owner, one.NodeType, restart ? _names[slot].Deadline : one.Expires.Nanoseconds);
        }
    }
}
