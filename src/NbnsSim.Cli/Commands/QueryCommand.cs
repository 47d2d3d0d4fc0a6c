using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Cli.Live;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Transport;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Commands;

/// <summary><c>query NAME</c>: who has a name.</summary>
internal static class QueryCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim query FILESERVER
              by broadcast on every network this machine is on: the computer's name, suffix 00
          nbnssim query FILESERVER#20 --server 192.168.77.2
              the file server of that name, from a name server
          nbnssim query "LAB#1C" --server 192.168.77.2
              the domain controllers of LAB

          nbnssim query JSMITH#03 --all
              everybody who answers to it: two that hold a unique name are a duplicate
          nbnssim query "*"
              every machine in reach that answers to '*'

        Ends with 1 where nobody has the name.
        """;

    public static Command Create(Terminal terminal)
    {
        var name = LiveNames.Argument();
        var scope = LiveNames.Scope();
        var json = LiveNames.Json();
        var server = Addresses.Option("--server", "The name server, or a node, to ask; without it everyone, by broadcast.");
        var broadcast = new Option<Ipv4Endpoint?>("--broadcast")
        {
            Description = "The address to broadcast to; without it that of every network this machine is on.",
            HelpName = "ADDRESS[:PORT]",
            CustomParser = result => Addresses.Parse(result),
        };
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
        HelpWithExamples.Describe(command, Examples);
        command.SetAction((parsed, cancellation) => RunAsync(
            terminal, parsed.GetValue(name), parsed.GetValue(scope)!, parsed.GetValue(server), parsed.GetValue(broadcast), parsed.GetValue(all), !parsed.GetValue(own),
            parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, NetBiosName name, NetBiosScope scope, Ipv4Endpoint? server, Ipv4Endpoint? broadcast, bool all, bool recursion, bool asJson, CancellationToken cancellation)
    {
        var dropped = new DroppedAnswers();
        using var client = new NbnsClient(new NbnsClientOptions
        {
            BroadcastAddresses = broadcast is { } to ? [to.Address] : [],
            Port = broadcast?.Port ?? Ipv4Endpoint.NameServicePort,
            Scope = scope,
            Dropped = dropped.Add,
        });
        if (all || (name.IsWildcard && server is null))
            return PrintAll(terminal, name, asJson, await LiveNames.TryAsync(() => client.QueryAllAsync(name, cancellation)), dropped);

        var reply = await LiveNames.TryAsync(() => client.QueryAsync(name, server, recursion, cancellation));
        Print(terminal, reply, asJson);
        if (reply.IsSuccess)
            return ExitCode.Done;
        terminal.Error.WriteLine(reply.Outcome == NbnsReplyOutcome.NoAnswer
            ? $"nbnssim: nobody answered for {name}."
            : $"nbnssim: {reply.Responder} says that there is no {name} ({reply.Rcode.Symbol()}).");
        dropped.Report(terminal);
        return ExitCode.No;
    }

    private static int PrintAll(Terminal terminal, NetBiosName name, bool asJson, ImmutableArray<NbnsReply> replies, DroppedAnswers dropped)
    {
        foreach (var reply in replies)
            Print(terminal, reply, asJson);
        if (replies.IsEmpty)
        {
            terminal.Error.WriteLine($"nbnssim: nobody answered for {name}.");
            dropped.Report(terminal);
            return ExitCode.No;
        }

        int owners = replies.Count(reply => reply.Entries.Any(entry => !entry.Flags.IsGroup));
        if (owners > 1 && !name.IsWildcard && !asJson)
        {
            terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{owners} answers, and the name is unique: a duplicate, unless they are one machine's or a proxy's ('status ADDRESS' tells)."));
        }

        return ExitCode.Done;
    }

    private static void Print(Terminal terminal, NbnsReply reply, bool asJson)
    {
        if (asJson)
        {
            terminal.Ndjson.Write("answer", reply, static (json, it) =>
            {
                json.WriteName(it.Name);
                json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(it.Outcome.ToString()));
                if (it.Outcome != NbnsReplyOutcome.NoAnswer)
                {
                    json.WriteString("responder", it.Responder.Address.ToString());
                    json.WriteNumber("rcode", (int)it.Rcode);
                    json.WriteNumber("ttl", it.TimeToLive.Seconds);
                }

                LiveNames.WriteEntries(json, it.Entries);
            });
            return;
        }

        foreach (var entry in reply.Entries)
        {
            terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Address,-15} {reply.Name}  {(entry.Flags.IsGroup ? "group" : "unique")}, {entry.Flags.OwnerNodeType} node, TTL {reply.TimeToLive}, says {reply.Responder}"));
        }
    }
}
