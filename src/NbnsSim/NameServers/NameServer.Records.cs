using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <content>The database as people see it.</content>
public sealed partial class NameServer
{
    private readonly List<Ipv4Address> _owners; // this server first
    private readonly List<ulong> _highestVersions; // of each owner's records

    /// <summary>All records, in the order of their names. Copies: takes time and memory for each.</summary>
    public ImmutableArray<NameRecord> GetRecords()
    {
        var records = ImmutableArray.CreateBuilder<NameRecord>(_names.Count);
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (IsRecord(_names[slot]))
                records.Add(RecordAt(slot));
        }

        records.Sort(static (one, other) => one.Name.CompareTo(other.Name));
        return records.MoveToImmutable();
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

    private static bool IsRecord(in NameSlot name) => name.Has(SlotFlags.InUse) && !name.Has(SlotFlags.Removed);
}
