using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>Scenarios as text in which words are exchanged: what their files say is all that there is to compare.</summary>
internal static class ScenarioWords
{
    /// <summary>Nothing is exchanged.</summary>
    public static readonly Dictionary<string, string> None = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The words by which machines stand in the places of others: names and addresses.</summary>
    /// <param name="hosts">Who stands in whose place; they have as many interfaces.</param>
    /// <returns>The words; <see langword="null"/> where a name is none.</returns>
    public static Dictionary<string, string>? Exchange(IEnumerable<(ScenarioHost Host, ScenarioHost Place)> hosts)
    {
        var words = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase); // names are the same in any case
        foreach (var (host, place) in hosts)
        {
            words[host.Name] = place.Name;
            foreach (var (from, to) in host.Interfaces.Zip(place.Interfaces))
            {
                words[from.Address.ToString()] = to.Address.ToString();
                if (from.Mac is { } mac && to.Mac is { } unit)
                    words[mac.ToString()] = unit.ToString();
            }
        }

        return words.Keys.Any(word => word.Any(IsBetweenWords)) ? null : words;
    }

    /// <summary>
    /// The scenario as text with words exchanged, in an order that does not depend on them: hosts as their text sorts, and the steps of one time by host, each host's in its own order. What is told to people
    /// is left out.
    /// </summary>
    public static string Canonical(Scenario scenario, Dictionary<string, string> words)
    {
        var json = Write(scenario with { Steps = [.. scenario.Steps.SelectMany(CommandOrders.Split).Select(step => step with { Id = null })] });
        var hosts = Take("hosts").Select(host => Renamed(host, words)!.ToJsonString()).Order(StringComparer.Ordinal);
        var steps = Take("steps").Select(step => Renamed(step, words)!).Select(step => (At: step["at"]!.ToJsonString(), Host: step["host"]?.ToJsonString(), Text: step.ToJsonString())).ToList();
        var text = new StringBuilder().AppendJoin('\n', hosts).Append('\n');
        foreach (var time in steps.GroupBy(step => step.At, StringComparer.Ordinal))
            text.AppendJoin('\n', time.OrderBy(step => step.Host, StringComparer.Ordinal).Select(step => step.Text)).Append('\n'); // stable: each host's stay in order
        return text.Append(Renamed(json, words)!.ToJsonString()).ToString();

        List<JsonNode?> Take(string name) => json.Remove(name, out var items) ? [.. items!.AsArray()] : [];
    }

    /// <summary>Steps as texts with words exchanged.</summary>
    public static string[] TextsOf(Scenario scenario, IEnumerable<ScenarioStep> steps, Dictionary<string, string> words)
    {
        var json = Write(scenario with { Segments = [], Routers = [], Hosts = [], Rules = [], Steps = [.. steps.Select(step => step with { Id = null })] });
        return [.. json["steps"]!.AsArray().Select(step => Renamed(step, words)!.ToJsonString())];
    }

    private static JsonObject Write(Scenario scenario)
    {
        using var file = new MemoryStream();
        (scenario with { Name = "alike", Title = "alike", Description = "", Sources = [], Expectations = [], Check = null }).Write(file);
        return JsonNode.Parse(file.ToArray())!.AsObject();
    }

    /// <summary>The same JSON with words exchanged.</summary>
    public static JsonNode? Renamed(JsonNode? node, Dictionary<string, string> words) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Renamed(member.Value, words)))),
        JsonArray items => new JsonArray([.. items.Select(item => Renamed(item, words))]),
        System.Text.Json.Nodes.JsonValue value when value.GetValueKind() == JsonValueKind.String => Renamed(value.GetValue<string>(), words),
        _ => node?.DeepClone(),
    };

    /// <summary>Exchanges whole words: a name with a suffix is one with the suffix behind it, and a name within a longer word is none.</summary>
    private static string Renamed(string text, Dictionary<string, string> words)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0, end; at < text.Length; at = end)
        {
            for (end = at; end < text.Length && !IsBetweenWords(text[end]);)
                end++;
            string word = end == at ? text[at..++end] : text[at..end];
            result.Append(words.GetValueOrDefault(word, word));
        }

        return result.ToString();
    }

    private static bool IsBetweenWords(char one) => one is '<' or '>' or '#' or '"' or ',' or '/' || char.IsWhiteSpace(one);
}
