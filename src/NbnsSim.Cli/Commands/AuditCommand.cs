using System.CommandLine;
using NbnsSim.Audit;
using NbnsSim.Files;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>audit FILE…</c>: may the name server be switched off?</summary>
internal static class AuditCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = Choices.Captures("The capture, best taken at the name server for a week");
        var subnets = Choices.Several<Ipv4Subnet>("--subnet", "A.B.C.D/N", "A subnet, a broadcast area of its own; may be given several times.", (text, _) => Ipv4Subnet.Parse(text));
        var csv = new Option<string?>("--csv") { HelpName = "OUT.csv", Description = "Also write it as a table, a row for each client and name." };
        var html = new Option<string?>("--html") { HelpName = "OUT.html", Description = "Also write it as one HTML file." };
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("audit", "Whether the name server (WINS) may be switched off: who depends on it for what, and what to do instead.") { files, subnets, csv, html, local, json };
        command.SetAction(parsed =>
        {
            using var captures = new Captures(terminal, parsed.GetValue(files)!);
            var options = new WinsAuditOptions { Subnets = [.. parsed.GetValue(subnets) ?? []] };
            var report = new AuditReport(captures.Title, options, Choices.Clock(terminal, parsed.GetValue(local)));
            var datagrams = captures.Read(AuditReport.Datagrams, report.Add);
            captures.SayWhatIsMissing(datagrams);
            bool isDamaged = captures.SayWhatIsDamaged(datagrams);
            report.Complete();
            terminal.Print(report, parsed.GetValue(json));
            OutputStream.WriteText(parsed.GetValue(csv), report.WriteCsv);
            OutputStream.WriteText(parsed.GetValue(html), report.WritePage);
            return isDamaged ? ExitCode.BadInput : report.Verdict.Answer switch { AuditAnswer.Yes => ExitCode.Done, AuditAnswer.No => ExitCode.No, _ => ExitCode.CannotTell };
        });
        return command;
    }
}
