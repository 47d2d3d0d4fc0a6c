namespace NbnsSim.Wire;

/// <summary>The second word of the header: R, OPCODE, NM_FLAGS and RCODE (RFC 1002 §4.2.1.1).</summary>
/// <remarks>
/// <code>
///   0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
/// +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
/// | R |    OPCODE     |AA |TC |RD |RA | 0 | 0 | B |     RCODE     |
/// +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
/// </code>
/// </remarks>
/// <param name="Value">The word as it stands on the wire.</param>
public readonly record struct NbnsFlags(ushort Value)
{
    /// <summary>R: a response (set in a name conflict demand too).</summary>
    public const ushort ResponseBit = 0x8000;

    /// <summary>AA: authoritative answer.</summary>
    public const ushort AuthoritativeBit = 0x0400;

    /// <summary>TC: truncated.</summary>
    public const ushort TruncatedBit = 0x0200;

    /// <summary>RD: recursion desired.</summary>
    public const ushort RecursionDesiredBit = 0x0100;

    /// <summary>RA: recursion available; a name server's bit.</summary>
    public const ushort RecursionAvailableBit = 0x0080;

    /// <summary>The two bits that must be zero.</summary>
    public const ushort ReservedBits = 0x0060;

    /// <summary>B: sent by broadcast or multicast.</summary>
    public const ushort BroadcastBit = 0x0010;

    /// <summary>RCODE's four bits.</summary>
    public const ushort RcodeBits = 0x000F;

    /// <summary>R: whether this is a response (also set in a name conflict demand).</summary>
    public bool IsResponse => (Value & ResponseBit) != 0;

    /// <summary>OPCODE.</summary>
    public NbnsOpcode Opcode => (NbnsOpcode)((Value >> 11) & 0xF);

    /// <summary>AA: authoritative answer.</summary>
    public bool IsAuthoritative => (Value & AuthoritativeBit) != 0;

    /// <summary>TC: truncated.</summary>
    public bool IsTruncated => (Value & TruncatedBit) != 0;

    /// <summary>RD: recursion desired.</summary>
    public bool RecursionDesired => (Value & RecursionDesiredBit) != 0;

    /// <summary>RA: recursion available.</summary>
    public bool RecursionAvailable => (Value & RecursionAvailableBit) != 0;

    /// <summary>B: whether it says of itself that it was broadcast.</summary>
    public bool IsBroadcast => (Value & BroadcastBit) != 0;

    /// <summary>RCODE.</summary>
    public NbnsRcode Rcode => (NbnsRcode)(Value & 0xF);

    /// <summary>A word as it stands on the wire, such as one of <see cref="NbnsFlagWords"/>.</summary>
    /// <param name="value">The word.</param>
    public static implicit operator NbnsFlags(ushort value) => new(value);

    /// <summary>The same.</summary>
    /// <param name="value">The word.</param>
    public static NbnsFlags FromUInt16(ushort value) => new(value);

    /// <summary>The word in hex, as the tables of the documentation have it: <c>0xAD86</c>.</summary>
    public override string ToString() => $"0x{Value:X4}";
}
