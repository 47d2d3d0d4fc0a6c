using NbnsSim.Nodes;

namespace NbnsSim.Tests.Nodes;

/// <summary>Boots and shutdowns of a node, as a part of its own.</summary>
public sealed class NodeRunTests
{
    [Test]
    public void ABoot_CountsItsWaves_AndEndsOnce()
    {
        var run = default(NodeRun);
        Assert.That((run.TakesCommands, run.Boot, run.EndBoot()), Is.EqualTo((true, default(OperationId), default(OperationId))));
        var first = run.BeginBoot();
        Assert.That((run.Boot, run.NextWave(), run.NextWave()), Is.EqualTo((first, 0, 1)));
        Assert.That((run.EndBoot(), run.EndBoot(), run.Boot), Is.EqualTo((first, default(OperationId), default(OperationId))));
        var second = run.BeginBoot();
        Assert.That((second == first, run.NextWave()), Is.EqualTo((false, 0)), "each boot begins with the first wave");
    }

    [Test]
    public void WhatIsShutDown_TakesNoCommands_UntilItIsSwitchedOn()
    {
        var run = default(NodeRun);
        var shutdown = run.BeginShutdown();
        Assert.That((run.Shutdown, run.TakesCommands, run.IsOff), Is.EqualTo((shutdown, false, false)), "names are being released");
        run.SwitchOff();
        Assert.That((run.EndShutdown(), run.Shutdown, run.IsOff, run.TakesCommands), Is.EqualTo((shutdown, default(OperationId), true, false)));
        run.SwitchOn();
        Assert.That((run.IsOff, run.TakesCommands), Is.EqualTo((false, true)));
    }

    [Test]
    public void EveryCommandHasANumber_AndTheStateDiffersInEachPart()
    {
        Change[] changes = [static (ref run) => run.Next(), static (ref run) => run.BeginBoot(), static (ref run) => run.BeginShutdown(), static (ref run) => run.NextWave(), static (ref run) => run.SwitchOff()];
        foreach (var change in changes)
        {
            var run = default(NodeRun);
            change(ref run);
            Assert.That(run, Is.Not.EqualTo(default(NodeRun)));
        }

        var other = default(NodeRun);
        Assert.That((other.Next().Value, other.BeginBoot().Value, other.BeginShutdown().Value), Is.EqualTo((1, 2, 3)));
    }

    private delegate void Change(ref NodeRun run);
}
