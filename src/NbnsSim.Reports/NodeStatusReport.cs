using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;

namespace NbnsSim.Reports;

/// <summary>What a machine says of its names, as <c>nbtstat -A</c> prints it or in NDJSON.</summary>
/// <param name="node">Who was asked.</param>
/// <param name="scope">In which scope.</param>
/// <param name="status">The answer; null for none.</param>
public sealed class NodeStatusReport(Ipv4Endpoint node, NetBiosScope scope, NbnsNodeStatus? status) : IReport
{
    /// <summary>The address that was asked from, which <c>nbtstat -A</c> prints.</summary>
    public Ipv4Address AskedFrom { get; init; }

    /// <summary>Writes it as <c>nbtstat -A</c> does.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        NbtStatNameRow[] rows = [.. (status?.Names ?? []).Select(entry => NbtStatNameRow.FromNodeStatus(entry.Name, entry.Flags))];
        writer.WriteBlock(NbtStat.FormatRemoteNames(AskedFrom, scope, rows, status?.UnitId));
    }

    /// <summary>Writes it as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write("nodeStatus", (node, scope, status), static (json, it) =>
        {
            json.WriteString("address", it.node.Address.ToString());
            json.WriteString("scope", it.scope.ToString());
            json.WriteBoolean("answered", it.status is not null);
            if (it.status is null)
                return;
            if (it.status.UnitId is { } unitId)
                json.WriteMac(unitId);
            else
                json.WriteNull("mac");
            json.WriteBoolean("truncated", it.status.IsTruncated);
            json.WriteStartArray("names");
            foreach (var entry in it.status.Names)
            {
                json.WriteStartObject();
                json.WriteString("name", entry.Name.BaseName);
                json.WriteNumber("suffix", (int)entry.Name.Suffix);
                json.WriteBoolean("group", entry.Flags.IsGroup);
                json.WriteBoolean("conflict", entry.Flags.IsInConflict);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
