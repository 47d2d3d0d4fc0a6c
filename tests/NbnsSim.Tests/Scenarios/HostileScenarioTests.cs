using System.Globalization;
using System.Text;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Scenarios;

/// <summary>Whatever a scenario file says, it is read and run, or refused with the place: never a crash, and no more time or memory than its size is worth.</summary>
public sealed class HostileScenarioTests
{
    [Test]
    public void HostsWithoutASegment() =>
        Assert.That(Mistakes("""{"name":"x","segments":[],"hosts":[{"name":"A","address":"10.0.0.1"}],"steps":[],"end":"1s"}"""),
            Is.EqualTo(new[] { "test.json(1,24): A scenario has at least one segment: where else should its hosts stand?" }));

    [Test]
    public void AsManySegmentsAsThereCanBe_EachWithARouterToTheNext()
    {
        string Segments(int count) => Listed(count, i => $$"""{"name":"s{{i}}","subnet":"10.{{i / 256}}.{{i % 256}}.0/24"}""");
        string routers = Listed(4_095, i => $$"""{"name":"r{{i}}","segments":["s{{i}}","s{{i + 1}}"]}""");
        Run(Make(segments: Segments(4_096), routers: routers, steps: """{"at":"1s","do":"send","host":"A","to":"10.15.255.9","packet":"nameQueryRequest","name":"B<00>"}""", segmentOfA: "s0"));
        Assert.That(Mistakes(Make(segments: Segments(4_097), segmentOfA: "s0")), Has.Exactly(1).Contains("at most 4096 segments, not 4097"));
    }

    [Test]
    public void TensOfThousandsOfRules()
    {
        string Rules(int count) => Listed(count, i => $$"""{"name":"r{{i}}","fault":"loss","from":"A","count":1}""");
        Run(Make(rules: Rules(50_000)));
        Assert.That(Mistakes(Make(rules: Rules(65_536))), Has.Exactly(1).Contains("at most 65535 link rules, not 65536"));
        string Added(int count) => Listed(count, i => $$$"""{"at":"1s","do":"addRule","rule":{"name":"r{{{i}}}","fault":"loss"}}""");
        Run(Make(steps: Added(30_000) + "," + Listed(30_000, i => $$"""{"at":"2s","do":"removeRule","rule":"r{{i}}"}""")));
    }

    [Test]
    public void TensOfThousandsOfHostsStepsAndExpectations()
    {
        string hosts = Listed(10_000, i => $$"""{"name":"H{{i}}","address":"10.0.{{i / 200}}.{{(i % 200) + 10}}","role":"none"}""");
        string steps = Listed(10_000, i => $$"""{"at":"{{i + 1}}ms","do":"query","host":"A","name":"A<00>","id":"q{{i}}"}""");
        string expect = Listed(10_000, i => (i % 4) switch
        {
            0 => $$"""{"expect":"event","id":4320,"count":0,"at":"{{i}}ms"}""",
            1 => $$"""{"expect":"name","host":"A","name":"A<00>","state":"absent","at":"{{i}}ms"}""",
            2 => """{"expect":"packets","kind":"nameQueryRequest","atLeast":0,"from":"A"}""",
            _ => $$"""{"expect":"result","of":"q{{i}}","outcome":"notRunning"}""",
        });
        Run(Make(
            segments: """{"name":"lan","subnet":"10.0.0.0/16"},{"name":"alone","subnet":"10.1.0.0/16"}""",
            hosts: hosts.Replace("\"role\"", "\"segment\":\"lan\",\"role\"", StringComparison.Ordinal), steps: steps, expect: expect, segmentOfA: "alone", addressOfA: "10.1.0.9"));
    }

    /// <summary>A crowd of P nodes whose commands are under way.</summary>
    [Test]
    public void ACrowdCrashes()
    {
        const string hosts = """{"name":"PC#####","count":20000,"address":"10.0.1.1","nodeType":"P","nameServers":["A"]}""";
        Run(Make(hosts: hosts, steps: """{"at":"1s","do":"query","host":"PC#####","name":"A<00>"},{"at":"1.1s","do":"crash","host":"PC#####"}""", end: "2s"));
    }

    [Test]
    public void ReadingStopsAfterAHundredMistakes()
    {
        string[] mistakes = Mistakes(Make(segments: Listed(200_000, i => $$"""{"name":"s{{i}}","subnet":"bad"}""")));
        Assert.That(mistakes, Has.Length.EqualTo(101));
        Assert.That(mistakes[^1], Does.EndWith(": Reading stopped after 100 mistakes: there may be more."));
        Assert.That(Mistakes(Make(steps: Listed(100_000, _ => "{}"))), Has.Length.EqualTo(101));
        Assert.That(Mistakes("{" + Listed(300_000, i => $"\"p{i}\":1") + "}"), Has.Length.EqualTo(101));
        Assert.That(Mistakes("[" + Listed(3_000_000, _ => "0") + "]"), Has.Exactly(1).Contains("more than 2000000 values"));
    }

    /// <summary>A mistake does not quote megabytes, and quotes nothing that acts on a terminal.</summary>
    [Test]
    public void AMistakeQuotesNoMoreThanALine()
    {
        string[] mistakes = Mistakes(Make(hosts: $$"""{"name":"{{new string('x', 1_000_000)}}","address":"\u001b[2J\n\u202e"}"""));
        Assert.That(mistakes, Has.All.Length.LessThan(1_200).And.Some.Contains("\\u001b[2J\\n\\u202e"));
    }

    [TestCase("", "test.json(1,1): The file is empty: expected a JSON object.")]
    [TestCase(" \r\n\t", "test.json(1,1): There is nothing but white space in the file: expected a JSON object.")]
    [TestCase("\uFEFF", "test.json(1,1): There is nothing but white space in the file: expected a JSON object.")]
    [TestCase("{\"name\":NaN}", "test.json(1,9): 'N' is an invalid start of a value.")]
    public void WhatIsNoJson_IsRefusedInPlainWords(string text, string mistake) => Assert.That(Mistakes(text), Is.EqualTo(new[] { mistake }));

    [Test]
    public void WhatIsNoUtf8_IsRefusedByName()
    {
        foreach (var (encoding, name) in new[] { (Encoding.Unicode, "UTF-16"), (Encoding.BigEndianUnicode, "UTF-16"), (Encoding.UTF32, "UTF-32"), ((Encoding)new UnicodeEncoding(false, false), "UTF-16") })
        {
            Assert.That(Scenario.TryParse([.. encoding.GetPreamble(), .. encoding.GetBytes(Make())], "test.json", out _, out var mistakes), Is.False);
            Assert.That(mistakes.Single().Message, Does.StartWith($"This is {name}: expected UTF-8."));
        }

        Assert.That(Scenario.TryParse([.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8], "test.json", out _, out var others), Is.False);
        Assert.That(others.Select(mistake => mistake.Message), Has.Some.EqualTo("This is no text: expected UTF-8."));
    }

    [Test]
    public void DeepNesting() => Assert.That(Mistakes(new string('[', 1_000_000)), Has.Length.EqualTo(1));

    [TestCase("\"count\":1000000000", "'count' must be a whole number from 1 to 1000000, not 1000000000.")]
    [TestCase("\"count\":1e9", "'count' must be a whole number from 1 to 1000000, not 1e9.")]
    [TestCase("\"count\":99999999999999999999999", "'count' must be a whole number from 1 to 1000000, not 99999999999999999999999.")]
    [TestCase("\"count\":-1", "'count' must be a whole number from 1 to 1000000, not -1.")]
    [TestCase("\"nameServer\":{\"burstThreshold\":1000000000}", "'burstThreshold' must be a whole number from 0 to 5000")]
    public void NumbersBeyondTheirBounds(string property, string mistake) =>
        Assert.That(Mistakes(Make(hosts: $$"""{"name":"B###","address":"10.0.0.2",{{property}}}""")), Has.Some.Contains(mistake));

    [TestCase("1000000y")]
    [TestCase("365250001d")]
    [TestCase("9223372036854775807ns")]
    [TestCase("79228162514264337593543950335d")]
    [TestCase("1e3s")]
    [TestCase("-1s")]
    [TestCase("")]
    [TestCase("s")]
    public void DurationsBeyondTheirBounds(string end) => Assert.That(Mistakes(Make(end: end)), Has.Exactly(1).Contains("'end' must be a duration such as"));

    [Test]
    public void TheLongestTimesAndDelays_AreNoTrouble()
    {
        Run(Make(
            segments: """{"name":"lan","subnet":"10.0.0.0/8","latency":"1d"}""",
            rules: """{"name":"slow","fault":"delay","delay":"1d","jitter":"1d"},{"name":"later","fault":"reorder","delay":"1d"}""",
            steps: """{"at":"36524d","do":"send","host":"A","to":"broadcast","packet":"nameQueryRequest","name":"B<00>"}""", end: "36525d"));
        Assert.That(Mistakes(Make(rules: """{"name":"slow","fault":"delay","delay":"25h"}""")), Has.Exactly(1).Contains("'delay' must be a duration of at most a day"));
    }

    [TestCase(" ")]
    [TestCase("\\u00a0")]
    [TestCase("\\u0085")]
    [TestCase("\\u2003")]
    public void BlankNames(string blank)
    {
        Assert.That(Mistakes(Make(segments: $$"""{"name":"{{blank}}","subnet":"10.0.0.0/8"}""")), Is.Not.Empty);
        Assert.That(Mistakes(Make(rules: $$"""{"name":"{{blank}}","fault":"loss"}""")), Is.Not.Empty);
        Assert.That(Mistakes(Make(routers: $$"""{"name":"{{blank}}","segments":["lan","lan"]}""")), Has.Length.EqualTo(2));
        Assert.That(Mistakes(Make(hosts: $$"""{"name":"{{blank}}","address":"10.0.0.2"}""")), Is.Not.Empty);
        Assert.That(Mistakes(Make(hosts: $$"""{"name":"B","address":"10.0.0.2","workgroup":"{{blank}}"}""")), Is.Not.Empty);
    }

    /// <summary>A short file may not ask for more than anybody has: a group of many hosts named again and again, a list for each of them.</summary>
    [Test]
    public void WhatIsMultiplied_IsBounded()
    {
        const string crowd = """{"name":"PC######","count":100000,"address":"10.1.0.1","role":"none"}""";
        Assert.That(Mistakes(Make(hosts: crowd, steps: """{"at":"1s","do":"crash","host":["PC######","PC######"]}""")), Has.Exactly(1).Contains("'host' has \"PC######\" twice."));
        Assert.That(Mistakes(Make(hosts: crowd, steps: Listed(201, _ => """{"at":"1s","do":"crash","host":"PC######"}"""))), Has.Exactly(1).Contains("name more than 20000000 hosts together"));
        Assert.That(
            Mistakes(Make(hosts: """{"name":"PC######","count":101000,"address":"10.1.0.1","lmHosts":[""" + Listed(100, i => $"\"10.0.0.9 N{i} #PRE\"") + "]}")),
            Has.Exactly(1).Contains("more than 10000000 LMHOSTS lines"));
    }

    private static string Listed(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static string Make(
        string segments = """{"name":"lan","subnet":"10.0.0.0/8"}""", string routers = "", string hosts = "", string rules = "", string steps = "", string expect = "",
        string end = "1000s", string segmentOfA = "lan", string addressOfA = "10.0.0.9")
    {
        string a = $$"""{"name":"A","address":"{{addressOfA}}","segment":"{{segmentOfA}}"}""";
        return $$"""
            {"name":"x","segments":[{{segments}}],"routers":[{{routers}}],"hosts":[{{a}}{{(hosts.Length == 0 ? "" : "," + hosts)}}],
             "rules":[{{rules}}],"steps":[{{steps}}],"end":"{{end}}","expect":[{{expect}}]}
            """;
    }

    private static void Run(string text)
    {
        Assert.That(Mistakes(text), Is.Empty);
        var run = new ScenarioRun(Scenario.Parse(Encoding.UTF8.GetBytes(text), "test.json"));
        Assert.That(run.Run().Count(result => result.Outcome == ExpectationOutcome.Pending), Is.Zero);
        Assert.That(run.IsOver, Is.True);
    }

    private static string[] Mistakes(string text)
    {
        _ = Scenario.TryParse(Encoding.UTF8.GetBytes(text), "test.json", out _, out var mistakes);
        return [.. mistakes.Select(mistake => mistake.ToString().ToString(CultureInfo.InvariantCulture))];
    }
}
