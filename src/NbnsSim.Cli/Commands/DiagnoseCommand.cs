using System.CommandLine;
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
        var file = Choices.Captures("The capture");
        var name = Choices.Names();
        var host = Choices.Host("--host", "Only what has to do with this machine.");
        var logged = Choices.Number<int>("--event", "ID", "Only what makes a machine log this event, such as 4320.", most: ushort.MaxValue, text => $"'{text}' is no event's number: expected one such as 4320.");
        var dialect = Choices.Dialect("What the machines behave like, for the events that they log");
        var annotate = AnnotatedFile.Option(file, "Also write the capture as pcapng, with comments on the frames that prove something; nothing else of it changes.");
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("diagnose", "What is wrong, who did it, what to do, who held which name, and the frames that prove it.") { file, name, host, logged, dialect, annotate, local, json };
        var drawing = new PictureOptions(command);
        var following = new FollowOptions(command);
        command.Refuse(
            "--follow reads one file: several are merged by time, and one that has no more for the moment would stop the others.",
            result => result.GetValue(file) is { Length: > 1 } && following.IsAsked(result));
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetValue(file)!;
            var scope = new DiagnosisScope
            {
                Names = parsed.GetValue(name),
                Host = parsed.GetValue(host),
                EventId = parsed.GetValue(logged),
                Dialect = Choices.FindDialect(parsed.GetValue(dialect)),
            };
            var draw = drawing.Of(parsed);
            string? annotated = parsed.GetValue(annotate);
            using var captures = following.Open(terminal, parsed, paths, rereads: draw is not null || annotated is not null);
            var report = new DiagnosisReport(captures.Title, Choices.Clock(terminal, parsed.GetValue(local))) { ReplayHint = "nbnssim replay FILE --as ADDRESS", Files = paths.Length };
            var datagrams = captures.Read(CaptureFile.NameService, report.Add);
            report.Complete(datagrams.RepeatedSightings, scope);
            terminal.Print(report, parsed.GetValue(json));
            if (draw is not null)
            {
                using var again = captures.Open();
                draw(report.Draw(again));
            }

            if (annotated is not null)
                AnnotatedFile.Write(terminal, annotated, captures, VerdictComments.Of(report.Verdict, scope.Dialect));
            bool isNone = scope.About is not null && report.IsEmpty;
            if (isNone && report.HasDatagrams)
                terminal.Say($"This capture shows nothing of {scope.About}.");
            captures.SayWhatIsMissing(datagrams);
            return captures.SayWhatIsDamaged(datagrams) ? ExitCode.BadInput : isNone ? ExitCode.No : report.Verdict.Conclusion switch
            {
                Conclusion.Found => ExitCode.No,
                Conclusion.CannotTell => ExitCode.CannotTell,
                _ => ExitCode.Done,
            };
        });
        return command;
    }
}
