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

    /// <summary>A frame of a run is the frame of the capture that the run writes.</summary>
    [Test]
    public void AFrameOfARun_IsThatOfItsCapture()
    {
        var byFrame = ToolRun.Of("state", "q131739", "--at", "#46"); // ALPHA's refusal
        Assert.That((byFrame.ExitCode, byFrame.Error), Is.EqualTo((0, "")));
        Assert.That(byFrame.Output, Is.EqualTo(ToolRun.Of("state", "q131739", "--at", "45.0005").Output));
        Assert.That(byFrame.Output, Does.Contain("at 45.001 s"));
        var none = ToolRun.Of("state", "q131739", "--at", "#9999");
        Assert.That((none.ExitCode, none.Error), Is.EqualTo((ExitCode.BadInput, "nbnssim: q131739: The run has no frame 9999: a capture of it has 52.\n")));
    }

    [Test]
    public void StandardInput_ACaptureOrAScenario()
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        string capture = Path.Combine(folder, "office.pcapng");
        Assert.That(ToolRun.Of("run", "q131739", "--capture", capture).ExitCode, Is.Zero);
        var piped = ToolRun.With(File.ReadAllBytes(capture), ["state", "-", "--at", "46"]);
        Assert.That((piped.ExitCode, piped.Error), Is.EqualTo((0, "")));
        Assert.That(piped.Output, Does.Contain("JSMITH"));
        var cut = ToolRun.With(File.ReadAllBytes(capture)[..^7], ["state", "-", "--json"]);
        Assert.That(cut.ExitCode, Is.EqualTo(ExitCode.BadInput), "what is there is told, and that something is missing");
        Assert.That((cut.Output.Length > 0, cut.Error.Length > 0), Is.EqualTo((true, true)));
        var scenario = ToolRun.With(System.Text.Encoding.UTF8.GetBytes(NbnsSim.Scenarios.BuiltInScenarios.FindText("q131739")!), ["state", "-", "--at", "40"]);
        Assert.That((scenario.ExitCode, scenario.Error), Is.EqualTo((0, "")));
        Directory.Delete(folder, recursive: true);
    }
}
