namespace NbnsSim.Wire;

/// <summary>NAME_FLAGS of one name in a node status response (RFC 1002 §4.2.18).</summary>
/// <remarks>
/// <code>
///   0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
/// +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
/// | G |  ONT  |DRG|CNF|ACT|PRM|          RESERVED                 |
/// +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
/// </code>
/// </remarks>
/// <param name="Value">The word as it stands on the wire.</param>
public readonly record struct NameFlags(ushort Value)
{
    /// <summary>G: a group name.</summary>
    public const ushort GroupBit = 0x8000;

    /// <summary>DRG: being deleted.</summary>
    public const ushort DeregisteringBit = 0x1000;

    /// <summary>CNF: in conflict.</summary>
    public const ushort ConflictBit = 0x0800;

    /// <summary>ACT: active; always set.</summary>
    public const ushort ActiveBit = 0x0400;

    /// <summary>PRM: the node's permanent name.</summary>
    public const ushort PermanentBit = 0x0200;

    /// <summary>G: whether the name is a group name.</summary>
    public bool IsGroup => (Value & GroupBit) != 0;

    /// <summary>ONT: the node's type.</summary>
    public OwnerNodeType OwnerNodeType => (OwnerNodeType)((Value >> 13) & 3);

    /// <summary>DRG: whether the name is being deleted.</summary>
    public bool IsDeregistering => (Value & DeregisteringBit) != 0;

    /// <summary>CNF: whether the name is in conflict.</summary>
    public bool IsInConflict => (Value & ConflictBit) != 0;

    /// <summary>ACT: whether the name is active.</summary>
    public bool IsActive => (Value & ActiveBit) != 0;

    /// <summary>PRM: whether this is the node's permanent name.</summary>
    public bool IsPermanent => (Value & PermanentBit) != 0;
}
