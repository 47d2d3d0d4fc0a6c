using NbnsSim.Names;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Tests;

public sealed class ScenarioWhyTests
{
    [Test]
    public void TheChainOfAName_BeginsAtItsFirstCause()
    {
        Assert.That(ScenarioWhy.TryRun(BuiltInScenarios.Find("q131739")!, "ALPHA", null, out var why, out string? problem), Is.True, problem);
        Assert.That(why!.Host, Is.EqualTo("ALPHA"));
        Assert.That(why.History.Why(why.Host, NetBiosName.Parse("JSMITH<03>")), Has.Length.GreaterThan(1));
    }

    [Test]
    public void AHostThatThereIsNot_IsAnsweredWithThoseThatThereAre()
    {
        Assert.That(ScenarioWhy.TryRun(BuiltInScenarios.Find("q131739")!, "NOBODY", null, out var why, out string? problem), Is.False);
        Assert.That(why, Is.Null);
        Assert.That(problem, Does.StartWith("There is no host 'NOBODY' in 'q131739': ").And.Contain("ALPHA"));
    }

    [TestCase("0", 0L)]
    [TestCase("40.5", 40_500_000_000L)]
    [TestCase("1000000000", 1_000_000_000_000_000_000L)]
    [TestCase("1000000001", null)]
    [TestCase("-1", null)]
    [TestCase("1e3", null)]
    [TestCase("", null)]
    [TestCase("soon", null)]
    public void TimesOfARun_AreSecondsFromItsBeginning(string text, long? nanoseconds)
    {
        bool isTime = ScenarioWhy.TryParseTime(text, out var time);
        Assert.That((isTime, time), Is.EqualTo((nanoseconds is not null, new Instant(nanoseconds ?? 0))));
    }
}
