using System.Net;
using System.Net.Sockets;

namespace NbnsSim.Cli.Tests.Live;

/// <summary>The tool as the server of its page.</summary>
public sealed class WebCommandTests
{
    [Test]
    public void WithoutAPage_ItSaysWhatToType()
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-web").FullName;
        try
        {
            var run = ToolRun.Of("web", "--no-open", "--site", folder);
            Assert.That((run.ExitCode, run.Error), Is.EqualTo((ExitCode.BadInput, $"nbnssim: There is no page in '{folder}'. In a clone of the sources this makes it: dotnet build src/NbnsSim.Cli -t:PublishWeb\n")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void APortThatIsTaken_IsToldOf()
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-web").FullName;
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        try
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), "<p>page</p>");
            var run = ToolRun.Of("web", "--no-open", "--site", folder, "--port", $"{port}");
            Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
            Assert.That(run.Error, Does.StartWith($"nbnssim: Port {port} of 127.0.0.1 cannot be used: ").And.EndWith(" Name another with --port, or 0 for a free one.\n"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("65536")]
    [TestCase("-1")]
    [TestCase("x")]
    public void WhatIsNoPort_IsAMistakeOfTheCommandLine(string port) => Assert.That(ToolRun.Of("web", "--no-open", "--port", port).ExitCode, Is.EqualTo(ExitCode.Usage));
}
