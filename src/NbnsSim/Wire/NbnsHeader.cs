namespace NbnsSim.Wire;

/// <summary>Sizes and offsets that RFC 1002 §4.2.1 fixes.</summary>
public static class NbnsHeader
{
    /// <summary>The header's twelve octets (RFC 1002 §4.2.1.1).</summary>
    public const int Size = 12;

    /// <summary>MAX_DATAGRAM_LENGTH: the longest datagram a node sends (RFC 1002 §6).</summary>
    public const int MaxDatagramLength = 576;

    /// <summary>The longest encoded name, length octets and root label included (RFC 1002 §4.1).</summary>
    public const int MaxNameLength = 255;

    /// <summary>A name without scope: length octet, 32 letters, root label.</summary>
    public const int PlainNameLength = 34;

    /// <summary>Class IN, the only one (RFC 1002 §4.2.1.2).</summary>
    public const ushort ClassIn = 1;

    /// <summary>The two bits that make a word a pointer (RFC 1002 §4.1).</summary>
    public const ushort PointerBits = 0xC000;

    /// <summary>The pointer to the name of the first question, the only one seen in practice.</summary>
    public const ushort FirstNamePointer = 0xC00C;
}
