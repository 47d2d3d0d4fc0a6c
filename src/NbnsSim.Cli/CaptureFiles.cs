using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Replay;
using NbnsSim.Reports;

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
            var data = CaptureStreams.Decompress(stream, leaveOpen);
            var capture = CaptureReader.Open(data, leaveOpen && ReferenceEquals(data, stream));
            length = capture.IsCompressed || !data.CanSeek ? 0 : octets;
            return capture;
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"{Title(path)}: {e.Message}");
        }
    }

    /// <summary>Opens several captures as one: merged by time.</summary>
    /// <param name="open">Opens one of them.</param>
    /// <param name="paths">The files.</param>
    public static CaptureReader Merge(IReadOnlyList<string> paths, Func<string, CaptureReader> open)
    {
        if (paths.Count == 1)
            return open(paths[0]);
        var captures = new List<CaptureReader>();
        try
        {
            foreach (string path in paths)
                captures.Add(open(path));
        }
        catch
        {
            captures.ForEach(capture => capture.Dispose());
            throw;
        }

        return CaptureReader.Merge(captures);
    }

    /// <summary>What to call several files in messages.</summary>
    public static string Title(IReadOnlyList<string> paths) => paths.Count == 1
        ? Title(paths[0])
        : paths.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $"{Title(paths[0])} and {paths.Count - 1} more") : string.Join(" and ", paths.Select(Title));

    /// <summary>A capture that can be read from its start again; standard input, and a file that grows, go through a temporary file that nobody else sees.</summary>
    public static Stream OpenTwice(Terminal terminal, string path, Follower? follower = null) => CaptureStreams.Rewindable(OpenFile(terminal, path, follower));

    private static Stream OpenFile(Terminal terminal, string path, Follower? follower)
    {
        var stream = terminal.OpenFile(path);
        return follower is null || path == "-" ? stream : follower.Follow(stream); // a pipe tells by itself when it has ended
    }

    /// <summary>Takes a datagram of a capture.</summary>
    public delegate void Visit(in CapturedDatagram datagram);

    /// <summary>Goes through the datagrams of a capture, with progress.</summary>
    public static void ForEach(Terminal terminal, string title, long length, DatagramReader datagrams, Visit visit)
    {
        using var progress = new Progress(terminal, title, length);
        while (datagrams.TryRead(out var datagram))
        {
            progress.Report(datagrams.Capture.Position, datagram.FrameNumber);
            visit(datagram);
        }
    }

    /// <summary>The two passes of a replay, with progress.</summary>
    public static CapturePasses Passes(Terminal terminal, string path, Stream input)
    {
        Progress? progress = null;
        return new CapturePasses(() =>
        {
            input.Position = 0;
            var capture = Open(input, path, leaveOpen: true, out long length);
            progress = new Progress(terminal, Title(path), length);
            return capture;
        })
        { Progress = (position, frame) => progress!.Report(position, frame), Ended = () => progress!.Dispose() };
    }

    /// <summary>Finds a machine of a capture by its address or its computer name.</summary>
    /// <exception cref="BadInputException">There is none, or several have the name.</exception>
    public static ReplayHost FindHost(CaptureHosts hosts, string host, string path) =>
        hosts.TryFind(host, out var found, out string? problem) ? found : throw new BadInputException($"{Title(path)}: {problem}");

    /// <summary>Whether a file is a capture; else it may be a scenario, as its first character tells.</summary>
    /// <exception cref="BadInputException">It is neither.</exception>
    public static bool IsCapture(Stream input, string path)
    {
        input.Position = 0;
        bool isCapture = CaptureReader.TryOpen(CaptureStreams.Decompress(input, leaveOpen: true), out var capture, out string? problem, leaveOpen: true);
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
        foreach (string remark in UnreadFrames.Remarks(datagrams))
            terminal.Error.WriteLine($"nbnssim: {Title(path)}: {remark}");
    }

    /// <summary>Says on standard error of several captures what of each could not be read, and whose times go back.</summary>
    /// <returns>Whether there was anything that could not be read.</returns>
    public static bool ReportDamage(Terminal terminal, IReadOnlyList<string> paths, DatagramReader datagrams)
    {
        if (paths.Count == 1)
            return ReportDamage(terminal, paths[0], datagrams);
        bool any = false;
        for (int i = 0; i < paths.Count; i++)
        {
            var source = datagrams.Capture.Sources[i];
            any |= ReportDamage(terminal, paths[i], source.Capture.Damage, source.Capture.DamageCount);
            if (source.FramesOutOfOrder > 0)
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nbnssim: {Title(paths[i])}: {source.FramesOutOfOrder:N0} frames are earlier than the one before; they are read in the order of the file."));
        }

        return any;
    }

    /// <summary>Says on standard error what of the capture could not be read.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool ReportDamage(Terminal terminal, string path, DatagramReader datagrams) => ReportDamage(terminal, path, datagrams.Capture.Damage, datagrams.Capture.DamageCount);

    /// <summary>Says on standard error what of the capture could not be read.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool ReportDamage(Terminal terminal, string path, CaptureDamage? damage, long count)
    {
        terminal.Output.Flush();
        foreach (string sentence in UnreadFrames.Damage(damage, count))
            terminal.Error.WriteLine($"nbnssim: {Title(path)}: {sentence}");
        return damage is not null;
    }
}
