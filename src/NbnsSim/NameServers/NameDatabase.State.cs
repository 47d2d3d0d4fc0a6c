using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>
/// The names as octets. A saved state has each slot in its place, free ones too, and the chains of the timer wheel, so that names are looked at in the same order afterwards.
/// In a fingerprint the names have no order: which of those that run out within the same second does so first, it does not tell.
/// </content>
internal sealed partial class NameDatabase
{
    private const long MostTicks = long.MaxValue / NanosecondsPerTick;

    /// <summary>Carries all names, into a database that has none where they are read.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="owners">The servers whose they are, which have been carried before.</param>
    public void Carry(StateCodec codec, OwnerTable owners)
    {
        if (codec.IsFingerprint)
        {
            Summarize(codec, owners);
            return;
        }

        int slots = codec.CarryCount(_used, sizeof(SlotFlags));
        for (int i = 0; i < slots; i++)
        {
            int slot = codec.IsReading ? TakeSlot() : i;
            var flags = this[slot].Flags;
            codec.Carry(ref flags, (SlotFlags)((2 * (int)SlotFlags.InUse) - 1));
            if ((flags & SlotFlags.InUse) != SlotFlags.None)
                CarryName(codec, slot, flags, owners);
            else
                codec.Check(flags == SlotFlags.None, "A free slot has flags");
        }

        CarryFree(codec);
        CarryWheel(codec);
    }

    private void Summarize(StateCodec codec, OwnerTable owners)
    {
        UInt128 sum = 0;
        int from = codec.Position;
        for (int slot = 0; slot < _used; slot++)
        {
            var flags = this[slot].Flags;
            if ((flags & SlotFlags.InUse) == SlotFlags.None)
                continue;
            codec.Carry(ref flags, flags);
            CarryName(codec, slot, flags, owners);
            codec.Fold(from, ref sum);
        }

        codec.Carry(ref _count);
        codec.Carry(ref sum);
    }

    private void CarryName(StateCodec codec, int slot, SlotFlags flags, OwnerTable owners)
    {
        bool isReading = codec.IsReading;
        var name = isReading ? default : NameOf(slot);
        codec.Carry(ref name);
        if (isReading)
            Enter(codec, slot, name, flags);
        ref var record = ref this[slot];
        var deadline = new Instant(record.Deadline);
        var address = new Ipv4Address(record.Address);
        codec.Carry(ref deadline);
        codec.Carry(ref address);
        codec.Carry(ref record.Owner);
        codec.CarryVersion(ref record.Version);
        (record.Deadline, record.Address) = (deadline.Nanoseconds, address.Value);
        codec.Check(record.Owner < owners.Count && (!record.IsRecord || record.State <= NameRecordState.Tombstone), "A name's owner or state is not known");
        CarrySource(codec, ref record.Source);

        int members = codec.CarryCount(record.FirstMember == NameSlot.None ? 0 : AddressCount(record), sizeof(long) + sizeof(uint), NameRecord.MaxAddresses);
        for (int member = record.FirstMember; members > 0; members--)
        {
            if (isReading)
            {
                AddMember(slot, default, 0, default, 0);
                member = member == NameSlot.None ? record.FirstMember : _members[member].Next;
            }

            CarryMember(codec, ref _members[member], owners);
            member = isReading ? member : _members[member].Next;
        }
    }

    private void CarryMember(StateCodec codec, ref MemberSlot member, OwnerTable owners)
    {
        var deadline = new Instant(member.Deadline);
        var address = new Ipv4Address(member.Address);
        codec.Carry(ref deadline);
        codec.Carry(ref address);
        codec.Carry(ref member.Owner);
        codec.Carry(ref member.NodeType, OwnerNodeType.H);
        (member.Deadline, member.Address) = (deadline.Nanoseconds, address.Value);
        codec.Check(member.Owner < owners.Count, "An address's owner is not known");
        CarrySource(codec, ref member.Source);
    }

    /// <summary>On whose account something goes; the accounts themselves follow from that.</summary>
    private void CarrySource(StateCodec codec, ref ushort account)
    {
        bool isCounted = account != SourceTable.None;
        codec.Carry(ref isCounted);
        if (!isCounted)
            return;
        var source = codec.IsReading ? default : Sources![account].Address;
        codec.Carry(ref source);
        if (codec.IsReading)
            Account(ref account, source);
    }

    /// <summary>Puts a name that is read into its slot.</summary>
    private void Enter(StateCodec codec, int slot, in NetBiosName name, SlotFlags flags)
    {
        int scope = Scopes.Acquire(name.Scope.Encoded);
        codec.Check(scope >= 0, "A name server has more scopes than it may");
        this[slot] = new NameSlot
        {
            High = name.High,
            Low = name.Low,
            Scope = scope,
            FirstMember = NameSlot.None,
            Challenge = NameSlot.None,
            Next = NameSlot.None,
            Previous = NameSlot.None,
            Bucket = NameSlot.None,
            Flags = flags,
        };
        if ((flags & SlotFlags.Removed) != SlotFlags.None)
            return;
        codec.Check(Find(name.High, name.Low, scope) == NameSlot.None, "A name server has a name twice");
        if ((_count + 1) * 4L > _index.Length * 3L)
            GrowIndex();
        Insert(_index, Hash(name.High, name.Low, scope), slot + 1);
        _count++;
    }

    /// <summary>The free slots, the next to be taken first.</summary>
    private void CarryFree(StateCodec codec)
    {
        ref int link = ref _free;
        if (!codec.IsReading)
        {
            for (; link != NameSlot.None; link = ref this[link].Next)
                codec.Carry(ref link);
            int end = NameSlot.None;
            codec.Carry(ref end);
            return;
        }

        int free = 0;
        for (int slot = 0; slot < _used; slot++)
        {
            free += this[slot].Has(SlotFlags.InUse) ? 0 : 1;
            this[slot].Previous = NameSlot.None; // of a free one: not in the list yet
        }

        while (true)
        {
            int slot = 0;
            codec.Carry(ref slot);
            link = slot;
            if (slot == NameSlot.None)
                break;
            codec.Check((uint)slot < (uint)_used && !this[slot].Has(SlotFlags.InUse) && this[slot].Previous == NameSlot.None && free-- > 0, "The list of free slots is broken");
            this[slot].Previous = 0;
            link = ref this[slot].Next;
        }

        codec.Check(free == 0, "Free slots are missing in their list");
    }

    private void CarryWheel(StateCodec codec)
    {
        codec.Carry(ref _tick);
        codec.Check(_tick is long.MinValue or (>= -MostTicks and <= MostTicks), "The timer wheel stands at no time");
        for (int level = 0; level < Levels; level++)
        {
            codec.Carry(ref _occupied[level]);
            for (ulong left = _occupied[level]; left != 0; left &= left - 1)
                CarryBucket(codec, (level << LevelBits) | System.Numerics.BitOperations.TrailingZeroCount(left));
        }
    }

    /// <summary>The names of a bucket, in the order in which they are looked at; behind the last one, none.</summary>
    private void CarryBucket(StateCodec codec, int bucket)
    {
        MakeBuckets();
        ref int link = ref _buckets![bucket];
        int previous = NameSlot.None;
        while (true)
        {
            codec.Carry(ref link);
            if (link == NameSlot.None)
                break;
            if (codec.IsReading)
            {
                codec.Check((uint)link < (uint)_used && this[link].IsRecord && this[link].Bucket == NameSlot.None && _tick != long.MinValue, "The timer wheel is broken");
                (this[link].Bucket, this[link].Previous, this[link].Next) = ((short)bucket, previous, NameSlot.None);
            }

            previous = link;
            link = ref this[link].Next;
        }

        codec.Check(previous != NameSlot.None, "A bucket of the timer wheel is empty");
    }
}
