using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Names;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>register NAME</c>: a name for this machine at a name server.</summary>
internal static class RegisterCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = LiveNames.Argument();
        var scope = LiveNames.Scope();
        var json = Choices.Json();
        var server = Choices.Endpoint("--server", "The name server.");
        server.Required = true;
        var group = new Option<bool>("--group") { Description = "A group name." };
        var release = new Option<bool>("--release") { Description = "Release the name instead." };
        var ttl = Choices.Number("--ttl", "SECONDS", "The time to ask for, in seconds.", uint.MaxValue, text => $"'{text}' is no time to live: expected whole seconds from 0 to {uint.MaxValue}.");
        ttl.DefaultValueFactory = _ => 300_000;
        var command = new Command("register", "Register a name for this machine with a name server, or release it.") { name, scope, server, group, release, ttl, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            terminal, parsed.GetValue(name), parsed.GetValue(scope)!, parsed.GetValue(server)!.Value, parsed.GetValue(group), parsed.GetValue(release), parsed.GetValue(ttl)!.Value, parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, NetBiosName name, NetBiosScope scope, Ipv4Endpoint server, bool group, bool release, uint ttl, bool asJson, CancellationToken cancellation)
    {
        var dropped = new NbnsDroppedAnswers();
        using var client = new NbnsClient(new NbnsClientOptions { NameServer = server, Port = server.Port, Scope = scope, Dropped = dropped.Add });
        var own = NbnsHostInterface.AddressTowards(server);
        var reply = await LiveNames.TryAsync(() => release
            ? client.ReleaseAsync(name, own, group, cancellation)
            : client.RegisterAsync(name, own, group, ttl, cancellation));
        string outcome = ReplyReport.Describe(server, reply, own, release);
        if (asJson)
            ReplyReport.WriteOutcome(terminal.Ndjson, reply, own, release);
        else if (reply.IsSuccess)
            terminal.Output.WriteLine(outcome);
        if (reply.IsSuccess)
            return ExitCode.Done;
        terminal.Error.WriteLine($"nbnssim: {outcome}");
        LiveNames.Report(terminal, dropped);
        return ExitCode.No;
    }
}
