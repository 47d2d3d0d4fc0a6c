using Microsoft.Playwright;
using Microsoft.Playwright.NUnit;
using NbnsSim.Web.Tests;

namespace NbnsSim.Browser.Tests;

/// <summary>Opens pages in the machine's own Chromium; without one the tests are skipped. Nothing is fetched from anywhere: every request beyond the page itself fails its test.</summary>
public abstract class InABrowser : PlaywrightTest
{
    private readonly List<string> _requests = [];
    private string _folder = "";
    private IBrowser? _browser;

    [SetUp]
    public async Task Launch()
    {
        if (Chromium.Path.Length == 0)
            Assert.Ignore("There is no Chromium (apt-get install chromium): pages are not looked at in a browser.");
        _requests.Clear();
        _folder = Directory.CreateTempSubdirectory("nbnssim-pages").FullName;
        _browser ??= await Playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox", "--disable-gpu"] }).ConfigureAwait(false);
    }

    [TearDown]
    public async Task Close()
    {
        if (_browser is null)
            return;
        foreach (var context in _browser.Contexts.ToList())
            await context.CloseAsync().ConfigureAwait(false);
        Directory.Delete(_folder, recursive: true);
        Assert.That(_requests, Has.All.StartsWith("file:///"), "a page asks nobody for anything");
        Assert.That(_requests, Has.Count.LessThanOrEqualTo(1), "a page is one file");
    }

    [OneTimeTearDown]
    public async Task Quit()
    {
        if (_browser is not null)
            await _browser.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Opens a page.</summary>
    /// <param name="html">Its HTML.</param>
    /// <param name="width">How wide the window is.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="script">Whether its script runs.</param>
    /// <param name="height">How high the window is.</param>
    internal async Task<IPage> Open(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool script = true, int height = 900)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        }).ConfigureAwait(false);
        var page = await context.NewPageAsync().ConfigureAwait(false);
        _requests.Clear();
        page.Request += (_, request) => _requests.Add(request.Url);
        page.Dialog += (_, dialog) => _requests.Add("dialog: " + dialog.Message);
        page.PageError += (_, error) => _requests.Add("error: " + error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _requests.Add("console: " + message.Text); // also what the page's policy forbids
        };
        string file = Path.Combine(_folder, "page.html");
        await File.WriteAllTextAsync(file, html).ConfigureAwait(false);
        await page.GotoAsync(new Uri(file).AbsoluteUri).ConfigureAwait(false);
        return page;
    }
}
