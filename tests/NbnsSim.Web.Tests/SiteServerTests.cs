using System.Net.Sockets;
using System.Text;
using NbnsSim.Transport.Pages;

namespace NbnsSim.Web.Tests;

/// <summary>The server of the page: its own files with their types, and nothing else, to nobody else.</summary>
public sealed class SiteServerTests
{
    private string _folder = "";
    private SiteServer? _server;
    private CancellationTokenSource? _stop;

    [OneTimeSetUp]
    public void Serve()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-site").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "site", "sub dir"));
        File.WriteAllText(Path.Combine(_folder, "secret.txt"), "secret");
        File.WriteAllText(Path.Combine(_folder, "site", "index.html"), "<p>page</p>");
        File.WriteAllText(Path.Combine(_folder, "site", "sub dir", "a.js"), "1");
        foreach (string ending in new[] { "wasm", "css", "json", "svg", "dat" })
            File.WriteAllText(Path.Combine(_folder, "site", "f." + ending), ending);
        _server = new SiteServer(new StaticSite(Path.Combine(_folder, "site")), 0);
        _stop = new CancellationTokenSource();
        _ = _server.Run(_stop.Token);
    }

    [OneTimeTearDown]
    public void End()
    {
        _stop!.Cancel();
        _server!.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("/", "text/html; charset=utf-8", "<p>page</p>")]
    [TestCase("/index.html?x=/../secret.txt", "text/html; charset=utf-8", "<p>page</p>")]
    [TestCase("/sub%20dir/a.js", "text/javascript; charset=utf-8", "1")]
    [TestCase("/f.wasm", "application/wasm", "wasm")]
    [TestCase("/f.css", "text/css; charset=utf-8", "css")]
    [TestCase("/f.json", "application/json", "json")]
    [TestCase("/f.svg", "image/svg+xml", "svg")]
    [TestCase("/f.dat", "application/octet-stream", "dat")]
    public async Task AFileIsGivenWithItsType(string target, string type, string content)
    {
        string answer = await Ask($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{new Uri(_server!.Address).Port}\r\n\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contains($"\r\nContent-Type: {type}\r\n").And.Contains($"\r\nContent-Length: {content.Length}\r\n").And.EndWith("\r\n\r\n" + content));
        Assert.That(await Ask($"HEAD {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"), Is.EqualTo(answer[..^content.Length]));
    }

    [TestCase("/../secret.txt")]
    [TestCase("/%2e%2e/secret.txt")]
    [TestCase("/sub%20dir/../../secret.txt")]
    [TestCase("/..%2fsecret.txt")]
    [TestCase("//etc/passwd")]
    [TestCase("/sub%20dir")]
    [TestCase("/%")]
    [TestCase("/%00")]
    public async Task WhatIsNoneOfItsFilesIsNotFound(string target) =>
        Assert.That(await Ask($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"), Does.StartWith("HTTP/1.1 404 ").And.Not.Contains("secret"));

    [TestCase("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "400")]
    [TestCase("GET / HTTP/1.1\r\n\r\n", "400")]
    [TestCase("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "400")]
    [TestCase("nonsense\r\n\r\n", "400")]
    [TestCase("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405")]
    public async Task AStrangersOrAnotherRequestIsRefused(string request, string status) => Assert.That(await Ask(request), Does.StartWith($"HTTP/1.1 {status} "));

    [Test]
    public async Task ARequestWithoutEndIsCutOff()
    {
        Assert.That(await Ask("GET / HTTP/1.1\r\nX: " + new string('x', 20_000)), Is.Empty);
        Assert.That(await Ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), Does.StartWith("HTTP/1.1 200 "), "and others are answered on");
    }

    private async Task<string> Ask(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(_server!.Address).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // it closed while there was more to read
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
