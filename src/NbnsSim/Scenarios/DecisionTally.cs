using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <summary>Counts the decisions that a scenario's expectations ask for, and keeps a few that came near.</summary>
internal sealed class DecisionTally : SimulationObserver
{
    private const int KeptNear = 4; // as many as a failure lists

    [NotState("the scenario")]
    private readonly DecisionExpectation[] _expectations;
    [NotState("the scenario")]
    private readonly Dictionary<DecisionExpectation, int> _indices;
    private readonly ILookup<Rule, int> _byRule;
    [NotState("the scenario")]
    private readonly HashSet<string>?[] _hosts;
    private readonly long[] _counts;
    private readonly List<string>[] _near;

    public DecisionTally(Scenario scenario)
    {
        _expectations = [.. scenario.Expectations.OfType<DecisionExpectation>()];
        _indices = new Dictionary<DecisionExpectation, int>(ReferenceEqualityComparer.Instance);
        foreach (var expectation in _expectations)
            _indices.TryAdd(expectation, _indices.Count);
        _byRule = Enumerable.Range(0, _expectations.Length).ToLookup(i => _expectations[i].Rule);
        _hosts = [.. _expectations.Select(expectation => expectation.Hosts.IsEmpty ? null : expectation.Hosts.ToHashSet(StringComparer.Ordinal))];
        _counts = new long[_expectations.Length];
        _near = [.. _expectations.Select(_ => new List<string>())];
    }

    private DecisionTally(DecisionTally other)
    {
        (_expectations, _indices, _byRule, _hosts) = (other._expectations, other._indices, other._byRule, other._hosts);
        _counts = [.. other._counts];
        _near = [.. other._near.Select(near => near.ToList())];
    }

    /// <inheritdoc/>
    public override bool HearsDecisions => _expectations.Length > 0;

    /// <summary>How many decisions fitted so far, and in words some by the same rule that did not.</summary>
    public (long Count, IReadOnlyList<string> Near) Of(DecisionExpectation expectation) => (_counts[_indices[expectation]], _near[_indices[expectation]]);

    /// <inheritdoc/>
    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        foreach (int i in _byRule[decision.Rule])
        {
            var expected = _expectations[i];
            string machine = simulator.NameOf(host);
            if (_hosts[i]?.Contains(machine) != false
                && (expected.Name is not { } name || name == decision.Name)
                && (expected.Peer is not { } peer || peer == decision.Peer.Address))
                _counts[i]++;
            else if (_near[i].Count < KeptNear)
                AddNear(_near[i], $"{machine} about {decision.Name}{(decision.Peer == default ? "" : $" with {decision.Peer.Address}")}");
        }
    }

    public DecisionTally Clone() => new(this);

    /// <summary>Carries what was counted, and what came near.</summary>
    public void Carry(StateCodec codec)
    {
        foreach (ref long count in _counts.AsSpan())
            codec.Carry(ref count);
        foreach (var near in _near)
            codec.CarryList(near, sizeof(int), static (StateCodec codec, ref string words) => codec.CarryLong(ref words));
    }

    private static void AddNear(List<string> near, string words)
    {
        if (!near.Contains(words, StringComparer.Ordinal))
            near.Add(words);
    }
}
