using Microsoft.Playwright;
using NbnsSim.Playing;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests.Playing;

namespace NbnsSim.Web.Tests;

/// <summary>The view Play: a network is stepped through, changed and broken.</summary>
public sealed class PlayTests : InThePage
{
    [Test]
    public async Task Q131739GoesStepByStepTo4320_AndBack()
    {
        var page = await Open("#/play/q131739");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        int steps = 0;
        for (; steps < 60 && await page.Locator("svg.network .host.hot").CountAsync() == 0; steps++)
            await Press(page, "Decision");
        await TestContext.Out.WriteLineAsync($"{steps} steps, {watch.ElapsedMilliseconds / steps} ms each, from the click until the page is drawn again");
        await Expect(page.Locator(".clock")).ToHaveTextAsync("45.002 s");
        await Expect(page.Locator("svg.network .host.hot .name")).ToHaveTextAsync("ALPHA");
        await Expect(page.Locator(".machine tr.hot")).ToContainTextAsync("JSMITH<03>");
        await Expect(page.Locator(".machine .log pre")).ToContainTextAsync("Event ID: 4320");
        await Expect(page.Locator(".story a.rule").First).ToHaveTextAsync("E1.4320");
        await Expect(page.Locator("#ladder g.row.hot").First).ToBeVisibleAsync();
        await IsAccessible(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await IsAccessible(page);
        await Show(page, "play-4320");
        await FitsATelephone(page);
        await Press(page, "Back");
        await Expect(page.Locator("svg.network .host.hot")).ToHaveCountAsync(0);
        await Press(page, "To the end");
        await Expect(page.Locator("svg.network .host.hot")).ToHaveCountAsync(1);
        await Expect(page.Locator(".controls button", new() { HasTextString = "To the end" })).ToBeFocusedAsync();
        await Expect(page.Locator(".controls button", new() { HasTextString = "Datagram" })).ToBeDisabledAsync();
        await page.Locator(".machine input").Nth(0).FillAsync("MARY");
        await page.Locator(".machine button", new() { HasTextString = "Log on" }).ClickAsync();
        await Press(page, "Datagram");
        await Expect(page.Locator("#ladder")).ToContainTextAsync("register MARY<03>");
    }

    [Test]
    public async Task APacketLostByHandMakesTwoOwners_AndTheComparisonSaysWhatThatChanged()
    {
        var page = await Open("#/play/q131739");
        var native = new PlaySession(BuiltInScenarios.Find("q131739")!);
        await Until(page, native, At(45));
        for (int lost = 0; lost < 4; lost++)
        {
            while (native.Simulator.GetUnderWay().IsEmpty)
                await Step(page, native);
            if (lost == 0)
                await page.Locator("svg.network .flight .dot").ClickAsync();
            else
                await page.Locator("button.flight").ClickAsync();
            await Expect(page.Locator("svg.network .flight.on")).ToHaveCountAsync(1);
            await page.Locator(".acts button", new() { HasTextString = "Lose it" }).ClickAsync();
            await Expect(page.Locator(".flights .fate")).ToHaveTextAsync("It gets lost, by hand.");
            if (lost == 0)
            {
                await IsAccessible(page);
                await Show(page, "play-lost");
            }

            native.Lose(native.Simulator.GetUnderWay().Single());
            await Step(page, native);
        }

        await Press(page, "To the end");
        native.RunTo(native.End);
        foreach (string host in new[] { "ALPHA", "BRAVO" })
        {
            await page.Locator($"svg.network .host [aria-label^={host}]").FocusAsync();
            await page.Keyboard.PressAsync(host == "ALPHA" ? "Enter" : "Space");
            await Expect(page.Locator("svg.network .host.on .name")).ToHaveTextAsync(host);
            await Expect(page.Locator(".machine tr", new() { HasTextString = "JSMITH<03>" }).First).ToContainTextAsync("Registered");
        }

        await Press(page, "Compare with the run untouched");
        await Expect(page.Locator("#comparison .lead")).ToContainTextAsync("1 event lost");
        await Expect(page.Locator("#comparison")).ToContainTextAsync("what was done by hand");
        await IsAccessible(page);
        await Show(page, "whatif-played");
        await page.GoBackAsync();
    }

    [Test]
    public async Task WhatIsSavedDoesTheSameInTheTool()
    {
        var page = await Open("#/play/q131739");
        var native = new PlaySession(BuiltInScenarios.Find("q131739")!, record: simulator => new TraceRecorder(simulator, TraceDetail.None));
        await Until(page, native, At(45));
        await page.Locator("button.flight").ClickAsync();
        await page.Locator(".acts button", new() { HasTextString = "Damage it" }).ClickAsync();
        native.Corrupt(native.Simulator.GetUnderWay().Single());
        await Press(page, "Timer");
        native.Step(PlayStride.Timer);
        await page.Locator(".machine button", new() { HasTextString = "Log off" }).ClickAsync();
        native.Tell("ALPHA", NodeCommand.Logoff, user: "JSMITH");
        var saving = page.WaitForDownloadAsync();
        await Press(page, "Save as a scenario");
        string saved = (await (await saving).PathAsync())!;
        Assert.That(await File.ReadAllTextAsync(saved), Is.EqualTo(Text(native.ToScenario())));
        Assert.That(new ScenarioRun(Scenario.Load(saved)).Run(), Has.All.Matches<ExpectationResult>(result => result!.Outcome == ExpectationOutcome.Met));
        string trace = saved + ".trace";
        DiagnoseTests.TheTool("run", saved, "--trace", trace);
        native.RunTo(native.End);
        Assert.That(await File.ReadAllTextAsync(trace), Is.EqualTo(((TraceRecorder)native.Recorder).Text));
    }

    [Test]
    public async Task ItRunsByItself_UntilItIsPaused()
    {
        var page = await Open("#/play/q131739");
        await page.Locator(".controls select").SelectOptionAsync("20");
        await Press(page, "Run");
        await Expect(page.Locator("#ladder g.row")).Not.ToHaveCountAsync(0);
        await Press(page, "Pause");
        await Expect(page.Locator(".controls .run")).ToHaveTextAsync("Run");
        await Press(page, "To the end");
        await Expect(page.Locator(".clock")).ToHaveTextAsync("70.000 s");
        await Expect(page.Locator(".controls .run")).ToBeDisabledAsync();
    }

    [Test]
    public async Task AMachineDoesWhatItIsTold_AndWhatItCannotDoIsSaid()
    {
        var page = await Open("#/play/q131739-wins");
        await page.Locator("select[aria-label=Machine]").SelectOptionAsync("ALPHA");
        await page.Locator(".machine button", new() { HasTextString = "Crash" }).ClickAsync();
        await Expect(page.Locator("svg.network .host.down .name")).ToHaveTextAsync("ALPHA");
        await Expect(page.Locator("svg.network .host.on .name")).ToHaveTextAsync("ALPHA");
        await page.Locator(".machine button", new() { HasTextString = "Restart" }).ClickAsync();
        await page.Locator(".machine button", new() { HasTextString = "Pull the cable" }).ClickAsync();
        await Expect(page.Locator("svg.network .host.cut .name")).ToHaveTextAsync("ALPHA");
        await page.Locator(".machine input").Nth(1).FillAsync("NO<NAME");
        await page.Locator(".machine button", new() { HasTextString = "Query" }).ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToContainTextAsync("'NO<NAME' is no NetBIOS name");
        await page.Locator(".machine input").Nth(0).FillAsync(" ");
        await page.Locator(".machine button", new() { HasTextString = "Log on" }).ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToHaveTextAsync("Nobody is named who logs on or off: expected a user such as JSMITH.");
        await page.Locator(".machine input").Nth(0).FillAsync("Ω");
        await page.Locator(".machine button", new() { HasTextString = "Log on" }).ClickAsync();
        await Expect(page.Locator("[role=alert].problem")).ToHaveTextAsync("A user's name has 1 to 15 characters, of Latin-1, and does not begin with a space.");
        await page.Locator(".machine label", new() { HasTextString = "Restart as" }).Locator("select").SelectOptionAsync("w2k");
        await Expect(page.Locator(".machine p.aside").First).ToContainTextAsync("Windows 2000");
    }

    [Test]
    public async Task AMistakeInTheEditorIsShownOnItsLine_AndAScenarioOfOnesOwnIsPlayed()
    {
        var page = await Open("#/play/q131739");
        await Press(page, "Edit");
        string text = await page.Locator("#scenario-text").InputValueAsync();
        await page.Locator("#scenario-text").FillAsync(text.Replace("\"do\": \"boot\"", "\"do\": \"<b>boot\"", StringComparison.Ordinal));
        await Expect(page.Locator(".mistakes li").First).ToContainTextAsync("Line ");
        await Expect(page.Locator(".mistakes pre").First).ToContainTextAsync("<b>boot");
        Assert.That(await page.Locator(".mistakes pre b").CountAsync(), Is.Zero);
        await IsAccessible(page);
        await Show(page, "play-editor");
        await Expect(page.Locator(".editor button.accent")).ToBeDisabledAsync();
        await page.Locator("#scenario-text").FillAsync(text.Replace("BRAVO", "CHARLIE", StringComparison.Ordinal));
        await page.Locator(".editor button.accent").ClickAsync();
        await Expect(page.Locator("svg.network .host .name").Nth(1)).ToHaveTextAsync("CHARLIE");
    }

    [Test]
    public async Task ALinkHoldsTheScenario_AndAHostileOneIsToldOf()
    {
        Assert.That(PlayLink.TryWrite(BuiltInScenarios.Find("split-brain")! with { Title = "<script>alert(1)</script>" }, out string? text), Is.True);
        var page = await Open($"#/play?{text}");
        await Expect(page.Locator(".title b")).ToHaveTextAsync("<script>alert(1)</script>");
        await page.EvaluateAsync("location.hash = '#/play/<b>none'");
        await Expect(page.Locator("[role=alert].problem")).ToHaveTextAsync("There is no scenario '%3Cb%3Enone': this is q131739.");
        await page.EvaluateAsync($"location.hash = '#/play?{text}'");
        await Expect(page.Locator("[role=alert].problem")).ToHaveCountAsync(0);
        await page.EvaluateAsync("location.hash = '#/play?not-a-scenario'");
        await Expect(page.Locator("[role=alert].problem")).ToContainTextAsync("The link cannot be played");
        await Expect(page.Locator(".title b")).ToHaveTextAsync("<script>alert(1)</script>");
        await Press(page, "Copy a link");
        await Expect(page.Locator(".said")).ToContainTextAsync("link");
        Assert.That(new Uri(page.Url).Fragment, Does.StartWith("#/play?"));
        await Press(page, "Datagram");
        string clock = await page.Locator(".clock").InnerTextAsync();
        await page.Locator("button.theme").ClickAsync();
        await Expect(page.Locator(".clock")).ToHaveTextAsync(clock);
        await page.Locator(".choice select").First.SelectOptionAsync("split-brain");
        await page.Locator("nav[aria-label=Views] a[aria-current=page]").ClickAsync();
        await Expect(page.Locator(".choice select").First).ToHaveValueAsync("q131739");
        Assert.That(new Uri(page.Url).Fragment, Is.EqualTo("#/play"));
    }

    private static Instant At(double seconds) => Instant.Epoch + TimeSpan.FromSeconds(seconds);

    private static async Task Press(IPage page, string button) => await page.Locator(".controls, .choice").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task Until(IPage page, PlaySession native, Instant time)
    {
        while (native.Simulator.Now < time)
            await Step(page, native);
    }

    private static async Task Step(IPage page, PlaySession native)
    {
        await Press(page, "Datagram");
        native.Step(PlayStride.Datagram);
    }

    private static string Text(Scenario scenario)
    {
        using var file = new MemoryStream();
        scenario.Write(file);
        return System.Text.Encoding.UTF8.GetString(file.ToArray());
    }
}
