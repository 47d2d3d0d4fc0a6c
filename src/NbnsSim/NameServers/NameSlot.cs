using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>One name as the database holds it: 64 octets, so that a million names take 64 MB and a look-up touches one line of cache or two.</summary>
internal struct NameSlot
{
    public const int None = -1;

    private const int StateShift = 2;
    private const int NodeTypeShift = 4;

    // What every request looks at comes first, so that it lies in as few lines of cache as can be.
    public ulong High;
    public ulong Low;

    /// <summary>When its state runs out, in nanoseconds as <see cref="Instant"/> counts; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline;

    /// <summary>The scope's number in the <see cref="ScopeTable"/>; 0 for none.</summary>
    public int Scope;

    /// <summary>The only address, where there is no chain of members.</summary>
    public uint Address;

    /// <summary>The oldest of several addresses, or <see cref="None"/>.</summary>
    public int FirstMember;

    /// <summary>The transaction by which its owner is being challenged, or <see cref="None"/>.</summary>
    public int Challenge;

    public SlotFlags Flags;

    /// <summary>Which server owns the record: 0 for this one, else its number in the list of owners.</summary>
    public ushort Owner;

    /// <summary>The bucket of the timer wheel that it is in, or <see cref="None"/>.</summary>
    public short Bucket;

    /// <summary>Who registered it, by number in the <see cref="SourceTable"/>; 0 where that is not counted, or its members have sources of their own.</summary>
    public ushort Source;

    /// <summary>The next in the same bucket of the timer wheel, or in the chain of free slots.</summary>
    public int Next;

    public int Previous;

    public ulong Version;

    public NameRecordType Type
    {
        readonly get => (NameRecordType)((int)Flags & 3);
        set => Flags = (SlotFlags)(((int)Flags & ~3) | (int)value);
    }

    public NameRecordState State
    {
        readonly get => (NameRecordState)(((int)Flags >> StateShift) & 3);
        set => Flags = (SlotFlags)(((int)Flags & ~(3 << StateShift)) | ((int)value << StateShift));
    }

    public OwnerNodeType NodeType
    {
        readonly get => (OwnerNodeType)(((int)Flags >> NodeTypeShift) & 3);
        set => Flags = (SlotFlags)(((int)Flags & ~(3 << NodeTypeShift)) | ((int)value << NodeTypeShift));
    }

    public readonly bool IsGroup => Type is NameRecordType.NormalGroup or NameRecordType.InternetGroup;

    public readonly bool IsStatic => Has(SlotFlags.Static);

    /// <summary>Whether it holds a name that is still there.</summary>
    public readonly bool IsRecord => Has(SlotFlags.InUse) && !Has(SlotFlags.Removed);

    public readonly bool IsActive => State == NameRecordState.Active;

    public readonly bool Has(SlotFlags flag) => (Flags & flag) != SlotFlags.None;
}

/// <summary>What a slot remembers beside type, state and node type, which take the low six bits.</summary>
[Flags]
internal enum SlotFlags : ushort
{
    None = 0,

    /// <summary>Entered by the administrator.</summary>
    Static = 1 << 6,

    /// <summary>In the list of changes that the driver has not taken yet.</summary>
    Listed = 1 << 7,

    /// <summary>More has changed than when it runs out.</summary>
    Stored = 1 << 8,

    /// <summary>Removed, and kept only until the driver has taken the change.</summary>
    Removed = 1 << 9,

    /// <summary>A replica whose verify interval has run out.</summary>
    VerifyDue = 1 << 10,

    /// <summary>Holds a name.</summary>
    InUse = 1 << 11,
}

/// <summary>One of several addresses of a name.</summary>
internal struct MemberSlot
{
    public long Deadline;
    public uint Address;

    /// <summary>The next younger one, or the next free one.</summary>
    public int Next;

    /// <summary>Which server it was registered with.</summary>
    public ushort Owner;

    public OwnerNodeType NodeType;

    /// <summary>Who registered it, by number in the <see cref="SourceTable"/>.</summary>
    public ushort Source;
}
