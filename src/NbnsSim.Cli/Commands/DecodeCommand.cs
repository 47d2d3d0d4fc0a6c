using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>decode FILE</c>: every name service packet of a capture on a line of its own.</summary>
internal static class DecodeCommand
{
    private static readonly DatagramReaderOptions NameService = new() { Port = Ipv4Endpoint.NameServicePort }; // each sighting is printed

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var name = Choices.Names();
        var host = Choices.Host("--host", "Only packets from or to this address.");
        var json = Choices.Json("Print one JSON object a line for each packet.");
        var local = Choices.Local();
        var summary = new Option<bool>("--summary") { Description = "Print how many packets there are of each kind instead of the packets." };
        var command = new Command("decode", "Print the name service packets of a capture.") { file, name, host, local, json, summary };
        command.Refuse("--json and --summary exclude each other.", result => result.GetValue(json) && result.GetValue(summary));
        var following = new FollowOptions(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            var wanted = new PacketFilter(parsed.GetValue(name), parsed.GetValue(host));
            var clock = Choices.Clock(terminal, parsed.GetValue(local));
            using var captures = following.Open(terminal, parsed, [path]);
            var counts = parsed.GetValue(summary) ? new PacketSummary() : null;
            // Whoever pipes a running capture in wants to see packets now, not when a buffer is full.
            bool isLive = path == "-" || following.IsAsked(parsed.CommandResult) || terminal.OutputIsTerminal;
            var datagrams = Print(captures, wanted, counts ?? Printer(terminal, parsed.GetValue(json), clock), isLive, out bool found);
            counts?.Write(terminal.Report, captures.Title, datagrams.Capture.FrameCount, clock);
            if (counts is null)
                captures.SayWhatIsMissing(datagrams);
            if (captures.SayWhatIsDamaged(datagrams))
                return ExitCode.BadInput;
            if (found || wanted == default)
                return ExitCode.Done;
            if (datagrams.DatagramCount > 0)
                terminal.Say($"{captures.Title}: {wanted}.");
            return ExitCode.No;
        });
        return command;
    }

    /// <summary>The same for what comes as it happens: every packet is printed at once.</summary>
    internal static int Follow(Terminal terminal, Captures captures, bool asJson) =>
        captures.SayWhatIsDamaged(Print(captures, default, Printer(terminal, asJson, WallClock.Utc), isLive: true, out _)) ? ExitCode.BadInput : ExitCode.Done;

    private static IPacketReport Printer(Terminal terminal, bool asJson, WallClock clock) => asJson ? new PacketNdjson(terminal.OutputStream) : new PacketReport(terminal.Report, clock);

    /// <summary>Prints the packets that are wanted.</summary>
    private static DatagramReader Print(Captures captures, PacketFilter wanted, IPacketReport printer, bool isLive, out bool found)
    {
        bool any = false;
        var datagrams = captures.Read(NameService, (in CapturedDatagram datagram) =>
        {
            if (!CaptureFile.IsNameService(datagram) || !wanted.Includes(datagram))
                return;
            any = true;
            printer.Write(datagram);
            if (isLive)
                printer.Flush();
        });
        printer.Flush();
        found = any;
        return datagrams;
    }
}
