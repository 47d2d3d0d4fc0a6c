using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>status ADDRESS</c>: the names of another machine, as <c>nbtstat -A</c> prints them.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var node = Choices.Argument("ADDRESS", "The machine's address, with a port where it is not 137.", Ipv4Endpoint.Parse);
        var scope = Asking.Scope();
        var json = Choices.Json();
        var command = new Command("status", "List another machine's NetBIOS names (nbtstat -A).") { node, scope, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (at, where) = (parsed.GetValue(node), parsed.GetValue(scope)!);
            var asking = new Asking(terminal);
            var status = await asking.AskAsync(new NbnsClientOptions { Scope = where }, client => client.GetNodeStatusAsync(at, null, cancellation));
            int code = status is null ? asking.Fail() : ExitCode.Done;
            if (parsed.GetValue(json) || status is not null || !asking.HasDropped) // else "Host not found." would not be true
                terminal.Print(new NodeStatusReport(at, where, status) { AskedFrom = NbnsHostInterface.AddressTowards(at) }, parsed.GetValue(json));
            return code;
        });
        return command;
    }
}
