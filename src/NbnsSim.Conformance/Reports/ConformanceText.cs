using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>A report as text, as cases are run: <see cref="Begin"/>, then a line for each case, and at the end what failed.</summary>
internal sealed class ConformanceText(ReportWriter writer, ConformanceReport report)
{
    private const int IdWidth = 14;
    private string _clause = "";

    public void Begin()
    {
        writer.WriteWrapped("", $"Conformance of {report.Title}", ReportRole.Title);
        writer.WriteWrapped("", $"by {report.Options.Documents()}; seed {report.Options.Seed}");
        writer.Flush();
    }

    public void Case(ConformanceResult result)
    {
        var test = result.Case;
        if (test.Clause != _clause)
        {
            _clause = test.Clause;
            writer.WriteLine();
            writer.WriteWrapped("", $"{test.Citation}  {test.Title}", ReportRole.Title);
        }

        writer.Write($"  {result.Verdict.Mark()}", result.Verdict.Role());
        string head = $" {test.Id.PadRight(IdWidth)} {test.Level.Word(),-6} ";
        string indent = new(' ', head.Length + 3);
        bool isFirst = true;
        foreach (string line in TextColumns.Wrap(test.Says, Math.Max(20, writer.Width - indent.Length)))
        {
            writer.WriteLine((isFirst ? head : indent) + line);
            isFirst = false;
        }

        if (result.Verdict != ConformanceVerdict.Pass)
            writer.WriteWrapped(indent, $"{result.Verdict.Counted()}: {result.Seen()}", result.Verdict.Role());
        if (report.IsVerbose && !result.Exchange.IsEmpty)
            new ExchangeLadder(report, result).Write(writer);
        writer.Flush();
    }

    public void End()
    {
        if (report.HasFailures)
            writer.WriteHeading("What failed");
        foreach (var result in report.Results.Where(result => result.Verdict == ConformanceVerdict.Fail))
            Failure(result);
        if (!report.HasFailures)
            writer.WriteLine();
        writer.WriteWrapped("", $"{report.Summary}{(report.IsInterrupted ? "; interrupted" : "")} (profile {report.Options.Profile.ToString().ToLowerInvariant()}{(report.Options.Strict ? ", strict" : "")})", report.HasFailures ? ReportRole.Negative : ReportRole.Positive);
        if (report.IsInconclusive)
            writer.WriteLine("No case could be judged: nothing is known of it.");
        writer.Flush();
    }

    private void Failure(ConformanceResult result)
    {
        writer.WriteLine($"{result.Verdict.Mark()} {result.Case.Id}", ReportRole.Negative);
        writer.WriteWrapped("  says      ", $"{result.Case.Says} ({result.Case.Level.Word()}: {result.Case.Sources()})");
        if (result.Expected.Length > 0)
            writer.WriteWrapped("  expected  ", result.Expected);
        writer.WriteWrapped("  seen      ", result.Seen());
        new ExchangeLadder(report, result).Write(writer);
        writer.WriteLine();
    }
}
