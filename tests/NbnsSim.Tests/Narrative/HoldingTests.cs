using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Narrative;

/// <summary>Who held which name when, made from decisions alone, is what the machines have in their tables.</summary>
public sealed class HoldingTests
{
    [TestCaseSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))]
    public void WhatIsHeldAtTheEndIsWhatTheTablesSay(string name)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(name)!);
        var observer = new HistoryObserver(run.Simulator);
        run.Simulator.AddObserver(observer);
        run.Run();
        var held = observer.History.Holdings.Where(holding => holding.Until is null).Select(holding => $"{holding.Host} {holding.Interface} {holding.Name}");
        var tables = Enumerable.Range(0, run.Simulator.HostCount).Select(host => new HostId(host)).Where(run.Simulator.IsUp)
            .SelectMany(host => run.Simulator.NodeOf(host) is { IsShutDown: false } node
                ? Enumerable.Range(0, node.InterfaceCount).SelectMany(i => node.GetNameRows(i).Where(row => row.Status == NbtStatStatus.Registered).Select(row => $"{run.Simulator.NameOf(host)} {i} {row.Name}"))
                : []);
        Assert.That(held, Is.EquivalentTo(tables));
    }
}
