using System.Text.Json.Nodes;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests;

public class DiagnoseCommandTests
{
    [Test]
    public void TextHasFindingsAndHoldings() => Assert.That(Run(), Is.EqualTo(new ToolRun(0, """
        standard input, as seen on the wire, 2001-09-09 UTC

        ── What stands out ─────────────────────────────────────────────────────────────────────────────────
          01:46:45.000000  10.0.0.1 refused 10.0.0.2 JSMITH<03> (ACT_ERR). Frames 5, 6.
                           → event 4321 on 10.0.0.2 if it is Windows 2000 (documented: the text of event
                           4321)
          01:46:46.000000  10.0.0.2 released JSMITH<03>, which 10.0.0.1 holds. Frames 4, 7.
                           → event 4320 on 10.0.0.1 if it is Windows NT 3.5 (inferred: explains Q131739,
                           which names no mechanism)

        ── Who held which name ─────────────────────────────────────────────────────────────────────────────
          Name        Kind    Host      From (frame)      Shown by  To (frame)
          JSMITH<03>  unique  10.0.0.1  01:46:43.000 (4)  demand

        What was sent is taken as received: a capture does not show what was lost behind it.
        What a machine would have made of it: nbnssim replay FILE --as ADDRESS

        """, "")));

    [Test]
    public void JsonHasFindingsHoldingsAndAnEnd()
    {
        var lines = Run("--json").Lines.Select(line => JsonNode.Parse(line)!).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(line => (string?)line["type"]), Is.EqualTo(new[] { "finding", "finding", "state", "diagnosed" }));
            Assert.That((int?)lines[1]["eventId"], Is.EqualTo(4320));
            Assert.That((string?)lines[1]["basis"], Is.EqualTo("inferred"));
            Assert.That((bool?)lines[3]["complete"], Is.True);
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
        Assert.That(run.Error, Is.EqualTo(isThere ? "" : $"nbnssim: this capture shows nothing of a name {name}.\n"));
    }

    [Test]
    public void NameNarrowsTheAccount() => Assert.That(Run("--name", "OTHER").Output, Does.Contain("Nothing of a name OTHER.").And.Not.Contain("JSMITH"));

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
            Does.StartWith("standard input, as seen on the wire, 2001-09-09 UTC+02:00\n").And.Contain("  03:46:45.000000  10.0.0.1 refused").And.Contain("03:46:43.000 (4)"));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EverySharedCaptureIsDiagnosed(string relativePath) => Assert.That(ToolRun.Of("diagnose", SharedFolder.Require(relativePath)).ExitCode, Is.Zero);

    private static ToolRun Run(params string[] arguments) => ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-", .. arguments]);
}
