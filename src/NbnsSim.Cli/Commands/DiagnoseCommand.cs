using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;
using NbnsSim.Reports.Wireshark;

namespace NbnsSim.Cli.Commands;

/// <summary><c>diagnose FILE</c>: who held which name when, and what went wrong, from the wire alone.</summary>
internal static class DiagnoseCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = Choices.Captures("The capture");
        var name = Choices.Names();
        var host = Choices.Host("--host", "Only what has to do with this machine.");
        var logged = new Option<int?>("--event") { HelpName = "ID", Description = "Only what makes a machine log this event, such as 4320." };
        var dialect = Dialects.Option("What the machines behave like, for the events that they log", standard: null);
        var annotate = AnnotatedFile.Option(file, "Also write the capture as pcapng, with comments on the frames that prove something; nothing else of it changes.");
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("diagnose", "What is wrong, who did it, what to do, who held which name, and the frames that prove it.") { file, name, host, logged, dialect, annotate, local, json };
        var drawing = new PictureOptions(command);
        var following = new FollowOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is { Length: > 1 } && following.IsAsked(result))
                result.AddError("--follow reads one file: several are merged by time, and one that has no more for the moment would stop the others.");
        });
        command.SetAction(parsed => Run(
            terminal, parsed.GetValue(file)!, following.Of(parsed), new DiagnosisScope
            {
                Names = parsed.GetValue(name),
                Host = parsed.GetValue(host),
                EventId = parsed.GetValue(logged),
                Dialect = parsed.GetValue(dialect) is { } system ? Dialects.Find(system) : null,
            },
            drawing.Of(parsed), parsed.GetValue(annotate), Choices.Clock(terminal, parsed.GetValue(local)), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, Follower? follower, DiagnosisScope scope, Action<Picture>? draw, string? annotatedPath, WallClock clock, bool asJson)
    {
        string title = CaptureFiles.Title(paths);
        var report = new DiagnosisReport(title, clock) { ReplayHint = "nbnssim replay FILE --as ADDRESS", Files = paths.Length };
        using var following = follower;
        using var inputs = new InputStreams(); // frames are drawn, or copied, from a second reading
        foreach (string path in draw is null && annotatedPath is null ? [] : paths)
            inputs.Add(CaptureFiles.OpenTwice(terminal, path, follower));
        long length = 0;
        using var capture = inputs.Count > 0 ? Again() : CaptureFiles.Merge(paths, path => CaptureFiles.Open(terminal, path, out length, follower));
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        CaptureFiles.ForEach(terminal, title, paths.Length == 1 ? length : 0, datagrams, report.Add);
        report.Complete(datagrams.RepeatedSightings, scope);
        if (asJson)
            report.Write(terminal.Ndjson);
        else
            report.Write(terminal.Report);
        if (draw is not null)
            draw(Picture(Again, report.Draw()));
        if (annotatedPath is not null)
            AnnotatedFile.Write(terminal, annotatedPath, title, Again, VerdictComments.Of(report.Verdict, scope.Dialect));
        bool isNone = scope.About is not null && report.IsEmpty;
        if (isNone && report.HasDatagrams)
            terminal.Error.WriteLine($"nbnssim: this capture shows nothing of {scope.About}.");
        CaptureFiles.ReportNothing(terminal, title, datagrams);
        if (CaptureFiles.ReportDamage(terminal, paths, datagrams))
            return ExitCode.BadInput;
        return isNone ? ExitCode.No : report.Verdict.Conclusion switch
        {
            Conclusion.Found => ExitCode.No,
            Conclusion.CannotTell => ExitCode.CannotTell,
            _ => ExitCode.Done,
        };

        CaptureReader Again()
        {
            int next = 0;
            return CaptureFiles.Merge(paths, path =>
            {
                var input = inputs[next++];
                input.Position = 0;
                return CaptureFiles.Open(input, path, leaveOpen: true, out length);
            });
        }
    }

    private static Picture Picture(Func<CaptureReader> open, CapturePicture picture)
    {
        using var capture = open();
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        while (!picture.IsComplete && datagrams.TryRead(out var datagram))
            picture.Add(datagram);
        return picture.Draw();
    }

    /// <summary>The files that are read twice.</summary>
    private sealed class InputStreams : List<Stream>, IDisposable
    {
        public void Dispose() => ForEach(stream => stream.Dispose());
    }
}
