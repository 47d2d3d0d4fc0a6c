using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>query NAME</c>: who has a name.</summary>
internal static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = LiveNames.Argument();
        var scope = LiveNames.Scope();
        var json = Choices.Json();
        var server = Choices.Endpoint("--server", "The name server, or a node, to ask; without it everyone, by broadcast.");
        var broadcast = Choices.Endpoint("--broadcast", "The address to broadcast to; without it that of every network this machine is on.");
        var all = new Option<bool>("--all") { Description = "Wait for everybody's answer to the broadcast, not just the first; so does '*'." };
        var own = new Option<bool>("--own") { Description = "Ask a node for its own names only: no recursion (RD clear)." };
        var command = new Command("query", "Ask who has a NetBIOS name.") { name, scope, server, broadcast, all, own, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(server) is not null && result.GetResult(broadcast) is not null)
                result.AddError("--server and --broadcast exclude each other.");
            if (result.GetValue(all) && (result.GetResult(server) is not null || result.GetValue(own)))
                result.AddError("--all asks by broadcast: it goes with neither --server nor --own.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            terminal, parsed.GetValue(name), parsed.GetValue(scope)!, parsed.GetValue(server), parsed.GetValue(broadcast), parsed.GetValue(all), !parsed.GetValue(own),
            parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, NetBiosName name, NetBiosScope scope, Ipv4Endpoint? server, Ipv4Endpoint? broadcast, bool all, bool recursion, bool asJson, CancellationToken cancellation)
    {
        var dropped = new NbnsDroppedAnswers();
        using var client = new NbnsClient(new NbnsClientOptions
        {
            BroadcastAddresses = broadcast is { } to ? [to.Address] : [],
            Port = broadcast?.Port ?? Ipv4Endpoint.NameServicePort,
            Scope = scope,
            Dropped = dropped.Add,
        });
        bool everybody = all || (name.IsWildcard && server is null);
        var replies = everybody
            ? await LiveNames.TryAsync(() => client.QueryAllAsync(name, cancellation))
            : [await LiveNames.TryAsync(() => client.QueryAsync(name, server, recursion, cancellation))];
        if (asJson)
            ReplyReport.WriteAnswers(terminal.Ndjson, replies);
        else
            ReplyReport.WriteAnswers(terminal.Report, replies);
        if (everybody ? !replies.IsEmpty : replies[0].IsSuccess)
            return ExitCode.Done;
        terminal.Error.WriteLine($"nbnssim: {ReplyReport.NotFound(name, replies)}");
        LiveNames.Report(terminal, dropped);
        return ExitCode.No;
    }
}
