using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Reports.Pictures;
using NbnsSim.Tests.Fuzz;
using NbnsSim.Tests.House;

namespace NbnsSim.Reports.Tests.Fuzz;

/// <summary>Whatever came over the wire or was pasted: every report is written, each line of JSON can be read, each page is one, and nothing that does not show gets through.</summary>
public sealed class ReportFuzzTests
{
    [Test]
    public void SpoiltTrafficIsReportedInEveryForm()
    {
        int reported = 0;
        new InputFuzzer(20261129, InputKind.Traffic, Corpus(InputKind.Traffic), input =>
        {
            if (!CaptureReader.TryOpen(input, out var opened, out _))
                return false;
            opened.Dispose();
            Diagnose(input);
            Audit(input);
            Replay(input);
            reported++;
            return true;
        }).Run(Count(100));
        Assert.That(reported, Is.GreaterThan(60));
    }

    [Test]
    public void SpoiltPastesAreExplainedOrRefused()
    {
        int explained = 0;
        new InputFuzzer(20261129, InputKind.Event, Corpus(InputKind.Event), input =>
        {
            if (!ExplainedInput.TryRead(PastedEvent.Decode(input), out var paste, out string? problem))
            {
                Shows(problem, "the problem");
                return false;
            }

            Check(paste);
            explained++;
            return true;
        }).Run(Count(3_000));
        Assert.That(explained, Is.GreaterThan(500));
    }

    private static void Diagnose(byte[] input)
    {
        var report = new DiagnosisReport("spoilt");
        InputReaders.ForEach(input, report.Add);
        report.Complete();
        Check(report);
        var picture = report.Draw();
        InputReaders.ForEach(input, picture.Add);
        Check(picture.Draw());
    }

    private static void Audit(byte[] input)
    {
        var report = new AuditReport("spoilt", new WinsAuditOptions());
        InputReaders.ForEach(input, report.Add, AuditReport.Datagrams);
        report.Complete();
        Check(report);
        Shows(Written(report.WriteCsv), "the table");
        XDocument.Parse(Page(report.WritePage));
    }

    private static void Replay(byte[] input)
    {
        var passes = new CapturePasses(() => CaptureReader.Open(new MemoryStream(input)));
        var all = new CaptureReplays(passes.FindHosts(null, out _).Hosts, NetBtDialect.WindowsNt35, keepsDecisions: true);
        passes.Replay([all]);
        var report = new ReplayReport("spoilt", NetBtDialect.WindowsNt35, all);
        Check(report);
        Check(report.Draw(passes));
    }

    private static void Check(IReport report)
    {
        Shows(Written(output => report.Write(new ReportWriter(output))), "the text");
        using var lines = new MemoryStream();
        report.Write(new NdjsonWriter(lines));
        foreach (string line in Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Shows(line, "a line of JSON");
            using var _ = JsonDocument.Parse(line);
        }
    }

    private static void Check(Picture picture)
    {
        XDocument.Parse(Page(picture.WriteHtml));
        XDocument.Parse(Written(picture.WriteSvg));
        Shows(Written(picture.WriteMermaid), "the diagram");
        Shows(Written(picture.WriteMarkdown), "the ticket");
    }

    /// <summary>A page as XML: its declaration is HTML's alone.</summary>
    private static string Page(Action<TextWriter> write) => Written(write).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal);

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter { NewLine = "\n" };
        write(output);
        return output.ToString();
    }

    /// <summary>Nothing in it moves a cursor or is invisible, ends of lines apart.</summary>
    private static void Shows(string text, string what)
    {
        string shown = text.Replace("\r\n", " ", StringComparison.Ordinal).Replace('\n', ' ');
        if (VisibleText.IndexOfHidden(shown) is >= 0 and var at)
            throw new InvalidOperationException($"{what} has U+{(int)shown[at]:X4} in {VisibleText.Escape(shown[Math.Max(0, at - 40)..Math.Min(shown.Length, at + 10)])}");
    }

    private static int Count(int usual) => int.TryParse(Environment.GetEnvironmentVariable("NBNSSIM_SPOILT"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : usual;

    private static IEnumerable<byte[]> Corpus(InputKind kind) => InputFuzzer.Corpus(Path.Combine(Repository.Root, "tests", "fuzz", "corpus"), kind);
}
