using Microsoft.Playwright;
using NbnsSim.Learning;

namespace NbnsSim.Web.Tests;

/// <summary>The views Learn and What if.</summary>
public sealed class LearnTests : InThePage
{
    [Test]
    public async Task AWrongAnswerShowsTheOtherFuture_AndTheRightOneItsClause()
    {
        var page = await Open("#/learn/who-logs");
        await Expect(page.Locator(".lessons a[aria-current=page]")).ToHaveTextAsync("Who logs what");
        await page.Locator(".answer", new() { HasTextString = "Nobody's" }).Locator("input").CheckAsync();
        await Expect(page.Locator(".verdict")).ToContainTextAsync("dialect=nt3.51");
        await Expect(page.Locator(".verdict")).ToContainTextAsync("What comes instead: 45.002 s, ALPHA: ");
        await Expect(page.Locator(".verdict a.rule")).ToHaveTextAsync("E1.4320");
        await Expect(page.Locator("#otherwise")).ToBeVisibleAsync();
        await IsAccessible(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await IsAccessible(page);
        await Show(page, "learn-wrong");
        await page.Locator(".answer", new() { HasTextString = "ALPHA's, event 4320" }).Locator("input").CheckAsync();
        await Expect(page.Locator(".verdict")).ToContainTextAsync("Q120752");
        await Expect(page.Locator("#otherwise")).ToHaveCountAsync(0);
        await Expect(page.Locator(".lessons a[aria-current=page]")).ToContainTextAsync("✓");
        await FitsATelephone(page);
    }

    [Test]
    public async Task EveryLessonIsThere_AndTheArrowKeysChooseAnAnswer()
    {
        var page = await Open("#/learn");
        foreach (var lesson in Lessons.All)
        {
            await page.Locator(".lessons a", new() { HasTextString = lesson.Title }).ClickAsync();
            await Expect(page.Locator("#lesson-title")).ToHaveTextAsync(lesson.Title);
            await Expect(page.Locator(".answer")).ToHaveCountAsync(3);
        }

        await page.Locator(".answer input").First.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator(".answer input").Nth(1)).ToBeCheckedAsync();
        await Expect(page.Locator(".verdict b")).ToBeVisibleAsync();
        await page.EvaluateAsync("location.hash = '#/learn/xyz'");
        await Expect(page.Locator("[role=alert].problem")).ToHaveTextAsync($"There is no lesson 'xyz': this is {Lessons.All[0].Name}.");
    }

    [Test]
    public async Task WhatIfShowsBothRuns_AndWhereTheyPart()
    {
        var page = await Open("#/whatif");
        await Expect(page.Locator("#comparison .lead")).ToContainTextAsync("Changed: 1 event lost");
        await Expect(page.Locator("#comparison")).ToContainTextAsync("N15.name-alone");
        await Expect(page.Locator("#comparison .sides section")).ToHaveCountAsync(2);
        await IsAccessible(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await IsAccessible(page);
        await Show(page, "whatif");
        await page.Locator(".presets button").Nth(2).ClickAsync();
        await Expect(page.Locator("#comparison h1")).ToContainTextAsync("wins=none");
        await page.Locator("nav[aria-label=Views] a[aria-current=page]").ClickAsync();
        await Expect(page.Locator("#comparison h1")).ToContainTextAsync("dialect=nt3.51");
        await page.EvaluateAsync("location.hash = '#/whatif/nope?seed=7'");
        await Expect(page.Locator("[role=alert].problem")).ToHaveTextAsync("There is no scenario 'nope': this is q131739.");
        await page.Locator(".choice input").FillAsync("colour=<b>");
        await page.Locator(".choice button").ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToContainTextAsync("colour");
        await FitsATelephone(page);
    }
}
