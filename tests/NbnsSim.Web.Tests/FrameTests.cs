using Microsoft.Playwright;
using NbnsSim.Web.Shell;

namespace NbnsSim.Web.Tests;

/// <summary>The frame of the page: navigation, theme, addresses, keyboard.</summary>
public sealed class FrameTests : InThePage
{
    private static IEnumerable<string> Names => View.All.Select(view => view.Name);

    [Test]
    public async Task EachViewHasAnAddress_AndTheNavigationLeadsThere()
    {
        var page = await Open("#/learn");
        await Expect(page.Locator("nav[aria-label=Views] a[aria-current=page]")).ToHaveTextAsync("Learn");
        foreach (var view in View.All)
        {
            await page.Locator("nav[aria-label=Views] a", new() { HasTextString = view.Title }).ClickAsync();
            await Expect(page.Locator("nav[aria-label=Views] a[aria-current=page]")).ToHaveTextAsync(view.Title);
            Assert.That(new Uri(page.Url).Fragment, Does.StartWith(view.Link));
            await Expect(page).ToHaveTitleAsync($"{view.Title} · NbnsSim");
        }

        await page.GoBackAsync();
        await Expect(page.Locator("nav[aria-label=Views] a[aria-current=page]")).ToHaveTextAsync(View.All[^2].Title);
    }

    [Test]
    public async Task LightAndDarkAreTheSystemsUntilSomebodyChooses_AndTheChoiceStays()
    {
        var page = await Open(scheme: ColorScheme.Dark);
        const string paper = "getComputedStyle(document.body).backgroundColor";
        string dark = await page.EvaluateAsync<string>(paper);
        await page.Locator("button.theme").ClickAsync();
        string light = await page.EvaluateAsync<string>(paper);
        Assert.That(light, Is.Not.EqualTo(dark));
        await page.ReloadAsync();
        await Expect(page.Locator("button.theme")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.That(await page.EvaluateAsync<string>(paper), Is.EqualTo(light));
    }

    [Test]
    public async Task TheFirstTabLeadsPastTheNavigation()
    {
        var page = await Open();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("a.skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
    }

    [TestCaseSource(nameof(Names))]
    public async Task AViewIsAccessibleInLightAndDark_AndFitsATelephone(string name)
    {
        var page = await Open($"#/{name}");
        await IsAccessible(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await IsAccessible(page);
        await Show(page, name);
        await FitsATelephone(page);
    }
}
