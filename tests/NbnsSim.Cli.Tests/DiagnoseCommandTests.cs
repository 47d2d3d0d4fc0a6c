using System.Text.Json.Nodes;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests;

public class DiagnoseCommandTests
{
    [Test]
    public void TextHasFindingsAndHoldings() => Assert.That(Run(), Is.EqualTo(new ToolRun(0, """
        standard input, as seen on the wire

        ── What stands out ─────────────────────────────────────────────────────────────────────────────────
          01:46:45.000000  10.0.0.1 refused 10.0.0.2 JSMITH<03> (ActiveError). Frames 5, 6.
          01:46:46.000000  10.0.0.2 released JSMITH<03>, which 10.0.0.1 holds. Frames 4, 7.
                           → event 4320 on 10.0.0.1 where it is a Windows machine that logs it (inferred:
                           Q120752 (a release message is the trigger); that a broadcast one counts is
                           inferred from Q131739)

        ── Who held which name ─────────────────────────────────────────────────────────────────────────────
          Name                  Kind    Host             From (frame)          To (frame)                   Shown by
          JSMITH<03>            unique  10.0.0.1         01:46:43.000 (4)                                   demand

        What a machine would have made of it: nbnssim replay FILE --as ADDRESS

        """, "")));

    [Test]
    public void JsonHasFindingsHoldingsAndAnEnd()
    {
        var lines = Run("--json").Lines.Select(line => JsonNode.Parse(line)!).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(line => (string?)line["type"]), Is.EqualTo(new[] { "finding", "finding", "holding", "diagnosed" }));
            Assert.That((int?)lines[1]["eventId"], Is.EqualTo(4320));
            Assert.That((string?)lines[1]["eventBasis"], Is.EqualTo("inferred"));
            Assert.That((bool?)lines[3]["complete"], Is.True);
        });
    }

    [Test]
    public void NameNarrowsTheAccount() => Assert.That(Run("--name", "OTHER").Output, Does.Contain("Nothing: nobody was refused").And.Not.Contain("JSMITH"));

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EverySharedCaptureIsDiagnosed(string relativePath) => Assert.That(ToolRun.Of("diagnose", SharedFolder.Require(relativePath)).ExitCode, Is.Zero);

    private static ToolRun Run(params string[] arguments) => ToolRun.With(ReplayCommandTests.Q131739, ["diagnose", "-", .. arguments]);
}
