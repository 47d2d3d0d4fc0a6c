using System.Collections.Immutable;
using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Messages;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>query NAME</c>: who has a name.</summary>
internal static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = Asking.Argument();
        var scope = Asking.Scope();
        var json = Choices.Json();
        var server = Choices.Endpoint("--server", "The name server, or a node, to ask; without it everyone, by broadcast.");
        var broadcast = Choices.Endpoint("--broadcast", "The address to broadcast to; without it that of every network this machine is on.");
        var all = new Option<bool>("--all") { Description = "Wait for everybody's answer to the broadcast, not just the first; so does '*'." };
        var own = new Option<bool>("--own") { Description = "Ask a node for its own names only: no recursion (RD clear)." };
        var command = new Command("query", "Ask who has a NetBIOS name.") { name, scope, server, broadcast, all, own, json };
        command.Refuse("--server and --broadcast exclude each other.", result => result.GetResult(server) is not null && result.GetResult(broadcast) is not null);
        command.Refuse("--all asks by broadcast: it goes with neither --server nor --own.", result => result.GetValue(all) && (result.GetResult(server) is not null || result.GetValue(own)));
        command.SetAction(async (parsed, cancellation) =>
        {
            var (wanted, asked, broadcastAt) = (parsed.GetValue(name), parsed.GetValue(server), parsed.GetValue(broadcast));
            bool everybody = parsed.GetValue(all) || (wanted.IsWildcard && asked is null);
            var options = new NbnsClientOptions { BroadcastAddresses = broadcastAt is { } to ? [to.Address] : [], Port = broadcastAt?.Port ?? Ipv4Endpoint.NameServicePort, Scope = parsed.GetValue(scope)! };
            var asking = new Asking(terminal);
            var replies = await asking.AskAsync<ImmutableArray<NbnsReply>>(options, async client => everybody
                ? await client.QueryAllAsync(wanted, cancellation)
                : [await client.QueryAsync(wanted, asked, !parsed.GetValue(own), cancellation)]);
            if (parsed.GetValue(json))
                ReplyReport.WriteAnswers(terminal.Ndjson, replies);
            else
                ReplyReport.WriteAnswers(terminal.Report, replies);
            return (everybody ? !replies.IsEmpty : replies[0].IsSuccess) ? ExitCode.Done : asking.Fail(ReplyReport.NotFound(wanted, replies));
        });
        return command;
    }
}
