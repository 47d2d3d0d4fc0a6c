using System.CommandLine;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Commands;

/// <summary><c>watch</c>: the name service packets of a network as they come, printed as <c>decode</c> prints them.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string?>("INTERFACE")
        {
            Description = "The interface, or a file that grows; '-' for a capture from standard input; all interfaces if not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = Choices.Json("Print one JSON object a line for each packet.");
        var command = new Command("watch", "Follow a live exchange, printed as 'decode' prints a capture.") { source, json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(source), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string? source, bool asJson)
    {
        if (source == "-")
            return DecodeCommand.Follow(terminal, terminal.OpenInput(), source, asJson);
        if (source is not null && File.Exists(source))
        {
            using var follower = new Follower(idle: null);
            using var file = follower.Follow(terminal.OpenFile(source));
            return DecodeCommand.Follow(terminal, file, source, asJson);
        }

        using var frames = Open(source);
        using var interrupts = new Interrupts(() =>
        {
            frames.Dispose();
            return true; // what was printed is kept, and the exit code tells of no failure
        });
        terminal.Error.WriteLine($"nbnssim: watching {source ?? "all interfaces"}, UDP port 137; Ctrl+C ends");
        return DecodeCommand.Follow(terminal, frames, source ?? "all interfaces", asJson);
    }

    internal static PacketSocketStream Open(string? source)
    {
        try
        {
            return new PacketSocketStream(source);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new BadInputException($"{e.Message} Elsewhere pipe a capture in: dumpcap -w - -f \"udp port 137\" | nbnssim watch -");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BadInputException($"{e.Message} Or pipe a capture in: tcpdump -U -w - udp port 137 | nbnssim watch -");
        }
        catch (ArgumentException e)
        {
            throw new BadInputException(e.Message.Replace(" (Parameter 'interfaceName')", "", StringComparison.Ordinal));
        }
    }
}
