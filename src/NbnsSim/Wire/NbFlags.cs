namespace NbnsSim.Wire;

/// <summary>ONT, the owner's node type in NB_FLAGS and NAME_FLAGS (RFC 1002 §4.2.1.3).</summary>
public enum OwnerNodeType : byte
{
    /// <summary>00: broadcast node.</summary>
    B = 0,

    /// <summary>01: point-to-point node.</summary>
    P = 1,

    /// <summary>10: mixed node.</summary>
    M = 2,

    /// <summary>11: reserved in the RFC, hybrid node at Microsoft (Q189101).</summary>
    H = 3,
}

/// <summary>NB_FLAGS, the word before each NB_ADDRESS (RFC 1002 §4.2.1.3).</summary>
/// <remarks>
/// <code>
///   0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
/// +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
/// | G |  ONT  |                RESERVED                           |
/// +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
/// </code>
/// </remarks>
/// <param name="Value">The word as it stands on the wire.</param>
public readonly record struct NbFlags(ushort Value)
{
    /// <summary>G: a group name.</summary>
    public const ushort GroupBit = 0x8000;

    /// <summary>The thirteen bits that must be zero.</summary>
    public const ushort ReservedBits = 0x1FFF;

    /// <summary>Puts the word together.</summary>
    /// <param name="group">Whether the name is a group name.</param>
    /// <param name="ownerNodeType">The owner's node type.</param>
    public NbFlags(bool group, OwnerNodeType ownerNodeType)
        : this((ushort)((group ? GroupBit : 0) | ((int)ownerNodeType << 13)))
    {
    }

    /// <summary>G: whether the name is a group name.</summary>
    public bool IsGroup => (Value & GroupBit) != 0;

    /// <summary>ONT: the owner's node type.</summary>
    public OwnerNodeType OwnerNodeType => (OwnerNodeType)((Value >> 13) & 3);

    /// <summary>The thirteen bits that must be zero.</summary>
    public ushort Reserved => (ushort)(Value & ReservedBits);
}

/// <summary>One entry of NB RDATA: NB_FLAGS and NB_ADDRESS (RFC 1002 §4.2.1.3), six octets.</summary>
/// <param name="Flags">NB_FLAGS.</param>
/// <param name="Address">NB_ADDRESS.</param>
public readonly record struct NbEntry(NbFlags Flags, Ipv4Address Address)
{
    /// <summary>The number of octets in an entry.</summary>
    public const int Size = 6;
}
