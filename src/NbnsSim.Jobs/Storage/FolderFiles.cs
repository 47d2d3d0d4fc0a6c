using System.Text.Json;

namespace NbnsSim.Jobs.Storage;

/// <summary>What the small files of a job's folder hold.</summary>
internal static class FolderFiles
{
    /// <summary>The file <c>facts.json</c> of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="facts">What it came to, as JSON.</param>
    public static ReadOnlySpan<byte> Facts(Shard shard, string facts) => JsonTexts.Object(writer =>
    {
        writer.WriteNumber("weight", shard.Weight);
        writer.WritePropertyName("facts");
        writer.WriteRawValue(facts);
    });

    /// <summary>The file <c>failed.json</c>.</summary>
    /// <param name="failed">The shards that could not be done, by id.</param>
    public static ReadOnlySpan<byte> Failed(IEnumerable<FailedShard> failed) => JsonTexts.Octets(writer =>
    {
        writer.WriteStartArray();
        foreach (var one in failed)
        {
            writer.WriteStartObject();
            writer.WriteString("id", one.Id);
            writer.WriteString("reason", one.Reason);
            writer.WriteNumber("attempts", one.Attempts);
            writer.WriteNumber("weight", one.Weight);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>Reads what <see cref="Failed"/> wrote.</summary>
    public static List<FailedShard> ReadFailed(JsonElement root) => [.. root.EnumerateArray().Select(one => new FailedShard(
        one.GetProperty("id").GetString()!, one.GetProperty("reason").GetString()!, one.GetProperty("attempts").GetInt32(), one.GetProperty("weight").GetInt64()))];

    /// <summary>The file <c>deaths.json</c>: how many processes in a row ended over a shard, by its id.</summary>
    public static ReadOnlySpan<byte> Deaths(IEnumerable<KeyValuePair<string, int>> deaths) => JsonTexts.Object(writer =>
    {
        foreach (var (id, times) in deaths)
            writer.WriteNumber(id, times);
    });

    /// <summary>Reads what <see cref="Deaths"/> wrote.</summary>
    public static Dictionary<string, int> ReadDeaths(JsonElement root) => root.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt32(), StringComparer.Ordinal);
}
