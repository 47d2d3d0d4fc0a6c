using System.Text.Json;

namespace NbnsSim.Jobs.Storage;

/// <summary>What differs between two specs, in words.</summary>
internal static class SpecDifference
{
    private const int Longest = 60;

    /// <summary>Names each property that differs, with both values: <c>lastSeed is 100 there and 200 here</c>.</summary>
    /// <param name="there">A spec's JSON.</param>
    /// <param name="here">Another's.</param>
    public static string Describe(string there, string here)
    {
        using var one = JsonDocument.Parse(there);
        using var other = JsonDocument.Parse(here);
        var names = Names(one.RootElement).Concat(Names(other.RootElement)).Distinct(StringComparer.Ordinal);
        return string.Join("; ", names.Select(name => (Name: name, There: Text(one.RootElement, name), Here: Text(other.RootElement, name)))
            .Where(pair => pair.There != pair.Here)
            .Select(pair => $"{VisibleText.Escape(pair.Name)} is {Crop(pair.There)} there and {Crop(pair.Here)} here"));
    }

    private static IEnumerable<string> Names(JsonElement spec) => spec.ValueKind == JsonValueKind.Object ? spec.EnumerateObject().Select(property => property.Name) : [];

    private static string Text(JsonElement spec, string name) => spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value) ? value.GetRawText() : "not set";

    private static string Crop(string text) => VisibleText.Escape(text.Length <= Longest ? text : text[..Longest] + "…");
}
