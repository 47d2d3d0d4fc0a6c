using System.Text.Json.Nodes;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests;

public sealed class AuditCommandTests
{
    private string _folder = null!;
    private string _capture = null!;

    [OneTimeSetUp]
    public void MakeCapture()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;
        _capture = Path.Combine(_folder, "retirement.pcapng");
        Assert.That(ToolRun.Of("run", "wins-retirement", "--capture", _capture).ExitCode, Is.Zero);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ItSaysWhatBreaks_AndWhatToDoInstead()
    {
        var run = ToolRun.Of("audit", _capture);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "")));
        Assert.That(run.Output, Does.Contain("\nNo: as things stand, 1 client would not find 2 names any more.\n"));
        Assert.That(run.Output, Does.Contain(
            """
              1. ALPHA 10.1.0.10 asks 10.2.0.2 for DELTA<20> (Server service) 2 times; it was given 10.2.0.10.
                 Frames   57, 61
                 Because  10.2.0.10 is not in the broadcast area of 10.1.0.10 (10.1.0.0/24). Frames 76, 78.
                          (other-segment; documented: RFC 1001 §10.1)

            """));
        Assert.That(run.Output, Does.Contain(
            """
            ── LMHOSTS for what breaks ─────────────────────────────────────────────────────────────────────────
              10.2.0.10       DELTA #PRE #DOM:OFFICE

            """));
        Assert.That(run.Lines.Select(line => line.Length), Is.All.LessThanOrEqualTo(100));
    }

    [Test]
    public void JsonEndsWithTheAnswer()
    {
        var lines = ToolRun.Of("audit", _capture, "--json").Lines.Select(line => JsonNode.Parse(line)!).ToList();
        var last = lines[^1];
        Assert.That(((string?)last["type"], (string?)last["answer"], (int?)last["breaks"]), Is.EqualTo(("audited", "No", 2)));
        Assert.That(lines.Where(line => (string?)line["type"] == "auditQuestion" && (string?)line["outcome"] == "Breaks").Select(line => $"{line["client"]} {line["name"]} {line["suffix"]}"),
            Is.EqualTo(new[] { "10.1.0.10 DELTA 32", "10.1.0.10 OFFICE 28" }));
    }

    [Test]
    public void CsvAndHtmlAreWritten()
    {
        string csv = Path.Combine(_folder, "audit.csv");
        string html = Path.Combine(_folder, "audit.html");
        Assert.That(ToolRun.Of("audit", _capture, "--csv", csv, "--html", html).ExitCode, Is.EqualTo(1));
        Assert.That(File.ReadAllText(csv), Does.StartWith("kind,outcome,client,").And.Contain("\r\nquestion,breaks,10.1.0.10,ALPHA,H,DELTA,20,"));
        Assert.That(File.ReadAllText(html), Does.StartWith("<!DOCTYPE html>\n").And.Contain("frame.number in {57, 61}"));
    }

    [Test]
    public void SubnetsAreTold_WhereBroadcastsDoNotShowThem()
    {
        // both in 10.0.0.0/8 of one broadcast area: nothing breaks
        var run = ToolRun.Of("audit", _capture, "--subnet", "10.0.0.0/8");
        Assert.That(run.ExitCode, Is.EqualTo(4));
        Assert.That(run.Output, Does.Contain("10.0.0.0/8 (as given)"));
    }

    [Test]
    public void AWrongSubnet_IsAUsageMistake() => Assert.That(
        ToolRun.Of("audit", _capture, "--subnet", "10.0.0.0/33"),
        Is.EqualTo(new ToolRun(2, "", "nbnssim: '10.0.0.0/33' is not a subnet: expected an address and the number of network bits, such as 10.0.0.0/24.\nTry 'nbnssim audit --help'.\n")));

    [Test]
    public void SeveralFiles_AreOne_AndWhatBothHaveCountsOnce()
    {
        byte[] capture = File.ReadAllBytes(_capture);
        string first = Path.Combine(_folder, "first.pcapng");
        File.WriteAllBytes(first, capture);
        var run = ToolRun.Of("audit", first, _capture);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("Looked at: 142 name service packets").And.Contain("DELTA<20> (Server service) 2 times"));
    }

    [Test]
    public void StandardInput_IsReadOnce() => Assert.That(ToolRun.Of("audit", "-", "-").Error, Does.Contain("Standard input can be read once."));

    [Test]
    public void ADamagedFile_IsReadToItsLastWholePacket_AndEndsWith3()
    {
        byte[] capture = File.ReadAllBytes(_capture);
        string cut = Path.Combine(_folder, "cut.pcapng");
        File.WriteAllBytes(cut, capture[..(capture.Length - 7)]);
        var run = ToolRun.Of("audit", cut);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.Contain("cut short"));
        Assert.That(run.Output, Does.Contain("\nNo: as things stand"));
    }

    [Test]
    public void ACaptureWithoutANameServer_EndsWith4() =>
        Assert.That(ToolRun.With(ReplayCommandTests.Q131739, ["audit", "-"]), Has.Property("ExitCode").EqualTo(4).And.Property("Output").Contain("It cannot be told yet: nobody speaks with a name server in this capture."));

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void NoSharedCapture_IsLongEnoughForAYes(string relativePath) => Assert.That(ToolRun.Of("audit", SharedFolder.Require(relativePath)).ExitCode, Is.AnyOf(1, 4));
}
