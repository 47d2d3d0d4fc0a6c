using System.CommandLine;
using NbnsSim.Cli.Live;
using NbnsSim.Reports;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>register NAME</c>: a name for this machine at a name server.</summary>
internal static class RegisterCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = Asking.Argument();
        var scope = Asking.Scope();
        var json = Choices.Json();
        var server = Choices.Endpoint("--server", "The name server.");
        server.Required = true;
        var group = new Option<bool>("--group") { Description = "A group name." };
        var release = new Option<bool>("--release") { Description = "Release the name instead." };
        var ttl = Choices.Number("--ttl", "SECONDS", "The time to ask for, in seconds.", uint.MaxValue, text => $"'{text}' is no time to live: expected whole seconds from 0 to {uint.MaxValue}.");
        ttl.DefaultValueFactory = _ => 300_000;
        var command = new Command("register", "Register a name for this machine with a name server, or release it.") { name, scope, server, group, release, ttl, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (wanted, at, isGroup, isRelease) = (parsed.GetValue(name), parsed.GetValue(server)!.Value, parsed.GetValue(group), parsed.GetValue(release));
            var own = NbnsHostInterface.AddressTowards(at);
            var asking = new Asking(terminal);
            var reply = await asking.AskAsync(new NbnsClientOptions { NameServer = at, Port = at.Port, Scope = parsed.GetValue(scope)! }, client => isRelease
                ? client.ReleaseAsync(wanted, own, isGroup, cancellation)
                : client.RegisterAsync(wanted, own, isGroup, parsed.GetValue(ttl)!.Value, cancellation));
            string outcome = ReplyReport.Describe(at, reply, own, isRelease);
            if (parsed.GetValue(json))
                ReplyReport.WriteOutcome(terminal.Ndjson, reply, own, isRelease);
            else if (reply.IsSuccess)
                terminal.Output.WriteLine(outcome);
            return reply.IsSuccess ? ExitCode.Done : asking.Fail(outcome);
        });
        return command;
    }
}
