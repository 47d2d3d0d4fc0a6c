using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NbnsSim.Cli;
using NbnsSim.Tests.House;

namespace NbnsSim.Web.Tests;

/// <summary>The view Diagnose: a capture goes in, and what the tool says of it comes out.</summary>
public sealed class DiagnoseTests : InThePage
{
    private const string Refused = "r6-wins-refused.pcap";

    [TestCase("r4-real-duplicate.pcap")]
    [TestCase(Refused)]
    [TestCase("q1-release-only.pcap")]
    public async Task ACaptureThatIsChosenGivesTheToolsVerdict_InNdjsonAndInTheReport(string name)
    {
        var page = await Open("#/diagnose");
        await Choose(page, Fixture(name));
        Assert.That(await Saved(page, "NDJSON"), Is.EqualTo(TheTool("diagnose", Fixture(name), "--json")));
        string html = await Saved(page, "HTML report");
        string lead = (await page.Locator("#report .lead").TextContentAsync())!;
        Assert.That(html, Does.StartWith("<!DOCTYPE html>").And.Contains("Content-Security-Policy"));
        Assert.That(System.Net.WebUtility.HtmlDecode(html), Does.Contain(lead));
        await IsAccessible(page);
        await Show(page, $"diagnose-{Path.GetFileNameWithoutExtension(name)}");
        await FitsATelephone(page);
    }

    [Test]
    public async Task TheAnnotatedCaptureIsTheTools()
    {
        var page = await Open();
        await Choose(page, Fixture(Refused));
        var saving = page.WaitForDownloadAsync();
        await page.Locator("button", new() { HasTextString = "Annotated pcapng" }).ClickAsync();
        string got = (await (await saving).PathAsync())!;
        string expected = Path.Combine(TestContext.CurrentContext.WorkDirectory, "annotated.pcapng");
        TheTool("diagnose", Fixture(Refused), "--annotate", expected);
        Assert.That(await File.ReadAllBytesAsync(got), Is.EqualTo(await File.ReadAllBytesAsync(expected)));
    }

    [Test]
    public async Task ANameAHostAndAnEventNarrowTheReport_AndAWordThatIsNoneIsToldOf()
    {
        var page = await Open();
        await Choose(page, Fixture("q5-100-clones-100-subnets.pcap"));
        int all = await page.Locator("#report table tbody tr").CountAsync();
        string host = (await page.Locator("#report table caption").Last.TextContentAsync())!;
        await page.Locator(".narrow input").First.FillAsync("NAME<0");
        await page.Locator(".narrow button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToContainTextAsync("'NAME<0' is no NetBIOS name");
        await page.Locator(".narrow input").First.FillAsync("");
        string address = Regex.Match(host, @"\d+\.\d+\.\d+\.\d+", RegexOptions.NonBacktracking).Value;
        Assert.That(address, Is.Not.Empty, host);
        await page.Locator(".narrow input").Nth(1).FillAsync(address);
        await page.Locator(".narrow button[type=submit]").ClickAsync();
        await Expect(page.Locator("#report table caption")).ToHaveCountAsync(1);
        Assert.That(await page.Locator("#report table tbody tr").CountAsync(), Is.LessThan(all));
        await Expect(page.Locator("[role=alert].problem")).ToHaveCountAsync(0);
        Assert.That(await Saved(page, "NDJSON"), Is.EqualTo(TheTool("diagnose", Fixture("q5-100-clones-100-subnets.pcap"), "--json", "--host", address)));
    }

    [Test]
    public async Task AnArrowShowsItsRuleClauseAndOctets_AndTheSliderTheTablesOfItsTime()
    {
        var page = await Open();
        await Choose(page, Fixture(Refused));
        await page.Locator("#report g.row.hot").Last.ClickAsync();
        string panel = (await page.Locator("#report .panel").First.TextContentAsync())!;
        Assert.That(panel, Does.Contain("E1.4321, documented: the text of event 4321.").And.Contains("frame 7"));
        Assert.That(panel.Replace(" ", "", StringComparison.Ordinal), Does.Match("[0-9a-f]{80}"));
        string before = (await page.Locator("#report output").First.TextContentAsync())!;
        await page.Locator("#report input.time").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        Assert.That(await page.Locator("#report output").First.TextContentAsync(), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task SeveralCapturesAreOne_ADamagedOneIsReadAsFarAsItGoes_AndWhatIsMissingIsSaid()
    {
        byte[] whole = await File.ReadAllBytesAsync(Fixture("r4-real-duplicate.pcap"));
        var page = await Open();
        await page.Locator("#files").SetInputFilesAsync(
        [
            new FilePayload { Name = "whole.pcap", MimeType = "", Buffer = whole },
            new FilePayload { Name = "cut <b>.pcap", MimeType = "", Buffer = whole[..^7] },
        ]);
        await Expect(page.Locator("#report .lead")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(page.Locator("#remarks li").First).ToContainTextAsync("cut <b>.pcap: ");
        Assert.That(await page.Locator("#remarks b").CountAsync(), Is.Zero);
        Assert.That(await page.Locator("#report h1").TextContentAsync(), Is.EqualTo("whole.pcap and cut <b>.pcap"));
        await IsAccessible(page);
    }

    [Test]
    public async Task WhatIsNoCaptureIsExplained_OrWhyNotIsSaid()
    {
        var page = await Open();
        await page.Locator("#files").SetInputFilesAsync([new FilePayload { Name = "event.txt", MimeType = "", Buffer = "Event ID: 4320\nSource: NetBT\n"u8.ToArray() }, new FilePayload { Name = "cat.png", MimeType = "", Buffer = [0x89, .. "PNG1234"u8] }, new FilePayload { Name = "empty.pcap", MimeType = "", Buffer = [] }, new FilePayload { Name = "hurt.pcap.gz", MimeType = "", Buffer = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF] }]);
        await Expect(page.Locator("#explanation")).ToContainTextAsync("4320", new() { Timeout = 30_000 });
        await Expect(page.Locator("#remarks li")).ToHaveTextAsync(["cat.png: This is a picture: its text is needed.", "empty.pcap: It is empty.", "hurt.pcap.gz: This is gzip data, but damaged: it cannot be decompressed."]);
    }

    [Test]
    public async Task APastedEventIsExplained_AsTheToolExplainsIt()
    {
        const string pasted = "00040000 00540001 00000000 c00010e0 00000000 00000000 00000000 00000000 00000000 00000000 0a000002";
        var page = await Open();
        await page.Locator("#paste").FillAsync(pasted);
        await page.Locator("button", new() { HasTextString = "Explain" }).ClickAsync();
        string said = (await page.Locator("pre.explained").TextContentAsync())!;
        Assert.That(said, Does.Contain("4320").And.Contains("10.0.0.2"));
        Assert.That(Words(said), Is.EqualTo(Words(TheTool("explain", pasted))), "but for where lines break");
        await page.Locator("#paste").FillAsync("nothing of the kind");
        await page.Locator("button", new() { HasTextString = "Explain" }).ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToContainTextAsync("Nothing in this text is known.");
        await page.Locator("#paste").FillAsync(" ");
        await page.Locator("button", new() { HasTextString = "Explain" }).ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToHaveTextAsync("It is empty.");
        await page.EvaluateAsync("new MutationObserver(() => window.said = (window.said ?? '') + explaining.textContent).observe(explaining, { childList: true, characterData: true, subtree: true })");
        await page.Locator("#paste").FillAsync(pasted);
        await page.Locator("button", new() { HasTextString = "Explain" }).ClickAsync();
        await Expect(page.Locator("pre.explained")).ToContainTextAsync("4320");
        Assert.That(await page.EvaluateAsync<string>("window.said"), Is.EqualTo("Reading the text"));
        await page.Locator("#paste").FillAsync(new string('x', (1 << 20) + 1));
        await page.Locator("button", new() { HasTextString = "Explain" }).ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToContainTextAsync("The text has 1,048,577 characters, and at most 1,048,576 are read here");
    }

    [Test]
    public async Task TheExampleIsQ131739()
    {
        var page = await Open();
        await page.Locator("button", new() { HasTextString = "Take an example" }).ClickAsync();
        await Expect(page.Locator("#report .lead")).ToContainTextAsync("one user is logged on at two machines", new() { Timeout = 30_000 });
    }

    private static string Words(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string Fixture(string name) => Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "diagnosis", name);

    internal static string TheTool(params string[] arguments)
    {
        using var output = new MemoryStream();
        using (var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false))
            Tool.Run(arguments, terminal);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private async Task Choose(IPage page, string path)
    {
        await page.Locator("#files").SetInputFilesAsync(path);
        await Expect(page.Locator("#report .lead")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    private static async Task<string> Saved(IPage page, string button)
    {
        var saving = page.WaitForDownloadAsync();
        await page.Locator("button", new() { HasTextString = button }).ClickAsync();
        return await File.ReadAllTextAsync((await (await saving).PathAsync())!, Encoding.UTF8);
    }
}
