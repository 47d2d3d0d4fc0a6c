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
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(summary))
                result.AddError("--json and --summary exclude each other.");
        });
        var following = new FollowOptions(command);
        command.SetAction(parsed => Run(
            terminal, parsed.GetValue(file)!, following.Of(parsed), new PacketFilter(parsed.GetValue(name), parsed.GetValue(host)), Choices.Clock(terminal, parsed.GetValue(local)),
            parsed.GetValue(json), parsed.GetValue(summary)));
        return command;
    }

    private static int Run(Terminal terminal, string path, Follower? follower, PacketFilter wanted, WallClock clock, bool asJson, bool asSummary)
    {
        using var following = follower;
        using var capture = CaptureFiles.Open(terminal, path, out long length, follower);
        using var datagrams = new DatagramReader(capture, NameService);
        bool found;
        if (asSummary)
        {
            var summary = new PacketSummary();
            found = ForEach(terminal, path, length, datagrams, wanted, summary.Add);
            summary.Write(terminal.Report, CaptureFiles.Title(path), capture.FrameCount, clock);
        }
        else
        {
            // Whoever pipes a running capture in wants to see packets now, not when a buffer is full.
            found = Print(terminal, path, length, datagrams, wanted, clock, asJson, live: path == "-" || follower is not null || terminal.OutputIsTerminal);
            CaptureFiles.ReportNothing(terminal, path, datagrams);
        }

        if (CaptureFiles.ReportDamage(terminal, path, datagrams))
            return ExitCode.BadInput;
        if (found || wanted == default)
            return ExitCode.Done;
        if (datagrams.DatagramCount > 0)
            terminal.Error.WriteLine($"nbnssim: {CaptureFiles.Title(path)}: {wanted}.");
        return ExitCode.No;
    }

    /// <summary>The same for a stream that comes as it happens: every packet is printed at once.</summary>
    internal static int Follow(Terminal terminal, Stream stream, string title, bool asJson)
    {
        using var capture = CaptureFiles.Open(stream, title, leaveOpen: true, out _);
        using var datagrams = new DatagramReader(capture, NameService);
        Print(terminal, title, 0, datagrams, default, WallClock.Utc, asJson, live: true);
        return CaptureFiles.ReportDamage(terminal, title, datagrams) ? ExitCode.BadInput : ExitCode.Done;
    }

    private static bool Print(Terminal terminal, string path, long length, DatagramReader datagrams, PacketFilter wanted, WallClock clock, bool asJson, bool live)
    {
        var json = new PacketNdjson(terminal.OutputStream);
        var lines = new PacketReport(terminal.Report, clock);
        bool found = ForEach(terminal, path, length, datagrams, wanted, (in CapturedDatagram datagram) =>
        {
            if (asJson)
                json.Write(datagram);
            else
                lines.Write(datagram);
            if (live && asJson)
                json.Flush();
            else if (live)
                terminal.Output.Flush();
        });
        if (asJson)
            json.Flush();
        return found;
    }

    /// <summary>Goes through the packets that are wanted.</summary>
    /// <returns>Whether there is any.</returns>
    private static bool ForEach(Terminal terminal, string path, long length, DatagramReader datagrams, PacketFilter wanted, CaptureFiles.Visit visit)
    {
        bool found = false;
        CaptureFiles.ForEach(terminal, CaptureFiles.Title(path), length, datagrams, (in CapturedDatagram datagram) =>
        {
            if (!CaptureFile.IsNameService(datagram) || !wanted.Includes(datagram))
                return;
            found = true;
            visit(datagram);
        });
        return found;
    }
}
