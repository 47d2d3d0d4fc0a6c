using System.Text.Json;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>What dialects do, on what it rests and which rules it turns, in text or in NDJSON.</summary>
/// <param name="presets">The dialects.</param>
public sealed class DialectReport(IReadOnlyList<DialectPreset> presets)
{
    /// <summary>Writes the dialects as text, a line each.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTitles(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var role in presets.GroupBy(preset => preset.Role, StringComparer.Ordinal))
        {
            writer.WriteLine(role.Key == "node" ? "Nodes" : "Name servers", ReportRole.Title);
            foreach (var preset in role)
                writer.WriteLine($"  {preset.Name,-15}  {preset.Title}");
        }
    }

    /// <summary>Writes what each does as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var preset in presets)
        {
            writer.WriteLine(preset.Title, ReportRole.Title);
            foreach (var behaviour in preset.Behaviours)
            {
                string turns = behaviour.Rules.IsEmpty ? "" : $"; turns {string.Join(", ", behaviour.Rules.Select(rule => rule.Id))}";
                writer.WriteWrapped($"  {behaviour.Name,-39}  {behaviour.Value,-16}  ", Basis(behaviour) + turns);
            }
        }
    }

    /// <summary>Writes what each does as NDJSON, a behaviour a line.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var (preset, behaviour) in presets.SelectMany(preset => preset.Behaviours, (preset, behaviour) => (preset, behaviour)))
        {
            ndjson.Write("behaviour", (preset, behaviour), static (json, it) =>
            {
                json.WriteString("role", it.preset.Role);
                json.WriteString("name", it.behaviour.Name);
                WriteValue(json, it.preset, it.behaviour);
                json.WriteTexts("rules", it.behaviour.Rules.Select(rule => rule.Id));
            });
        }
    }

    /// <summary>Writes what others do otherwise as text.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="others">The others; those of another role are passed over.</param>
    /// <returns>Whether any two are of the same role.</returns>
    public bool WriteDifferences(ReportWriter writer, IReadOnlyList<DialectPreset> others)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var pairs = Pairs(others);
        foreach (var (from, to) in pairs)
        {
            writer.WriteLine($"{from.Title} → {to.Title}", ReportRole.Title);
            foreach (var (before, after) in Differences(from, to))
            {
                writer.WriteLine($"  {before.Name}: {before.Value} → {after.Value}");
                writer.WriteWrapped($"    {before.Value,-16}  ", Basis(before));
                writer.WriteWrapped($"    {after.Value,-16}  ", Basis(after));
                foreach (var rule in before.Rules)
                    writer.WriteWrapped($"    turns {rule.Id}  ", rule.Sentence);
            }
        }

        return pairs.Count > 0;
    }

    /// <summary>Writes what others do otherwise as NDJSON, a behaviour a line.</summary>
    /// <param name="ndjson">Where to.</param>
    /// <param name="others">The others; those of another role are passed over.</param>
    /// <returns>Whether any two are of the same role.</returns>
    public bool WriteDifferences(NdjsonWriter ndjson, IReadOnlyList<DialectPreset> others)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        var pairs = Pairs(others);
        foreach (var (from, to) in pairs)
        {
            foreach (var (before, after) in Differences(from, to))
            {
                ndjson.Write("behaviourDifference", (from, before, to, after), static (json, it) =>
                {
                    json.WriteString("role", it.from.Role);
                    json.WriteString("name", it.before.Name);
                    json.WriteStartObject("from");
                    WriteValue(json, it.from, it.before);
                    json.WriteEndObject();
                    json.WriteStartObject("to");
                    WriteValue(json, it.to, it.after);
                    json.WriteEndObject();
                    json.WriteTexts("rules", it.before.Rules.Select(rule => rule.Id));
                });
            }
        }

        return pairs.Count > 0;
    }

    private List<(DialectPreset From, DialectPreset To)> Pairs(IReadOnlyList<DialectPreset> others) =>
        [.. presets.Join(others, one => one.Role, other => other.Role, (one, other) => (one, other), StringComparer.Ordinal)];

    private static IEnumerable<(DialectBehaviour Before, DialectBehaviour After)> Differences(DialectPreset from, DialectPreset to) =>
        from.Behaviours.Zip(to.Behaviours).Where(pair => pair.First.Value != pair.Second.Value);

    private static string Basis(DialectBehaviour behaviour) => $"{behaviour.Basis.Word()}: {behaviour.Source}";

    private static void WriteValue(Utf8JsonWriter json, DialectPreset preset, DialectBehaviour behaviour)
    {
        json.WriteString("dialect", preset.Name);
        json.WriteString("value", behaviour.Value);
        json.WriteString("basis", behaviour.Basis.Word());
        json.WriteString("source", behaviour.Source);
    }
}
