using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Microsoft.Playwright.NUnit;

namespace NbnsSim.Web.Tests;

/// <summary>
/// Opens the published page in the machine's own Chromium; without one the tests are skipped. A request to anybody but the page's own server, an error of a script, and whatever
/// the page's policy forbids fail the test.
/// </summary>
public abstract class InThePage : PlaywrightTest
{
    private readonly List<string> _faults = [];
    private IBrowser? _browser;

    [SetUp]
    public async Task Launch()
    {
        if (Chromium.Path.Length == 0)
            Assert.Ignore("There is no Chromium (apt-get install chromium): the page in the browser is not tried.");
        _faults.Clear();
        _browser ??= await Playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox", "--disable-gpu"] }).ConfigureAwait(false);
    }

    [TearDown]
    public async Task Close()
    {
        if (_browser is null)
            return;
        foreach (var context in _browser.Contexts.ToList())
            await context.CloseAsync().ConfigureAwait(false);
        Assert.That(_faults, Is.Empty, "the page asks nobody else for anything, and does nothing that fails");
    }

    [OneTimeTearDown]
    public async Task Quit()
    {
        if (_browser is not null)
            await _browser.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Opens the page and waits until it is there.</summary>
    /// <param name="fragment">Where in it.</param>
    /// <param name="width">How wide the window is.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="height">How high the window is.</param>
    /// <param name="address">Another address that it is served at.</param>
    internal async Task<IPage> Open(string fragment = "", int width = 1280, ColorScheme scheme = ColorScheme.Light, int height = 900, string? address = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            AcceptDownloads = true,
        }).ConfigureAwait(false);
        var page = await context.NewPageAsync().ConfigureAwait(false);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(PublishedSite.Address, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _faults.Add(request.Url);
        };
        page.Dialog += (_, dialog) => _faults.Add("dialog: " + dialog.Message);
        page.PageError += (_, error) => _faults.Add("error: " + error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _faults.Add("console: " + message.Text);
        };
        await page.GotoAsync((address ?? PublishedSite.Address) + fragment).ConfigureAwait(false);
        await page.Locator("nav[aria-label=Views]").WaitForAsync(new() { Timeout = 30_000 }).ConfigureAwait(false);
        return page;
    }

    /// <summary>Holds a page against axe's rules.</summary>
    internal static async Task IsAccessible(IPage page)
    {
        var found = await page.RunAxe().ConfigureAwait(false);
        Assert.That(found.Violations.Select(violation => $"{violation.Id}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"), Is.Empty);
    }

    /// <summary>Holds a page against a telephone: nothing sticks out at its side.</summary>
    internal static async Task FitsATelephone(IPage page)
    {
        await page.SetViewportSizeAsync(360, 740).ConfigureAwait(false);
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth").ConfigureAwait(false), Is.LessThanOrEqualTo(360), "nothing sticks out");
    }

    /// <summary>Keeps a picture of a page, for people to look at, where <c>NBNSSIM_SCREENSHOTS</c> names a folder.</summary>
    internal static async Task Show(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NBNSSIM_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        foreach (var (width, height) in new[] { (360, 740), (1280, 900), (3840, 2160) })
        {
            await page.SetViewportSizeAsync(width, height).ConfigureAwait(false);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme }).ConfigureAwait(false);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{scheme}.png") }).ConfigureAwait(false);
            }
        }
    }
}
