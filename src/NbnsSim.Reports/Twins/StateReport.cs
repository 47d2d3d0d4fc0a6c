using System.Globalization;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports;

/// <summary>What every machine of a run has at the moment: its name table, its cache, what it waits for, and a name server's database.</summary>
/// <param name="run">The run, at the moment that is asked for.</param>
public sealed class StateReport(ScenarioRun run) : IReport
{
    /// <inheritdoc/>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var simulator = run.Simulator;
        writer.WriteHeading($"{run.Scenario.Title} at {RunSeconds.Of(simulator.Now)} s");
        for (int i = 0; i < simulator.HostCount; i++)
        {
            var host = new HostId(i);
            writer.WriteHeading($"{simulator.NameOf(host)}, {simulator.AddressOf(host)}");
            if (!simulator.IsUp(host))
                writer.WriteLine("It is down.");
            if (simulator.NodeOf(host) is { } node)
                WriteNode(writer, node, simulator.Now);
            if (simulator.NameServerOf(host) is { } server)
                WriteServer(writer, server, simulator.Now);
            if (simulator.NodeOf(host) is null && simulator.NameServerOf(host) is null)
                writer.WriteLine("It is neither a node nor a name server, and keeps nothing.");
        }
    }

    /// <inheritdoc/>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        var simulator = run.Simulator;
        for (int i = 0; i < simulator.HostCount; i++)
        {
            var host = new HostId(i);
            string name = simulator.NameOf(host);
            if (simulator.NodeOf(host) is { } node)
            {
                foreach (var row in node.GetNameRows())
                    ndjson.WriteState(simulator.Now, name, simulator.AddressOf(host), row);
                foreach (var row in node.GetCacheRows(simulator.Now))
                    WriteCached(ndjson, simulator, host, row);
                foreach (var pending in node.GetPendingRequests())
                    WritePending(ndjson, simulator, host, "node", pending);
            }

            if (simulator.NameServerOf(host) is not { } server)
                continue;
            foreach (var record in server.GetRecords())
                ndjson.WriteRecord(simulator, host, record);
            foreach (var pending in server.GetPendingRequests())
                WritePending(ndjson, simulator, host, "nameServer", pending);
        }
    }

    private static void WriteNode(ReportWriter writer, EndNode node, Instant now)
    {
        if (node.IsShutDown)
            writer.WriteLine("It is shut down.");
        for (int i = 0; i < node.InterfaceCount; i++)
            writer.WriteBlock(NbtStat.FormatLocalNames(node.GetInterface(i).Address, node.Options.Scope, node.GetNameRows(i), RunReport.StyleOf(node.Options.Dialect), "Local Area Connection"));
        var cached = node.GetCacheRows(now);
        if (cached.Length > 0)
            writer.WriteBlock(NbtStat.FormatCache(node.Address, node.Options.Scope, cached, RunReport.StyleOf(node.Options.Dialect)));
        WritePending(writer, node.GetPendingRequests(), now);
    }

    private static void WriteServer(ReportWriter writer, NameServer server, Instant now)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"names registered with it: {server.Count:N0}"));
        foreach (var record in server.GetRecords())
        {
            string until = record.Expires == Instant.MaxValue ? "for ever" : $"until {RunSeconds.Of(record.Expires)} s";
            writer.WriteWrapped($"   {record.Name.PaddedBaseName}<{(byte)record.Name.Suffix:X2}>  {record.Type,-14}  {record.State,-9}  ", $"{string.Join(", ", record.Addresses.Select(member => member.Address))} {until}");
        }

        WritePending(writer, server.GetPendingRequests(), now);
    }

    private static void WritePending(ReportWriter writer, IReadOnlyList<PendingRequest> all, Instant now)
    {
        foreach (var pending in all)
        {
            string whom = pending.Target == default ? "" : $", {pending.Target}";
            string wait = (pending.Due - now).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
            writer.WriteWrapped("under way: ", $"{pending.Name}: {pending.Doing}{whom}; {(pending.TriesLeft == 0 ? "waits" : string.Create(CultureInfo.InvariantCulture, $"{pending.TriesLeft} more tries"))}, next in {wait} s");
        }
    }

    private static void WriteCached(NdjsonWriter ndjson, Simulator simulator, HostId host, NbtStatCacheRow row) => ndjson.Write("cached", (simulator, host, row), static (json, it) =>
    {
        json.WriteMoment(it.simulator.Now);
        json.WriteHost(it.simulator, it.host);
        json.WriteName(it.row.Name);
        json.WriteBoolean("group", it.row.IsGroup);
        json.WriteString("address", it.row.Address.ToString());
        json.WriteNumber("life", it.row.LifeSeconds);
    });

    private static void WritePending(NdjsonWriter ndjson, Simulator simulator, HostId host, string by, PendingRequest pending) => ndjson.Write("pending", (simulator, host, by, pending), static (json, it) =>
    {
        json.WriteMoment(it.simulator.Now);
        json.WriteHost(it.simulator, it.host);
        json.WriteString("by", it.by);
        json.WriteName(it.pending.Name);
        json.WriteString("doing", it.pending.Doing);
        if (it.pending.Target != default)
            json.WriteString("target", it.pending.Target.ToString());
        json.WriteNumber("transactionId", it.pending.TransactionId);
        json.WriteNumber("triesLeft", it.pending.TriesLeft);
        json.WriteString("due", it.pending.Due.ToString());
    });
}
