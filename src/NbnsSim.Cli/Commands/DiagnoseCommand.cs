using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Reports.Wireshark;

namespace NbnsSim.Cli.Commands;

/// <summary><c>diagnose FILE</c>: who held which name when, and what went wrong, from the wire alone.</summary>
internal static class DiagnoseCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var name = Choices.Names();
        var host = Choices.Host("--host", "Only what has to do with this machine.");
        var logged = new Option<int?>("--event") { HelpName = "ID", Description = "Only what makes a machine log this event, such as 4320." };
        var dialect = Dialects.Option("What the machines behave like, for the events that they log", standard: null);
        var html = new Option<string?>("--html") { HelpName = "OUT.html", Description = "Also write the verdict as one HTML file, with the frames drawn." };
        var annotate = AnnotatedFile.Option(file, "Also write the capture as pcapng, with comments on the frames that prove something; nothing else of it changes.");
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("diagnose", "What is wrong, who did it, what to do, who held which name, and the frames that prove it.") { file, name, host, logged, dialect, html, annotate, local, json };
        var following = new FollowOptions(command);
        command.SetAction(parsed => Run(
            terminal, parsed.GetValue(file)!, following.Of(parsed), new DiagnosisScope
            {
                Names = parsed.GetValue(name),
                Host = parsed.GetValue(host),
                EventId = parsed.GetValue(logged),
                Dialect = parsed.GetValue(dialect) is { } system ? Dialects.Find(system) : null,
            },
            parsed.GetValue(html), parsed.GetValue(annotate), Choices.Clock(terminal, parsed.GetValue(local)), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, Follower? follower, DiagnosisScope scope, string? htmlPath, string? annotatedPath, WallClock clock, bool asJson)
    {
        var report = new DiagnosisReport(CaptureFiles.Title(path), clock) { ReplayHint = "nbnssim replay FILE --as ADDRESS" };
        using var following = follower;
        using var input = htmlPath is null && annotatedPath is null ? null : CaptureFiles.OpenTwice(terminal, path, follower); // its frames are drawn, or copied, from a second reading
        using var capture = input is null ? CaptureFiles.Open(terminal, path, out long length, follower) : CaptureFiles.Open(input, path, leaveOpen: true, out length);
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        using (var progress = new Progress(terminal, CaptureFiles.Title(path), length))
        {
            while (datagrams.TryRead(out var datagram))
            {
                progress.Report(capture.Position, datagram.FrameNumber);
                report.Add(datagram);
            }
        }

        report.Complete(datagrams.RepeatedSightings, scope);
        if (asJson)
            report.Write(terminal.Ndjson);
        else
            report.Write(terminal.Report);
        if (htmlPath is not null)
            WritePage(htmlPath, path, input!, new VerdictPage(CaptureFiles.Title(path), report.Verdict, scope.Dialect, clock));
        if (annotatedPath is not null)
            AnnotatedFile.Write(terminal, annotatedPath, path, input!, VerdictComments.Of(report.Verdict, scope.Dialect));
        bool isNone = scope.About is not null && report.IsEmpty;
        if (isNone && report.HasDatagrams)
            terminal.Error.WriteLine($"nbnssim: this capture shows nothing of {scope.About}.");
        CaptureFiles.ReportNothing(terminal, path, datagrams);
        if (CaptureFiles.ReportDamage(terminal, path, datagrams))
            return ExitCode.BadInput;
        return isNone ? ExitCode.No : report.Verdict.Conclusion switch
        {
            Conclusion.Found => ExitCode.No,
            Conclusion.CannotTell => ExitCode.CannotTell,
            _ => ExitCode.Done,
        };
    }

    private static void WritePage(string htmlPath, string path, Stream input, VerdictPage page)
    {
        input.Position = 0;
        using var capture = CaptureFiles.Open(input, path, leaveOpen: true, out _);
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        while (!page.IsComplete && datagrams.TryRead(out var datagram))
            page.Add(datagram);
        using var output = new StreamWriter(OutputFile.Create(htmlPath)) { NewLine = "\n" };
        page.Write(output);
    }
}
