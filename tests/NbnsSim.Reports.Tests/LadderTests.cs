using System.Text.RegularExpressions;

namespace NbnsSim.Reports.Tests;

public class LadderTests
{
    private const int Alpha = 0;
    private const int Segment = 1;
    private const int Bravo = 2;

    private static readonly LadderLane[] Lanes =
        [new("ALPHA", "10.0.0.1"), new("segment", "10.0.0.255", IsSegment: true), new("BRAVO", "10.0.0.2")];

    private static LadderStep At(int milliseconds, int from, int to, ReportRole role, string verb, string subject = "", string? key = null, bool lost = false) =>
        new(Instant.FromMilliseconds(milliseconds), from, to, role, verb, subject, key, lost);

    private static string Draw(IReadOnlyList<LadderLane> lanes, IReadOnlyList<LadderStep> steps, int width, int maxRows = int.MaxValue, Func<string, ReportRole, string>? paint = null)
    {
        using var text = new StringWriter { NewLine = "\n" };
        Ladder.Write(new ReportWriter(text, width, paint), lanes, steps, maxRows);
        return text.ToString();
    }

    private static readonly LadderStep[] Story =
    [
        At(0, Alpha, Alpha, ReportRole.Command, "JSMITH logs on at ALPHA"),
        At(0, Alpha, Segment, ReportRole.Plain, "register", "JSMITH<03>", "1"),
        At(750, Alpha, Segment, ReportRole.Plain, "register", "JSMITH<03>", "1"),
        At(1500, Alpha, Segment, ReportRole.Plain, "register", "JSMITH<03>", "1"),
        At(2250, Alpha, Segment, ReportRole.Demand, "overwrite demand", "JSMITH<03>", "1"),
        At(60000, Bravo, Bravo, ReportRole.Command, "JSMITH logs on at BRAVO"),
        At(60000, Bravo, Segment, ReportRole.Plain, "register", "JSMITH<03>", "2"),
        At(60001, Alpha, Bravo, ReportRole.Negative, "no: ALPHA holds", "JSMITH<03> (ACT_ERR)", "2"),
        At(60002, Bravo, Segment, ReportRole.Demand, "release", "JSMITH<03>", "3"),
        At(60003, Alpha, Alpha, ReportRole.Event, "event 4320, data 10.0.0.2;", "JSMITH<03> is now in Conflict"),
        At(60252, Bravo, Segment, ReportRole.Demand, "release", "JSMITH<03>", "3"),
        At(60502, Bravo, Segment, ReportRole.Demand, "release", "JSMITH<03>", "3"),
    ];

    [Test]
    public void TheStoryOfQ131739_FoldsRepeatsAndCrossesTheSegment() => Assert.That(Draw(Lanes, Story, 100), Is.EqualTo("""
         seconds      ALPHA      segment      BRAVO
                    10.0.0.1   10.0.0.255   10.0.0.2
           0.000        ◆           ║           │  JSMITH logs on at ALPHA
           0.000        ├──────────▶║           │  register JSMITH<03>  ×3 (0.75 s apart)
           2.250        ├──────────▶║           │  overwrite demand JSMITH<03>
                        │           ║           │
          60.000        │           ║           ◆  JSMITH logs on at BRAVO
          60.000        │           ║◀──────────┤  register JSMITH<03>
          60.001        ├───────────╫──────────▶│  no: ALPHA holds JSMITH<03> (ACT_ERR)
          60.002        │           ║◀──────────┤  release JSMITH<03>  ×3 (0.25 s apart)
          60.003        ★           ║           │  event 4320, data 10.0.0.2; JSMITH<03> is now in Conflict

        """));

    [Test]
    public void WordsThatDoNotFit_GoOnBelow() => Assert.That(Draw(Lanes, Story[9..10], 80).Split('\n')[2..], Is.EqualTo(new[]
    {
        "  60.003        ★           ║           │  event 4320, data 10.0.0.2; JSMITH<03>",
        "                │           ║           │  is now in Conflict",
        "",
    }));

    [Test]
    public void StepsThatDifferOnlyInSubject_ShareALine()
    {
        LadderStep[] steps = [.. from time in new[] { 0, 250, 500 } from name in new[] { "A<00>", "A<03>", "A<20>" } select At(time, Alpha, Segment, ReportRole.Plain, "register", name, name)];
        Assert.That(Draw(Lanes, steps, 100).Split('\n')[2..], Is.EqualTo(new[]
        {
            "   0.000        ├──────────▶║           │  register A<00>, A<03>, A<20>  ×3 (0.25 s apart)",
            "",
        }));
    }

    [Test]
    public void RepeatsAreFoldedOnlyUntilTheNextStepOfTheirKey()
    {
        LadderStep[] steps =
        [
            At(0, Alpha, Segment, ReportRole.Plain, "query", "X", "7"), At(100, Alpha, Segment, ReportRole.Plain, "query", "X", "7"),
            At(200, Bravo, Alpha, ReportRole.Positive, "yes", "X", "7"), At(300, Alpha, Segment, ReportRole.Plain, "query", "X", "7"),
        ];
        Assert.That(Draw(Lanes, steps, 100).Split('\n')[2..^1].Select(line => line[43..]), Is.EqualTo(new[] { "query X  ×2 (0.1 s apart)", "yes X", "query X" }));
    }

    [Test]
    public void UnevenRepeats_SayWithinWhatTime()
    {
        LadderStep[] steps = [At(0, Alpha, Segment, ReportRole.Plain, "query", "X", "7"), At(100, Alpha, Segment, ReportRole.Plain, "query", "X", "7"), At(500, Alpha, Segment, ReportRole.Plain, "query", "X", "7")];
        Assert.That(Draw(Lanes, steps, 100), Does.EndWith("query X  ×3 (within 0.5 s)\n"));
    }

    [Test]
    public void WithoutKey_NothingIsFolded() =>
        Assert.That(Draw(Lanes, [At(0, Alpha, Segment, ReportRole.Demand, "x"), At(1, Alpha, Segment, ReportRole.Demand, "x")], 100).Split('\n'), Has.Length.EqualTo(5));

    [Test]
    public void WhatIsLost_IsCrossedOut() =>
        Assert.That(Draw(Lanes, [At(5, Bravo, Alpha, ReportRole.Negative, "no", "X", lost: true)], 100), Does.EndWith("   0.005        │✗──────────╫───────────┤  no X (lost)\n"));

    [Test]
    public void TooManyRows_AreCounted() =>
        Assert.That(Draw(Lanes, Story, 100, maxRows: 2), Does.EndWith("×3 (0.75 s apart)\n… 6 more lines left out\n"));

    [Test]
    public void CrowdedLanes_AreNumbered()
    {
        LadderLane[] lanes = [.. Lanes, .. Enumerable.Range(3, 5).Select(i => new LadderLane($"WORKSTATION{i:D4}", $"192.168.100.{i}"))];
        Assert.That(Draw(lanes, Story[7..9], 90), Is.EqualTo("""
                       1 = ALPHA  10.0.0.1
                       2 = segment  10.0.0.255
                       3 = BRAVO  10.0.0.2
                       4 = WORKSTATION0003  192.168.100.3
                       5 = WORKSTATION0004  192.168.100.4
                       6 = WORKSTATION0005  192.168.100.5
                       7 = WORKSTATION0006  192.168.100.6
                       8 = WORKSTATION0007  192.168.100.7
             seconds    1    2    3    4    5    6    7    8
              60.001    ├────╫───▶│    │    │    │    │    │  no: ALPHA holds JSMITH<03> (ACT_ERR)
              60.002    │    ║◀───┤    │    │    │    │    │  release JSMITH<03>

            """));
    }

    [Test]
    public void Colour_IsPaintAlone()
    {
        string plain = Draw(Lanes, Story, 100);
        string coloured = Draw(Lanes, Story, 100, paint: (text, role) => $"\u001b[{(int)role}m{text}\u001b[0m");
        Assert.That(coloured, Does.Contain($"\u001b[{(int)ReportRole.Negative}m"));
        Assert.That(Regex.Replace(coloured, "\u001b\\[[0-9;]*m", "", RegexOptions.NonBacktracking), Is.EqualTo(plain));
    }

    [Test]
    public void EveryLineFits([Values(80, 90, 100, 120)] int width, [Values] bool crowded)
    {
        var lanes = crowded ? [.. Lanes, .. Enumerable.Range(3, 5).Select(i => new LadderLane($"WORKSTATION{i:D4}", $"192.168.100.{i}"))] : Lanes;
        string[] lines = Draw(lanes, Story, width).Split('\n');
        Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(width));
        Assert.That(lines.All(line => line == line.TrimEnd()), Is.True);
    }
}
