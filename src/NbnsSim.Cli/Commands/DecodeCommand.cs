using System.CommandLine;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Commands;

/// <summary><c>decode FILE</c>: every name service packet of a capture on a line of its own.</summary>
internal static class DecodeCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim decode trouble.pcapng
              one line for each name service packet: pcap, pcapng or snoop, gzipped or not
          tcpdump -i eth0 -U -w - udp port 137 | nbnssim decode -
              the packets of a running capture as they come
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
        var local = WallClock.Option();
        var summary = new Option<bool>("--summary") { Description = "Print how many packets there are of each kind instead of the packets." };
        var command = new Command("decode", "Print the name service packets of a capture.") { file, name, host, local, json, summary };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(summary))
                result.AddError("--json and --summary exclude each other.");
        });
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(
            terminal, parsed.GetValue(file)!, new Wanted(parsed.GetValue(name), parsed.GetValue(host)), WallClock.Of(terminal, parsed.GetValue(local)),
            parsed.GetValue(json), parsed.GetValue(summary)));
        return command;
    }

    private static int Run(Terminal terminal, string path, Wanted wanted, WallClock clock, bool asJson, bool asSummary)
    {
        using var capture = CaptureFiles.Open(terminal, path, out long length);
        using var datagrams = new DatagramReader(capture, new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        bool found;
        using (var progress = new Progress(terminal, CaptureFiles.Title(path), length))
        {
            // Whoever pipes a running capture in wants to see packets now, not when a buffer is full.
            bool live = path == "-" || terminal.OutputIsTerminal;
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
        var json = new PacketJson(terminal.OutputStream);
        Span<byte> addresses = stackalloc byte[32];
        bool found = false;
        while (datagrams.TryRead(out var datagram))
        {
            progress.Report(datagrams.Capture.Position, datagram.FrameNumber);
            if (!IsNameService(datagram) || !wanted.Includes(datagram))
                continue;
            found = true;
            int size = datagram.CopyAddresses(addresses);
            json.Write(datagram.FrameNumber, datagram.Time, addresses[..size], datagram.SourcePort, addresses.Slice(size, size), datagram.DestinationPort, datagram.Payload, datagram.SourceMac, datagram.DestinationMac);
            if (live)
                json.Flush();
        }

        json.Flush();
        return found;
    }

    private static bool WriteSummary(Terminal terminal, string path, DatagramReader datagrams, Wanted wanted, WallClock clock, Progress progress)
    {
        Span<long> counts = stackalloc long[Enum.GetValues<NbnsMessageKind>().Length];
        counts.Clear();
        long unreadable = 0;
        var first = Instant.MaxValue;
        var last = new Instant(long.MinValue);
        while (datagrams.TryRead(out var datagram))
        {
            progress.Report(datagrams.Capture.Position, datagram.FrameNumber);
            if (!wanted.Includes(datagram))
                continue;
            if (NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _))
                counts[(int)NbnsClassification.Classify(packet)]++;
            else if (IsNameService(datagram))
                unreadable++;
            else
                continue;
            var time = datagram.Time;
            first = time < first ? time : first;
            last = time > last ? time : last;
        }

        long packets = unreadable;
        foreach (long count in counts)
            packets += count;
        var output = terminal.Output;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{CaptureFiles.Title(path)}: {datagrams.Capture.FrameCount:N0} frames, {packets:N0} of them name service packets"));
        if (packets == 0)
            return false;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from {clock.At(first):yyyy-MM-dd HH:mm:ss.ffffff} to {clock.At(last):yyyy-MM-dd HH:mm:ss.ffffff} {clock.Zone(last)}"));
        for (int kind = 0; kind < counts.Length; kind++)
        {
            if (counts[kind] > 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts[kind],14:N0}  {((NbnsMessageKind)kind).Title()}"));
        }

        if (unreadable > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{unreadable,14:N0}  UNREADABLE PACKET"));
        return true;
    }

    private static bool WriteLines(Terminal terminal, DatagramReader datagrams, Wanted wanted, WallClock clock, Progress progress, bool live)
    {
        var lines = new PacketLines(terminal, clock);
        bool found = false;
        while (datagrams.TryRead(out var datagram))
        {
            progress.Report(datagrams.Capture.Position, datagram.FrameNumber);
            if (!IsNameService(datagram) || !wanted.Includes(datagram))
                continue;
            found = true;
            lines.Write(datagram);
            if (live)
                terminal.Output.Flush();
        }

        return found;
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
