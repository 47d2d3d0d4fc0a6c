using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>status ADDRESS</c>: the names of another machine, as <c>nbtstat -A</c> prints them.</summary>
internal static class StatusCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim status 192.168.77.2
              the names of that machine, as Windows' nbtstat -A prints them
          nbnssim status 127.0.0.1:1137
              of a node on another port

        Ends with 1 where nobody answers.
        """;

    public static Command Create(Terminal terminal)
    {
        var node = new Argument<Ipv4Endpoint>("ADDRESS") { Description = "The machine's address, with a port where it is not 137.", CustomParser = Addresses.Parse };
        var scope = LiveNames.Scope();
        var json = LiveNames.Json();
        var command = new Command("status", "List another machine's NetBIOS names (nbtstat -A).") { node, scope, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction((parsed, cancellation) => RunAsync(terminal, parsed.GetValue(node), parsed.GetValue(scope)!, parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Ipv4Endpoint node, NetBiosScope scope, bool asJson, CancellationToken cancellation)
    {
        var dropped = new DroppedAnswers();
        using var client = new NbnsClient(new NbnsClientOptions { Scope = scope, Dropped = dropped.Add });
        var status = await LiveNames.TryAsync(() => client.GetNodeStatusAsync(node, null, cancellation));
        if (status is null)
            dropped.Report(terminal);
        if (asJson)
        {
            Write(terminal, node, scope, status);
            return status is null ? ExitCode.No : ExitCode.Done;
        }

        if (status is null && dropped.Any)
            return ExitCode.No; // "Host not found." would not be true
        NbtStatNameRow[] rows = [.. (status?.Names ?? []).Select(entry => NbtStatNameRow.FromNodeStatus(entry.Name, entry.Flags))];
        terminal.Output.Write(NbtStat.FormatRemoteNames(LiveNames.LocalAddressTowards(node), scope, rows, status?.UnitId));
        return status is null ? ExitCode.No : ExitCode.Done;
    }

    private static void Write(Terminal terminal, Ipv4Endpoint node, NetBiosScope scope, NbnsNodeStatus? status) =>
        terminal.Ndjson.Write("nodeStatus", (node, scope, status), static (json, it) =>
        {
            json.WriteString("address", it.node.Address.ToString());
            json.WriteString("scope", it.scope.ToString());
            json.WriteBoolean("answered", it.status is not null);
            if (it.status is null)
                return;
            if (it.status.UnitId is { } unitId)
                json.WriteString("mac", unitId.ToString().Replace('-', ':').ToLowerInvariant()); // as in packets
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
