namespace NbnsSim.Cli.Tests;

/// <summary><c>why</c>: the chain of causes, in a scenario and in a capture of it.</summary>
public sealed class WhyCommandTests
{
    private static readonly string[] SixLinks = ["E1.4320", "N15.name-alone", "N15.release-refused", "B5.defend-unique", "B1.claim", "T3.logon"];

    private string _capture = "";

    [OneTimeSetUp]
    public void RunTheScenario()
    {
        _capture = Path.Combine(Directory.CreateTempSubdirectory().FullName, "q131739.pcapng");
        Assert.That(ToolRun.Of("run", "q131739", "--capture", _capture).ExitCode, Is.Zero);
    }

    [OneTimeTearDown]
    public void RemoveTheCapture() => Directory.Delete(Path.GetDirectoryName(_capture)!, recursive: true);

    [Test]
    public void ANameWithoutItsSuffix_IsToldWhichThereAre()
    {
        var why = ToolRun.Of("why", "q131739", "ALPHA", "JSMITH");
        Assert.That((why.ExitCode, why.Output), Is.EqualTo((1, "ALPHA decides nothing about JSMITH<00>, but it does about JSMITH<03>.\n")));
    }

    [Test]
    public void ACaptureTellsTheSameChainAsItsRun_WithTheFrames()
    {
        var run = ToolRun.Of("why", "q131739", "ALPHA", "JSMITH<03>");
        var why = ToolRun.Of("why", _capture, "ALPHA", "JSMITH<03>", "--dialect", "nt3.5");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(Rules(run), Is.EqualTo(SixLinks));
        Assert.That(why.ExitCode, Is.Zero, why.Error);
        Assert.That(Rules(why), Is.EqualTo(SixLinks));
        Assert.That(why.Output, Does.Contain("frame 46, sends frame 47").And.Contain("inferred from frame"));
        Assert.That(ToolRun.Of("why", _capture, "10.0.0.1", "JSMITH<03>", "--dialect", "nt3.5").Output, Is.EqualTo(why.Output));
    }

    [Test]
    public void WithoutADialect_ItSaysWhichOneWouldLogMore()
    {
        var why = ToolRun.Of("why", _capture, "ALPHA", "JSMITH<03>");
        Assert.That(why.Lines.Last(), Is.EqualTo("→ Windows NT 3.5 would log 4320 here: --dialect nt3.5."));
    }

    [TestCase("44", "B1.nobody-objected", Description = "a frame")]
    [TestCase("+40.0", "B1.nobody-objected", Description = "a time")]
    public void At_ItStopsThere(string at, string last)
    {
        Assert.That(Rules(ToolRun.Of("why", _capture, "ALPHA", "JSMITH<03>", "--dialect", "nt3.5", "--at", at))[0], Is.EqualTo(last));
    }

    [Test]
    public void Json_HasTheFrames()
    {
        var lines = ToolRun.Of("why", _capture, "ALPHA", "JSMITH<03>", "--dialect", "nt3.5", "--json").Lines.ToArray();
        Assert.That(lines[2], Does.Contain("\"rule\":\"N15.release-refused\"").And.Contain("\"frame\":46").And.Contain("\"sentFrame\":47"));
    }

    [TestCase("NOBODY", "no host 'NOBODY' sends name service datagrams. These send some: 10.0.0.1 (ALPHA), 10.0.0.2 (BRAVO)")]
    [TestCase("10.9.9.9", "no host '10.9.9.9' sends name service datagrams.")]
    public void AHostThatIsNotThere_IsAMistake(string host, string message)
    {
        var why = ToolRun.Of("why", _capture, host, "JSMITH<03>");
        Assert.That(why.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(why.Error, Does.Contain(message));
    }

    [Test]
    public void WhatIsNeitherACaptureNorAScenario_IsSaidToBeSo()
    {
        var why = ToolRun.With(new byte[] { 0x04, 0x22, 0x4D, 0x18, 0, 0 }, ["why", "-", "ALPHA", "JSMITH<03>"]);
        Assert.That(why.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(why.Error, Does.Contain("standard input is neither a capture nor a scenario. ").And.Contain("LZ4"));
    }

    private static string[] Rules(ToolRun run) => [.. run.Lines
        .Select(line => System.Text.RegularExpressions.Regex.Match(line, "(ALPHA|BRAVO), (?<rule>[A-Z][0-9]+\\.[a-z0-9-]+),", System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.ExplicitCapture))
        .Where(match => match.Success)
        .Select(match => match.Groups["rule"].Value)];
}
