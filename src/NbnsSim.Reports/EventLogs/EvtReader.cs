using System.Buffers.Binary;
using System.Text;
using NbnsSim.Events;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Reads the records of a classic .evt file (Windows NT to 2003): EVENTLOGRECORD as the Windows SDK documents it.</summary>
public static class EvtReader
{
    private const int HeaderSize = 0x30;
    private const int RecordHeader = 0x38;
    private const int MaxTexts = 256;

    private static ReadOnlySpan<byte> Magic => "LfLe"u8;

    /// <summary>Whether octets begin such a file.</summary>
    /// <param name="octets">The first eight octets or more.</param>
    public static bool IsEvt(ReadOnlySpan<byte> octets) => octets is [HeaderSize, 0, 0, 0, ..] && octets[4..].StartsWith(Magic);

    /// <summary>
    /// The events, those that are whole, oldest first: a full log goes on at its beginning, over its oldest records, and the record that meets the end of the file goes on there too.
    /// </summary>
    /// <param name="file">The file.</param>
    public static List<ExplainedEvent> Read(ReadOnlySpan<byte> file)
    {
        var found = new List<ExplainedEvent>();
        bool isRound = false;
        for (int at = Math.Min(HeaderSize, file.Length); at + RecordHeader <= file.Length;)
        {
            var record = file[at..];
            uint size = Word(record, 0);
            if (record[4..].StartsWith(Magic) && Join(record, size, file) is { } joined)
            {
                found.Add(ReadRecord(joined));
                isRound = true;
                break;
            }

            if (!record[4..].StartsWith(Magic) || size < RecordHeader + 4 || size > record.Length || Word(record, (int)size - 4) != size)
            {
                int next = file[(at + 8)..].IndexOf(Magic);
                at = next < 0 ? file.Length : at + 4 + next; // a record's size stands before
                continue;
            }

            var read = ReadRecord(record[..(int)size]);
            isRound |= found.Count > 0 && read.RecordNumber < found[^1].RecordNumber;
            found.Add(read);
            at += (int)size;
        }

        return isRound ? [.. found.OrderBy(one => one.RecordNumber)] : found;
    }

    /// <summary>The record that begins at the end of the file and goes on behind the header; null where it is none.</summary>
    private static byte[]? Join(ReadOnlySpan<byte> record, uint size, ReadOnlySpan<byte> file)
    {
        long rest = (long)size - record.Length;
        if (rest <= 0 || HeaderSize + rest > file.Length - record.Length)
            return null;
        byte[] joined = [.. record, .. file.Slice(HeaderSize, (int)rest)];
        return Word(joined, joined.Length - 4) == size ? joined : null;
    }

    private static ExplainedEvent ReadRecord(ReadOnlySpan<byte> record)
    {
        uint code = Word(record, 0x14);
        string source = Text(record, RecordHeader, out int next);
        string computer = Text(record, next, out _);
        var strings = new List<string>();
        long at = Word(record, 0x24);
        for (int left = Math.Min(Half(record, 0x1A), MaxTexts); left > 0 && at < record.Length; left--)
        {
            strings.Add(Text(record, (int)at, out next));
            at = next;
        }

        long dataAt = Word(record, 0x34);
        long length = Word(record, 0x30);
        var data = length > 0 && dataAt + length <= record.Length ? record.Slice((int)dataAt, (int)length) : default;
        return new ExplainedEvent(PastedEvent.FromParts(source, (ushort)code, strings, data))
        {
            Computer = computer,
            RecordNumber = Word(record, 0x08),
            Time = Instant.FromUnixTime(Word(record, 0x0C)),
        };
    }

    private static string Text(ReadOnlySpan<byte> record, int at, out int next)
    {
        int end = Math.Min(at, record.Length);
        int start = end;
        while (end + 1 < record.Length && (record[end] != 0 || record[end + 1] != 0))
            end += 2;
        next = Math.Min(end + 2, record.Length);
        return Encoding.Unicode.GetString(record[start..end]);
    }

    private static uint Word(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt32LittleEndian(record[at..]);

    private static int Half(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt16LittleEndian(record[at..]);
}
