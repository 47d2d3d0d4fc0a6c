using System.Text.Json;
using NbnsSim.Comparing;
using NbnsSim.Narrative;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Twins;

namespace NbnsSim.Reports;

/// <summary>A comparison of two runs as lines of JSON.</summary>
internal static class WhatIfNdjson
{
    public static void Write(NdjsonWriter ndjson, Scenario scenario, IReadOnlyList<string> changes, RunComparison comparison, TwinComparison? twin)
    {
        ndjson.Write("whatIf", (scenario, changes, comparison, twin), static (json, it) =>
        {
            json.WriteString("scenario", it.scenario.Name);
            json.WriteTexts("changes", it.changes);
            json.WriteBoolean("changed", it.comparison.IsChanged);
            json.WriteBoolean("same", it.comparison.IsSame);
            json.WriteNumber("notCompared", it.comparison.NotCompared);
            if (it.twin is { } compared)
                json.WriteNumber("agreement", Math.Round(compared.Agreement, 2));
        });
        foreach (var effect in comparison.Effects)
        {
            ndjson.Write("whatIfEffect", effect, static (json, it) =>
            {
                json.WriteString("text", it.Text);
                json.WriteTexts("rules", it.Rules.Select(rule => rule.Id));
                json.WriteNumber("before", it.Before);
                json.WriteNumber("after", it.After);
                json.WriteString("seen", it.Seen);
            });
        }

        foreach (var change in comparison.Events)
            Change(ndjson, "event", WhatIfWords.WordOf(change), change.Host, change.Event.Name, json => Event(json, change));
        foreach (var change in comparison.Holders)
            Change(ndjson, "owner", WordOf(change.Kind), change.Host, change.Name, json => Owner(json, change));
        foreach (var change in comparison.Answers)
            Change(ndjson, "answer", WhatIfWords.WordOf(change), change.Host, change.Name, json => Answer(json, change));
        foreach (var change in comparison.Records)
        {
            Change(ndjson, "record", WhatIfWords.WordOf(change), change.Server, change.Name, json =>
            {
                Record(json, "before", change.Before);
                Record(json, "after", change.After);
            });
        }

        if (comparison.FirstDecision is { } decided)
            Fork(ndjson, "decision", decided.Time, decided.Host, json => Decision(json, "before", comparison.Before, decided.Before), json => Decision(json, "after", comparison.After, decided.After));
        if (comparison.FirstPacket is { } sent)
            Fork(ndjson, "packet", sent.Time, sent.Host, json => Packet(json, "before", sent.Before), json => Packet(json, "after", sent.After));
    }

    private static string WordOf(HolderChangeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static void Change(NdjsonWriter ndjson, string of, string change, string host, Names.NetBiosName name, Action<Utf8JsonWriter> more) => ndjson.Write("whatIfChange", (of, change, host, name, more), static (json, it) =>
    {
        json.WriteString("of", it.of);
        json.WriteString("change", it.change);
        json.WriteString("host", it.host);
        if (it.name != default)
            json.WriteName(it.name);
        it.more(json);
    });

    private static void Event(Utf8JsonWriter json, EventChange change)
    {
        json.WriteMoment(change.Event.Time);
        json.WriteNumber("eventId", change.Event.Id);
        json.WriteString("address", change.Event.Address.ToString());
        if (change.Decision is { } entry)
            json.WriteGrounds(entry.Decision.Rule);
    }

    private static void Owner(Utf8JsonWriter json, HolderChange change)
    {
        json.WriteBoolean("group", change.IsGroup);
        Held(json, "before", change.Before);
        Held(json, "after", change.After);
        if (change.Because is { } entry)
            json.WriteGrounds(entry.Decision.Rule);
    }

    private static void Held(Utf8JsonWriter json, string side, IEnumerable<NameHolding> holdings)
    {
        json.WriteStartObject(side);
        json.WriteStartArray("held");
        foreach (var holding in holdings)
        {
            json.WriteStartObject();
            json.WriteString("since", holding.Since.Time.ToString());
            if (holding.Until is { } until)
                json.WriteString("until", until.Time.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Answer(Utf8JsonWriter json, AnswerChange change)
    {
        json.WriteMoment(change.Step.At);
        json.WriteString("command", change.Step.Description);
        Outcome(json, "before", change.Before);
        Outcome(json, "after", change.After);
        if (change.Because is { } entry)
            json.WriteGrounds(entry.Decision.Rule);
    }

    private static void Outcome(Utf8JsonWriter json, string side, OperationResult? result)
    {
        if (result is null)
            return;
        json.WriteStartObject(side);
        json.WriteString("outcome", result.Outcome.ToString());
        if (result.Responder != default)
            json.WriteString("by", result.Responder.ToString());
        json.WriteTexts("addresses", result.Entries.Select(entry => entry.Address.ToString()));
        json.WriteEndObject();
    }

    private static void Record(Utf8JsonWriter json, string side, NameRecord? record)
    {
        if (record is null)
            return;
        json.WriteStartObject(side);
        json.WriteString("state", record.State.ToString());
        json.WriteTexts("addresses", record.Addresses.Select(member => member.Address.ToString()));
        json.WriteEndObject();
    }

    private static void Fork(NdjsonWriter ndjson, string of, Instant time, string host, Action<Utf8JsonWriter> before, Action<Utf8JsonWriter> after) => ndjson.Write("whatIfFork", (of, time, host, before, after), static (json, it) =>
    {
        json.WriteString("of", it.of);
        json.WriteMoment(it.time);
        json.WriteString("host", it.host);
        it.before(json);
        it.after(json);
    });

    private static void Decision(Utf8JsonWriter json, string side, DecisionHistory history, HistoryEntry? entry)
    {
        if (entry is null)
            return;
        json.WriteStartObject(side);
        json.WriteNumber("number", entry.Number);
        json.WriteGrounds(entry.Decision.Rule);
        if (entry.Decision.Name != default)
            json.WriteName(entry.Decision.Name);
        if (entry.Decision.Peer != default)
            json.WriteString("peer", entry.Decision.Peer.Address.ToString());
        json.WriteString("text", history.Describe(entry));
        json.WriteEndObject();
    }

    private static void Packet(Utf8JsonWriter json, string side, ComparedPacket? packet)
    {
        if (packet is null)
            return;
        json.WriteStartObject(side);
        json.WriteString("source", packet.Source.Address.ToString());
        json.WriteString("destination", packet.Destination.Address.ToString());
        json.WriteString("text", Messages.NbnsDescription.Describe(packet.Payload.AsSpan()));
        json.WriteString("payload", Convert.ToHexStringLower(packet.Payload.AsSpan()));
        json.WriteEndObject();
    }
}
