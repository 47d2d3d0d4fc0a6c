using System.Text.Json;
using NbnsSim.Events;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Rules;

namespace NbnsSim.Cli.Running;

/// <summary>What the replay's printer lays out with.</summary>
internal static class RunPrinter
{
    public static void Heading(Terminal terminal, string title) => terminal.Report.WriteHeading(title);

    public static NbtStatStyle StyleOf(NetBtDialect dialect) => RunReport.StyleOf(dialect);
}

/// <summary>Its lines of JSON.</summary>
internal static class JsonLines
{
    public static string Word(RuleBasis basis) => basis.Word();

    public static void Write<T>(Terminal terminal, string type, T value, Action<Utf8JsonWriter, T> write) => terminal.Ndjson.Write(type, value, write);

    public static void WriteEvent(Terminal terminal, Instant time, string host, Ipv4Address hostAddress, NetBtEvent logged) => terminal.Ndjson.WriteEvent(time, host, hostAddress, logged);

    public static void WriteReason(Terminal terminal, Instant time, string host, NetBtEvent logged, long? frame = null) => terminal.Ndjson.WriteReason(time, host, logged, frame);

    public static void WriteName(Terminal terminal, Instant time, string host, Ipv4Address hostAddress, NbtStatNameRow row) => terminal.Ndjson.WriteName(time, host, hostAddress, row);
}

/// <summary>Its decisions.</summary>
internal static class RunJson
{
    public static void WriteDecision(Terminal terminal, long number, string host, in Decision decision, long frame = 0, long sentFrame = 0) =>
        terminal.Ndjson.WriteDecision(number, host, decision, frame, sentFrame);
}
