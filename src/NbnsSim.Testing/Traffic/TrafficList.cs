using NbnsSim.Reports;

namespace NbnsSim.Testing.Traffic;

/// <summary>What classes of traffic there are, in text or in NDJSON.</summary>
public sealed class TrafficList : IReport
{
    /// <summary>Writes each class with its kind and what it is, as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int width = TrafficClasses.All.Max(one => one.Id.Length);
        foreach (var one in TrafficClasses.All)
        {
            string kind = one.Kind switch { TrafficKind.Attack => "attack", TrafficKind.Fault => "fault", _ => "near miss" };
            writer.Write($"{one.Id.PadRight(width)}", ReportRole.Title);
            writer.WriteLine($"  {kind,-9}  {one.Meaning}{(one.IsUnknownToDiagnosis ? " (diagnose has no cause for it)" : "")}");
        }
    }

    /// <summary>Writes them as NDJSON, a <c>trafficClass</c> line each.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var one in TrafficClasses.All)
        {
            ndjson.Write("trafficClass", one, static (json, it) =>
            {
                json.WriteString("class", it.Id);
                json.WriteString("kind", TrafficFile.Word(it.Kind));
                json.WriteString("cause", it.Cause.Length > 0 ? it.Cause : null);
                json.WriteString("title", it.Meaning);
            });
        }
    }
}
