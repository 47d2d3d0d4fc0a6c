using System.Runtime.InteropServices;

namespace NbnsSim.Jobs.Archives;

/// <summary>The files of a run, and how they are laid out.</summary>
/// <remarks>
/// <code>
/// records:  | "NBNSRUN\n" (64) | version (32) | record's size (32) |
///           | chunk: records in it (64), at most 512 | hash of the records (64) | records … |  … and again
///           | records in all (64) | octets in the file of payloads (64) | hash of these two (64) | "NBNSEND\n" (64) |
/// payloads: octets, one payload behind the other, each once as far as memory goes
/// </code>
/// All numbers are little-endian. Records stand in the order of the capture.
/// </remarks>
internal static class RunFiles
{
    public const string Records = "records";
    public const string Payloads = "payloads";

    /// <summary>Greater with each change of what an extractor writes: runs of another version are not read.</summary>
    public const uint Version = 1;

    public const int Header = 16;
    public const int ChunkHeader = 16;
    public const int ChunkRecords = 512;
    public const int Footer = 32;

    public static ReadOnlySpan<byte> Magic => "NBNSRUN\n"u8;

    public static ReadOnlySpan<byte> EndMagic => "NBNSEND\n"u8;

    /// <summary>How long a file of so many records is.</summary>
    public static long LengthOf(long records) => Header + (records * RunRecord.Size) + (((records + ChunkRecords - 1) / ChunkRecords) * ChunkHeader) + Footer;

    /// <summary>Records as the octets that they are, on machines whose own order it is.</summary>
    public static Span<byte> Octets(Span<RunRecord> records) =>
        BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(records) : throw new PlatformNotSupportedException("Runs are read and written on little-endian machines.");
}
