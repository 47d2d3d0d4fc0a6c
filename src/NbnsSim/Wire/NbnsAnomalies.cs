namespace NbnsSim.Wire;

/// <summary>What is odd about a packet that can be read all the same: what real stacks send, or what hostile ones do.</summary>
[Flags]
public enum NbnsAnomalies : ushort
{
    /// <summary>Nothing odd.</summary>
    None = 0,

    /// <summary>Octets follow the last counted record.</summary>
    TrailingOctets = 1 << 0,

    /// <summary>A response that counts no records is followed by exactly one whole record, as RFC 1002 §4.2.6, §4.2.11 and §4.2.14 literally draw it.</summary>
    UncountedRecord = 1 << 1,

    /// <summary>A name's first label is not 32 letters 'A' to 'P'.</summary>
    IllegalName = 1 << 2,

    /// <summary>A name's first label is half-ASCII in lower case.</summary>
    LowerCaseName = 1 << 3,

    /// <summary>The two reserved header bits are not zero.</summary>
    ReservedHeaderBits = 1 << 4,

    /// <summary>Reserved bits of NB_FLAGS are not zero.</summary>
    ReservedNbFlags = 1 << 5,

    /// <summary>NB RDATA is not a multiple of six octets.</summary>
    OddNbLength = 1 << 6,

    /// <summary>A record behind a question writes its name in full, not as the pointer to the question's that RFC 1002 §4.2.2 and its like draw.</summary>
    UncompressedName = 1 << 7,

    /// <summary>A name of over 255 octets, read only because the caller allowed it.</summary>
    LongName = 1 << 8,

    /// <summary>A question or record of a class other than IN.</summary>
    UnknownClass = 1 << 9,

    /// <summary>Node status data stops before the 46 octets of statistics.</summary>
    ShortStatistics = 1 << 10,
}
