using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NbnsSim.Events;

namespace NbnsSim.Cli;

/// <summary>One JSON object a line. Every object begins with <c>"schemaVersion":1</c>.</summary>
internal static partial class JsonLines
{
    private const int SchemaVersion = 1;

    /// <summary>Names may hold &lt; and &gt;: escaping them serves web pages, not people who read lines.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What <c>event --json</c> prints.</summary>
    public static void WriteEventData(Terminal terminal, NetBtEventData data) => WriteLine(terminal, data, static (json, data) =>
    {
        json.WriteString("type", "eventData");
        WriteNumberOrNull(json, "eventId", data.Definition?.Id);
        if (data.Code is { } code)
            json.WriteString("code", $"0x{code:X8}");
        else
            json.WriteNull("code");
        json.WriteString("source", NetBtEvent.Source);
        if (data.Address is { } address)
            json.WriteString("address", address.ToString());
        else
            json.WriteNull("address");
        json.WriteString("data", Convert.ToHexStringLower(data.Octets));
        json.WriteStartArray("remarks");
        foreach (string remark in data.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
    });

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
