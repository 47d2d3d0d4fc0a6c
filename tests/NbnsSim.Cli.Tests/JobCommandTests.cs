using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace NbnsSim.Cli.Tests;

/// <summary><c>analyze</c> and <c>campaign</c>: the commands' own part; and commands that are programs of their own.</summary>
public sealed class JobCommandTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void AnArchiveIsDiagnosed_AndTheSameCommandGoesOnWhereItWas()
    {
        string captures = Directory.CreateDirectory(In("captures")).FullName;
        foreach (string scenario in (string[])["q131739", "split-brain"])
            Assert.That(ToolRun.Of("run", scenario, "--capture", Path.Combine(captures, $"{scenario}.pcapng")).Error, Is.Empty);
        File.WriteAllText(Path.Combine(captures, "README.txt"), "These are captures.");
        string job = In("job");

        var first = ToolRun.Of("analyze", captures, "--out", job);
        Assert.That(first.ExitCode, Is.Zero, first.Error);
        Assert.That(first.Output, Does.Contain("3 files with ").And.Contains("1 file is no capture.").And.EndsWith($"Results: {Path.Combine(job, "results")}\n"));
        string[] tables = [.. Directory.GetFiles(Path.Combine(job, "results"), "*.parquet").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.That(tables, Is.EqualTo(new[] { "captures.parquet", "datagrams.parquet", "decisions.parquet", "holdings.parquet", "incidents.parquet" }));

        var again = ToolRun.Of("analyze", captures, "--out", job);
        Assert.That((again.ExitCode, again.Output), Is.EqualTo((first.ExitCode, first.Output)));

        var json = ToolRun.Of("analyze", captures, "--out", job, "--json"); // its line is held against the schema
        Assert.That(JsonDocument.Parse(json.Output).RootElement.GetProperty("summary").GetProperty("captures").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public void AnArchiveIsAudited()
    {
        string capture = Path.Combine(Directory.CreateDirectory(In("audited")).FullName, "q131739.pcapng");
        Assert.That(ToolRun.Of("run", "q131739", "--capture", capture).Error, Is.Empty);
        var audited = ToolRun.Of("analyze", capture, "--out", In("audit-job"), "--audit", "--subnet", "10.0.0.0/24", "--clocks", "as-captured");
        Assert.That(audited.ExitCode, Is.Zero, audited.Error);
        string csv = In("audit.csv");
        var alone = ToolRun.Of("audit", capture, "--subnet", "10.0.0.0/24", "--csv", csv);
        string answer = alone.Output.Split('\n').SkipWhile(line => !line.StartsWith("── Answer", StringComparison.Ordinal)).Skip(1).First();
        Assert.That(audited.Output, Does.Contain("May the name server be switched off?").And.Contain(answer));
        Assert.That(File.ReadAllText(Path.Combine(In("audit-job"), "results", "audit.txt")), Does.Contain(answer).And.Contain("audit_datagrams"));
        Assert.That(File.ReadAllText(Path.Combine(In("audit-job"), "results", "audit.csv")).Split('\n')[0], Is.EqualTo(File.ReadAllText(csv).Split('\n')[0]));
        Assert.That(ToolRun.Of("analyze", capture, "--out", In("audit-job"), "--subnet", "10.0.0.0/24").Error, Does.Contain("--subnet is for --audit."));
        Assert.That(ToolRun.Of("analyze", capture, "--out", In("audit-job"), "--clocks", "mine").Error, Does.Contain("'mine' is no way to take clocks"));
    }

    [TestCase("1")]
    [TestCase("1001")]
    public void ANetworkOfChaosHasTwoToAThousandHosts(string hosts)
    {
        var run = ToolRun.Of("campaign", "chaos", "--seeds", "1", "--hosts", hosts, "--out", In("chaos-hosts"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((ExitCode.Usage, $"nbnssim: --hosts is 2 to 1000, not '{hosts}'.\nTry 'nbnssim campaign --help'.\n")));
    }

    [Test]
    public void OneNetworkIsCountedAsOne()
    {
        var run = ToolRun.Of("campaign", "chaos", "--seeds", "1", "--out", In("chaos-one"));
        Assert.That(run.Output, Does.StartWith("1 network of 1 asked for").And.Not.Contain(" 1 networks").And.Contain("All came to rest."));
    }

    [Test]
    public void ChaosIsACampaignByItself()
    {
        string[] line = ["campaign", "chaos", "--seeds", "1..40", "--hosts", "5", "--faults", "loss,crash,forge", "--out", In("chaos")];
        var first = ToolRun.Of(line);
        Assert.That(first.ExitCode, Is.Zero, first.Error);
        Assert.That(first.Output, Does.Contain("40 networks").And.EndsWith($"Results: {Path.Combine(In("chaos"), "results")}\n"));
        Assert.That(Directory.GetFiles(Path.Combine(In("chaos"), "results")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), Is.EqualTo(new[] { "chaos.html", "chaos.json", "runs.parquet", "summary.json" }));
        Assert.That(ToolRun.Of(line).Output, Is.EqualTo(first.Output), "it was done already");
        using var json = JsonDocument.Parse(ToolRun.Of([.. line, "--json"]).Output); // its line is held against the schema
        var summary = json.RootElement.GetProperty("summary");
        Assert.That((summary.GetProperty("asked").GetInt64(), summary.GetProperty("failed").GetInt64(), summary.GetProperty("faults").GetString()), Is.EqualTo((40L, 0L, "loss,crash,forge")));
    }

    [Test]
    public void ChaosThatIsNotPossibleIsSaid()
    {
        Assert.That(ToolRun.Of("campaign", "chaos", "--seeds", "1..2", "--faults", "fire", "--out", In("chaos1")).Error, Does.Contain("'fire' is no fault of chaos"));
        Assert.That(ToolRun.Of("campaign", "chaos", "q131739", "--seeds", "1..2", "--out", In("chaos1")).Error, Does.Contain("Chaos is a campaign by itself"));
        Assert.That(ToolRun.Of("campaign", "q131739", "--hosts", "3", "--out", In("chaos1")).Error, Does.Contain("is for chaos to know"));
        Assert.That(In("chaos1"), Does.Not.Exist);
    }

    [Test]
    public void AnInputThatIsNotThere_OrNoFolderOfAJob_IsSaid()
    {
        var run = ToolRun.Of("analyze", In("none"), "--out", In("job2"));
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Output, Does.Contain($"There is no file '{In("none")}'."));
        Assert.That(ToolRun.Of("campaign", "q131739", "--out", In("job3"), "--seeds", "1").ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("campaign", "q131739", "--out", In("job3"), "--seeds", "2").ExitCode, Is.EqualTo(3), "the folder is another job's");
        Assert.That(ToolRun.Of("campaign", "q131739", "--out", In("job4"), "--seeds", "x").ExitCode, Is.EqualTo(2));
        Assert.That(ToolRun.Of("campaign", "q131739").ExitCode, Is.EqualTo(2), "where to?");
        foreach (string octets in (string[])["5", "255", "-1", "x"])
            Assert.That(ToolRun.Of("analyze", In("none"), "--out", In("job5"), "--shard-octets", octets), Has.Property("ExitCode").EqualTo(2).And.Property("Error").Contains($"--shard-octets is at least 256, not '{octets}'."));
    }

    /// <summary>The line that the result gives does what failed once more.</summary>
    [Test]
    public void ACampaignTellsWhatFails_AndHowToRepeatIt()
    {
        var run = ToolRun.Of("campaign", "q131739", "--dialects", "nt3.5", "--faults", "loss:probability=60%", "--seeds", "1..20", "--out", In("lossy"), "--json");
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        var summary = JsonDocument.Parse(run.Output).RootElement.GetProperty("summary");
        Assert.That(summary.GetProperty("failed").GetInt64(), Is.Positive);
        string text = ToolRun.Of("campaign", "q131739", "--dialects", "nt3.5", "--faults", "loss:probability=60%", "--seeds", "1..20", "--out", In("lossy")).Output;
        string line = text.Split('\n').First(one => one.Contains("nbnssim run ", StringComparison.Ordinal));
        string[] words = [.. line[(line.IndexOf("nbnssim run ", StringComparison.Ordinal) + "nbnssim ".Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('\''))];
        Assert.That(ToolRun.Of(words).ExitCode, Is.EqualTo(1), string.Join(' ', words));
    }

    [Test]
    public void AProgramThatIsNotInstalled_IsNamedWithItsPackage()
    {
        Assert.That(ToolRun.Of("query", "JOB", "SELECT 1"), Is.EqualTo(new ToolRun(3, "", "nbnssim: This needs nbnssim-query, which is not installed: dotnet tool install --global NbnsSim.Query.Tool\n")));
        Assert.That(ToolRun.Of("silo").Error, Does.Contain("NbnsSim.Cluster.Tool"));
        Assert.That(ToolRun.Of("analyze", "x", "--out", "y", "--cluster", "z").Error, Does.Contain("NbnsSim.Cluster.Tool"));
    }

    /// <summary>Whoever ends the tool ends the program that it started, and gets that one's exit code.</summary>
    [Test]
    public void ASignalGoesOnToTheProgram()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs sh(1) and kill(1).");
        string folder = Directory.CreateDirectory(In("programs")).FullName;
        string program = Path.Combine(folder, "nbnssim-cluster");
        File.WriteAllText(program, "#!/bin/sh\ntrap 'echo ended; exit 7' TERM\necho \"ready $*\"\nread -r line\n"); // a builtin that waits, which the signal ends
        using (var mode = Process.Start("chmod", ["+x", program]))
            mode.WaitForExit();
        var start = new ProcessStartInfo("dotnet", [typeof(Tool).Assembly.Location, "silo", "--port", "11112"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var tool = Process.Start(start)!;
        Assert.That(tool.StandardOutput.ReadLine(), Is.EqualTo("ready silo --port 11112"));
        using (var kill = Process.Start("kill", ["-TERM", tool.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        Assert.That(tool.StandardOutput.ReadLine(), Is.EqualTo("ended"));
        tool.WaitForExit();
        Assert.That(tool.ExitCode, Is.EqualTo(7));
    }

    [Test]
    public void ANameIsNoJob()
    {
        Assert.That(Companion.For(["query", "FILESERVER", "--own"]), Is.Null);
        Assert.That(Companion.For(["query", "--own", "FILESERVER"]), Is.Null);
        Assert.That(Companion.For(["query"]), Is.Null);
        Assert.That(Companion.For([]), Is.Null);
        Assert.That(Companion.For(["query", "JOB", "SELECT 1", "--json"])?.Arguments, Is.EqualTo(new[] { "JOB", "SELECT 1", "--json" }));
    }

    private string In(string name) => Path.Combine(_folder, name);
}
