using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NUnit.Framework.Internal;

namespace NbnsSim.Tests;

/// <summary>Hears what the machines of the running test decide, where the test says with <see cref="ReachesAttribute"/> that it wants that.</summary>
internal static class DecisionWatch
{
    /// <summary>The property of a test that holds its <see cref="DecisionCounter"/>.</summary>
    public const string Key = "Decisions";

    private static DecisionCounter? Current => TestExecutionContext.CurrentContext.CurrentTest.Properties.Get(Key) as DecisionCounter;

    /// <summary>Hears a machine, unless the test hears it already.</summary>
    public static void Listen(INbnsEndpoint machine)
    {
        if (Current is { } said && machine.Decisions is null)
            machine.Decisions = said;
    }

    /// <summary>Hears every machine of a simulation. To be called before its first step.</summary>
    public static void Listen(Simulator simulator)
    {
        if (Current is { } said)
            simulator.AddObserver(new Observer(said));
    }

    private sealed class Observer(DecisionCounter said) : SimulationObserver
    {
        public override bool HearsDecisions => true;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => said.Take(decision);
    }
}
