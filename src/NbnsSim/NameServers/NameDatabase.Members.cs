using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>The addresses of names that have several: chains in one pool, oldest first.</content>
internal sealed partial class NameDatabase
{
    private MemberSlot[] _members = [];
    private int _membersUsed;
    private int _freeMember = NameSlot.None;

    /// <summary>A member. The reference holds until a member is added.</summary>
    public ref MemberSlot Member(int member) => ref _members[member];

    /// <summary>How many addresses a name has.</summary>
    public int AddressCount(in NameSlot name)
    {
        if (name.FirstMember == NameSlot.None)
            return 1;
        int count = 0;
        for (int member = name.FirstMember; member != NameSlot.None; member = _members[member].Next)
            count++;
        return count;
    }

    /// <summary>One of a name's addresses, oldest first.</summary>
    /// <returns>False behind the last one.</returns>
    public bool TryGetAddress(in NameSlot name, int position, out Ipv4Address address) => TryGetAddress(name, position, out address, out _);

    /// <summary>One of a name's addresses, oldest first, and which server it was registered with.</summary>
    /// <returns>False behind the last one.</returns>
    public bool TryGetAddress(in NameSlot name, int position, out Ipv4Address address, out ushort owner)
    {
        int member = name.FirstMember;
        if (member == NameSlot.None)
        {
            address = new Ipv4Address(name.Address);
            owner = name.Owner;
            return position == 0;
        }

        for (; position > 0 && member != NameSlot.None; position--)
            member = _members[member].Next;
        address = member == NameSlot.None ? default : new Ipv4Address(_members[member].Address);
        owner = member == NameSlot.None ? default : _members[member].Owner;
        return member != NameSlot.None;
    }

    /// <summary>Whether an address is one of a name's.</summary>
    public bool HasAddress(in NameSlot name, Ipv4Address address) =>
        name.FirstMember == NameSlot.None ? name.Address == address.Value : FindMember(name, address) != NameSlot.None;

    /// <summary>The member with an address, or <see cref="NameSlot.None"/>.</summary>
    public int FindMember(in NameSlot name, Ipv4Address address)
    {
        int member = name.FirstMember;
        while (member != NameSlot.None && _members[member].Address != address.Value)
            member = _members[member].Next;
        return member;
    }

    /// <summary>Turns a name with one address into one with a chain of addresses, so that more can follow.</summary>
    public void MakeChain(int slot)
    {
        ref var name = ref this[slot];
        if (name.FirstMember == NameSlot.None)
        {
            AddMember(slot, new Ipv4Address(name.Address), name.Owner, name.NodeType, name.Deadline);
            _members[name.FirstMember].Source = name.Source;
            name.Source = SourceTable.None;
        }
    }

    /// <summary>Says who registered a name, and so on whose account it goes; null for nobody.</summary>
    public void SetSource(int slot, Ipv4Address? source) => Account(ref this[slot].Source, source);

    /// <summary>Says who registered a name's youngest address.</summary>
    public void SetYoungestSource(int slot, Ipv4Address source)
    {
        int member = this[slot].FirstMember;
        while (_members[member].Next != NameSlot.None)
            member = _members[member].Next;
        Account(ref _members[member].Source, source);
    }

    /// <summary>Puts an address behind a name's others, as the youngest.</summary>
    public void AddMember(int slot, Ipv4Address address, ushort owner, OwnerNodeType nodeType, long deadline)
    {
        int member = _freeMember;
        if (member != NameSlot.None)
        {
            _freeMember = _members[member].Next;
        }
        else
        {
            member = _membersUsed++;
            if (member == _members.Length)
                Array.Resize(ref _members, Math.Max(8, member + (member / 2)));
        }

        _members[member] = new MemberSlot { Address = address.Value, Owner = owner, NodeType = nodeType, Deadline = deadline, Next = NameSlot.None };
        ref int link = ref this[slot].FirstMember;
        while (link != NameSlot.None)
            link = ref _members[link].Next;
        link = member;
    }

    /// <summary>Takes an address off a name.</summary>
    public void RemoveMember(int slot, int member)
    {
        ref int link = ref this[slot].FirstMember;
        while (link != member)
            link = ref _members[link].Next;
        link = _members[member].Next;
        FreeMember(member);
    }

    /// <summary>Takes all addresses off a name but the one in the slot itself.</summary>
    public void ClearMembers(int slot)
    {
        ref var name = ref this[slot];
        while (name.FirstMember != NameSlot.None)
        {
            int member = name.FirstMember;
            name.FirstMember = _members[member].Next;
            FreeMember(member);
        }
    }

    /// <summary>When the first of a name's addresses runs out.</summary>
    public long EarliestDeadline(in NameSlot name)
    {
        if (name.FirstMember == NameSlot.None)
            return name.Deadline;
        long earliest = long.MaxValue;
        for (int member = name.FirstMember; member != NameSlot.None; member = _members[member].Next)
            earliest = long.Min(earliest, _members[member].Deadline);
        return earliest;
    }

    /// <summary>The oldest address that another server registered, or <see cref="NameSlot.None"/>.</summary>
    public int OldestReplica(in NameSlot name)
    {
        int member = name.FirstMember;
        while (member != NameSlot.None && _members[member].Owner == 0)
            member = _members[member].Next;
        return member;
    }

    /// <summary>Whether the time of one of several addresses has run out, other than of the one that holds longest.</summary>
    /// <param name="name">The name.</param>
    /// <param name="now">The current time.</param>
    public bool HasLapsed(in NameSlot name, long now)
    {
        int longest = LongestHeld(name);
        for (int member = name.FirstMember; member != NameSlot.None; member = _members[member].Next)
        {
            if (member != longest && _members[member].Deadline <= now)
                return true;
        }

        return false;
    }

    /// <summary>Takes off the addresses whose time has run out, all but the one that holds longest.</summary>
    /// <param name="slot">The name.</param>
    /// <param name="now">The current time.</param>
    /// <param name="leaving">Is told of each that goes, while it is still there.</param>
    public void RemoveLapsed(int slot, long now, Action<Ipv4Address>? leaving = null)
    {
        int longest = LongestHeld(this[slot]);
        ref int link = ref this[slot].FirstMember;
        while (link != NameSlot.None)
        {
            int member = link;
            if (_members[member].Deadline > now || member == longest)
            {
                link = ref _members[member].Next;
                continue;
            }

            leaving?.Invoke(new Ipv4Address(_members[member].Address));
            link = _members[member].Next;
            FreeMember(member);
        }
    }

    private int LongestHeld(in NameSlot name)
    {
        int longest = name.FirstMember;
        for (int member = longest; member != NameSlot.None; member = _members[member].Next)
            longest = _members[member].Deadline > _members[longest].Deadline ? member : longest;
        return longest;
    }

    private void Account(ref ushort account, Ipv4Address? source)
    {
        if (Sources is null)
            return;
        if (account != SourceTable.None)
            Sources.RemoveName(account);
        account = source is { } address ? Sources.FindOrAdd(address) : SourceTable.None;
        if (account != SourceTable.None)
            Sources.AddName(account);
    }

    private void FreeMember(int member)
    {
        Account(ref _members[member].Source, null);
        _members[member].Next = _freeMember;
        _freeMember = member;
    }
}
