using System.Text.Json.Nodes;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Tests;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests;

public class DiagnoseCommandTests
{
    [Test]
    public void TextHasTheVerdictAndHoldings()
    {
        var run = Run();
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.StartWith(
            """
            standard input, as seen on the wire, 2001-09-09 UTC

            ── Verdict ─────────────────────────────────────────────────────────────────────────────────────────
            Nothing is wrong. One thing looks like trouble and does no harm:

              1. One user is logged on at two machines (likely; no harm).
                 Names      JSMITH<03> (Messenger service)
                 Machines   10.0.0.1, 10.0.0.2
                 When       01:46:45.000000 to 01:46:46.000000; frames 4 to 7

            """));
        Assert.That(run.Output, Does.EndWith(
            """

            ── Who held which name ─────────────────────────────────────────────────────────────────────────────
              Name        Kind    Host      From (frame)      Shown by  To (frame)
              JSMITH<03>  unique  10.0.0.1  01:46:43.000 (4)  demand

            What was sent is taken as received: a capture does not show what was lost behind it.
            What a machine would have made of it: nbnssim replay FILE --as ADDRESS

            """));
        Assert.That(run.Output, Does.Contain("10.0.0.1 refused 10.0.0.2 JSMITH<03> (ACT_ERR).").And.Contain("     Event      4320 for JSMITH<03> on 10.0.0.1 if it is Windows NT 3.5 (inferred:")
            .And.Contain("     Source     Q131739, Q186486"));
    }

    [Test]
    public void EventHostAndDialectNarrowIt()
    {
        Assert.That(Run("--event", "4320", "--dialect", "nt3.5", "--host", "10.0.0.1").Output, Does.Contain("4320 for JSMITH<03> on 10.0.0.1 as Windows NT 3.5").And.Not.Contain("4321"));
        var run = Run("--event", "4320", "--dialect", "w2k");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "nbnssim: This capture shows nothing of event 4320.\n")));
    }

    [Test]
    public void AReleaseWhoseHolderIsNotInTheCapture_EndsWith4()
    {
        byte[] buffer = new byte[NbnsEncoder.MaxRequestLength];
        int length = NbnsEncoder.WriteRequest(buffer, 1, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, NetBiosName.Parse("JSMITH<03>"), 0, new NbEntry(default, Ipv4Address.Parse("10.0.0.2")));
        byte[] capture = TestCapture.Of(("10.0.0.2", 137, "10.0.0.255", 137, buffer[..length]));
        Assert.That(ToolRun.With(capture, ["diagnose", "-"]).ExitCode, Is.EqualTo(4));
    }

    [Test]
    public void HtmlIsAPageThatStandsByItself()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"verdict-{Guid.NewGuid():N}.html");
        try
        {
            Assert.That(Run("--html", path).ExitCode, Is.Zero);
            Assert.That(File.ReadAllText(path), Does.StartWith("<!DOCTYPE html>\n").And.Contain("One user is logged on at two machines").And.Contain("frame.number in {4..7}").And.Contain("<svg"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void AnnotateWritesTheCaptureWithComments()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"evidence-{Guid.NewGuid():N}.pcapng");
        try
        {
            var run = Run("--annotate", path);
            Assert.That((run.ExitCode, run.Error, run.Output), Is.EqualTo((0, "", Run().Output)));
            using var capture = CaptureReader.Open(path);
            var commented = new List<long>();
            while (capture.TryRead(out var packet))
            {
                if (packet.Comments.ToString().StartsWith("nbnssim same-user: one user is logged on at two machines (likely; no harm)\nIncident: 1 of 1, frames 4, 5, 6, 7\n", StringComparison.Ordinal))
                    commented.Add(packet.FrameNumber);
            }

            Assert.That(commented, Is.EqualTo(new[] { 4, 5, 6, 7 }));
            Assert.That(capture.Interfaces.Single().LinkType, Is.EqualTo(LinkType.Raw));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void AnnotateRefusesWhatHasNoRoomForComments_AndTheCaptureItself()
    {
        var run = Run("--annotate", "evidence.pcap");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, "nbnssim: 'evidence.pcap': the pcap format has no room for comments, pcapng has. Name the file .pcapng.\nTry 'nbnssim diagnose --help'.\n")));
        Assert.That(File.Exists("evidence.pcap"), Is.False);
        run = ToolRun.Of("diagnose", "some.pcapng", "--annotate", $".{Path.DirectorySeparatorChar}some.pcapng");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, $"nbnssim: '.{Path.DirectorySeparatorChar}some.pcapng' is the capture itself: write the comments to another file.\nTry 'nbnssim diagnose --help'.\n")));
    }

    [Test]
    public void AnnotateSaysWhatOfADamagedCaptureIsNotInTheCopy()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"evidence-{Guid.NewGuid():N}.pcapng");
        try
        {
            var run = ToolRun.With(ReplayCommandTests.Q131739[..^5], ["diagnose", "-", "--annotate", path]);
            Assert.That(run.ExitCode, Is.EqualTo(3));
            Assert.That(run.Error, Does.Contain($"nbnssim: {path}: what cannot be read of standard input behind its last whole packet is not in it.\n").And.Contain("nbnssim: standard input: Frame "));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void JsonHasFindingsHoldingsAndAnEnd()
    {
        var lines = Run("--json").Lines.Select(line => JsonNode.Parse(line)!).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(line => (string?)line["type"]), Is.EqualTo(new[] { "incident", "finding", "finding", "state", "diagnosed" }));
            Assert.That((int?)lines[2]["eventId"], Is.EqualTo(4320));
            Assert.That((string?)lines[2]["basis"], Is.EqualTo("inferred"));
            Assert.That((string?)lines[0]["cause"], Is.EqualTo("same-user"));
            Assert.That((string?)lines[4]["conclusion"], Is.EqualTo("Harmless"));
            Assert.That((bool?)lines[4]["complete"], Is.True);
        });
    }

    [TestCase("jsmith<03>", true)]
    [TestCase("JSMITH#03", true)]
    [TestCase("JSMITH         :3", true)]
    [TestCase("JSM", true)]
    [TestCase("JSMITH<20>", false)]
    public void NameIsOneNameOrABeginning(string name, bool isThere)
    {
        var run = Run("--name", name);
        Assert.That(run.Output.Contains("refused 10.0.0.2 JSMITH<03>", StringComparison.Ordinal), Is.EqualTo(isThere));
        Assert.That(run.ExitCode, Is.EqualTo(isThere ? 0 : 1));
        Assert.That(run.Error, Is.EqualTo(isThere ? "" : $"nbnssim: This capture shows nothing of a name {name}.\n"));
    }

    [Test]
    public void NameNarrowsTheAccount() => Assert.That(Run("--name", "OTHER").Output, Does.Contain("Nothing about a name OTHER stands out.").And.Not.Contain("JSMITH"));

    [Test]
    public void AMalformedName_IsSaidToBeOne() =>
        Assert.That(Run("--name", "J<0>x<"), Is.EqualTo(new ToolRun(2, "", "nbnssim: 'J<0>x<' is no NetBIOS name: expected NAME, NAME<20>, NAME#20 or NAME:20, at most 15 characters and two hex digits.\nTry 'nbnssim diagnose --help'.\n")));

    [Test]
    public void ItFitsInEightyColumns()
    {
        var run = ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-"], width: 80);
        Assert.That(run.Lines.Where(line => line.Length > 80), Is.Empty);
        Assert.That(run.Output, Does.Contain("\n  Name        Kind    Host "));
    }

    [Test]
    public void Local_PrintsTimesOfTheZone()
    {
        var east = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");
        Assert.That(ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-", "--local"], zone: east).Output,
            Does.StartWith("standard input, as seen on the wire, 2001-09-09 UTC+02:00\n").And.Contain("03:46:45.000000 to 03:46:46.000000").And.Contain("03:46:43.000 (4)"));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EverySharedCaptureIsDiagnosed(string relativePath) => Assert.That(ToolRun.Of("diagnose", SharedFolder.Require(relativePath)).ExitCode, Is.AnyOf(0, 1, 4));

    /// <summary>Standard input and a file that ends in between: one capture, whatever the order; what both saw counts once, and what is damaged is said of the file.</summary>
    [Test]
    public void SeveralFilesAreOneCapture()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"piece-{Guid.NewGuid():N}.pcap");
        string page = path + ".html";
        try
        {
            File.WriteAllBytes(path, ReplayCommandTests.Q131739[..^5]);
            var one = ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-", path, "--html", page]);
            var other = ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", path, "-"]);
            Assert.Multiple(() =>
            {
                Assert.That(one.ExitCode, Is.EqualTo(3));
                Assert.That(one.Error, Does.StartWith($"nbnssim: {path}: Frame 7 at octet").And.Not.Contain("standard input: "));
                Assert.That(other.Error, Is.EqualTo(one.Error));
                Assert.That(one.Output[one.Output.IndexOf('\n', StringComparison.Ordinal)..], Is.EqualTo(other.Output[other.Output.IndexOf('\n', StringComparison.Ordinal)..]));
                Assert.That(one.Output, Does.Contain("One user is logged on at two machines").And.Contain("6 frames show datagrams that were captured before, which count once.").And.Contain("Looked at: 7 name service packets"));
                Assert.That(File.ReadAllText(page), Does.Contain("One user is logged on at two machines").And.Contain("<svg"));
            });
        }
        finally
        {
            File.Delete(path);
            File.Delete(page);
        }
    }

    [TestCase("--follow reads one file", "a.pcap", "b.pcap", "--follow")]
    [TestCase("Standard input can be read once", "-", "-")]
    public void WhatSeveralFilesCannotBeIsSaid(string problem, params string[] arguments)
    {
        var run = ToolRun.Of(["diagnose", .. arguments]);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.Contain(problem));
    }

    private static ToolRun Run(params string[] arguments) => ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-", .. arguments]);
}
