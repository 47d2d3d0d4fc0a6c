using System.Buffers.Binary;
using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>The names of a database as records: as values for people, partners and files, and as octets. Changes nothing.</summary>
/// <param name="names">The names.</param>
/// <param name="owners">The servers whose they are.</param>
internal sealed class RecordReader(NameDatabase names, OwnerTable owners)
{
    /// <summary>All records, in the order of their names.</summary>
    public IEnumerable<NameRecord> All => SlotsByName().Select(At);

    /// <summary>The record of a name; <see langword="null"/> where there is none.</summary>
    public NameRecord? Find(in NetBiosName name) => names.Find(name) is var slot && slot != NameSlot.None ? At(slot) : null;

    /// <summary>The record in a slot.</summary>
    public NameRecord At(int slot)
    {
        ref var name = ref names[slot];
        var addresses = ImmutableArray.CreateBuilder<NameRecordAddress>(names.AddressCount(name));
        if (name.FirstMember == NameSlot.None)
            addresses.Add(new NameRecordAddress(new Ipv4Address(name.Address), owners[name.Owner], new Instant(name.Deadline), name.NodeType));
        for (int index = name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref names.Member(index);
            addresses.Add(new NameRecordAddress(new Ipv4Address(member.Address), owners[member.Owner], new Instant(member.Deadline), member.NodeType));
            index = member.Next;
        }

        return new NameRecord
        {
            Name = names.NameOf(slot),
            Type = name.Type,
            State = name.State,
            IsStatic = name.IsStatic,
            Owner = owners[name.Owner],
            Version = name.Version,
            Expires = new Instant(name.Deadline),
            Addresses = addresses.MoveToImmutable(),
        };
    }

    /// <summary>Writes the record in a slot, for <see cref="NameRecord.TryRead"/>. Allocates nothing.</summary>
    /// <returns>How many octets were written.</returns>
    public int WriteAt(int slot, Span<byte> octets)
    {
        ref var name = ref names[slot];
        var key = names.NameOf(slot);
        var scope = key.Scope.Encoded;
        octets[0] = NameRecord.Format;
        octets[1] = (byte)((int)name.Type | ((int)name.State << 2) | (name.IsStatic ? NameRecord.StaticBit : 0));
        key.CopyTo(octets[2..]);
        octets[18] = (byte)scope.Length;
        scope.CopyTo(octets[19..]);
        int at = 19 + scope.Length;
        owners[name.Owner].Write(octets[at..]);
        BinaryPrimitives.WriteUInt64BigEndian(octets[(at + 4)..], name.Version);
        BinaryPrimitives.WriteInt64BigEndian(octets[(at + 12)..], name.Deadline);
        BinaryPrimitives.WriteUInt16BigEndian(octets[(at + 20)..], (ushort)names.AddressCount(name));
        at += 22;
        if (name.FirstMember == NameSlot.None)
            return WriteAddress(octets, at, name.Address, name.Owner, name.Deadline, name.NodeType);
        for (int index = name.FirstMember; index != NameSlot.None;)
        {
            ref var member = ref names.Member(index);
            at = WriteAddress(octets, at, member.Address, member.Owner, member.Deadline, member.NodeType);
            index = member.Next;
        }

        return at;
    }

    /// <summary>Whether the same records are in both.</summary>
    public bool HasSameRecordsAs(RecordReader other)
    {
        var slots = SlotsByName();
        var others = other.SlotsByName();
        if (slots.Count != others.Count)
            return false;
        for (int i = 0; i < slots.Count; i++)
        {
            if (!HasSameRecord(slots[i], other, others[i]))
                return false;
        }

        return true;
    }

    private bool HasSameRecord(int slot, RecordReader other, int otherSlot) =>
        names[slot].Flags == other.FlagsAt(otherSlot) && At(slot) == other.At(otherSlot);

    private SlotFlags FlagsAt(int slot) => names[slot].Flags;

    private int WriteAddress(Span<byte> octets, int at, uint address, ushort owner, long deadline, OwnerNodeType nodeType)
    {
        BinaryPrimitives.WriteUInt32BigEndian(octets[at..], address);
        owners[owner].Write(octets[(at + 4)..]);
        BinaryPrimitives.WriteInt64BigEndian(octets[(at + 8)..], deadline);
        octets[at + 16] = (byte)nodeType;
        return at + NameRecord.AddressSize;
    }

    private List<int> SlotsByName()
    {
        var slots = new List<int>(names.Count);
        for (int slot = 0; slot < names.SlotCount; slot++)
        {
            if (names[slot].IsRecord)
                slots.Add(slot);
        }

        slots.Sort(CompareNames);
        return slots;
    }

    private int CompareNames(int one, int other)
    {
        ref var left = ref names[one];
        ref var right = ref names[other];
        int order = (left.High, left.Low).CompareTo((right.High, right.Low));
        return order != 0 ? order : names.Scopes[left.Scope].Encoded.SequenceCompareTo(names.Scopes[right.Scope].Encoded);
    }
}
