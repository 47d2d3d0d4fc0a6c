using System.IO.Compression;
using NbnsSim.Events;

namespace NbnsSim.Reports.EventLogs;

/// <summary>The events of a file or of a pasted text, whatever its form: .evtx, .evt, XML, CSV, text.</summary>
public sealed class EventLogFile
{
    /// <summary>Of a text or a classic .evt file more is not read: a log has 20 MB by default.</summary>
    public const int MaxText = 1 << 26;

    private EventLogFile(IReadOnlyList<ExplainedEvent> events, long count, IReadOnlyList<string> problems, string? text)
    {
        Events = events;
        Count = count;
        Problems = problems;
        Text = text;
    }

    /// <summary>The events of interest: NetBT's and those that belong to the same trouble. Of a text all that it has.</summary>
    public IReadOnlyList<ExplainedEvent> Events { get; }

    /// <summary>How many events there are in all.</summary>
    public long Count { get; }

    /// <summary>What is wrong with the file, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The text, decoded; null for a binary file.</summary>
    public string? Text { get; }

    /// <summary>What the file is by its first octets where it is neither a log nor text, such as a capture; null otherwise.</summary>
    internal string? Foreign { get; private init; }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">The file; need not seek; stays open.</param>
    public static EventLogFile Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] first = new byte[8];
        int read = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        using var whole = new PrefixedStream(first.AsMemory(0, read), stream);
        return EvtxReader.IsEvtx(first) ? ReadEvtx(whole) : ReadOther(whole, first);
    }

    private static EventLogFile ReadEvtx(Stream stream)
    {
        const int most = 100_000; // of interest, in one log
        var found = new List<ExplainedEvent>();
        var reader = new EvtxReader(stream);
        while (reader.TryRead(out ulong number, out string? xml))
        {
            if (found.Count < most && EventLogText.ReadEvent(xml, number) is { IsOfInterest: true } read)
                found.Add(read);
        }

        return new EventLogFile(found, reader.RecordCount, reader.Problems, null);
    }

    private static EventLogFile ReadOther(Stream stream, ReadOnlySpan<byte> first)
    {
        using var octets = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read = stream.Read(buffer); read > 0 && octets.Length < MaxText; read = stream.Read(buffer))
            octets.Write(buffer, 0, read);
        var file = octets.GetBuffer().AsSpan(0, (int)octets.Length);
        string[] cut = octets.Length >= MaxText ? ["The file is longer than what is read of it, 64 MB."] : [];
        if (EvtReader.IsEvt(first))
        {
            var records = EvtReader.Read(file);
            return new EventLogFile(records.FindAll(one => one.IsOfInterest), records.Count, cut, null);
        }

        string? foreign = IsDamagedGzip(octets, buffer) ? "gzip data, but damaged: it cannot be decompressed" : ForeignTo(first);
        return foreign is not null ? new EventLogFile([], 0, cut, null) { Foreign = foreign } : Read(PastedEvent.Decode(file), cut);
    }

    /// <summary>Reads a text.</summary>
    internal static EventLogFile Read(string text, IReadOnlyList<string> cut)
    {
        ExplainedEvent[] events = [.. EventLogText.Read(text)];
        return new EventLogFile(events.Length > 1 ? [.. events.Where(one => one.IsOfInterest)] : events, events.Length, cut, text);
    }

    /// <summary>Whether a file is gzip data of which not even the beginning can be had.</summary>
    private static bool IsDamagedGzip(MemoryStream file, byte[] buffer)
    {
        file.Position = 0;
        if (file.ReadByte() != 0x1F || file.ReadByte() != 0x8B) // RFC 1952 §2.3.1
            return false;
        file.Position = 0;
        using var inflated = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            _ = inflated.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false); // whether it can be read is the question
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private static string? ForeignTo(ReadOnlySpan<byte> first) => first switch
    {
        [0xA1, 0xB2, 0xC3 or 0x3C, 0xD4 or 0x4D, ..] or [0xD4 or 0x4D, 0xC3 or 0x3C, 0xB2, 0xA1, ..] or [0x0A, 0x0D, 0x0D, 0x0A, ..] => "a capture: give it to nbnssim diagnose, or with --capture beside an event",
        [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..] or [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] or [(byte)'P', (byte)'K', 3, 4, ..] => "compressed: unpack it first",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a picture: its text is needed",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF: its text is needed",
        _ => null,
    };
}
