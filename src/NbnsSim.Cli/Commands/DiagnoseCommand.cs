using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>diagnose FILE</c>: who held which name when, and what went wrong, from the wire alone.</summary>
internal static class DiagnoseCommand
{
    private const string Examples =
        """
        Examples:
          nbnssim diagnose trouble.pcapng
              who held which name when, who was refused one, who released another's, and the frames that prove it
          nbnssim diagnose trouble.pcapng --name JSMITH
              only names that begin so; --name "JSMITH<03>" only that one
          nbnssim diagnose growing.pcapng --follow
              reads on as the file grows, and tells at Ctrl+C; with --idle 60 when nothing came for a minute

        Ends with 1 where the capture shows nothing of that name.
        """;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var name = NameFilter.Option();
        var local = Clocks.Option();
        var json = new Option<bool>("--json") { Description = "Print JSON objects, one a line." };
        var command = new Command("diagnose", "Who held which name when, what went wrong, and the frames that prove it.") { file, name, local, json };
        var following = new FollowOptions(command);
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(terminal, parsed.GetValue(file)!, following.Of(parsed), parsed.GetValue(name), Clocks.Of(terminal, parsed.GetValue(local)), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, Follower? follower, NameFilter? wanted, WallClock clock, bool asJson)
    {
        var report = new DiagnosisReport(CaptureFiles.Title(path), clock);
        using var following = follower;
        using var capture = CaptureFiles.Open(terminal, path, out long length, follower);
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        using (var progress = new Progress(terminal, CaptureFiles.Title(path), length))
        {
            while (datagrams.TryRead(out var datagram))
            {
                progress.Report(capture.Position, datagram.FrameNumber);
                report.Add(datagram);
            }
        }

        report.Complete(datagrams.RepeatedSightings, wanted is null ? null : name => wanted.Fits(name), wanted?.ToString());
        if (asJson)
            report.Write(terminal.Ndjson);
        else
            report.Write(terminal.Report);
        bool isNone = wanted is not null && report.IsEmpty;
        if (isNone && report.HasDatagrams)
            terminal.Error.WriteLine($"nbnssim: this capture shows nothing of a name {wanted}.");
        CaptureFiles.ReportNothing(terminal, path, datagrams);
        return CaptureFiles.ReportDamage(terminal, path, datagrams) ? ExitCode.BadInput : isNone ? ExitCode.No : ExitCode.Done;
    }
}
