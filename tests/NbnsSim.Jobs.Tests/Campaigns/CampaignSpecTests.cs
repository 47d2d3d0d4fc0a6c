using NbnsSim.Jobs.Campaigns;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Tests.Campaigns;

/// <summary>A campaign as data and on a command line.</summary>
public sealed class CampaignSpecTests
{
    [Test]
    public void ItIsCanonicalJson()
    {
        var spec = new CampaignSpec([new("q131739"), new("my office.json", "{ \"a\": \"é<\" }")], ["NT4", "nt3.5"], 3, ulong.MaxValue >> 3, [CampaignFault.Parse("loss:probability=5%")], 7);
        Assert.That(spec.ToJson(), Is.EqualTo(
            """{"kind":"campaign","scenarios":[{"name":"q131739"},{"name":"my office.json","text":"{ \"a\": \"é<\" }"}],"dialects":["nt4","nt3.5"],"firstSeed":3,"lastSeed":2305843009213693951,"faults":["loss:probability=5%"],"seedsPerShard":7}"""));
    }

    [Test]
    public void ItIsReadAsTheSame()
    {
        var spec = new CampaignSpec([new("q131739"), new("my office.json", "{}")], ["nt4"], 3, 8, [CampaignFault.Parse("loss:probability=5%")], 7);
        var read = JobSpec.Parse(spec.ToJson());
        Assert.That(read, Is.EqualTo(spec));
        Assert.That(read.Id, Is.EqualTo(spec.Id));
        Assert.That(((CampaignSpec)read).RunCount, Is.EqualTo(12));
    }

    [Test]
    public void WhatCannotBeIsSaid()
    {
        Assert.That(() => CampaignSpec.Of(["q131740"], (1, 2)), Throws.TypeOf<JobException>().With.Message.Contains("There is no scenario and no file 'q131740'."));
        Assert.That(() => CampaignSpec.Of(["q131739", "Q131739"], (1, 2)), Throws.TypeOf<JobException>().With.Message.EqualTo("The scenario 'q131739' is given twice."));
        Assert.That(() => CampaignSpec.Of(["q131739"], (1, 2), "nt4,os2"), Throws.TypeOf<JobException>().With.Message.StartsWith("There is no dialect 'os2': expected rfc1002, nt3.5"));
        Assert.That(() => CampaignSpec.Of(["q131739"], (1, 2), "nt4,NT4"), Throws.TypeOf<JobException>().With.Message.EqualTo("The dialect 'nt4' is given twice."));
        Assert.That(() => CampaignSpec.Of(["q131739"], (1, 2), null, "fire"), Throws.TypeOf<JobException>().With.Message.StartsWith("'fire' is no fault"));
        Assert.That(() => CampaignSpec.Of(["q131739"], (1, 2), null, "corrupt,corrupt"), Throws.TypeOf<JobException>().With.Message.EqualTo("The fault 'corrupt' is given twice."));
        Assert.That(() => CampaignSpec.Of(["q131739"], (2, 1)), Throws.TypeOf<JobException>().With.Message.EqualTo("The seeds end before they begin."));
        Assert.That(() => CampaignSpec.Of(["q131739"], (0, ulong.MaxValue)), Throws.TypeOf<JobException>().With.Message.EqualTo("These are more runs than can be counted."));
        Assert.That(() => CampaignSpec.Of([], (1, 2)), Throws.TypeOf<JobException>().With.Message.EqualTo("A campaign needs a scenario."));
    }

    [Test]
    public void AFileTravelsWithItsText()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, BuiltInScenarios.FindText("q131739"));
            Assert.That(CampaignSpec.Of([file], (1, 2)).Scenarios, Is.EqualTo(new[] { new CampaignScenario(file, BuiltInScenarios.FindText("q131739")) }));
            File.WriteAllText(file, "{}");
            Assert.That(() => CampaignSpec.Of([file], (1, 2)), Throws.TypeOf<ScenarioException>());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("100", 1UL, 100UL)]
    [TestCase("0..100000", 0UL, 100_000UL)]
    [TestCase("7..7", 7UL, 7UL)]
    public void SeedsAreARangeOrHowMany(string text, ulong first, ulong last) => Assert.That(CampaignSpec.ParseSeeds(text), Is.EqualTo((first, last)));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("2..1")]
    [TestCase("1..")]
    [TestCase("-1..2")]
    [TestCase("1..2..3")]
    [TestCase("1..18446744073709551616")]
    public void OthersAreNone(string text) => Assert.That(() => CampaignSpec.ParseSeeds(text), Throws.TypeOf<FormatException>().With.Message.EqualTo($"'{text}' are no seeds: expected such as 0..100000, or how many."));

    [Test]
    public void ACampaignOfTooManyShardsIsRefused()
    {
        var spec = new CampaignSpec([new("q131739")], lastSeed: 1_000_000, seedsPerShard: 1);
        Assert.That(() => spec.CreateWork().Next(new Dictionary<string, CommittedShard>(StringComparer.Ordinal), []), Throws.TypeOf<JobException>().With.Message.Contains("more than 1,000,000 shards"));
    }

    [TestCase("q131739", "q131739")]
    [TestCase("../a-b/c_1.json", "../a-b/c_1.json")]
    [TestCase("my office's.json", @"'my office'\''s.json'")]
    [TestCase("", "''")]
    public void WordsAreQuotedWhereAShellNeedsIt(string word, string quoted) => Assert.That(ShellWord.Quote(word), Is.EqualTo(quoted));
}
