using Microsoft.Playwright;
using NbnsSim.Rules;

namespace NbnsSim.Web.Tests;

/// <summary>The view Look up: rules, dialects, suffixes, packets.</summary>
public sealed class LookUpTests : InThePage
{
    [TestCase("dialects")]
    [TestCase("suffixes")]
    [TestCase("packets")]
    public async Task APartIsAccessible_AndFitsATelephone(string part)
    {
        var page = await Open($"#/lookup/{part}");
        await Expect(page.Locator("nav.parts a[aria-current=page]")).ToHaveCountAsync(1);
        await IsAccessible(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await IsAccessible(page);
        await Show(page, $"lookup-{part}");
        await FitsATelephone(page);
    }

    [Test]
    public async Task RulesAreFoundByAnyOfTheirWords_AndTheAddressLeadsToThemAgain()
    {
        var page = await Open("#/lookup/rules");
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(RuleBook.All.Length);
        await page.Locator("#words").FillAsync("§5.1.1.5 defend");
        int expected = RuleBook.All.Count(rule => $"{rule.Id} {rule.Sentence} {rule.Source} {rule.Switch} {rule.Telling}" is var text && text.Contains("§5.1.1.5", StringComparison.Ordinal) && text.Contains("defend", StringComparison.OrdinalIgnoreCase));
        Assert.That(expected, Is.GreaterThan(0));
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(expected);
        await page.Locator("button.theme").ClickAsync();
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(expected);
        await page.Locator("nav.parts a", new() { HasTextString = "Rules" }).ClickAsync();
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(RuleBook.All.Length);
        await Expect(page.Locator("#words")).ToHaveValueAsync("");
        await page.Locator("#words").FillAsync("§5.1.1.5 defend");
        await page.Locator(".rules dt a").First.ClickAsync();
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(1);
        await page.Locator("#words").FillAsync("");
        await page.Locator(".ask select").SelectOptionAsync("inferred");
        await Expect(page.Locator(".rules dt")).ToHaveCountAsync(RuleBook.All.Count(rule => rule.Basis == RuleBasis.Inferred));
    }

    [Test]
    public async Task TwoDialectsShowWhatDiffersAndOnWhatItRests()
    {
        var page = await Open("#/lookup/dialects?nt3.5&nt3.51");
        await Expect(page.Locator("h2")).ToHaveTextAsync("Windows NT 3.5 → Windows NT 3.51");
        Assert.That(await page.Locator("tbody tr").CountAsync(), Is.InRange(1, 10));
        await Expect(page.Locator("tbody")).ToContainTextAsync("N15.");
        await page.Locator(".ask select").Last.SelectOptionAsync("node:ws2025");
        await Expect(page.Locator("h2")).ToContainTextAsync("→ Windows Server 2025");
        Assert.That(new Uri(page.Url).Fragment, Is.EqualTo("#/lookup/dialects?node:nt3.5&node:ws2025"));
        await page.Locator("nav.parts a", new() { HasTextString = "Dialects" }).ClickAsync();
        await Expect(page.Locator("h2")).ToHaveTextAsync("Windows NT 3.5 → Windows NT 3.51");
    }

    [Test]
    public async Task APastedPacketIsTakenApart_AndAnOctetShowsItsField()
    {
        var page = await Open("#/lookup/packets?f80f2910000100000000000120454b4644454e454a4645454341434143414341434143414341434143414141440000200001c00c00200001000493e0000600000a000002");
        await Expect(page.Locator("p[role=status] b")).ToContainTextAsync("NAME REGISTRATION REQUEST JSMIT");
        await page.Locator("[data-octet='2']").HoverAsync();
        await Expect(page.Locator("tr.on").First).ToContainTextAsync("a request");
        await page.Locator("tr", new() { HasTextString = "NB_ADDRESS" }).FocusAsync();
        await Expect(page.Locator("[data-octet].on")).ToHaveCountAsync(4);
        await page.Locator("#hex").FillAsync("0000  f8 0f 29 10 00 01 00 00");
        await Expect(page.Locator("p.problem")).ToContainTextAsync("It cannot be read to its end: ");
        await page.Locator("#hex").FillAsync("nonsense");
        await Expect(page.Locator("p.problem")).ToHaveTextAsync("Line 1: 'nonsense' is no row of whole octets in hex.");
    }
}
