using NbnsSim.Scenarios;

namespace NbnsSim.Reports;

/// <summary>What dialects do otherwise than others, in text or in NDJSON.</summary>
/// <param name="presets">The dialects.</param>
/// <param name="others">The others; those of another role (a node's, a name server's) are passed over.</param>
public sealed class DialectComparison(IReadOnlyList<DialectPreset> presets, IReadOnlyList<DialectPreset> others) : IReport
{
    private readonly List<(DialectPreset From, DialectPreset To)> _pairs =
        [.. presets.Join(others, one => one.Role, other => other.Role, (one, other) => (one, other), StringComparer.Ordinal)];

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
