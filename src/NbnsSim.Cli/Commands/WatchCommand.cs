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
        command.SetAction(parsed =>
        {
            string? from = parsed.GetValue(source);
            if (from == "-" || File.Exists(from))
            {
                using var file = new Captures(terminal, [from], follows: true);
                return DecodeCommand.Follow(terminal, file, parsed.GetValue(json));
            }

            using var frames = Open(from);
            using var interrupts = Interrupts.Do(frames.Dispose);
            from ??= "all interfaces";
            terminal.Say($"watching {from}, UDP port 137; Ctrl+C ends");
            using var captures = new Captures(terminal, [from], open: _ => frames);
            return DecodeCommand.Follow(terminal, captures, parsed.GetValue(json));
        });
        return command;
    }

    internal static PacketSocketStream Open(string? source)
    {
        try
        {
            return new PacketSocketStream(source);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or UnauthorizedAccessException)
        {
            string hint = e is UnauthorizedAccessException ? "Or pipe a capture in: tcpdump -U -w - udp port 137" : "Elsewhere pipe a capture in: dumpcap -w - -f \"udp port 137\"";
            throw new BadInputException($"{e.Message} {hint} | nbnssim watch -");
        }
    }
}
