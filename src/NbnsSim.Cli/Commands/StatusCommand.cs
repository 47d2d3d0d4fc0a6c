using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Names;
using NbnsSim.Nodes;
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
        var command = new Command("status", "List another machine's NetBIOS names (nbtstat -A).") { node };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction((parsed, cancellation) => RunAsync(terminal, parsed.GetValue(node), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Ipv4Endpoint node, CancellationToken cancellation)
    {
        using var client = new NbnsClient();
        var status = await LiveNames.TryAsync(() => client.GetNodeStatusAsync(node, null, cancellation));
        NbtStatNameRow[] rows = [.. (status?.Names ?? []).Select(entry => NbtStatNameRow.FromNodeStatus(entry.Name, entry.Flags))];
        terminal.Output.Write(NbtStat.FormatRemoteNames(LiveNames.LocalAddressTowards(node), NetBiosScope.Empty, rows, status?.UnitId));
        return status is null ? ExitCode.ExpectationNotMet : ExitCode.Done;
    }
}
