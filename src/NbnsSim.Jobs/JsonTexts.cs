using System.Text.Json;

namespace NbnsSim.Jobs;

/// <summary>Lists of texts in JSON.</summary>
internal static class JsonTexts
{
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
