using System.Globalization;
using System.Net;
using System.Text;
using NbnsSim.Events;

namespace NbnsSim.Reports.EventLogs;

/// <summary>
/// Takes a text with several events apart: a list of Event Viewer's XML, what <c>wevtutil qe</c> prints as XML or text, <c>Get-WinEvent</c> and <c>Get-EventLog</c>
/// as lists, exported CSV, JSON.
/// </summary>
public static class EventLogText
{
    private const int MaxEvent = 1 << 16;

    private static readonly string[] TimeFields =
        ["timecreated", "timegenerated", "time generated", "timewritten", "date", "date and time", "datum", "datum und uhrzeit", "date et heure", "fecha y hora", "data e ora", "time"];

    private static readonly string[] ComputerFields = ["computer", "machinename", "ordinateur", "equipo", "computername"];
    private static readonly string[] SourceFields = ["source", "providername", "quelle", "origen", "origine", "source de l'événement", "event source"];
    private static readonly string[] NumberFields = ["id", "eventid", "event id", "ereignis-id", "id de l’événement", "id de l'événement", "id. de evento", "instanceid", "ereigniskennung"];
    private static readonly string[] RecordFields = ["recordid", "eventrecordid", "index"];

    /// <summary>The events of a text, in its order; nothing where it is no list of events.</summary>
    /// <param name="text">The text.</param>
    public static IEnumerable<ExplainedEvent> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (EventLogJson.TryRead(text, out var objects))
            return objects;
        text = PastedEvent.Plain(text);
        if (IndexOfEvent(text, 0) >= 0)
            return ReadXml(text);
        if (CsvText.TryRead(text, out var rows))
            return ReadCsv(rows);
        ExplainedEvent[] blocks = [.. Blocks(text).Select(ReadBlock).OfType<ExplainedEvent>()];
        return blocks.Length <= 1 && Rows(text) is { Count: > 1 } table ? table : blocks;
    }

    /// <summary>Rows of a table that names NetBT, as <c>Get-EventLog</c> and <c>Get-WinEvent</c> print it: an event's number, or its code, stands free in each.</summary>
    private static List<ExplainedEvent> Rows(string text)
    {
        var found = new List<ExplainedEvent>();
        if (!text.Contains(NetBtEvent.Source, StringComparison.OrdinalIgnoreCase))
            return found;
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > MaxEvent || line.Contains(": ", StringComparison.Ordinal))
                continue;
            foreach (string word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (!uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
                    || (word.Length == 4 ? NetBtEventDefinition.Find((int)number) : word.Length == 10 ? NetBtEventDefinition.FindByCode(number) : null) is not { } definition)
                    continue;
                if (PastedEvent.TryParse(string.Create(CultureInfo.InvariantCulture, $"Source: {NetBtEvent.Source}\nEvent ID: {definition.Id}\n{line}"), out var pasted, out _))
                    found.Add(new ExplainedEvent(pasted));
                break;
            }
        }

        return found;
    }

    /// <summary>One event's XML.</summary>
    /// <param name="xml">The XML, from its <c>&lt;Event&gt;</c> on.</param>
    /// <param name="number">Its number where the XML has none.</param>
    /// <returns>Null where it cannot be read.</returns>
    public static ExplainedEvent? ReadEvent(string xml, ulong? number = null)
    {
        ArgumentNullException.ThrowIfNull(xml);
        if (xml.Length > MaxEvent || !PastedEvent.TryParse(xml, out var pasted, out _))
        {
            // another's event, longer than ours are, or with data that are none: it counts, no more
            if (Between(xml, "<Provider ", ">") is not { } provider || !int.TryParse(Element(xml, "EventID"), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                return null;
            pasted = PastedEvent.FromParts(Between(provider + ">", "Name=\"", "\"") ?? "", id, [], []);
        }

        string? time = Between(xml, "SystemTime=\"", "\"") ?? Between(xml, "SystemTime='", "'");
        return new ExplainedEvent(pasted)
        {
            TimeText = time,
            Time = Utc(time),
            Computer = Element(xml, "Computer"),
            RecordNumber = ulong.TryParse(Element(xml, "EventRecordID"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong given) ? given : number,
        };
    }

    private static IEnumerable<ExplainedEvent> ReadXml(string text)
    {
        for (int at = IndexOfEvent(text, 0); at >= 0;)
        {
            int next = IndexOfEvent(text, at + 1);
            int end = text.IndexOf("</Event>", at, (next < 0 ? text.Length : next) - at, StringComparison.OrdinalIgnoreCase);
            if (ReadEvent(text[at..(end >= 0 ? end : next >= 0 ? next : text.Length)]) is { } read)
                yield return read;
            at = next;
        }
    }

    private static int IndexOfEvent(string text, int from)
    {
        for (int at = text.IndexOf("<Event", from, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf("<Event", at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at + 6 < text.Length && text[at + 6] is '>' or ' ' or '\r' or '\n' or '\t')
                return at;
        }

        return -1;
    }

    /// <summary>Blocks of fields: <c>Event[n]</c> begins one, and so does the field again that the first one began with.</summary>
    private static IEnumerable<string> Blocks(string text)
    {
        string? first = null;
        var block = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            bool isMark = line.TrimStart().StartsWith("Event[", StringComparison.OrdinalIgnoreCase);
            string? field = isMark ? null : FieldOf(line);
            if (isMark || (first is not null && string.Equals(field, first, StringComparison.OrdinalIgnoreCase)))
            {
                if (block.Length > 0)
                    yield return block.ToString();
                block.Clear();
                first = isMark ? null : first;
            }

            first ??= field;
            if (!isMark)
                block.Append(line).Append('\n');
        }

        yield return block.ToString();
    }

    private static string? FieldOf(string line)
    {
        if (line.Contains("EventID:", StringComparison.Ordinal)) // dcdiag: "An error event occurred.  EventID: 0xC00010E1"
            return "EventID";
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        var field = colon <= 0 ? default : line.AsSpan(0, colon).Trim();
        return field.Length is > 1 and <= 40 && char.IsLetter(field[0]) ? field.ToString() : null;
    }

    private static ExplainedEvent? ReadBlock(string block)
    {
        if (block.Length > MaxEvent || string.IsNullOrWhiteSpace(block))
            return null;
        // a list of strings in braces stands before its data in braces: data alone are for the reader of octets
        if (!PastedEvent.TryParse(block, out var pasted, out _) && !PastedEvent.TryParse(WithoutLists(block), out pasted, out _))
            return null;
        string? time = Field(block, TimeFields);
        return new ExplainedEvent(pasted)
        {
            TimeText = time,
            Time = Utc(time),
            Computer = Field(block, ComputerFields),
            RecordNumber = ulong.TryParse(Field(block, RecordFields), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null,
        };
    }

    private static string WithoutLists(string block) => string.Join('\n', block.Split('\n').Where(line => !line.Contains('{', StringComparison.Ordinal)));

    private static string? Field(string block, string[] names)
    {
        foreach (var line in block.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && names.Contains(line[..colon].Trim().ToString(), StringComparer.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim().ToString();
        }

        return null;
    }

    private static IEnumerable<ExplainedEvent> ReadCsv(List<string[]> rows)
    {
        string[] head = rows[0];
        int source = Column(head, SourceFields);
        int number = Column(head, NumberFields);
        int time = Column(head, TimeFields);
        int computer = Column(head, ComputerFields);
        foreach (string[] row in rows.Skip(1))
        {
            string? provider = Cell(row, source) ?? row.FirstOrDefault(cell => cell.EndsWith(NetBtEvent.Source, StringComparison.OrdinalIgnoreCase));
            if (provider is null || !uint.TryParse(Cell(row, number) ?? row.FirstOrDefault(cell => cell.Length == 4 && cell.All(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
                continue;
            // the longest cell is the event's text, whatever its column is called
            string text = $"Source: {provider}\nEvent ID: {(ushort)id}\n{row.MaxBy(cell => cell.Length)}\n";
            if (!PastedEvent.TryParse(text, out var pasted, out _))
                pasted = PastedEvent.FromParts(provider, (ushort)id, [], []);
            yield return new ExplainedEvent(pasted) { TimeText = Cell(row, time), Time = Utc(Cell(row, time)), Computer = Cell(row, computer) };
        }
    }

    /// <summary>Whether a row of CSV is the heads of a list of events.</summary>
    internal static bool IsHead(string[] row) => Column(row, SourceFields) >= 0 && Column(row, NumberFields) >= 0;

    private static int Column(string[] head, string[] names) => Array.FindIndex(head, cell => names.Contains(cell.Trim(), StringComparer.OrdinalIgnoreCase));

    private static string? Cell(string[] row, int column) => column >= 0 && column < row.Length && row[column].Length > 0 ? row[column] : null;

    /// <summary>A time that says that it is UTC; others are a matter of the machine's zone.</summary>
    internal static Instant? Utc(string? time) =>
        time is not null && time.AsSpan().Trim() is [.., 'Z'] trimmed && DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
            ? Instant.FromUnixTime(read.ToUnixTimeSeconds(), read.Ticks % TimeSpan.TicksPerSecond * 100) : null;

    private static string? Element(string xml, string name) => Between(xml, $"<{name}>", "<") ?? (Between(xml, $"<{name} ", "<") is { } rest && rest.IndexOf('>', StringComparison.Ordinal) is var end && end >= 0 ? rest[(end + 1)..] : null);

    private static string? Between(string text, string before, string after)
    {
        int start = text.IndexOf(before, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            return null;
        start += before.Length;
        int end = text.IndexOf(after, start, StringComparison.Ordinal);
        return end < 0 ? null : WebUtility.HtmlDecode(text[start..end]).Trim();
    }
}
