using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NbnsSim.Conformance;
using NbnsSim.Conformance.Reports;

namespace NbnsSim.Browser.Tests;

/// <summary>The page of a conformance run in a real browser: accessible, its failures in reach, its filters working.</summary>
public sealed class ConformancePageTests : InABrowser
{
    private static readonly Lazy<(string Html, ConformanceReport Report)> s_run = new(static () =>
    {
        var request = new ConformanceRequest { Simulate = "nt3.5", Strict = true, Words = ["s5.1.1", "q131739", "ms00-047"] };
        Assert.That(request.TryRun(null, out var report, out string? problem), Is.True, problem);
        Assert.That(report!.HasFailures, Is.True, "judged strictly, its own ways are failures");
        using var html = new StringWriter { NewLine = "\n" };
        report.WritePage(html);
        return (html.ToString(), report);
    });

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task ThePageIsAccessible_AndFitsATelephone(ColorScheme scheme)
    {
        var page = await Open(s_run.Value.Html, scheme: scheme);
        var found = await page.RunAxe();
        Assert.That(found.Violations.Select(violation => $"{violation.Id}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"), Is.Empty);
        await page.SetViewportSizeAsync(360, 740);
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360), "nothing sticks out");
    }

    [Test]
    public async Task EachFailureIsALinkToItsCase_AndFiltersHideTheOthers()
    {
        var page = await Open(s_run.Value.Html);
        string[] failed = [.. s_run.Value.Report.Results.Where(result => result.Verdict == ConformanceVerdict.Fail).Select(result => result.Case.Id)];
        Assert.That(await page.Locator("nav.failed a").AllTextContentsAsync(), Is.EqualTo(failed));
        await page.Locator("nav.failed a").Last.ClickAsync();
        Assert.That(await page.EvaluateAsync<string>("document.querySelector(':target').id"), Is.EqualTo(failed[^1]));

        foreach (string verdict in (string[])["pass", "dialect", "unsupported", "notApplicable"])
            await page.Locator($"input.verdict[value={verdict}]").UncheckAsync();
        Assert.That(await page.Locator("details.case:visible").CountAsync(), Is.EqualTo(failed.Length));
        Assert.That(await page.Locator("output.count").TextContentAsync(), Is.EqualTo($"{failed.Length} of {s_run.Value.Report.Results.Count} shown"));
    }
}
