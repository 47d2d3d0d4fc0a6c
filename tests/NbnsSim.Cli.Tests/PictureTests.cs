namespace NbnsSim.Cli.Tests;

/// <summary>What happened as a page, a drawing, a diagram and a ticket: every command that tells it writes them.</summary>
public sealed class PictureTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-pictures").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("run q131739")]
    [TestCase("run q131739 --json")]
    [TestCase("replay CAPTURE --as 10.0.0.1 --dialect nt3.5")]
    [TestCase("replay CAPTURE")]
    [TestCase("diagnose CAPTURE")]
    public void EachFormIsWritten(string command)
    {
        string capture = Path.Combine(_folder, "day.pcapng");
        Assert.That(ToolRun.With([], ["run", "q131739", "--capture", capture]).ExitCode, Is.Zero);
        var (html, svg, mermaid, markdown) = (Path.Combine(_folder, "a.html"), Path.Combine(_folder, "a.svg"), Path.Combine(_folder, "a.mmd"), Path.Combine(_folder, "a.md"));
        var run = ToolRun.With([], [.. command.Split(' ').Select(word => word == "CAPTURE" ? capture : word), "--html", html, "--svg", svg, "--mermaid", mermaid, "--md", markdown]);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.Error);
            Assert.That(File.ReadAllText(html), Does.StartWith("<!DOCTYPE html>\n").And.Contain("frame.number in {4").And.Contain("Name tables through time").And.Contain("It is not"));
            Assert.That(File.ReadAllText(svg), Does.StartWith("<svg ").And.Contain("refused, ACT_ERR: JSMITH"));
            Assert.That(File.ReadAllText(mermaid), Does.StartWith("sequenceDiagram\n").And.Contain("refused"));
            Assert.That(File.ReadAllText(markdown), Does.StartWith("# ").And.Contain("| 4").And.Contain("Data (bytes):").Or.Contain("No host would have logged"));
        });
    }

    /// <summary>What the stand-in of a captured host does is what the captured host did: event, chain of causes and frames.</summary>
    [Test]
    public void AReplaysPictureTellsTheEventAndItsCauses()
    {
        string capture = Path.Combine(_folder, "day.pcapng");
        string html = Path.Combine(_folder, "a.html");
        ToolRun.With([], ["run", "q131739", "--capture", capture]);
        Assert.That(ToolRun.With([], ["replay", capture, "--as", "10.0.0.1", "--dialect", "nt3.5", "--html", html]).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(html), Does.Contain("ALPHA would have logged event 4320 about JSMITH&lt;03&gt;, from 10.0.0.2.").And.Contain("N15.name-alone").And.Contain("Event ID: 4320").And.Contain("no node stands in that would have sent it"));
    }

    [Test]
    public void AFileThatCannotBeWritten_IsAFaultOfTheOutput()
    {
        var run = ToolRun.With([], ["run", "q131739", "--svg", Path.Combine(_folder, "none", "a.svg")]);
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Error, Does.Contain("cannot be written"));
    }
}
