using System.Collections.Immutable;
using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Rules;
using NbnsSim.Scenarios;

namespace NbnsSim.Learning;

/// <summary>The lessons that ship with this library.</summary>
public static class Lessons
{
    /// <summary>All of them, in the order in which they are taken.</summary>
    public static ImmutableArray<Lesson> All { get; } = Read();

    private static ImmutableArray<Lesson> Read()
    {
        using var stream = typeof(Lessons).Assembly.GetManifestResourceStream("NbnsSim.Learning.lessons.json")!;
        using var json = JsonDocument.Parse(stream);
        return [.. json.RootElement.EnumerateArray().Select(ReadLesson)];
    }

    private static Lesson ReadLesson(JsonElement json) => new(
        Text(json, "name"), Text(json, "title"), Text(json, "scenario"), Time(Text(json, "at")), Text(json, "situation"), Text(json, "question"), RuleOf(Text(json, "rule")),
        [.. json.GetProperty("answers").EnumerateArray().Select(ReadAnswer)]);

    private static LessonAnswer ReadAnswer(JsonElement json) => new(
        Text(json, "text"), ReadClaim(json.GetProperty("claim")),
        json.TryGetProperty("otherwise", out var changes) ? [.. changes.EnumerateArray().Select(change => change.GetString()!)] : [],
        Text(json, "because"));

    private static LessonClaim ReadClaim(JsonElement json)
    {
        if (json.TryGetProperty("packet", out var packet))
            return new NextPacketClaim(Choice<NbnsMessageKind>(packet.GetString()!), Optional(json, "from"));
        if (json.TryGetProperty("event", out var id))
            return new EventClaim(id.GetInt32(), Optional(json, "host"));
        if (json.TryGetProperty("decision", out var rule))
            return new DecisionClaim(RuleOf(rule.GetString()!), Text(json, "host"));
        string state = Text(json, "state");
        return new HoldingClaim(NetBiosName.Parse(Text(json, "holds")), Text(json, "host"), state == "absent" ? null : Choice<LocalNameState>(state));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Instant Time(string text) => ScenarioText.TryInstant(text, out var time) ? time : throw new FormatException($"'{text}' is no time.");

    private static T Choice<T>(string text)
        where T : struct, Enum => ScenarioText.TryEnum(text, out T value) ? value : throw new FormatException($"'{text}' is none of {ScenarioText.Expected<T>()}.");

    private static Rule RuleOf(string id) => RuleBook.Find(id) ?? throw new FormatException($"There is no rule '{id}'.");
}
