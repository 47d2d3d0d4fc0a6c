using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>What else is known of a name in the table.</summary>
[Flags]
internal enum LocalNameFlags : byte
{
    None = 0,
    Group = 1,

    /// <summary>The name server knows it.</summary>
    ByNameServer = 2,

    /// <summary>It was claimed by broadcast.</summary>
    ByBroadcast = 4,

    /// <summary>The name server does not know it yet, or not for every interface: it is to be asked again.</summary>
    OwesNameServer = 8,

    /// <summary>The name server has not heard the claim that ran last; of several interfaces <see cref="NameDebts"/> knows which.</summary>
    MissedByNameServer = 16,
}

/// <summary>A row of a node's own name table: 48 octets.</summary>
internal record struct LocalName
{
    public NetBiosName Name;
    public Instant RefreshAt;
    public uint TimeToLive;

    /// <summary>On which interfaces the name is in conflict, bit 0 the first: the flag is kept for each (MS-NBTE §3.1.1).</summary>
    public ushort ConflictInterfaces;
    public LocalNameState State;
    public LocalNameFlags Flags;

    public readonly bool IsGroup => Has(LocalNameFlags.Group);

    /// <summary>Whether it is in conflict on one interface.</summary>
    public readonly bool IsInConflictOn(int interfaceIndex) => (ConflictInterfaces >> interfaceIndex & 1) != 0;

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref Name);
        codec.Carry(ref RefreshAt);
        codec.Carry(ref TimeToLive);
        codec.Carry(ref ConflictInterfaces);
        codec.Carry(ref State, LocalNameState.Conflict);
        codec.Carry(ref Flags, (LocalNameFlags)31);
    }

    public readonly bool Has(LocalNameFlags any) => (Flags & any) != LocalNameFlags.None;
}
