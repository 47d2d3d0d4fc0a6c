namespace NbnsSim.Cli.Tests;

public sealed class TwinCommandTests
{
    private string _folder = null!;
    private string _capture = null!;

    [OneTimeSetUp]
    public void MakeCapture()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        _capture = Path.Combine(_folder, "office.pcapng");
        Assert.That(ToolRun.Of("run", "q131739", "--capture", _capture).ExitCode, Is.Zero);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void TheTwinRuns_AndLogsTheSameEvent()
    {
        string twin = Path.Combine(_folder, "twin.json");
        var made = ToolRun.Of("twin", _capture, "--out", twin, "--compare");
        Assert.That((made.ExitCode, made.Error), Is.EqualTo((0, "")));
        Assert.That(made.Output, Does.Match(@"\nagreement: 100\.0 %: ([0-9]+) of \1 packets of whole exchanges come again"));
        Assert.That(made.Output, Does.Contain("── Inferred: what each machine behaves like ──"));

        var run = ToolRun.Of("run", twin, "--json");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("\"eventId\":4320"));
    }

    [Test]
    public void WhatIsNoCaptureIsSaid()
    {
        string text = Path.Combine(_folder, "text.txt");
        File.WriteAllText(text, "hello");
        var run = ToolRun.Of("twin", text);
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(run.Error, Does.Contain("text.txt"));
    }
}
