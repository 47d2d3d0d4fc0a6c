using System.Text;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NbnsSim.Browser.Tests;

/// <summary>The page of a picture in a real browser: alone, accessible, usable by keyboard, on a telephone, in print and without its script.</summary>
public sealed class PicturePageTests : InABrowser
{
    private const int MaxOctets = 500_000;

    private static readonly string[] s_shown = ["q131739", "r4-real-duplicate", "r6-wins-refused", "replay-q1b-answer-then-release", "power-cut-burst"];

    [TestCaseSource(typeof(PicturePages), nameof(PicturePages.Names))]
    public async Task APageIsAccessibleInLightAndDark_AndFitsATelephone(string name)
    {
        string html = PicturePages.Html(name);
        Assert.That(Encoding.UTF8.GetByteCount(html), Is.LessThan(MaxOctets));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var page = await Open(html, scheme: scheme);
            var found = await page.RunAxe();
            Assert.That(found.Violations.Select(violation => $"{violation.Id}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"), Is.Empty, $"{scheme}");
            await page.SetViewportSizeAsync(360, 740);
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360), "nothing sticks out");
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task TabReachesWhatProvesIt_ArrowKeysGoOn_AndThePanelTellsRuleClauseFrameAndOctets()
    {
        var page = await Open(PicturePages.Html("q131739"));
        var arrows = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>("document.activeElement.closest('g.row')?.getAttribute('aria-label')") is { } label)
                arrows.Add(label);
        }

        arrows = [.. arrows.Distinct(StringComparer.Ordinal)]; // beyond the last one it begins anew
        Assert.That(arrows, Has.Count.EqualTo(5), "a claim, another, a refusal, releases, an event");
        Assert.That(arrows[2], Does.Contain("frame 46").And.Contains("ALPHA to BRAVO: refused, ACT_ERR: JSMITH<03>"));

        await page.Locator("g.row.hot").Nth(1).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        string? panel = await page.Locator(".panel").First.TextContentAsync();
        Assert.That(panel, Does.Contain("B5.defend-unique, documented: RFC 1002 §5.1.1.5").And.Contains("frame 46"));
        Assert.That(panel?.Replace(" ", "", StringComparison.Ordinal), Does.Match("[0-9a-f]{100}"), "its octets");
    }

    [Test]
    public async Task PointingAtAnArrowShowsTheSame()
    {
        var page = await Open(PicturePages.Html("r4-real-duplicate"));
        await page.Locator("g.row.hot").Last.HoverAsync();
        string? label = await page.Locator("g.row.on").GetAttributeAsync("aria-label");
        Assert.That(label, Is.EqualTo(await page.Locator("g.row.hot").Last.GetAttributeAsync("aria-label")));
        Assert.That(await page.Locator(".panel").First.TextContentAsync(), Does.Contain(label![(label.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Test]
    public async Task TheSliderShowsEveryNameTableAsItWas()
    {
        var page = await Open(PicturePages.Html("q131739"));
        var row = page.Locator("table", new() { HasText = "ALPHA" }).First.Locator("tr", new() { HasText = "JSMITH<03>" });
        await Expect(row).ToContainTextAsync("in conflict");
        await Expect(row.Locator("span.held").First).ToBeHiddenAsync();
        var slider = page.Locator("input.time");
        await slider.FocusAsync();
        Assert.That(await page.Locator("output").TextContentAsync(), Is.EqualTo("70.000 s"));
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.That(await slider.GetAttributeAsync("aria-valuetext"), Is.EqualTo(await page.Locator("output").TextContentAsync()).And.Not.EqualTo("70.000 s"));
        await Expect(row.Locator("span.conflict")).ToBeHiddenAsync();
        await Expect(row.Locator("span.held").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Home");
        Assert.That(await page.Locator("output").TextContentAsync(), Is.EqualTo("0.000 s"));
        await Expect(row.Locator(".none")).ToBeVisibleAsync();
        Assert.That(await page.Locator("g.row.later").CountAsync(), Is.GreaterThan(10), "what comes later is dimmed in the drawing");
    }

    [Test]
    public async Task WithoutItsScriptThePageIsThereAllTheSame()
    {
        var page = await Open(PicturePages.Html("q131739"), script: false);
        await Expect(page.Locator(".slider")).ToBeHiddenAsync();
        await Expect(page.Locator("button.copy").First).ToBeHiddenAsync();
        var row = page.Locator("tr", new() { HasText = "JSMITH<03>" }).First;
        await Expect(row.Locator("span.held").First).ToBeVisibleAsync();
        await Expect(row.Locator("span.conflict")).ToBeVisibleAsync();
        await page.Locator("details.proof summary").First.ClickAsync();
        await Expect(page.Locator("details.proof li").First).ToBeVisibleAsync();
    }

    [Test]
    public async Task TheFilterForWiresharkIsCopied()
    {
        var page = await Open(PicturePages.Html("r6-wins-refused"));
        await page.Locator("button.copy").First.ClickAsync();
        await Expect(page.Locator("button.copy").First).ToHaveTextAsync("Copied");
        Assert.That(await page.EvaluateAsync<string>("getSelection().toString()"), Is.EqualTo("frame.number in {3..7}"));
    }

    [Test]
    public async Task HostileNamesAreText()
    {
        var page = await Open(PicturePages.Html("hostile"));
        Assert.That(await page.Locator("img").CountAsync(), Is.Zero);
        Assert.That(await page.Locator("script").CountAsync(), Is.EqualTo(1));
        Assert.That(await page.Locator("a").CountAsync(), Is.Zero);
        string text = await page.Locator("main").TextContentAsync() ?? "";
        Assert.That(text, Does.Contain("<img src=x>").And.Contains("\"><script>").And.Contains("hostile <b>.pcap").And.Contains("<1b>[31mRED"));
        Assert.That(VisibleText.IndexOfHidden(text.Replace("\n", "", StringComparison.Ordinal)), Is.Negative, "nothing in it is hidden");
        await Expect(page.Locator("h2").First).ToContainTextAsync("Two machines");
    }

    [TestCase("q131739")]
    [TestCase("r4-real-duplicate")]
    [TestCase("power-cut-burst")]
    public async Task APagePrintsOnA4(string name)
    {
        var page = await Open(PicturePages.Html(name));
        byte[] pdf = await page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true });
        string text = Encoding.Latin1.GetString(pdf);
        Assert.That(text, Does.Match(@"/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]"));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(page.Locator(".slider")).ToBeHiddenAsync();
        await Expect(page.Locator(".panel").First).ToBeHiddenAsync();
        Keep($"{name}-print.pdf", pdf);
    }

    /// <summary>What people look at before they show it to others: kept beside the test's results.</summary>
    [TestCaseSource(nameof(s_shown))]
    public async Task APageIsSeenAtEveryWidth(string name)
    {
        string html = PicturePages.Html(name);
        foreach (var (width, scheme) in new[] { (360, ColorScheme.Light), (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (2560, ColorScheme.Light) })
        {
            var page = await Open(html, width, scheme);
            byte[] png = await page.ScreenshotAsync(new() { FullPage = true });
            Assert.That(png, Has.Length.GreaterThan(10_000));
            Keep($"{name}-{width}-{scheme}.png", png);
            await page.Locator("g.row.hot").Last.FocusAsync();
            Keep($"{name}-{width}-{scheme}-arrow.png", await page.ScreenshotAsync());
            await page.Context.CloseAsync();
        }
    }

    private static void Keep(string name, byte[] octets)
    {
        string folder = Environment.GetEnvironmentVariable("NBNSSIM_SCREENSHOTS") ?? Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), octets);
        TestContext.AddTestAttachment(Path.Combine(folder, name));
    }
}
