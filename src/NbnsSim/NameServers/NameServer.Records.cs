using System.Buffers.Binary;
using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>The database as people see it.</content>
public sealed partial class NameServer
{
    private readonly OwnerTable _owners;
    private readonly Lifetimes _lifetimes;
    private readonly RecordKeeper _records;

    /// <summary>All records, in the order of their names. Copies: takes time and memory for each.</summary>
    public ImmutableArray<NameRecord> GetRecords()
    {
        return [.. SlotsByName().Select(RecordAt)];
    }

    /// <summary>The record of a name as it is now; ageing that is due but has not been done yet does not show.</summary>
    /// <param name="name">The name, scope included.</param>
    /// <returns>Null where there is none.</returns>
    public NameRecord? FindRecord(in NetBiosName name)
    {
        int slot = _names.Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded));
        return slot == NameSlot.None ? null : RecordAt(slot);
    }

    internal NameRecord RecordAt(int slot)
    {
        ref var name = ref _names[slot];
        var addresses = ImmutableArray.CreateBuilder<NameRecordAddress>(_names.AddressCount(name));
        if (name.FirstMember == NameSlot.None)
            addresses.Add(new NameRecordAddress(new Ipv4Address(name.Address), _owners[name.Owner], new Instant(name.Deadline), name.NodeType));
        for (int index = name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref _names.Member(index);
            addresses.Add(new NameRecordAddress(new Ipv4Address(member.Address), _owners[member.Owner], new Instant(member.Deadline), member.NodeType));
            index = member.Next;
        }

        return new NameRecord
        {
            Name = new NetBiosName(name.High, name.Low, _names.Scopes[name.Scope]),
            Type = name.Type,
            State = name.State,
            IsStatic = name.IsStatic,
            Owner = _owners[name.Owner],
            Version = name.Version,
            Expires = new Instant(name.Deadline),
            Addresses = addresses.MoveToImmutable(),
        };
    }

    /// <summary>The highest version that this server has given a record (MS-WINSRA §3.1.1.2).</summary>
    public ulong Version => _owners.HighestOf(0);

    /// <summary>Goes on from a version that was kept: the record that had it may be gone, but partners have seen it.</summary>
    /// <param name="version">The version; a lower one than <see cref="Version"/> changes nothing.</param>
    public void RestoreVersion(ulong version) => _owners.Meet(0, version);

    /// <summary>
    /// Puts a record in as it was kept: state, owner, version and time. What has run out meanwhile ages when it is next looked at.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="record">The record.</param>
    /// <returns>False when the server is full, knows too many owners, or where nothing could be said of the name: it is active, no normal group, and has no address.</returns>
    public bool Restore(Instant now, NameRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (IsEmpty(record) || !TryGetOwners(record) || !_owners.TryFindOrAdd(record.Owner, out ushort owner))
            return false;
        int slot = _names.Find(record.Name.High, record.Name.Low, _names.Scopes.Find(record.Name.Scope.Encoded));
        if (slot == NameSlot.None)
        {
            slot = AddSlot(record.Name);
            if (slot == NameSlot.None)
                return false;
        }
        else
        {
            EndDispute(now, slot);
            _names.Unschedule(slot);
            _names.ClearMembers(slot);
        }

        Tell(now, record.Name, ServerRules.Restored);
        _owners.Meet(owner, record.Version);
        ref var name = ref _names[slot];
        name.Type = record.Type;
        name.State = record.State;
        name.Flags = record.IsStatic ? name.Flags | SlotFlags.Static : name.Flags & ~SlotFlags.Static;
        if (owner != 0 && name.State != NameRecordState.Tombstone && record.Expires == Instant.MaxValue)
            name.Flags |= SlotFlags.VerifyDue; // a replica has no other reason to stay for ever
        name.Owner = owner;
        name.Version = record.Version;
        name.Deadline = _lifetimes.AgedAt(record.Expires, now);
        _names.SetSource(slot, owner == 0 && !record.IsStatic && !record.Addresses.IsEmpty ? record.Addresses[0].Address : null); // who registered it was not kept
        SetAddresses(slot, record.Addresses.AsSpan(), restart: false);
        Changed(slot);
        _names.Schedule(slot, now);
        return true;
    }

    internal int WriteRecordAt(int slot, Span<byte> octets)
    {
        ref var name = ref _names[slot];
        var key = new NetBiosName(name.High, name.Low, _names.Scopes[name.Scope]);
        var scope = key.Scope.Encoded;
        octets[0] = NameRecord.Format;
        octets[1] = (byte)((int)name.Type | ((int)name.State << 2) | (name.IsStatic ? NameRecord.StaticBit : 0));
        key.CopyTo(octets[2..]);
        octets[18] = (byte)scope.Length;
        scope.CopyTo(octets[19..]);
        int at = 19 + scope.Length;
        _owners[name.Owner].Write(octets[at..]);
        BinaryPrimitives.WriteUInt64BigEndian(octets[(at + 4)..], name.Version);
        BinaryPrimitives.WriteInt64BigEndian(octets[(at + 12)..], name.Deadline);
        BinaryPrimitives.WriteUInt16BigEndian(octets[(at + 20)..], (ushort)_names.AddressCount(name));
        at += 22;
        if (name.FirstMember == NameSlot.None)
            return WriteAddress(octets, at, name.Address, name.Owner, name.Deadline, name.NodeType);
        for (int index = name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref _names.Member(index);
            at = WriteAddress(octets, at, member.Address, member.Owner, member.Deadline, member.NodeType);
            index = member.Next;
        }

        return at;
    }

    private int WriteAddress(Span<byte> octets, int at, uint address, ushort owner, long deadline, OwnerNodeType nodeType)
    {
        BinaryPrimitives.WriteUInt32BigEndian(octets[at..], address);
        _owners[owner].Write(octets[(at + 4)..]);
        BinaryPrimitives.WriteInt64BigEndian(octets[(at + 8)..], deadline);
        octets[at + 16] = (byte)nodeType;
        return at + NameRecord.AddressSize;
    }

    private List<int> SlotsByName()
    {
        var slots = new List<int>(_names.Count);
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (IsRecord(_names[slot]))
                slots.Add(slot);
        }

        slots.Sort(CompareNames);
        return slots;
    }

    private int CompareNames(int one, int other)
    {
        ref var left = ref _names[one];
        ref var right = ref _names[other];
        int order = (left.High, left.Low).CompareTo((right.High, right.Low));
        return order != 0 ? order : _names.Scopes[left.Scope].Encoded.SequenceCompareTo(_names.Scopes[right.Scope].Encoded);
    }

    private static bool IsRecord(in NameSlot name) => name.Has(SlotFlags.InUse) && !name.Has(SlotFlags.Removed);
}
