using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NbnsSim.Reports;

/// <summary>
/// Newline-delimited JSON (NDJSON): one object a line in UTF-8, each with <c>schemaVersion</c> and <c>type</c>. Characters that do not show are escaped as
/// JSON has it.
/// </summary>
/// <param name="output">Where the lines go; each is given to it whole.</param>
public sealed class NdjsonWriter(Stream output)
{
    /// <summary>The version of the lines' shape: greater where a line means something else than before, not where one has more.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Names may hold &lt; and &gt;: escaping them serves web pages, not people who read lines.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _line = new(512);

    /// <summary>What a line can be: a JSON Schema (draft 2020-12), the package's <c>ndjson.schema.json</c>. It lets no property pass that it does not know.</summary>
    public static string GetSchema()
    {
        using var reader = new StreamReader(typeof(NdjsonWriter).Assembly.GetManifestResourceStream("NbnsSim.Reports.ndjson.schema.json")!);
        return reader.ReadToEnd();
    }

    /// <summary>Writes a line.</summary>
    /// <typeparam name="T">What <paramref name="write"/> gets.</typeparam>
    /// <param name="type">What the line is, such as <c>event</c>.</param>
    /// <param name="value">What it is about.</param>
    /// <param name="write">Writes the other properties.</param>
    public void Write<T>(string type, T value, Action<Utf8JsonWriter, T> write)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(write);
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteString("type", type);
            write(json, value);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        VisibleJson.Write(output, _line.WrittenSpan);
    }
}
