using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>status ADDRESS</c>: the names of another machine, as <c>nbtstat -A</c> prints them.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var node = new Argument<Ipv4Endpoint?>("ADDRESS") { Description = "The machine's address, with a port where it is not 137.", Arity = ArgumentArity.ExactlyOne, CustomParser = Choices.Parser(Choices.ParseEndpoint, Choices.NoEndpoint) };
        var scope = LiveNames.Scope();
        var json = Choices.Json();
        var command = new Command("status", "List another machine's NetBIOS names (nbtstat -A).") { node, scope, json };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, parsed.GetValue(node)!.Value, parsed.GetValue(scope)!, parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Ipv4Endpoint node, NetBiosScope scope, bool asJson, CancellationToken cancellation)
    {
        var dropped = new NbnsDroppedAnswers();
        using var client = new NbnsClient(new NbnsClientOptions { Scope = scope, Dropped = dropped.Add });
        var status = await LiveNames.TryAsync(() => client.GetNodeStatusAsync(node, null, cancellation));
        if (status is null)
            LiveNames.Report(terminal, dropped);
        var report = new NodeStatusReport(node, scope, status);
        if (asJson)
            report.Write(terminal.Ndjson);
        else if (status is not null || dropped.Sentences.Count == 0) // else "Host not found." would not be true
            report.Write(terminal.Report, NbnsHostInterface.AddressTowards(node));
        return status is null ? ExitCode.No : ExitCode.Done;
    }
}
