using System.Text.Json;
using NbnsSim.Audit;
using NbnsSim.Diagnosis;

namespace NbnsSim.Reports;

/// <summary>An audit as lines of NDJSON.</summary>
internal static class AuditNdjson
{
    public static void Write(NdjsonWriter ndjson, WinsAuditVerdict verdict)
    {
        foreach (var one in verdict.Dependencies)
            ndjson.Write("auditQuestion", one, Question);
        foreach (var one in verdict.Registrants)
            ndjson.Write("auditRegistrant", one, Registrant);
        foreach (var one in verdict.Roles)
            ndjson.Write("auditRole", one, Role);
        foreach (var one in verdict.Segments)
            ndjson.Write("auditSegment", one, Segment);
        foreach (var one in verdict.Servers)
            ndjson.Write("auditServer", one, Server);
        foreach (var one in verdict.Gaps)
            ndjson.Write("auditGap", one, Gap);
        ndjson.Write("audited", verdict, Sum);
    }

    private static void Question(Utf8JsonWriter json, NameDependency it)
    {
        json.WriteString("outcome", it.Outcome.ToString());
        json.WriteString("client", it.Client.ToString());
        json.WriteString("clientName", it.ClientName);
        json.WriteString("nodeType", it.ClientType?.ToString());
        json.WriteName(it.Name);
        json.WriteBoolean("group", it.IsGroup);
        json.WriteBoolean("byBroadcast", it.AsksByBroadcast);
        json.WriteString("server", it.Server == default ? null : it.Server.ToString());
        json.WriteString("proxy", it.Proxy?.ToString());
        json.WriteTexts("given", it.Given.Select(address => address.ToString()));
        json.WriteNumber("questions", it.Questions);
        Reasons(json, it.Grounds, it.Replacements, it.Frames);
    }

    private static void Registrant(Utf8JsonWriter json, AuditRegistrant it)
    {
        json.WriteString("outcome", it.Outcome.ToString());
        json.WriteString("client", it.Address.ToString());
        json.WriteString("clientName", it.ComputerName);
        json.WriteString("nodeType", it.NodeType?.ToString());
        json.WriteTexts("nameList", it.Names.Select(name => name.ToString()));
        json.WriteBoolean("asks", it.Asks);
        Reasons(json, it.Grounds, it.Replacements, it.Frames);
    }

    private static void Reasons(Utf8JsonWriter json, IReadOnlyList<AuditGround> grounds, IReadOnlyList<AuditReplacement> replacements, IReadOnlyList<long> frames)
    {
        json.WriteStartArray("because");
        foreach (var ground in grounds)
        {
            json.WriteStartObject();
            Rule(json, ground.Rule);
            json.WriteString("text", ground.Text);
            Frames(json, ground.Frames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("instead");
        foreach (var one in replacements)
        {
            json.WriteStartObject();
            Rule(json, one.Rule);
            json.WriteString("text", one.Text);
            json.WriteTexts("lmHosts", one.Lines);
            Frames(json, one.Frames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Frames(json, frames);
    }

    private static void Role(Utf8JsonWriter json, AuditRole it)
    {
        Rule(json, it.Rule);
        json.WriteString("text", it.Rule.Sentence);
        json.WriteName(it.Name);
        json.WriteTexts("holders", it.Holders.Select(address => address.ToString()));
        json.WriteNumber("askers", it.Askers);
        Frames(json, it.Frames);
    }

    private static void Segment(Utf8JsonWriter json, AuditSegment it)
    {
        json.WriteString("subnet", it.Subnet?.ToString());
        json.WriteBoolean("exact", it.IsExact);
        json.WriteBoolean("given", it.IsGiven);
        if (it.Frame != 0)
            json.WriteNumber("frame", it.Frame);
        json.WriteNumber("clients", it.Clients);
        json.WriteNumber("foundAtOnce", it.FoundAtOnce);
        json.WriteNumber("notFound", it.NotFound);
        json.WriteNumber("registrations", it.Registrations);
        json.WriteNumber("releases", it.Releases);
        json.WriteNumber("packets", it.Packets);
        json.WriteNumber("octets", it.Octets);
        json.WriteNumber("packetsPerSecond", it.PacketsPerSecond);
        json.WriteNumber("octetsPerSecond", it.OctetsPerSecond);
        json.WriteNumber("seenNow", it.SeenNow);
    }

    private static void Server(Utf8JsonWriter json, AuditServer it)
    {
        json.WriteString("server", it.Address.ToString());
        json.WriteNumber("frame", it.FirstFrame);
        json.WriteBoolean("answers", it.Answers);
        if (it.LongestLifetime is { } lifetime)
        {
            json.WriteNumber("lifetimeSeconds", (long)lifetime.TotalSeconds);
            json.WriteNumber("lifetimeFrame", it.LifetimeFrame);
        }

        json.WriteBoolean("grantsForEver", it.GrantsForEver);
    }

    private static void Gap(Utf8JsonWriter json, AuditGap it)
    {
        Rule(json, it.Rule);
        json.WriteString("text", it.Text);
        json.WriteString("whatWouldTell", it.WhatWouldTell);
        json.WriteBoolean("preventsYes", it.PreventsYes);
    }

    private static void Sum(Utf8JsonWriter json, WinsAuditVerdict it)
    {
        json.WriteString("answer", it.Answer.ToString());
        json.WriteString("text", it.Sentence);
        json.WriteString("since", it.Since.ToString());
        json.WriteString("until", it.Until.ToString());
        json.WriteNumber("datagrams", it.Datagrams);
        json.WriteString("vantage", it.Vantage.Kind.ToString());
        if (it.Vantage.Kind == VantageKind.OneHost)
            json.WriteString("vantageAddress", it.Vantage.Host.ToString());
        json.WriteNumber("breaks", it.Count(AuditOutcome.Breaks));
        json.WriteNumber("cannotTell", it.Count(AuditOutcome.CannotTell));
        json.WriteNumber("goesOn", it.Count(AuditOutcome.GoesOn));
        json.WriteNumber("noWorse", it.Count(AuditOutcome.NoWorse));
        json.WriteString("busiestMinute", it.BusiestMinute.ToString());
        json.WriteNumber("busiestMinutePackets", it.BusiestMinutePackets);
        json.WriteTexts("lmHosts", it.LmHosts);
    }

    private static void Rule(Utf8JsonWriter json, AuditRule rule)
    {
        json.WriteString("rule", rule.Id);
        json.WriteString("basis", rule.Basis.Word());
        json.WriteString("ruleSource", rule.Source);
    }

    private static void Frames(Utf8JsonWriter json, IReadOnlyList<long> frames)
    {
        json.WriteStartArray("frames");
        foreach (long frame in frames)
            json.WriteNumberValue(frame);
        json.WriteEndArray();
    }
}
