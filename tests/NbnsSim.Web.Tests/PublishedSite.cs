using System.Diagnostics;
using NbnsSim.Tests.House;
using NbnsSim.Transport.Pages;

namespace NbnsSim.Web.Tests;

/// <summary>The page as it is published, once for all tests, and served: at the root, and again below a path, as from anybody's web space.</summary>
[SetUpFixture]
internal sealed class PublishedSite
{
    private static CancellationTokenSource? s_stop;
    private static SiteServer? s_server;

    /// <summary>The folder that is published.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "NbnsSim.Web.Tests", "obj", "site", "some", "path");

    /// <summary>Where the page is.</summary>
    public static string Address => $"{s_server!.Address}some/path/";

    [OneTimeSetUp]
    public static void PublishAndServe()
    {
        if (Chromium.Path.Length == 0)
            return; // each test says that it is skipped
        Publish();
        s_server = new SiteServer(new StaticSite(Path.Combine(Repository.Root, "tests", "NbnsSim.Web.Tests", "obj", "site")), 0);
        s_stop = new CancellationTokenSource();
        _ = s_server.Run(s_stop.Token);
    }

    [OneTimeTearDown]
    public static void Stop()
    {
        s_stop?.Cancel();
        s_server?.Dispose();
        s_stop?.Dispose();
    }

    private static void Publish()
    {
        string output = Path.Combine(Repository.Root, "tests", "NbnsSim.Web.Tests", "obj", "published");
        string[] arguments = ["publish", Path.Combine(Repository.Root, "src", "NbnsSim.Web"), "-c", "Release", "-o", output, "-v", "q", "-nologo", "-p:RunAnalyzers=false"];
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string said = dotnet.StandardOutput.ReadToEnd();
        dotnet.WaitForExit();
        Assert.That(dotnet.ExitCode, Is.Zero, said);
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(Folder)!);
        Directory.Move(Path.Combine(output, "wwwroot"), Folder);
    }
}
