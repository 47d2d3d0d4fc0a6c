using System.Buffers.Binary;
using System.Buffers;
using NbnsSim.Captures;

namespace NbnsSim.Jobs.Archives;

/// <summary>
/// Guesses where a record begins behind some place in a pcap or pcapng file: where a chain of headers makes sense. It is a guess, since what a frame carries may look so too; who puts ranges together sees
/// whether it was right.
/// </summary>
internal static class RecordGuess
{
    private const int Links = 4; // of a chain
    private const int Window = 4 * CaptureReader.MaxPacketLength;
    private const int RecordHeader = 16;
    private const int BlockOverhead = 12;
    private const uint NanosecondMagic = 0xA1B2_3C4D;
    private const uint SectionBlock = 0x0A0D_0D0A;

    /// <summary>Guesses.</summary>
    /// <param name="file">The file.</param>
    /// <param name="head">What stands for its beginning (<see cref="CaptureReader.TryGetHead"/>).</param>
    /// <param name="from">From where on.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Where a record begins; null where nothing looks like one.</returns>
    public static long? TryFind(ManifestFile file, ReadOnlySpan<byte> head, long from, CancellationToken stop)
    {
        bool isPcapNg = BinaryPrimitives.ReadUInt32LittleEndian(head) == SectionBlock;
        long start = isPcapNg ? (from + 3) & ~3L : from; // blocks are whole words
        int most = (int)Math.Min(Window, Math.Max(0, file.Octets - start));
        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            using var input = new InputStream(InputSource.Open(file, stop), default, Math.Min(start, file.Octets), file.Octets, isSummed: false, Window, stop);
            var octets = rented.AsSpan(0, input.ReadAtLeast(rented.AsSpan(0, most), most, throwOnEndOfStream: false));
            bool isAll = start + octets.Length >= file.Octets;
            var layout = isPcapNg ? new Layout(head, isBig: BinaryPrimitives.ReadUInt32BigEndian(head[8..]) == 0x1A2B_3C4D) : new Layout(head, isBig: head[0] is 0xA1 or 0x1C);
            for (int at = 0; at < octets.Length; at += isPcapNg ? sizeof(uint) : 1)
            {
                if (layout.IsChain(octets, at, isPcapNg, isAll))
                    return start + at;
            }

            return octets.Length == 0 ? start : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>How numbers stand, and what is usual.</summary>
    private readonly ref struct Layout(ReadOnlySpan<byte> head, bool isBig)
    {
        private readonly uint _fractions = head.Length >= 4 && U32(head, 0, isBig) == NanosecondMagic ? 1_000_000_000 : 1_000_000u;

        public bool IsChain(ReadOnlySpan<byte> octets, int at, bool isPcapNg, bool isAll)
        {
            for (int link = 0; link < Links; link++)
            {
                if (isAll && at == octets.Length)
                    return link > 0;
                int length = isPcapNg ? BlockLength(octets[at..]) : RecordLength(octets[at..]);
                if (length == 0 || length > octets.Length - at)
                    return false;
                at += length;
            }

            return true;
        }

        private int RecordLength(ReadOnlySpan<byte> record)
        {
            if (record.Length < RecordHeader)
                return 0;
            uint captured = U32(record, 8, isBig);
            uint original = U32(record, 12, isBig);
            return U32(record, 4, isBig) < _fractions && captured > 0 && captured <= CaptureReader.MaxPacketLength && original >= captured && original <= CaptureReader.MaxPacketLength ? RecordHeader + (int)captured : 0;
        }

        private int BlockLength(ReadOnlySpan<byte> block)
        {
            if (block.Length < BlockOverhead)
                return 0;
            uint length = U32(block, 4, isBig);
            return length >= BlockOverhead && length % 4 == 0 && length <= block.Length && U32(block, (int)length - 4, isBig) == length ? (int)length : 0;
        }

        private static uint U32(ReadOnlySpan<byte> octets, int at, bool isBig) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(octets[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(octets[at..]);
    }
}
