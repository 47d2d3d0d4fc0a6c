using System.Text.Json;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Reports;

/// <summary>Lines and properties that several reports have, so that each is spelt the same in all of them.</summary>
internal static class NdjsonLines
{
    /// <summary>A basis as people say it.</summary>
    public static string Word(this RuleBasis basis) => basis switch { RuleBasis.Documented => "documented", RuleBasis.Observed => "observed", _ => "inferred" };

    /// <summary>The properties of a name.</summary>
    public static void WriteName(this Utf8JsonWriter json, in NetBiosName name)
    {
        json.WriteString("name", name.BaseName);
        json.WriteNumber("suffix", (int)name.Suffix);
        json.WriteString("scope", name.Scope.ToString());
    }

    /// <summary>An array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string property, IEnumerable<string> texts)
    {
        json.WriteStartArray(property);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>A decision: who, by which rule, about what, and what set it off.</summary>
    public static void WriteDecision(this NdjsonWriter ndjson, long number, string host, in Decision decision, long frame = 0, long sentFrame = 0) =>
        ndjson.Write("decision", (number, host, decision, frame, sentFrame), static (json, it) =>
        {
            json.WriteString("time", it.decision.Time.ToString());
            json.WriteNumber("number", it.number);
            json.WriteString("host", it.host);
            json.WriteString("rule", it.decision.Rule.Id);
            json.WriteString("kind", it.decision.Rule.Kind.ToString());
            json.WriteString("basis", it.decision.Rule.Basis.Word());
            json.WriteString("ruleSource", it.decision.Rule.Source);
            if (it.decision.Name != default)
            {
                json.WriteName(it.decision.Name);
                json.WriteBoolean("group", it.decision.IsGroup);
            }

            if (it.decision.Peer != default)
                json.WriteString("peer", it.decision.Peer.Address.ToString());
            if (it.decision.Address != default)
                json.WriteString("address", it.decision.Address.ToString());
            if (it.decision.TransactionId != 0)
                json.WriteNumber("transactionId", it.decision.TransactionId);
            if (it.decision.Tries > 0)
            {
                json.WriteNumber("try", it.decision.Try);
                json.WriteNumber("tries", it.decision.Tries);
            }

            json.WriteString("cause", it.decision.Cause.Kind.ToString());
            if (it.decision.Cause.Decision != 0)
                json.WriteNumber("causedBy", it.decision.Cause.Decision);
            if (it.decision.Event is { } logged)
                json.WriteNumber("logs", logged.Id);
            if (it.frame != 0)
                json.WriteNumber("frame", it.frame);
            if (it.sentFrame != 0)
                json.WriteNumber("sentFrame", it.sentFrame);
        });

    /// <summary>An event in a host's log.</summary>
    public static void WriteEvent(this NdjsonWriter ndjson, Instant time, string host, Ipv4Address hostAddress, NetBtEvent logged) =>
        ndjson.Write("event", (time, host, hostAddress, logged), static (json, it) =>
        {
            json.WriteString("time", it.time.ToString());
            json.WriteString("host", it.host);
            json.WriteString("hostAddress", it.hostAddress.ToString());
            json.WriteNumber("eventId", it.logged.Id);
            json.WriteString("code", $"0x{it.logged.Code:X8}");
            json.WriteString("source", NetBtEvent.Source);
            json.WriteString("address", it.logged.Address.ToString());
            json.WriteString("name", it.logged.Name.BaseName);
            json.WriteNumber("suffix", (int)it.logged.Name.Suffix);
            json.WriteString("data", Convert.ToHexStringLower(it.logged.GetData()));
        });

    /// <summary>Why an event was logged, behind the event's own line; with the frame that set it off, where there is a capture.</summary>
    public static void WriteReason(this NdjsonWriter ndjson, Instant time, string host, NetBtEvent logged, long? frame = null)
    {
        if (logged.Reason is not { } reason)
            return;
        ndjson.Write("reason", (time, frame, host, reason), static (json, it) =>
        {
            json.WriteString("time", it.time.ToString());
            if (it.frame is { } frame)
                json.WriteNumber("frame", frame);
            json.WriteString("host", it.host);
            json.WriteString("rule", it.reason.Rule.Id);
            json.WriteString("basis", it.reason.Rule.Basis.Word());
            json.WriteString("ruleSource", it.reason.Rule.Source);
            json.WriteString("explanation", it.reason.Rule.Sentence);
            json.WriteString("sender", it.reason.Sender.Address.ToString());
            json.WriteNumber("transactionId", it.reason.TransactionId);
            json.WriteBoolean("broadcast", it.reason.ByBroadcast);
        });
    }

    /// <summary>A row of a host's name table.</summary>
    public static void WriteName(this NdjsonWriter ndjson, Instant time, string host, Ipv4Address hostAddress, NbtStatNameRow row) =>
        ndjson.Write("name", (time, host, hostAddress, row), static (json, it) =>
        {
            json.WriteString("time", it.time.ToString());
            json.WriteString("host", it.host);
            json.WriteString("hostAddress", it.hostAddress.ToString());
            json.WriteName(it.row.Name);
            json.WriteBoolean("group", it.row.IsGroup);
            json.WriteString("status", it.row.Status.ToString());
        });
}
