using System.Globalization;
using NbnsSim.Captures;

namespace NbnsSim.Cli;

/// <summary>What every command that reads a capture does.</summary>
internal static class CaptureFiles
{
    /// <summary>Opens a capture, or says what it is instead.</summary>
    /// <param name="terminal">Where standard input is.</param>
    /// <param name="path">The file; <c>-</c> for standard input.</param>
    /// <param name="length">The octets to come; 0 where that is not known, as in compressed files.</param>
    public static CaptureReader Open(Terminal terminal, string path, out long length)
    {
        return Open(terminal.OpenFile(path), path, leaveOpen: false, out length);
    }

    /// <summary>Reads a capture from a stream that is open already, or says what it is instead.</summary>
    public static CaptureReader Open(Stream stream, string path, bool leaveOpen, out long length)
    {
        long octets = stream.CanSeek ? stream.Length : 0;
        try
        {
            var capture = CaptureReader.Open(stream, leaveOpen);
            length = capture.IsCompressed ? 0 : octets;
            return capture;
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"{Title(path)}: {e.Message}");
        }
    }

    /// <summary>A capture that can be read from its start again; standard input goes through a temporary file that nobody else sees.</summary>
    public static Stream OpenTwice(Terminal terminal, string path)
    {
        var stream = terminal.OpenFile(path);
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

    /// <summary>What to call the input in messages.</summary>
    public static string Title(string path) => path == "-" ? "standard input" : path;

    /// <summary>Says on standard error where a whole capture had nothing to show.</summary>
    public static void ReportNothing(Terminal terminal, string path, DatagramReader datagrams)
    {
        if (datagrams.DatagramCount > 0 || datagrams.Capture.FrameCount == 0)
            return;
        terminal.Output.Flush();
        terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"nbnssim: {Title(path)}: {datagrams.Capture.FrameCount:N0} frames, none of them with name service packets (tunnels such as GRE are not looked into)."));
    }

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

    /// <summary>Writes source and destination one behind the other, each 4 or 16 octets long.</summary>
    /// <returns>The length of one.</returns>
    public static int CopyAddresses(this in CapturedDatagram datagram, Span<byte> addresses)
    {
        if (datagram.IsIpv6)
        {
            datagram.SourceIpv6.Write(addresses);
            datagram.DestinationIpv6.Write(addresses[16..]);
            return 16;
        }

        datagram.Source.Address.Write(addresses);
        datagram.Destination.Address.Write(addresses[Ipv4Address.Size..]);
        return Ipv4Address.Size;
    }
}
