using System.Globalization;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Conformance.Reports;

/// <summary>A report as one page: what it came to, filters by verdict and clause, and each case with its rule, what was expected and seen, and the ladder with its octets.</summary>
internal static class ConformancePage
{
    private const int MaxLines = 40;

    public static void Write(TextWriter output, ConformanceReport report)
    {
        using var page = PageWriter.Html(output);
        HtmlPage.Begin(page, $"{report.Title}: conformance", ConformancePageStyle.Css, ConformancePageStyle.Js);
        page.Open("body").Open("main", "class", "nbns conform").Element("h1", $"Conformance of {report.Title}").Element("p", Headline(report), "class", "lead");
        page.Element("p", $"{report.Summary}. Held against {report.Options.Documents()}; seed {report.Options.Seed.ToString(CultureInfo.InvariantCulture)}.");
        if (report.IsInterrupted)
            page.Element("p", "The run was interrupted: more cases were asked for than are here.");
        Failures(page, report);
        Filters(page, report);
        var picture = Picture(report);
        int number = 0;
        foreach (var clause in report.Results.GroupBy(result => result.Case.Clause, StringComparer.Ordinal))
        {
            var first = clause.First().Case;
            string id = $"s{HtmlPage.Text(number)}";
            page.Open("section", "class", "clause", "aria-labelledby", id).Element("h2", $"{first.Citation}: {first.Title}", "id", id);
            foreach (var result in clause)
                Case(page, report, picture, result, HtmlPage.Text(number++));
            page.Close();
        }

        page.Open("section").Element("h2", "How to read it");
        page.Element("p", "A dialect is something else than the rule says that a document allows or that a known family of implementations does: its source is named. What is unsupported the peer lacks or did not take; what is not applicable is not for this peer, or could not be run from here. Neither is a failure.").Close();
        page.Close().Raw("script", ConformancePageStyle.Js).Close().Close();
    }

    private static string Headline(ConformanceReport report) => report.Count(ConformanceVerdict.Fail) is > 0 and int failed
        ? $"{ReportWords.Count(failed, "case")} of {report.Results.Count.ToString("N0", CultureInfo.InvariantCulture)} failed"
        : $"None of {ReportWords.Count(report.Results.Count, "case")} failed";

    /// <summary>What failed, at the head of a page that may be long.</summary>
    private static void Failures(PageWriter page, ConformanceReport report)
    {
        if (!report.HasFailures)
            return;
        page.Open("nav", "class", "failed", "aria-label", "What failed").Element("h2", "What failed").Open("ul");
        foreach (var result in report.Results.Where(result => result.Verdict == ConformanceVerdict.Fail))
            page.Open("li").Element("a", result.Case.Id, "href", $"#{result.Case.Id}").Text($" {result.Case.Says} Seen: {result.Seen()}").Close();
        page.Close().Close();
    }

    /// <summary>They show where the script runs.</summary>
    private static void Filters(PageWriter page, ConformanceReport report)
    {
        page.Open("div", "class", "filters", "role", "group", "aria-label", "Which cases are shown");
        foreach (var verdict in ReportWords.Verdicts)
        {
            page.Open("label").Void("input", "type", "checkbox", "class", "verdict", "value", verdict.Symbol(), "checked", "")
                .Text($" {verdict.Mark()} {verdict.Counted()} {report.Count(verdict).ToString("N0", CultureInfo.InvariantCulture)}").Close();
        }

        page.Open("label").Text("Clause ").Open("select", "class", "clause").Element("option", "all", "value", "");
        foreach (var clause in report.Results.Select(result => result.Case).DistinctBy(test => test.Clause, StringComparer.Ordinal))
            page.Element("option", clause.Citation == clause.Document ? $"{clause.Document} ({clause.Clause})" : clause.Citation, "value", clause.Clause);
        page.Close().Close().Element("output", "", "class", "count").Close();
    }

    private static void Case(PageWriter page, ConformanceReport report, PictureContent picture, ConformanceResult result, string number)
    {
        var test = result.Case;
        ReadOnlySpan<string> attributes = ["class", $"case {result.Verdict.Symbol()}", "data-verdict", result.Verdict.Symbol(), "data-clause", test.Clause, "id", test.Id];
        if (result.Verdict == ConformanceVerdict.Fail)
            page.Open("details", [.. attributes, "open", ""]);
        else
            page.Open("details", attributes);
        page.Open("summary").Element("span", result.Verdict.Mark(), "class", "mark", "aria-hidden", "true").Text(" ").Element("b", test.Id).Text(" ")
            .Element("small", $"{test.Level.Word()}, {result.Verdict.Counted()}").Text($" {test.Says}").Close();
        page.Open("dl").Element("dt", "Rule").Element("dd", $"{test.Says} ({test.Level.Word()}, of a {test.Role.Word()})").Element("dt", "Source").Element("dd", test.Sources());
        if (result.Expected.Length > 0)
            page.Element("dt", "Expected").Element("dd", result.Expected);
        page.Element("dt", result.Verdict > ConformanceVerdict.Fail ? "Why not" : "Seen").Element("dd", result.Seen()).Close();
        var ladder = new ExchangeLadder(report, result);
        HtmlWire.Draw(page, picture, LadderDrawing.Of(ladder.Lanes, ladder.Steps, MaxLines, static _ => []), test.Id, $"c{number}r", "The packets with their octets");
        page.Close();
    }

    /// <summary>What drawings need to know of a page: how it prints times, and that it has no name tables.</summary>
    private static PictureContent Picture(ConformanceReport report) => new()
    {
        Title = report.Title,
        Headline = Headline(report),
        EvidenceFrames = [],
        Summary = [],
        Clock = new PictureClock(null),
        Incidents = [],
        Ladder = LadderDrawing.Empty,
        Names = NameTables.Of([], null, Instant.Epoch, Instant.Epoch, static _ => false),
        Events = [],
        Chains = [],
        Notes = [],
    };
}
