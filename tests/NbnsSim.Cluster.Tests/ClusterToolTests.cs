using Microsoft.Extensions.Logging;
using NbnsSim.Cluster.Tool;

namespace NbnsSim.Cluster.Tests;

/// <summary>The tool's words and exit codes, and that no secret is among them.</summary>
public sealed class ClusterToolTests
{
    [Test]
    public async Task WithoutArgumentsItSaysWhatItDoes()
    {
        var (code, output, error) = await RunAsync();
        Assert.That((code, error), Is.EqualTo((ClusterTool.Done, "")));
        Assert.That(output, Does.Contain("silo").And.Contain("NBNSSIM_REDIS"));
    }

    [TestCase("nbnssim-cluster: --port is at least 1.", "silo", "--redis", "h", "--port", "0")]
    [TestCase("nbnssim-cluster: --parallel is at least 1.", "silo", "--redis", "h", "--parallel", "0")]
    [TestCase("nbnssim-cluster: 'everywhere' is no address", "silo", "--redis", "h", "--listen", "everywhere")]
    [TestCase("nbnssim-cluster: 'here' is no address and port", "silo", "--redis", "h", "--http", "here")]
    [TestCase("nbnssim-cluster: The place of Redis is not of the form", "silo", "--redis", "http://:geheim@h")]
    [TestCase("nbnssim-cluster: Unrecognized command or argument 'redis://***@h'.", "silo", "--redis", "h", "redis://me:geheim@h")]
    [TestCase("nbnssim-cluster: Unrecognized command or argument 'h,password=***,ssl=true'.", "silo", "--redis", "h", "h,password=geheim,ssl=true")]
    [TestCase("nbnssim-cluster: Option '--out' is required.", "run", "x.json", "--redis", "h")]
    public async Task AMistakeIsSaidAndNoSecretRepeated(string start, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.That((code, output), Is.EqualTo((ClusterTool.Usage, "")));
        Assert.That(error, Does.Contain(start).And.Not.Contain("geheim"));
    }

    [Test]
    public async Task AJobThatCannotBeReadIsSaid()
    {
        Assert.That((await RunAsync("campaign", "q131739", "--seeds", "1", "--dialects", "nt9", "--here", "--out", "job")).Error, Does.StartWith("nbnssim-cluster: There is no dialect 'nt9'").And.Not.Contain("Parameter"));
        var (code, _, error) = await RunAsync("run", "no-such-file.json", "--here", "--out", "job");
        Assert.That(code, Is.EqualTo(ClusterTool.BadInput));
        Assert.That(error, Does.StartWith("nbnssim-cluster: Could not find file"));
    }

    /// <summary>As <c>nbnssim campaign</c> takes them, whose arguments come here with <c>--cluster</c>.</summary>
    [Test]
    public async Task FaultsMayStandBehindEachOther_AndBeGivenSeveralTimes()
    {
        string[][] ways = [["--faults", "loss:probability=5%,duplicate:probability=1%,delay=20ms"], ["--faults", "loss:probability=5%", "--faults", "duplicate:probability=1%,delay=20ms"]];
        var folder = Directory.CreateTempSubdirectory("nbnssim-");
        try
        {
            foreach (string[] way in ways)
                Assert.That((await RunAsync(["campaign", "q131739", "--seeds", "2", "--here", "--out", Path.Combine(folder.FullName, "job"), .. way])).Output, Does.Contain("2 runs of 2 asked for"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void ALogLineIsOneLineWithoutASecret()
    {
        Secrets.Add("p:ss\u00e9cret");
        using var text = new StringWriter();
        using var provider = new RedactingLogger(text);
        provider.CreateLogger("A.B.C").Log(LogLevel.Warning, default, "trying redis://:p%3Ass%C3%A9cret@h", new IOException("Redis said p:ss\u00e9cret\nand more"), (text, _) => text);
        Assert.That(text.ToString(), Does.Contain(" Warning C: trying redis://***@h: IOException: Redis said ***"));
        Assert.That(text.ToString().TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(text.ToString(), Does.Not.Contain("cret"));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await ClusterTool.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
