using System.Diagnostics.CodeAnalysis;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>What dialects do otherwise than others, in text or in NDJSON.</summary>
/// <param name="presets">The dialects.</param>
/// <param name="others">The others; those of another role (a node's, a name server's) are passed over.</param>
public sealed class DialectComparison(IReadOnlyList<DialectPreset> presets, IReadOnlyList<DialectPreset> others) : IReport
{
    private readonly List<(DialectPreset From, DialectPreset To)> _pairs =
        [.. presets.Join(others, one => one.Role, other => other.Role, (one, other) => (one, other), StringComparer.Ordinal)];

    /// <summary>Compares two dialects by their names.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="comparison">What differs; null where nothing is to be compared.</param>
    /// <param name="problem">That there is no such dialect, or that one is a node's and the other a name server's; null where they are compared.</param>
    public static bool TryCreate(string one, string other, [NotNullWhen(true)] out DialectComparison? comparison, [NotNullWhen(false)] out string? problem)
    {
        comparison = null;
        if (!DialectReport.TryFind(one, out var from, out problem) || !DialectReport.TryFind(other, out var to, out problem))
            return false;
        if (new DialectComparison(from, to) is { IsEmpty: false } found)
            comparison = found;
        else
            problem = $"'{from[0].Name}' and '{to[0].Name}' cannot be compared: one is a node's, the other a name server's.";
        return comparison is not null;
    }

    /// <summary>Whether no two are of the same role: they cannot be compared.</summary>
    public bool IsEmpty => _pairs.Count == 0;

    /// <summary>Writes what differs as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (from, to) in _pairs)
        {
            writer.WriteLine($"{from.Title} → {to.Title}", ReportRole.Title);
            foreach (var (before, after) in Differences(from, to))
            {
                writer.WriteLine($"  {before.Name}: {before.Value} → {after.Value}");
                writer.WriteWrapped($"    {before.Value,-16}  ", DialectReport.Basis(before));
                writer.WriteWrapped($"    {after.Value,-16}  ", DialectReport.Basis(after));
                foreach (var rule in before.Rules)
                    writer.WriteWrapped($"    turns {rule.Id}  ", rule.Sentence);
            }
        }
    }

    /// <summary>Writes what differs as NDJSON, a behaviour a line.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var (from, to) in _pairs)
        {
            foreach (var (before, after) in Differences(from, to))
            {
                ndjson.Write("behaviourDifference", (from, before, to, after), static (json, it) =>
                {
                    json.WriteString("role", it.from.Role);
                    json.WriteString("name", it.before.Name);
                    json.WriteStartObject("from");
                    DialectReport.WriteValue(json, it.from, it.before);
                    json.WriteEndObject();
                    json.WriteStartObject("to");
                    DialectReport.WriteValue(json, it.to, it.after);
                    json.WriteEndObject();
                    json.WriteTexts("rules", it.before.Rules.Select(rule => rule.Id));
                });
            }
        }
    }

    private static IEnumerable<(DialectBehaviour Before, DialectBehaviour After)> Differences(DialectPreset from, DialectPreset to) =>
        from.Behaviours.Zip(to.Behaviours).Where(pair => pair.First.Value != pair.Second.Value);
}
