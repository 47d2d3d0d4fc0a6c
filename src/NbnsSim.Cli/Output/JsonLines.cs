using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NbnsSim.Events;
using NbnsSim.Nodes;
using NbnsSim.Rules;

namespace NbnsSim.Cli;

/// <summary>One JSON object a line. Every object begins with <c>"schemaVersion":1</c>.</summary>
internal static class JsonLines
{
    private const int SchemaVersion = 1;

    /// <summary>Names may hold &lt; and &gt;: escaping them serves web pages, not people who read lines.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What <c>event --json</c> prints.</summary>
    public static void WriteEventData(Terminal terminal, PastedEvent pasted) => WriteLine(terminal, pasted, static (json, pasted) =>
    {
        json.WriteString("type", "eventData");
        WriteNumberOrNull(json, "eventId", pasted.Definition?.Id);
        if ((pasted.Data is { } given ? given.Code : pasted.Definition?.Code) is { } code)
            json.WriteString("code", $"0x{code:X8}");
        else
            json.WriteNull("code");
        json.WriteString("source", NetBtEvent.Source);
        WriteStringOrNull(json, "address", pasted.Address?.ToString());
        if (pasted.Name is { } name)
        {
            json.WriteString("name", name.BaseName);
            json.WriteNumber("suffix", (int)name.Suffix);
            WriteStringOrNull(json, "interfaceAddress", pasted.InterfaceAddress?.ToString());
        }

        WriteStringOrNull(json, "description", pasted.Message);
        json.WriteString("data", pasted.Data is { } data ? Convert.ToHexStringLower(data.Octets) : "");
        json.WriteStartArray("remarks");
        foreach (string remark in pasted.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
    });

    /// <summary>An event in a host's log: what <c>run --json</c> and <c>replay --json</c> print for each.</summary>
    public static void WriteEvent(Terminal terminal, Instant time, string host, Ipv4Address hostAddress, NetBtEvent logged) =>
        WriteLine(terminal, (time, host, hostAddress, logged), static (json, it) =>
        {
            json.WriteString("type", "event");
            json.WriteString("time", it.time.ToString());
            json.WriteString("host", it.host);
            json.WriteString("hostAddress", it.hostAddress.ToString());
            json.WriteNumber("eventId", it.logged.Id);
            json.WriteString("code", $"0x{it.logged.Code:X8}");
            json.WriteString("source", NetBtEvent.Source);
            json.WriteString("address", it.logged.Address.ToString());
            json.WriteString("name", it.logged.Name.BaseName);
            json.WriteNumber("suffix", (int)it.logged.Name.Suffix);
            json.WriteString("data", Convert.ToHexStringLower(it.logged.GetData()));
        });

    /// <summary>Why an event was logged, behind the event's own line; with the frame that set it off, where there is a capture.</summary>
    public static void WriteReason(Terminal terminal, Instant time, string host, NetBtEvent logged, long? frame = null)
    {
        if (logged.Reason is not { } reason)
            return;
        WriteLine(terminal, (time, frame, host, reason), static (json, it) =>
        {
            json.WriteString("type", "reason");
            json.WriteString("time", it.time.ToString());
            if (it.frame is { } frame)
                json.WriteNumber("frame", frame);
            json.WriteString("host", it.host);
            json.WriteString("rule", it.reason.Rule.Id);
            json.WriteString("basis", Word(it.reason.Rule.Basis));
            json.WriteString("ruleSource", it.reason.Rule.Source);
            json.WriteString("explanation", it.reason.Rule.Sentence);
            json.WriteString("sender", it.reason.Sender.Address.ToString());
            json.WriteNumber("transactionId", it.reason.TransactionId);
            json.WriteBoolean("broadcast", it.reason.ByBroadcast);
        });
    }

    /// <summary>A row of a host's name table.</summary>
    public static void WriteName(Terminal terminal, Instant time, string host, Ipv4Address hostAddress, NbtStatNameRow row) =>
        WriteLine(terminal, (time, host, hostAddress, row), static (json, it) =>
        {
            json.WriteString("type", "name");
            json.WriteString("time", it.time.ToString());
            json.WriteString("host", it.host);
            json.WriteString("hostAddress", it.hostAddress.ToString());
            json.WriteString("name", it.row.Name.BaseName);
            json.WriteNumber("suffix", (int)it.row.Name.Suffix);
            json.WriteString("scope", it.row.Name.Scope.ToString());
            json.WriteBoolean("group", it.row.IsGroup);
            json.WriteString("status", it.row.Status.ToString());
        });

    /// <summary>Any other object: its type and what <paramref name="write"/> adds.</summary>
    public static void Write<T>(Terminal terminal, string type, T value, Action<Utf8JsonWriter, T> write) =>
        WriteLine(terminal, (type, value, write), static (json, it) =>
        {
            json.WriteString("type", it.type);
            it.write(json, it.value);
        });

    /// <summary>A basis as people say it.</summary>
    public static string Word(RuleBasis basis) => basis switch { RuleBasis.Documented => "documented", RuleBasis.Observed => "observed", _ => "inferred" };

    private static void WriteStringOrNull(Utf8JsonWriter json, string property, string? value)
    {
        if (value is null)
            json.WriteNull(property);
        else
            json.WriteString(property, value);
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string property, int? value)
    {
        if (value is { } number)
            json.WriteNumber(property, number);
        else
            json.WriteNull(property);
    }

    private static void WriteLine<T>(Terminal terminal, T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            write(json, value);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        terminal.Output.Flush();
        terminal.OutputStream.Write(buffer.WrittenSpan);
    }
}
