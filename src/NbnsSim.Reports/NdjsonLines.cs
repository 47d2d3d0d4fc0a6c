using System.Text.Json;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Simulation;

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
            json.WriteMoment(it.decision.Time, it.frame);
            json.WriteNumber("number", it.number);
            json.WriteString("host", it.host);
            json.WriteString("kind", it.decision.Rule.Kind.ToString());
            json.WriteGrounds(it.decision.Rule);
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
            if (it.sentFrame != 0)
                json.WriteNumber("sentFrame", it.sentFrame);
        });

    /// <summary>An event in a machine's log, and why it is there.</summary>
    /// <param name="ndjson">Where to.</param>
    /// <param name="time">When.</param>
    /// <param name="host">Whose log it is.</param>
    /// <param name="hostAddress">Its address.</param>
    /// <param name="logged">The event.</param>
    /// <param name="causedBy">The number of the decision to log it; 0 where it is not known.</param>
    /// <param name="frame">The frame that set it off; 0 where there is no capture.</param>
    public static void WriteEvent(this NdjsonWriter ndjson, Instant time, string host, Ipv4Address hostAddress, NetBtEvent logged, long causedBy = 0, long frame = 0) =>
        ndjson.Write("event", (time, host, hostAddress, logged, causedBy, frame), static (json, it) =>
        {
            json.WriteMoment(it.time, it.frame);
            json.WriteHost(it.host, it.hostAddress);
            json.WriteNumber("eventId", it.logged.Id);
            json.WriteString("code", $"0x{it.logged.Code:X8}");
            json.WriteString("source", NetBtEvent.Source);
            json.WriteString("address", it.logged.Address.ToString());
            json.WriteName(it.logged.Name);
            json.WriteString("data", Convert.ToHexStringLower(it.logged.GetData()));
            if (it.logged.Reason is { } reason)
            {
                json.WriteGrounds(reason.Rule);
                json.WriteString("explanation", reason.Rule.Sentence);
                if (reason.Sender != default)
                {
                    json.WriteString("sender", reason.Sender.Address.ToString());
                    json.WriteNumber("transactionId", reason.TransactionId);
                    json.WriteBoolean("broadcast", reason.ByBroadcast);
                }
            }

            if (it.causedBy != 0)
                json.WriteNumber("causedBy", it.causedBy);
        });

    /// <summary>A row of a machine's name table.</summary>
    public static void WriteState(this NdjsonWriter ndjson, Instant time, string host, Ipv4Address hostAddress, NbtStatNameRow row) =>
        ndjson.Write("state", (time, host, hostAddress, row), static (json, it) =>
        {
            json.WriteMoment(it.time);
            json.WriteHost(it.host, it.hostAddress);
            json.WriteState("node", it.row.Name, it.row.IsGroup, it.row.Status.ToString());
        });

    /// <summary>A record of a name server.</summary>
    public static void WriteRecord(this NdjsonWriter ndjson, Simulator simulator, HostId server, NameRecord record) => ndjson.Write("state", (Simulator: simulator, server, record), static (json, it) =>
    {
        json.WriteMoment(it.Simulator.Now);
        json.WriteHost(it.Simulator, it.server);
        json.WriteState("nameServer", it.record.Name, it.record.IsGroup, it.record.State.ToString());
        json.WriteString("recordType", it.record.Type.ToString());
        json.WriteTexts("addresses", it.record.Addresses.Select(member => member.Address.ToString()));
    });

    /// <summary>Whose knowledge it is, of which name, and how it stands with it.</summary>
    public static void WriteState(this Utf8JsonWriter json, string seenBy, in NetBiosName name, bool isGroup, string state)
    {
        json.WriteString("seenBy", seenBy);
        json.WriteName(name);
        json.WriteBoolean("group", isGroup);
        json.WriteString("state", state);
    }

    /// <summary>A station, spelt as in packets.</summary>
    public static void WriteMac(this Utf8JsonWriter json, MacAddress mac) => json.WriteString("mac", mac.ToString().Replace('-', ':').ToLowerInvariant());

    /// <summary>When, and in which frame of a capture; 0 for none.</summary>
    public static void WriteMoment(this Utf8JsonWriter json, Instant time, long frame = 0)
    {
        json.WriteString("time", time.ToString());
        if (frame != 0)
            json.WriteNumber("frame", frame);
    }

    /// <summary>Which machine.</summary>
    public static void WriteHost(this Utf8JsonWriter json, string host, Ipv4Address address)
    {
        json.WriteString("host", host);
        json.WriteString("hostAddress", address.ToString());
    }

    /// <summary>Which machine of a simulation.</summary>
    public static void WriteHost(this Utf8JsonWriter json, Simulator simulator, HostId host) => json.WriteHost(simulator.NameOf(host), simulator.AddressOf(host));

    /// <summary>By which rule, and on what that rests.</summary>
    public static void WriteGrounds(this Utf8JsonWriter json, Rule rule)
    {
        json.WriteString("rule", rule.Id);
        json.WriteString("basis", rule.Basis.Word());
        json.WriteString("ruleSource", rule.Source);
    }
}
