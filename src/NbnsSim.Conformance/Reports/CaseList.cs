using System.Collections.Immutable;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>Cases as a list: id, level, role and rule.</summary>
/// <param name="cases">The cases.</param>
public sealed class CaseList(ImmutableArray<ConformanceCase> cases) : IReport
{
    /// <summary>Writes them as text, grouped by clause.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var clause in cases.GroupBy(test => test.Clause, StringComparer.Ordinal))
        {
            writer.WriteWrapped("", $"{clause.First().Citation}  {clause.First().Title}", ReportRole.Title);
            foreach (var test in clause)
                writer.WriteWrapped($"  {test.Id,-14} {test.Level.Word(),-6} {test.Role.ToString().ToLowerInvariant(),-6}  ", test.Says);
            writer.WriteLine();
        }

        writer.WriteWrapped("", $"{ReportWords.Count(cases.Length, "case")}. In an id the number counts from 1 for an end node or whoever reads packets, from 51 for a node as it boots, asks and leaves (a client), and from 101 for a name server.");
    }

    /// <summary>Writes them as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var test in cases)
            ConformanceNdjson.Write(ndjson, test);
    }
}
