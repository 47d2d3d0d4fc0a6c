using NbnsSim.Jobs.Campaigns;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Jobs.Tests.Campaigns;

/// <summary>Faults in the words of scenario files.</summary>
public sealed class CampaignFaultTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Test]
    public void AFaultIsALinkRuleOfEverybody()
    {
        Assert.That(Rule("loss:probability=5%"), Is.EqualTo(LinkRule.Loss("every link: loss:probability=5%", 50_000)));
        Assert.That(Rule("delay:delay=20ms,jitter=10ms"), Is.EqualTo(LinkRule.Delayed("every link: delay:delay=20ms,jitter=10ms", 20 * Millisecond, 10 * Millisecond)));
        Assert.That(Rule("duplicate:probability=0.5%,delay=1ms"), Is.EqualTo(LinkRule.Duplicate("every link: duplicate:probability=0.5%,delay=1ms", 5_000, Millisecond)));
        Assert.That(Rule("reorder:delay=50ms"), Is.EqualTo(LinkRule.Reorder("every link: reorder:delay=50ms", 50 * Millisecond)));
        Assert.That(Rule("corrupt"), Is.EqualTo(LinkRule.Corrupt("every link: corrupt")));
        var held = Rule("hold:start=1s,end=2s,skip=3,count=4");
        Assert.That((held.Fault, held.Start, held.End, held.Skip, held.Count), Is.EqualTo((LinkFault.Hold, Instant.Epoch + (1_000 * Millisecond), Instant.Epoch + (2_000 * Millisecond), 3, 4)));
    }

    [TestCase("", "'' is no fault: 'fault' must be 'loss'")]
    [TestCase("fire", "'fire' is no fault: 'fault' must be 'loss'")]
    [TestCase("loss:5%", "'loss:5%' is no fault: expected a fault, ':', and such as 'probability=5%,delay=20ms'; there are probability, delay, jitter, start, end, skip, count.")]
    [TestCase("loss:from=ALPHA", "is no fault: expected a fault")]
    [TestCase("loss:probability=200%", "is no fault: 'probability' must be a probability such as")]
    [TestCase("loss:probability=1%,probability=2%", "is no fault: 'probability' is given twice")]
    [TestCase("delay", "is no fault: Link rule 'every link: delay' needs 'delay' or 'jitter'.")]
    [TestCase("loss:delay=1ms", "delays nothing")]
    [TestCase("hold:count=x", "is no fault: 'count' must be")]
    [TestCase("lo\u001bss", "'lo\\u001bss' is no fault")]
    public void WhatIsNoFaultIsSaid(string text, string message) => Assert.That(() => CampaignFault.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void ALongOneIsCropped() => Assert.That(() => CampaignFault.Parse(new string('x', 1_000)), Throws.TypeOf<FormatException>().With.Message.Length.LessThan(150));

    [Test]
    public void SeveralStandBehindEachOther()
    {
        Assert.That(CampaignFault.ParseAll("loss:probability=5%,delay:delay=20ms,jitter=10ms,corrupt").Select(fault => fault.Text), Is.EqualTo(new[] { "loss:probability=5%", "delay:delay=20ms,jitter=10ms", "corrupt" }));
        Assert.That(() => CampaignFault.ParseAll("loss:probability=5%,,corrupt"), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void AnOverlayStandsBehindTheScenariosOwnRules()
    {
        var scenario = BuiltInScenarios.Find("split-brain")!;
        var overlaid = CampaignFault.Overlay(scenario, [CampaignFault.Parse("corrupt")]);
        Assert.That(overlaid.Rules[..^1], Is.EqualTo(scenario.Rules));
        Assert.That(overlaid.Rules[^1].Rule.Fault, Is.EqualTo(LinkFault.Corrupt));
        Assert.That((overlaid.Rules[^1].From, overlaid.Rules[^1].To), Is.EqualTo((default(ScenarioScope), default(ScenarioScope))));
    }

    private static LinkRule Rule(string text) => CampaignFault.Parse(text).Rule.Rule;
}
