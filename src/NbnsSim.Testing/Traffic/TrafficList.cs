using System.Collections.Immutable;
using NbnsSim.Reports;

namespace NbnsSim.Testing.Traffic;

/// <summary>What classes of traffic there are, in text or in NDJSON.</summary>
/// <param name="classes">Which of them; all by default, and where it is empty.</param>
public sealed class TrafficList(ImmutableArray<TrafficClass> classes = default) : IReport
{
    private static readonly (TrafficKind Kind, string Title)[] s_kinds =
    [
        (TrafficKind.Attack, "Attacks: somebody does harm on purpose, or prepares it"),
        (TrafficKind.Fault, "Faults: something is set up wrongly, has failed or is in the way of something else"),
        (TrafficKind.NearMiss, "Near misses: what looks like one of those and harms nobody"),
    ];

    private readonly ImmutableArray<TrafficClass> _classes = classes.IsDefaultOrEmpty ? TrafficClasses.All : classes;

    /// <summary>Writes each class with what it is and what <c>diagnose</c> makes of it, by kind, as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int width = _classes.Max(one => one.Id.Length);
        foreach (var (kind, title) in s_kinds)
        {
            if (_classes.All(one => one.Kind != kind))
                continue;
            writer.WriteHeading(title);
            foreach (var one in _classes.Where(one => one.Kind == kind))
            {
                writer.WriteWrapped($"  {one.Id.PadRight(width)}  ", one.Meaning);
                writer.WriteWrapped(new string(' ', width + 4), Told(one));
            }
        }
    }

    /// <summary>Writes them as NDJSON, a <c>trafficClass</c> line each.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var one in _classes)
        {
            ndjson.Write("trafficClass", one, static (json, it) =>
            {
                json.WriteString("class", it.Id);
                json.WriteString("kind", TrafficFile.Word(it.Kind));
                json.WriteString("cause", it.Cause.Length > 0 ? it.Cause : null);
                json.WriteString("title", it.Meaning);
                json.WriteStartArray("toldAs");
                foreach (string cause in it.ToldAs)
                    json.WriteStringValue(cause);
                json.WriteEndArray();
                if (it.IsUnknownToDiagnosis)
                    json.WriteString("whyUntold", it.WhyUntold);
            });
        }
    }

    private static string Told(TrafficClass one) => one switch
    {
        { IsUnknownToDiagnosis: true } => $"diagnose tells nothing: {one.WhyUntold}",
        { ToldAs: [] } => "diagnose tells nothing that does harm",
        _ => $"diagnose tells {string.Join(" or ", one.ToldAs)}",
    };
}
