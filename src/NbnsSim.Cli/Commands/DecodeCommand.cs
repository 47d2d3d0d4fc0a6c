using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Reports;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Commands;

/// <summary><c>decode FILE</c>: every name service packet of a capture on a line of its own.</summary>
internal static class DecodeCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim decode trouble.pcapng
              one line for each name service packet: pcap, pcapng, snoop or Network Monitor, compressed or not
          tcpdump -i eth0 -U -w - udp port 137 | nbnssim decode -
              the packets of a running capture as they come
          nbnssim decode growing.pcapng --follow
              those of a file that somebody writes, until Ctrl+C; with --idle 60 until nothing came for a minute
          nbnssim decode trouble.pcapng --name JSMITH --host 10.0.0.2
              only what is about names that begin so, from or to that host
          nbnssim decode trouble.pcapng --summary
              how many packets of which kind, and how long a time they span
          nbnssim decode trouble.pcapng --json | jq -c 'select(.rcode == 6) | [.frame, .source, .records[0].name]'
              who refused which name

        Ends with 1 where no packet is about that name, from or to that host.
        """;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var name = NameFilter.Option();
        var host = new Option<Ipv4Address?>("--host")
        {
            Description = "Only packets from or to this address.",
            HelpName = "ADDRESS",
            CustomParser = result =>
            {
                if (Ipv4Address.TryParse(result.Tokens[0].Value, out var address))
                    return address;
                result.AddError($"'{result.Tokens[0].Value}' is no IPv4 address: expected one such as 10.0.0.1.");
                return null;
            },
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line for each packet." };
        var local = Clocks.Option();
        var summary = new Option<bool>("--summary") { Description = "Print how many packets there are of each kind instead of the packets." };
        var command = new Command("decode", "Print the name service packets of a capture.") { file, name, host, local, json, summary };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(summary))
                result.AddError("--json and --summary exclude each other.");
        });
        var following = new FollowOptions(command);
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(
            terminal, parsed.GetValue(file)!, following.Of(parsed), new Wanted(parsed.GetValue(name), parsed.GetValue(host)), Clocks.Of(terminal, parsed.GetValue(local)),
            parsed.GetValue(json), parsed.GetValue(summary)));
        return command;
    }

    private static int Run(Terminal terminal, string path, Follower? follower, Wanted wanted, WallClock clock, bool asJson, bool asSummary)
    {
        using var following = follower;
        using var capture = CaptureFiles.Open(terminal, path, out long length, follower);
        using var datagrams = new DatagramReader(capture, new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        bool found;
        using (var progress = new Progress(terminal, CaptureFiles.Title(path), length))
        {
            // Whoever pipes a running capture in wants to see packets now, not when a buffer is full.
            bool live = path == "-" || follower is not null || terminal.OutputIsTerminal;
            if (asSummary)
                found = WriteSummary(terminal, path, datagrams, wanted, clock, progress);
            else if (asJson)
                found = WriteJson(terminal, datagrams, wanted, progress, live);
            else
                found = WriteLines(terminal, datagrams, wanted, clock, progress, live);
        }

        if (!asSummary)
            CaptureFiles.ReportNothing(terminal, path, datagrams);
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
        using var datagrams = new DatagramReader(capture, new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        using (var progress = new Progress(terminal, CaptureFiles.Title(title), 0))
        {
            if (asJson)
                WriteJson(terminal, datagrams, default, progress, live: true);
            else
                WriteLines(terminal, datagrams, default, WallClock.Utc, progress, live: true);
        }

        return CaptureFiles.ReportDamage(terminal, title, datagrams) ? ExitCode.BadInput : ExitCode.Done;
    }

    private static bool WriteJson(Terminal terminal, DatagramReader datagrams, Wanted wanted, Progress progress, bool live)
    {
        var json = new PacketNdjson(terminal.OutputStream);
        bool found = false;
        while (TryRead(datagrams, wanted, progress, out var datagram))
        {
            found = true;
            json.Write(datagram);
            if (live)
                json.Flush();
        }

        json.Flush();
        return found;
    }

    private static bool WriteSummary(Terminal terminal, string path, DatagramReader datagrams, Wanted wanted, WallClock clock, Progress progress)
    {
        var summary = new PacketSummary();
        while (TryRead(datagrams, wanted, progress, out var datagram))
            summary.Add(datagram);
        summary.Write(terminal.Report, CaptureFiles.Title(path), datagrams.Capture.FrameCount, clock);
        return summary.Count > 0;
    }

    private static bool WriteLines(Terminal terminal, DatagramReader datagrams, Wanted wanted, WallClock clock, Progress progress, bool live)
    {
        var lines = new PacketReport(terminal.Report, clock);
        bool found = false;
        while (TryRead(datagrams, wanted, progress, out var datagram))
        {
            found = true;
            lines.Write(datagram);
            if (live)
                terminal.Output.Flush();
        }

        return found;
    }

    /// <summary>The next packet that is wanted.</summary>
    private static bool TryRead(DatagramReader datagrams, Wanted wanted, Progress progress, out CapturedDatagram datagram)
    {
        while (datagrams.TryRead(out datagram))
        {
            progress.Report(datagrams.Capture.Position, datagram.FrameNumber);
            if (IsNameService(datagram) && wanted.Includes(datagram))
                return true;
        }

        return false;
    }

    /// <summary>Which packets to print: those about a name, and those from or to a host.</summary>
    private readonly record struct Wanted(NameFilter? Name, Ipv4Address? Host)
    {
        public bool Includes(in CapturedDatagram datagram) =>
            (Host is not { } host || (!datagram.IsIpv6 && (datagram.Source.Address == host || datagram.Destination.Address == host)))
            && (Name is null || (NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _) && packet.Name.TryGetName(out var name) && Name.Fits(name)));

        /// <summary>What there is none of.</summary>
        public override string ToString() =>
            $"no name service packet{(Name is null ? "" : $" is about a name {Name}")}{(Host is not { } host ? "" : Name is null ? $" is from or to {host}" : $" and from or to {host}")}";
    }

    /// <summary>
    /// A datagram between port 137 and another service's port is that service's, unless it can be read as a name service packet: a reply
    /// may go to any port, but a service below 1024 asks from its own.
    /// </summary>
    private static bool IsNameService(in CapturedDatagram datagram)
    {
        int other = datagram.SourcePort == Ipv4Endpoint.NameServicePort ? datagram.DestinationPort : datagram.SourcePort;
        return other is Ipv4Endpoint.NameServicePort or >= 1024 || NbnsPacket.TryParseLenient(datagram.Payload, out _, out _);
    }
}
