namespace NbnsSim.Wire;

/// <summary>Why a packet could not be read.</summary>
public enum NbnsParseErrorKind : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The packet ends in the middle of something.</summary>
    Truncated,

    /// <summary>A label type 01 or 10 (RFC 1002 §4.1 reserves them).</summary>
    ReservedLabelType,

    /// <summary>A pointer to its own name or further on; a loop is made of those.</summary>
    ForwardPointer,

    /// <summary>A pointer into the header, where no name can stand.</summary>
    PointerIntoHeader,

    /// <summary>A name of more than sixteen pointers.</summary>
    TooManyPointers,

    /// <summary>The labels that a pointer leads to run on into the name that pointed to them.</summary>
    OverlappingName,

    /// <summary>A name of over 255 octets (RFC 1002 §4.1), or of more than the caller allowed.</summary>
    NameTooLong,

    /// <summary>RDLENGTH goes past the end of the packet.</summary>
    RecordDataOverrun,

    /// <summary>NUM_NAMES says more names than RDATA holds.</summary>
    NodeNamesOverrun,

    /// <summary>A count promises more questions or records than the octets can hold; the offset is that of the count.</summary>
    CountsOverrun,

    /// <summary>The packet can be read, but is none of RFC 1002 §4.2; the offset is that of the flags word.</summary>
    UnknownPacket,

    /// <summary>The packet can be read, but has no question, which its opcode needs; the offset is that of QDCOUNT.</summary>
    QuestionMissing,

    /// <summary>The packet can be read, but has no record, which its opcode needs; the offset is that of the count of the section where it belongs.</summary>
    RecordMissing,

    /// <summary>
    /// The packet can be read, but its record holds no NB_FLAGS and NB_ADDRESS, which its opcode needs; the offset is that of the record's type
    /// where it is not NB, else that of RDLENGTH.
    /// </summary>
    AddressMissing,

    /// <summary>The packet can be read, but the name that a message needs is not half-ASCII, or is longer than 255 octets.</summary>
    UnreadableName,
}

/// <summary>What could not be read, and where.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">The octet, counted from the start of the packet, at which it shows.</param>
public readonly record struct NbnsParseError(NbnsParseErrorKind Kind, int Offset)
{
    /// <summary>What is wrong in words, with the octet.</summary>
    public override string ToString() => Kind switch
    {
        NbnsParseErrorKind.None => "no error",
        NbnsParseErrorKind.Truncated => $"the packet ends at octet {Offset} in the middle of a field",
        NbnsParseErrorKind.ReservedLabelType => $"reserved label type at octet {Offset}",
        NbnsParseErrorKind.ForwardPointer => $"the name pointer at octet {Offset} does not point backwards",
        NbnsParseErrorKind.PointerIntoHeader => $"the name pointer at octet {Offset} points into the header",
        NbnsParseErrorKind.TooManyPointers => $"the name pointer at octet {Offset} is one too many in its name",
        NbnsParseErrorKind.OverlappingName => $"the labels at octet {Offset} run into the name that points to them",
        NbnsParseErrorKind.NameTooLong => $"the name at octet {Offset} is too long",
        NbnsParseErrorKind.RecordDataOverrun => $"the record data at octet {Offset} goes past the end of the packet",
        NbnsParseErrorKind.NodeNamesOverrun => $"the node status data at octet {Offset} holds fewer names than it says",
        NbnsParseErrorKind.CountsOverrun => $"the count at octet {Offset} promises more than the packet can hold",
        NbnsParseErrorKind.UnknownPacket => $"the flags at octet {Offset} and the records make none of the known packets",
        NbnsParseErrorKind.QuestionMissing => $"the count at octet {Offset} is 0, but the packet needs a question",
        NbnsParseErrorKind.RecordMissing => $"the count at octet {Offset} is 0, but the packet needs a record",
        NbnsParseErrorKind.AddressMissing => $"the record whose fields are at octet {Offset} holds no NB_FLAGS and address",
        NbnsParseErrorKind.UnreadableName => $"the name at octet {Offset} is not a NetBIOS name",
        _ => $"{Kind} at octet {Offset}",
    };
}
