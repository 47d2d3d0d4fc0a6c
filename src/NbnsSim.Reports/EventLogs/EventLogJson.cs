using System.Globalization;
using System.Text.Json;
using NbnsSim.Events;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Reads events as JSON, one or a list or one a line: of winlogbeat, nxlog, PowerShell's <c>ConvertTo-Json</c>, evtx_dump. Fields count by their names, wherever they stand.</summary>
internal static class EventLogJson
{
    private const int MaxFields = 1000; // of one event
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 };

    private static readonly string[] Providers = ["providername", "provider_name", "sourcename", "source_name", "source", "provider", "name"];
    private static readonly string[] Numbers = ["eventid", "event_id", "eventcode", "event_code", "id", "code", "instanceid", "eventidentifier"];
    private static readonly string[] Messages = ["message", "eventmessage", "description", "rendereddescription"];
    private static readonly string[] Times = ["systemtime", "timecreated", "timegenerated", "eventtime", "@timestamp"];
    private static readonly string[] Computers = ["computer_name", "computername", "machinename", "hostname", "computer"];
    private static readonly string[] Records = ["record_id", "recordid", "recordnumber", "eventrecordid", "index"];
    private static readonly string[] Lists = ["insertionstrings", "replacementstrings", "strings", "data", "properties"];

    /// <summary>The events; false where the text is no JSON with an event in it.</summary>
    public static bool TryRead(string text, out List<ExplainedEvent> events)
    {
        events = [];
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length == 0 || trimmed[0] is not ('{' or '['))
            return false;
        if (TryParse(text, events))
            return events.Count > 0;
        foreach (string line in text.Split('\n'))
        {
            if (line.AsSpan().TrimStart() is ['{', ..])
                TryParse(line, events);
        }

        return events.Count > 0;
    }

    private static bool TryParse(string text, List<ExplainedEvent> events)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            events.AddRange(Objects(document.RootElement).Select(Read).OfType<ExplainedEvent>());
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return false; // the latter two: half of a pair of UTF-16, escaped or as it is
        }
    }

    /// <summary>The objects that may be events: of a list, also where an answer of Elasticsearch has it in its hits.</summary>
    private static IEnumerable<JsonElement> Objects(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? root.EnumerateArray()
        : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("hits", out var hits) && hits.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? Objects(hits)
        : [root];

    private static ExplainedEvent? Read(JsonElement element)
    {
        var fields = new List<(string Path, string Value)>();
        Flatten(element, "", fields);
        if (!uint.TryParse(First(fields, Numbers), NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            return null;
        int id = (ushort)number;
        string? message = First(fields, Messages);
        string? provider = First(fields, Providers);
        if (provider is null && message is null)
            return null;
        string[] strings = [.. fields.Where(field => IsString(field.Path)).Select(field => field.Value)];
        byte[] data = Data(fields);
        var pasted = PastedEvent.FromParts(provider, id, strings, data);
        // a 4321 has its name in its strings or in its text, and nothing in its data
        if (pasted.Name is null && message is not null && PastedEvent.TryParse($"{(provider is null ? "" : $"Source: {provider}\n")}Event ID: {id}\n{message}", out var read, out _) && (read.Name is not null || data.Length == 0))
            pasted = read;
        string? time = First(fields, Times);
        return new ExplainedEvent(pasted)
        {
            TimeText = time,
            Time = EventLogText.Utc(time),
            Computer = First(fields, Computers),
            RecordNumber = ulong.TryParse(First(fields, Records), NumberStyles.None, CultureInfo.InvariantCulture, out ulong record) ? record : null,
        };
    }

    /// <summary>Paths in small letters; the steps that only JSON made of XML has are left out.</summary>
    private static void Flatten(JsonElement element, string path, List<(string Path, string Value)> fields)
    {
        if (fields.Count >= MaxFields)
            return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    string step = property.Name.ToLowerInvariant();
                    Flatten(property.Value, step is "#text" or "#attributes" or "_source" or "value" ? path : $"{path}.{step.TrimStart('#')}", fields);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (var item in element.EnumerateArray())
                    Flatten(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{index++}"), fields);
                break;
            case JsonValueKind.String:
                fields.Add((path, element.GetString()!));
                break;
            case JsonValueKind.Number:
                fields.Add((path, element.GetRawText()));
                break;
        }
    }

    /// <summary>The value of the first of the names that a field has; a field <c>name</c> counts where it is the provider's.</summary>
    private static string? First(List<(string Path, string Value)> fields, string[] names)
    {
        foreach (string name in names)
        {
            string end = name == "name" ? ".provider.name" : "." + name;
            int at = fields.FindIndex(field => field.Path.EndsWith(end, StringComparison.Ordinal) && field.Value.Length > 0);
            if (at >= 0)
                return fields[at].Value;
        }

        return null;
    }

    /// <summary>Whether a field is an insertion string: <c>param2</c>, or a member of one of the lists that have them.</summary>
    private static bool IsString(string path)
    {
        string[] steps = path.Split('.');
        return (steps[^1].StartsWith("param", StringComparison.Ordinal) && char.IsAsciiDigit(steps[^1][^1])) || (steps.Length > 1 && Lists.Contains(steps[^2]) && steps[^1].All(char.IsAsciiDigit));
    }

    /// <summary>The data: in hex as a field <c>Binary</c>, or octets in decimal as a list <c>Data</c>.</summary>
    private static byte[] Data(List<(string Path, string Value)> fields)
    {
        if (First(fields, ["binary"]) is { } hex)
        {
            try
            {
                return Convert.FromHexString(hex);
            }
            catch (FormatException)
            {
                return [];
            }
        }

        var octets = new List<byte>();
        foreach (var (path, value) in fields)
        {
            string[] steps = path.Split('.');
            if (steps.Length > 1 && steps[^2] == "data" && byte.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                octets.Add(octet);
        }

        return octets.Count >= 4 ? [.. octets] : [];
    }
}
