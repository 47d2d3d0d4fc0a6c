using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Web.Tests;

/// <summary>The page as a whole: its size, without a network, with hostile names, and with a capture of 100 MB.</summary>
public sealed class PageTests : InThePage
{
    private const long MaxCompressed = 6_000_000;
    private const int BigCapture = 100 << 20;

    [Test]
    public void ItIsSmallEnough()
    {
        if (Chromium.Path.Length == 0)
            Assert.Ignore("Without Chromium the page is not published.");
        long size = Directory.EnumerateFiles(PublishedSite.Folder, "*.br", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        TestContext.Out.WriteLine($"compressed by Brotli: {size:N0} octets");
        Assert.That(size, Is.InRange(1_000_000, MaxCompressed));
    }

    [Test]
    public async Task AfterTheFirstLoadItIsWholeWithoutANetwork()
    {
        var page = await Open();
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)"); // it has kept all files by then
        await page.Context.SetOfflineAsync(true);
        var watch = Stopwatch.StartNew();
        await page.ReloadAsync();
        await page.Locator("nav[aria-label=Views]").WaitForAsync();
        TestContext.Out.WriteLine($"offline reload: {watch.ElapsedMilliseconds} ms");
        await page.Locator("button", new() { HasTextString = "Take an example" }).ClickAsync();
        await Expect(page.Locator("#report .lead")).ToContainTextAsync("one user is logged on at two machines", new() { Timeout = 30_000 });
    }

    [Test]
    public async Task ItKeepsNothingOfACapture()
    {
        var page = await Open();
        await page.Locator("button", new() { HasTextString = "Take an example" }).ClickAsync();
        await Expect(page.Locator("#report .lead")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        string kept = await page.EvaluateAsync<string>("(async () => JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, (await indexedDB.databases()).map(d => d.name)]))()");
        Assert.That(kept, Is.EqualTo("[[],[],\"\",[]]"));
    }

    [Test]
    public async Task HostileNamesAreText()
    {
        string[] hostile = ["<img src=x>", "\"><script>", "\u001b[31mRED", "`a`|b|*c*", "{{7*7}}"];
        using var octets = new MemoryStream();
        using (var capture = new Frames(octets))
        {
            foreach (string name in hostile)
                capture.Duplicate(Name(name));
        }

        var page = await Open();
        await page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "<svg onload=alert(1)>.pcapng", MimeType = "", Buffer = octets.ToArray() });
        await Expect(page.Locator("#report .lead")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.That(await page.Locator("#report img, #report script, #report a, main svg[onload]").CountAsync(), Is.Zero);
        string text = (await page.Locator("#report").TextContentAsync())!;
        Assert.That(text, Does.Contain("<img src=x>").And.Contains("\"><script>").And.Contains("<svg onload=alert(1)>.pcapng"));
        Assert.That(VisibleText.IndexOfHidden(text.Replace("\n", "", StringComparison.Ordinal)), Is.Negative, "nothing in it is hidden");
    }

    [Test]
    public async Task ACaptureOf100MegabytesLeavesThePageQuick_AndCanBeCancelled()
    {
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "big.pcapng");
        using (var capture = new Frames(File.Create(file)))
        {
            for (uint i = 0; capture.Length < BigCapture; i++)
                capture.Query(Name(string.Create(CultureInfo.InvariantCulture, $"HOST{i % 2000}")), new Ipv4Address(0x0A000001 + (i % 1500)));
        }

        try
        {
            var page = await Open();
            await page.EvaluateAsync("window.longest = 0; new PerformanceObserver(list => { for (const task of list.getEntries()) longest = Math.max(longest, task.duration); }).observe({ type: 'longtask' })");
            var watch = Stopwatch.StartNew();
            await page.Locator("#files").SetInputFilesAsync(file);
            await page.Locator(".progress button").ClickAsync();
            await Expect(page.Locator("label.button")).ToHaveTextAsync("Choose files");
            watch.Restart();
            await page.Locator("#files").SetInputFilesAsync(file);
            await Expect(page.Locator("progress")).ToBeVisibleAsync();
            await page.Locator("button.theme").ClickAsync();
            await Expect(page.Locator("button.theme")).ToHaveAttributeAsync("aria-pressed", "true", new() { Timeout = 1_000 });
            await Expect(page.Locator("#report .lead")).ToContainTextAsync("wrong", new() { Timeout = 240_000 });
            double longest = await page.EvaluateAsync<double>("longest");
            TestContext.Out.WriteLine($"100 MB in {watch.Elapsed.TotalSeconds:0.0} s; the page's longest task: {longest:0} ms");
            Assert.That(longest, Is.LessThan(5_000), "the page itself does nothing long, however slow the machine");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static NetBiosName Name(string text)
    {
        byte[] octets = new byte[16];
        octets.AsSpan().Fill((byte)' ');
        System.Text.Encoding.UTF8.GetBytes(text).AsSpan(0, Math.Min(15, text.Length)).CopyTo(octets);
        octets[15] = (byte)NameSuffix.Server;
        return new NetBiosName(octets);
    }

    /// <summary>A capture, frame by frame, a millisecond apart.</summary>
    private sealed class Frames(Stream stream) : IDisposable
    {
        private readonly CaptureWriter _writer = new(stream, leaveOpen: true);
        private readonly byte[] _frame = new byte[1_024];
        private readonly byte[] _payload = new byte[512];
        private long _time;
        private ushort _id;

        public long Length { get; private set; }

        public void Query(NetBiosName name, Ipv4Address from) => Send(from, Ipv4Address.Parse("10.0.255.255"), new NameQueryRequest(++_id, name, isBroadcast: true));

        /// <summary>One machine has a name, and refuses it to another.</summary>
        public void Duplicate(NetBiosName name)
        {
            var (holder, claimant, everybody) = (Ipv4Address.Parse("10.0.0.1"), Ipv4Address.Parse("10.0.0.2"), Ipv4Address.Parse("10.0.0.255"));
            Send(holder, everybody, new NameOverwriteDemand(++_id, name, new NbEntry(default, holder)));
            Send(claimant, everybody, new NameRegistrationRequest(++_id, name, new NbEntry(default, claimant), isBroadcast: true));
            Send(holder, claimant, new NegativeNameRegistrationResponse(_id, name, NbnsRcode.ActiveError, new NbEntry(default, holder)));
        }

        public void Dispose()
        {
            _writer.Dispose();
            if (stream is FileStream)
                stream.Dispose();
        }

        private void Send(Ipv4Address from, Ipv4Address to, NbnsMessage message)
        {
            int length = message.Write(_payload);
            var mac = (to.Value & 0xFF) == 0xFF ? MacAddress.Broadcast : MacAddress.FromIpv4(to);
            int octets = UdpFrame.Write(_frame, MacAddress.FromIpv4(from), mac, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), _payload.AsSpan(0, length));
            _writer.Write(Instant.FromMilliseconds(++_time), _frame.AsSpan(0, octets));
            Length += octets + 32;
        }
    }
}
