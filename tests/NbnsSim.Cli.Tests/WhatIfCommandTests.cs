using System.Text.Json;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Tests;

public sealed class WhatIfCommandTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void WhatIsLostAndGainedIsShown_AndEndsWith1()
    {
        var run = ToolRun.Of("whatif", "q131739", "--set", "ALPHA.noNameReleaseOnDemand");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((ExitCode.No, "")));
        Assert.That(run.Output, Does.Contain("Changed: 1 event lost; 1 owner gained; 1 successful command gained."));
        Assert.That(run.Output, Does.Contain("first different decision: 45.002 s, ALPHA").And.Contain("N15.name-alone").And.Contain("N10.release-from-stranger"));
    }

    [Test]
    public void UnchangedIsSaidWithItsReason_AndEndsWith0()
    {
        var run = ToolRun.Of("whatif", "q131739", "--set", "hasReleaseRefresh");
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(run.Output, Does.Contain("Unchanged: the machines decide and send the same.").And.Contain("were never reached"));
    }

    [Test]
    public void TheChangedScenarioReplays_AsTheRunWithTheChanges()
    {
        string changed = Path.Combine(_folder, "changed.json");
        Assert.That(ToolRun.Of("whatif", "q131739", "--set", "dialect=nt3.51", "--set", "remove=BRAVO", "--out", changed).ExitCode, Is.EqualTo(ExitCode.No));
        var again = ToolRun.Of("whatif", changed, "--with", changed);
        Assert.That((again.ExitCode, again.Error), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(Scenario.Load(changed).Hosts.Select(host => host.Name), Is.EqualTo(new[] { "ALPHA" }));
    }

    [Test]
    public void OfACapture_ItIsTheTwinsAnswer_WithItsAgreement()
    {
        string capture = Path.Combine(_folder, "office.pcapng");
        ToolRun.Of("run", "q131739", "--capture", capture);
        var run = ToolRun.Of("whatif", capture, "--set", "dialect=nt3.51");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((ExitCode.No, "")));
        Assert.That(run.Output, Does.Contain("Of the capture's twin, not of the capture").And.Contain("agreement: 100.0 %").And.Contain("event 4320 about JSMITH<03>"));
    }

    [Test]
    public void ThePageShowsBothLaddersBesideEachOther()
    {
        string page = Path.Combine(_folder, "whatif.html");
        ToolRun.Of("whatif", "q131739", "--set", "ALPHA.noNameReleaseOnDemand", "--html", page);
        string html = File.ReadAllText(page);
        Assert.That(html, Does.StartWith("<!DOCTYPE html>").And.Contain("<div class=\"sides\">"));
        Assert.That(html, Does.Contain("<h2 id=\"a-title\">As it is</h2>").And.Contain("<h2 id=\"b-title\">What if</h2>"));
        Assert.That(html.Split("aria-label=\"The runs part here, at 45.002 s\"").Length - 1, Is.EqualTo(2), "in both drawings");
    }

    [TestCase("q131739", "dialekt=nt4", "nbnssim: --set 'dialekt=nt4': there is nothing called 'dialekt' to change")]
    [TestCase("q131739", "remove=ALHPA", "nbnssim: --set 'remove=ALHPA': there is no host 'ALHPA'")]
    [TestCase("q131739", "wins=none", "nbnssim: --set 'wins=none': There is no name server in 'q131739' to switch off.")]
    [TestCase("q131740", "wins=none", "nbnssim: ")]
    public void AMistakeIsSaid_AndEndsWith3(string scenario, string change, string said)
    {
        var run = ToolRun.Of("whatif", scenario, "--set", change);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((ExitCode.BadInput, "")));
        Assert.That(run.Error, Does.Contain(said));
    }

    [Test]
    public void WithoutAChangeItIsNoQuestion()
    {
        Assert.That(ToolRun.Of("whatif", "q131739").ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(ToolRun.Of("whatif", "q131739", "--set", "seed=2", "--with", "q131739").ExitCode, Is.EqualTo(ExitCode.Usage));
    }

    [Test]
    public void InJson_EveryChangeIsALine()
    {
        var run = ToolRun.Of("whatif", "wins-retirement", "--set", "wins=none", "--json");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That(lines[0].GetProperty("type").GetString(), Is.EqualTo("whatIf"));
        string[] lost = [.. lines.Where(line => line.TryGetProperty("of", out var of) && of.GetString() == "answer" && line.GetProperty("change").GetString() == "lost").Select(line => line.GetProperty("command").GetString()!)];
        Assert.That(lost, Is.EqualTo(new[] { "query DELTA<20>", "query OFFICE<1C>", "query DELTA<20>" }).Or.EqualTo(new[] { "query DELTA       <20>", "query OFFICE      <1C>", "query DELTA       <20>" }));
    }
}
