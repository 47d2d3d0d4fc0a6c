using NbnsSim.Simulation;

namespace NbnsSim.Testing;

/// <summary>Something that is wrong with a <see cref="TestNetwork"/> until it is mended: a loss or a partition. <c>using</c> mends it at the end of a block.</summary>
public sealed class NetworkFault : IDisposable
{
    private readonly Simulator _simulator;
    private readonly LinkRuleId _rule;

    internal NetworkFault(Simulator simulator, LinkRule rule) => (_simulator, _rule) = (simulator, simulator.AddRule(rule));

    /// <summary>Mends it; nothing happens the second time.</summary>
    public void Mend() => _simulator.RemoveRule(_rule);

    /// <inheritdoc cref="Mend"/>
    public void Dispose() => Mend();
}
