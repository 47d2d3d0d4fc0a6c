using System.Text.Json.Nodes;

namespace NbnsSim.Vectors.Tests;

/// <summary>Where two JSON values differ, as lines that a failed test prints.</summary>
internal static class JsonDifference
{
    public static IEnumerable<string> Between(JsonNode? wanted, JsonNode? found, string path = "")
    {
        if (wanted is JsonObject one && found is JsonObject other)
        {
            return one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key), StringComparer.Ordinal)
                .SelectMany(key => Between(Part(one, key), Part(other, key), $"{path}.{key}"));
        }

        if (wanted is JsonArray list && found is JsonArray others && list.Count == others.Count)
            return Enumerable.Range(0, list.Count).SelectMany(i => Between(list[i], others[i], $"{path}[{i}]"));
        return JsonNode.DeepEquals(wanted, found) ? [] : [$"{path}: {Text(wanted)} is wanted, {Text(found)} is found"];
    }

    // what is missing is not null: "octets": null says that there is no name
    private static JsonNode? Part(JsonObject json, string key) => json.TryGetPropertyValue(key, out var value) ? value : JsonValue.Create("(missing)");

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";
}
