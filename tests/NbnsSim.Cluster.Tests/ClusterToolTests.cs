using System.Text.Json;
using Microsoft.Extensions.Logging;
using NbnsSim.Cluster.Tool;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;

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
    [TestCase("nbnssim-cluster: '10.1.0.0/x' is no subnet", "analyze", "captures", "--redis", "h", "--out", "job", "--audit", "--subnet", "10.1.0.0/x")]
    [TestCase("nbnssim-cluster: Argument 'mine' not recognized.", "analyze", "captures", "--redis", "h", "--out", "job", "--clocks", "mine")]
    [TestCase("nbnssim-cluster: Option '--out' is required.", "run", "x.json", "--redis", "h")]
    [TestCase("nbnssim-cluster: --shard-octets is at least 256, not '5'.", "analyze", "x", "--here", "--out", "y", "--shard-octets", "5")]
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

    /// <summary>What <c>nbnssim</c> says and ends with in its own process, this one does with <c>--here</c>: either goes on with the other's job.</summary>
    [Test]
    public async Task ItSaysAndEndsAsNbnssimDoes()
    {
        var folder = Directory.CreateTempSubdirectory("nbnssim-");
        try
        {
            string job = Path.Combine(folder.FullName, "job");
            string none = Path.Combine(folder.FullName, "none");
            var here = await RunAsync("analyze", none, "--here", "--json", "--out", job);
            Assert.That(here.Code, Is.EqualTo(3), "an input that is not there is not analysed");
            using var line = JsonDocument.Parse(here.Output);
            Assert.That((line.RootElement.GetProperty("type").GetString(), line.RootElement.GetProperty("kind").GetString()), Is.EqualTo(("job", "archive")));
            Assert.That(line.RootElement.GetProperty("summary").GetProperty("notAnalysedInAll").GetInt32(), Is.EqualTo(1));

            await using var engine = new LocalEngine(job, 1);
            var outcome = await JobRun.RunAsync(engine, ArchiveSpec.Of([none]));
            Assert.That((outcome.Verdict, outcome.ExitCode), Is.EqualTo((JobVerdict.Incomplete, 3)));
            Assert.That((await RunAsync("campaign", "q131739", "--seeds", "20", "--dialects", "nt3.5", "--faults", "loss:probability=60%", "--here", "--out", Path.Combine(folder.FullName, "campaign"))).Code, Is.EqualTo(1));
            Assert.That((await RunAsync("analyze", none, "--here", "--out", "/dev/full/job")).Code, Is.EqualTo(5));
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
