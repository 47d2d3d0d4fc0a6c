namespace NbnsSim.Cli.Tests;

public sealed class StateCommandTests
{
    [Test]
    public void AMomentOfAScenario()
    {
        var run = ToolRun.Of("state", "wins-down-at-boot", "--at", "3");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("It is down."));
        Assert.That(run.Output, Does.Contain("under way: ALPHA<00>: claims it at the name server, 10.2.0.2; "));
    }

    [Test]
    public void TheEnd_AsLines()
    {
        var run = ToolRun.Of("state", "wins-down-at-boot", "--json");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(NdjsonSchema.AssertFits(run.Lines), Is.SupersetOf(new[] { "state", "cached" }));
        Assert.That(NdjsonSchema.AssertFits(ToolRun.Of("state", "wins-down-at-boot", "--at", "3", "--json").Lines), Does.Contain("pending"));
    }

    [Test]
    public void AFrameOfACapture_AndWhatIsNone()
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        string capture = Path.Combine(folder, "office.pcapng");
        Assert.That(ToolRun.Of("run", "q131739", "--capture", capture).ExitCode, Is.Zero);
        var run = ToolRun.Of("state", capture, "--at", "1");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("claims it by broadcast"));
        Assert.That(ToolRun.Of("state", capture, "--at", "99999").ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(ToolRun.Of("state", "q131739", "--at", "soon").ExitCode, Is.EqualTo(ExitCode.BadInput));
        Directory.Delete(folder, recursive: true);
    }
}
