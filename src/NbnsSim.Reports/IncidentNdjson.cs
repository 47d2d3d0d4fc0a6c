using NbnsSim.Diagnosis;
using NbnsSim.Protocol;

namespace NbnsSim.Reports;

/// <summary>An incident as a line of NDJSON.</summary>
internal static class IncidentNdjson
{
    public static void Write(NdjsonWriter ndjson, Incident incident, NetBtDialect? dialect) => ndjson.Write("incident", (incident, dialect), static (json, it) =>
    {
        var (incident, dialect) = it;
        json.WriteMoment(incident.Since);
        json.WriteString("until", incident.Until.ToString());
        json.WriteString("cause", incident.Cause.Id);
        json.WriteString("harm", incident.Cause.Harm.ToString());
        json.WriteString("certainty", incident.Certainty.ToString());
        json.WriteString("title", incident.Cause.Title);
        json.WriteString("meaning", incident.Cause.Meaning);
        json.WriteString("advice", incident.Cause.Advice);
        json.WriteString("ruleSource", incident.Cause.Source);
        json.WriteTexts("nameList", incident.Names.Select(name => name.ToString()));
        json.WriteStartArray("machines");
        foreach (var party in incident.Parties)
        {
            json.WriteStartObject();
            json.WriteString("address", party.Address.ToString());
            if (party.ComputerName is not null)
                json.WriteString("computerName", party.ComputerName);
            if (party.Mac is { } mac)
                json.WriteMac(mac);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("frames");
        foreach (long frame in incident.Frames)
            json.WriteNumberValue(frame);
        json.WriteEndArray();
        json.WriteNumber("count", incident.Count);
        json.WriteTexts("grounds", incident.Grounds);
        json.WriteTexts("notKnown", incident.Unknown);
        json.WriteStartArray("ruledOut");
        foreach (var other in incident.RuledOut)
        {
            json.WriteStartObject();
            json.WriteString("cause", other.Cause.Id);
            json.WriteString("because", other.Because);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (var one in incident.Events.Where(one => dialect is null || one.Finding.IsLoggedBy(dialect)))
        {
            json.WriteStartObject();
            json.WriteNumber("eventId", one.Finding.Event!.Id);
            json.WriteString("hostAddress", one.Host == Ipv4Address.Any ? null : one.Host.ToString());
            json.WriteString("name", one.Name.ToString());
            json.WriteString("rule", one.Finding.Event.Rule.Id);
            json.WriteString("basis", one.Finding.Event.Rule.Basis.Word());
            json.WriteTexts("dialects", one.Finding.LoggedBy.Where(preset => dialect is null || preset == dialect).Select(preset => preset.Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
