using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>Lines of JSON about cases, as <c>ndjson.schema.json</c> of NbnsSim.Reports describes them.</summary>
internal static class ConformanceNdjson
{
    /// <summary>A case as it is listed.</summary>
    public static void Write(NdjsonWriter ndjson, ConformanceCase test) => ndjson.Write("conformanceCase", test, static (json, it) =>
    {
        WriteCase(json, it);
        json.WriteTexts("nodeTypes", it.NodeTypes.Select(type => type.ToString()));
        json.WriteBoolean("destructive", it.IsDestructive);
    });

    /// <summary>What became of a case.</summary>
    public static void Write(NdjsonWriter ndjson, ConformanceResult result) => ndjson.Write("conformanceResult", result, static (json, it) =>
    {
        WriteCase(json, it.Case);
        json.WriteString("verdict", it.Verdict.Symbol());
        json.WriteString("words", it.Words);
        if (it.Source is not null)
            json.WriteString("source", it.Source);
        if (it.Profile is not null)
            json.WriteString("profile", it.Profile);
        json.WriteString("expected", it.Expected);
        json.WriteStartArray("exchange");
        foreach (var packet in it.Exchange)
        {
            json.WriteStartObject();
            json.WriteMoment(Instant.Epoch + (packet.Time - it.Started));
            json.WriteString("from", packet.Source.ToString());
            json.WriteString("to", packet.Destination.ToString());
            json.WriteBoolean("broadcast", packet.IsBroadcast);
            json.WriteBoolean("bySubject", packet.IsSubjects);
            json.WriteString("hex", Convert.ToHexStringLower(packet.Octets.AsSpan()));
            json.WriteString("description", NbnsDescription.Describe(packet.Octets.AsSpan()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>What it came to.</summary>
    public static void Write(NdjsonWriter ndjson, ConformanceReport report) => ndjson.Write("conformance", report, static (json, it) =>
    {
        json.WriteString("title", it.Title);
        json.WriteString("subject", it.Subject.ToString());
        json.WriteString("profile", it.Options.Profile.ToString().ToLowerInvariant());
        json.WriteBoolean("strict", it.Options.Strict);
        json.WriteNumber("seed", it.Options.Seed);
        json.WriteBoolean("interrupted", it.IsInterrupted);
        foreach (var verdict in ReportWords.Verdicts)
            json.WriteNumber(verdict.Symbol(), it.Count(verdict));
    });

    private static void WriteCase(Utf8JsonWriter json, ConformanceCase test)
    {
        json.WriteString("id", test.Id);
        json.WriteString("clause", test.Clause);
        json.WriteString("citation", test.Citation);
        json.WriteString("title", test.Title);
        json.WriteString("level", test.Level.Word());
        json.WriteString("role", test.Role.ToString().ToLowerInvariant());
        json.WriteString("says", test.Says);
        json.WriteTexts("also", test.Also);
    }
}
