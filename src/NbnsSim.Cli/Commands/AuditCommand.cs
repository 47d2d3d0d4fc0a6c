using System.CommandLine;
using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>audit FILE…</c>: may the name server be switched off?</summary>
internal static class AuditCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = Choices.Captures("The capture, best taken at the name server for a week");
        var subnets = new Option<Ipv4Subnet[]>("--subnet")
        {
            HelpName = "A.B.C.D/N",
            Description = "A subnet, a broadcast area of its own; may be given several times.",
            CustomParser = result =>
            {
                foreach (var token in result.Tokens)
                {
                    if (!Ipv4Subnet.TryParse(token.Value, out _))
                        result.AddError($"'{token.Value}' is not a subnet: expected an address and the number of network bits, such as 10.0.0.0/24.");
                }

                return [.. result.Tokens.Select(token => Ipv4Subnet.TryParse(token.Value, out var subnet) ? subnet : default)];
            },
        };
        var csv = new Option<string?>("--csv") { HelpName = "OUT.csv", Description = "Also write it as a table, a row for each client and name." };
        var html = new Option<string?>("--html") { HelpName = "OUT.html", Description = "Also write it as one HTML file." };
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("audit", "Whether the name server (WINS) may be switched off: who depends on it for what, and what to do instead.") { files, subnets, csv, html, local, json };
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetValue(files)!;
            var options = new WinsAuditOptions { Subnets = [.. parsed.GetValue(subnets) ?? []] };
            var report = new AuditReport(CaptureFiles.Title(paths), options, Choices.Clock(terminal, parsed.GetValue(local)));
            bool isDamaged = Read(terminal, paths, report);
            report.Complete();
            if (parsed.GetValue(json))
                report.Write(terminal.Ndjson);
            else
                report.Write(terminal.Report);
            Write(parsed.GetValue(csv), report.WriteCsv);
            Write(parsed.GetValue(html), report.WritePage);
            return isDamaged ? ExitCode.BadInput : report.Verdict.Answer switch { AuditAnswer.Yes => ExitCode.Done, AuditAnswer.No => ExitCode.No, _ => ExitCode.CannotTell };
        });
        return command;
    }

    /// <returns>Whether something in the files could not be read.</returns>
    private static bool Read(Terminal terminal, string[] paths, AuditReport report)
    {
        long length = 0;
        using var capture = CaptureFiles.Merge(paths, path => CaptureFiles.Open(terminal, path, out length));
        using var datagrams = new DatagramReader(capture, AuditReport.Datagrams);
        CaptureFiles.ForEach(terminal, CaptureFiles.Title(paths), paths.Length == 1 ? length : 0, datagrams, report.Add);
        CaptureFiles.ReportNothing(terminal, CaptureFiles.Title(paths), datagrams);
        return CaptureFiles.ReportDamage(terminal, paths, datagrams);
    }

    private static void Write(string? path, Action<TextWriter> write)
    {
        if (path is null)
            return;
        using var output = new StreamWriter(OutputFile.Create(path));
        write(output);
    }
}
