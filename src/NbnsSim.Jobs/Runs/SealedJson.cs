using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NbnsSim.Jobs.Runs;

/// <summary>A small file of JSON that carries the SHA-256 of its content: who reads it sees whether it is what was written.</summary>
internal static class SealedJson
{
    /// <summary>The file's octets.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        string content = JsonSerializer.Serialize(value, type);
        return JsonTexts.Object(writer =>
        {
            writer.WriteString("sha256", SumOf(content));
            writer.WritePropertyName("content");
            writer.WriteRawValue(content);
        });
    }

    /// <summary>Reads a file.</summary>
    /// <returns>Its content; null where it is not there or not what was written.</returns>
    public static T? TryRead<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var content = document.RootElement.GetProperty("content");
            return document.RootElement.GetProperty("sha256").GetString() == SumOf(content.GetRawText()) ? content.Deserialize(type) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static string SumOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
