using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Replay;

namespace NbnsSim.Cli;

/// <summary>What every command that reads a capture does.</summary>
internal static class CaptureFiles
{
    /// <summary>Opens a capture, or says what it is instead.</summary>
    /// <param name="terminal">Where standard input is.</param>
    /// <param name="path">The file; <c>-</c> for standard input.</param>
    /// <param name="length">The octets to come; 0 where that is not known, as in compressed files.</param>
    /// <param name="follower">What waits for the file to grow; null to end where it ends.</param>
    public static CaptureReader Open(Terminal terminal, string path, out long length, Follower? follower = null) =>
        Open(OpenFile(terminal, path, follower), path, leaveOpen: false, out length);

    /// <summary>Reads a capture from a stream that is open already, or says what it is instead.</summary>
    public static CaptureReader Open(Stream stream, string path, bool leaveOpen, out long length)
    {
        long octets = stream.CanSeek ? stream.Length : 0;
        try
        {
            var data = CompressedFiles.Open(stream, leaveOpen);
            var capture = CaptureReader.Open(data, leaveOpen && ReferenceEquals(data, stream));
            length = capture.IsCompressed || !data.CanSeek ? 0 : octets;
            return capture;
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"{Title(path)}: {e.Message}");
        }
    }

    /// <summary>A capture that can be read from its start again; standard input, and a file that grows, go through a temporary file that nobody else sees.</summary>
    public static Stream OpenTwice(Terminal terminal, string path, Follower? follower = null)
    {
        var stream = OpenFile(terminal, path, follower);
        if (stream.CanSeek)
            return stream;
        var copy = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.SequentialScan);
        try
        {
            using (stream)
                stream.CopyTo(copy);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static Stream OpenFile(Terminal terminal, string path, Follower? follower)
    {
        var stream = terminal.OpenFile(path);
        return follower is null || path == "-" ? stream : follower.Follow(stream); // a pipe tells by itself when it has ended
    }

    /// <summary>Looks at a datagram.</summary>
    /// <returns>Whether there is more to read.</returns>
    public delegate bool Visit(in CapturedDatagram datagram);

    /// <summary>Reads the name service's IPv4 datagrams of a capture, from its start.</summary>
    /// <returns>Whether it is damaged, which is said where <paramref name="atEnd"/> is given.</returns>
    public static bool Walk(Terminal terminal, string path, Stream input, Visit visit, Action<DatagramReader>? atEnd = null)
    {
        input.Position = 0;
        using var capture = Open(input, path, leaveOpen: true, out long length);
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        using (var progress = new Progress(terminal, Title(path), length))
        {
            while (datagrams.TryRead(out var datagram))
            {
                progress.Report(capture.Position, datagram.FrameNumber);
                if (!datagram.IsIpv6 && !visit(datagram))
                    break;
            }
        }

        atEnd?.Invoke(datagrams);
        return atEnd is not null && ReportDamage(terminal, path, datagrams);
    }

    /// <summary>Whether a file is a capture; else it may be a scenario, as its first character tells.</summary>
    /// <exception cref="BadInputException">It is neither.</exception>
    public static bool IsCapture(Stream input, string path)
    {
        input.Position = 0;
        bool isCapture = CaptureReader.TryOpen(CompressedFiles.Open(input, leaveOpen: true), out var capture, out string? problem, leaveOpen: true);
        capture?.Dispose();
        input.Position = 0;
        if (isCapture)
            return true;
        int first = input.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF) // white space, or UTF-8's mark
            first = input.ReadByte();
        input.Position = 0;
        return first is '{' or '/' ? false : throw new BadInputException($"{Title(path)} is neither a capture nor a scenario. {problem}");
    }

    /// <summary>What to call the input in messages.</summary>
    public static string Title(string path) => path == "-" ? "standard input" : path;

    /// <summary>Says on standard error where a whole capture had nothing to show, and what ICMP quotes in it.</summary>
    public static void ReportNothing(Terminal terminal, string path, DatagramReader datagrams)
    {
        terminal.Output.Flush();
        if (datagrams.QuotedDatagrams is > 0 and var quoted)
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nbnssim: {Title(path)}: ICMP errors quote {quoted:N0} name service packets that could not be delivered; they are no traffic."));
        var capture = datagrams.Capture;
        if (datagrams.DatagramCount > 0 || capture.FrameCount == 0 || capture.FrameCount <= capture.DamageCount)
            return;
        LinkType[] links = [.. capture.Interfaces.Select(one => one.LinkType).Distinct()];
        LinkType[] unread = [.. links.Where(link => link == LinkType.Unknown || !Enum.IsDefined(link))];
        string why = unread.Length == 0
            ? "none of them with name service packets"
            : $"{(unread.Length == links.Length ? "" : "some ")}of link type {string.Join(", ", unread.Take(4).Select(Name))}, which this program does not read";
        terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nbnssim: {Title(path)}: {capture.FrameCount:N0} frames, {why}."));
    }

    /// <summary>A link type's number and what it is, of those that are seen most (tcpdump.org/linktypes.html).</summary>
    private static string Name(LinkType link) => (int)link switch
    {
        3 => "3 (AX.25)",
        106 => "106 (ATM, classical IP)",
        114 => "114 (LocalTalk)",
        123 => "123 (ATM of SunATM)",
        143 => "143 (DOCSIS)",
        147 => "147 (of somebody's own)",
        177 => "177 (Linux LAPD)",
        187 or 201 => $"{(int)link} (Bluetooth)",
        189 or 220 or 249 => $"{(int)link} (USB)",
        195 or 215 or 230 => $"{(int)link} (IEEE 802.15.4)",
        197 => "197 (Endace ERF)",
        224 => "224 (Fibre Channel)",
        227 => "227 (CAN)",
        240 or 241 => $"{(int)link} (netANALYZER)",
        242 => "242 (IP over InfiniBand)",
        247 => "247 (InfiniBand)",
        253 => "253 (Netlink)",
        272 => "272 (Nordic BLE)",
        ushort.MaxValue => "that pcap has no number for",
        var other => other.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Says on standard error what of the capture could not be read.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool ReportDamage(Terminal terminal, string path, DatagramReader datagrams)
    {
        terminal.Output.Flush();
        if (datagrams.Capture.Damage is not { } damage)
            return false;
        terminal.Error.WriteLine($"nbnssim: {Title(path)}: {damage}");
        if (datagrams.Capture.DamageCount > 1)
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nbnssim: {Title(path)}: {datagrams.Capture.DamageCount:N0} damaged places in all."));
        return true;
    }
}
