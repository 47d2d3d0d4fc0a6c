using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>What dialects do, on what it rests and which rules it turns, in text or in NDJSON.</summary>
/// <param name="presets">The dialects.</param>
public sealed class DialectReport(IReadOnlyList<DialectPreset> presets) : IReport
{
    /// <summary>Finds a dialect's presets: a node's, a name server's, or both where both have one of that name.</summary>
    /// <param name="name">The dialect.</param>
    /// <param name="found">The presets; none where there is no such dialect.</param>
    /// <param name="problem">That there is none, with those that there are; null where it is found.</param>
    public static bool TryFind(string name, out ImmutableArray<DialectPreset> found, [NotNullWhen(false)] out string? problem)
    {
        found = DialectPreset.Find(name);
        problem = found.IsEmpty ? $"There is no dialect '{VisibleText.Escape(name)}': expected one of {string.Join(", ", DialectPreset.All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal))}." : null;
        return problem is null;
    }

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

    internal static string Basis(DialectBehaviour behaviour) => $"{behaviour.Basis.Word()}: {behaviour.Source}";

    internal static void WriteValue(Utf8JsonWriter json, DialectPreset preset, DialectBehaviour behaviour)
    {
        json.WriteString("dialect", preset.Name);
        json.WriteString("value", behaviour.Value);
        json.WriteString("basis", behaviour.Basis.Word());
        json.WriteString("source", behaviour.Source);
    }
}
