using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NbnsSim.Jobs;

/// <summary>JSON as jobs write it: names of files and hosts are read by people, so that only what JSON itself demands is escaped.</summary>
internal static class JsonTexts
{
    /// <summary>An object as UTF-8.</summary>
    /// <param name="write">Writes its properties.</param>
    /// <param name="isIndented">Whether it is for reading, over several lines.</param>
    public static byte[] Object(Action<Utf8JsonWriter> write, bool isIndented = false) => Octets(
        writer =>
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        },
        isIndented);

    /// <summary>Any value as UTF-8.</summary>
    /// <param name="write">Writes the value.</param>
    /// <param name="isIndented">Whether it is for reading, over several lines.</param>
    public static byte[] Octets(Action<Utf8JsonWriter> write, bool isIndented = false)
    {
        var octets = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(octets, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = isIndented, NewLine = "\n" }))
            write(writer);
        return octets.WrittenSpan.ToArray();
    }

    /// <summary>Writes an array of strings.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="texts">The strings.</param>
    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
