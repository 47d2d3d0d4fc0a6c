namespace NbnsSim.Reports.EventLogs;

/// <summary>Where things stand in an .evtx file: a header block of 4,096 octets, then chunks of 65,536 octets, each with its own records, names and templates.</summary>
/// <remarks>Little-endian throughout. As the published descriptions of the format have it (libevtx's documentation), and as seen in real files.</remarks>
internal static class EvtxLayout
{
    public const int HeaderBlock = 4096;
    public const int HeaderSize = 128;
    public const int ChecksummedHeader = 120;
    public const int ChecksumOffset = 124;
    public const int ChunkSize = 65_536;

    public const int FirstNumber = 8;
    public const int LastNumber = 16;
    public const int FirstId = 24;
    public const int LastId = 32;
    public const int HeaderSizeOffset = 40;
    public const int LastRecordOffset = 44;
    public const int FreeSpaceOffset = 48;
    public const int RecordsChecksum = 52;
    public const int Names = 128; // 64 buckets
    public const int NameBuckets = 64;
    public const int Templates = 384; // 32 buckets
    public const int TemplateBuckets = 32;
    public const int Records = 512;

    public const int RecordHeader = 24; // magic, size, number, time
    public const int SmallestRecord = RecordHeader + 4 + 4; // and the size once more at its end

    public static ReadOnlySpan<byte> FileMagic => "ElfFile\0"u8;

    public static ReadOnlySpan<byte> ChunkMagic => "ElfChnk\0"u8;

    public static ReadOnlySpan<byte> RecordMagic => "**\0\0"u8;
}
