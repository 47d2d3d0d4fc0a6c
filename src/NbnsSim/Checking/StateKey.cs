using System.Buffers.Binary;
using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>What a state of a run is known by: what the network will do, what properties remember of it, when it is, and which steps are still to come in which order.</summary>
/// <remarks>
/// What random numbers are yet to be drawn does not count, but where a machine chooses by them: else two states that differ in transaction ids alone would be two.
/// </remarks>
internal sealed class StateKey
{
    private const int Head = 32;

    private readonly Dictionary<ScenarioStep, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly FingerprintOptions _options;

    /// <summary>Prepares keys of the runs that begin with these.</summary>
    public StateKey(ImmutableArray<ScenarioRun> starts)
    {
        foreach (var step in starts.SelectMany(start => start.Steps))
            _numbers.TryAdd(step, _numbers.Count);
        _options = new FingerprintOptions { HasDraws = starts[0].Scenario.Hosts.Any(host => host.Node.RandomAdapter) };
    }

    /// <summary>The key of a run's state.</summary>
    public UInt128 Of(CheckWalk walk)
    {
        var run = walk.Run;
        var steps = run.Steps;
        int left = steps.Length - run.StepCount;
        Span<byte> octets = left <= 64 ? stackalloc byte[Head + (64 * sizeof(int))] : new byte[Head + (left * sizeof(int))];
        octets = octets[..(Head + (left * sizeof(int)))];
        BinaryPrimitives.WriteUInt128LittleEndian(octets, run.Simulator.Fingerprint(_options, walk.Histories.Write));
        BinaryPrimitives.WriteInt64LittleEndian(octets[16..], run.Simulator.Now.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(octets[24..], left);
        for (int i = 0; i < left; i++)
            BinaryPrimitives.WriteInt32LittleEndian(octets[(Head + (i * sizeof(int)))..], _numbers[steps[run.StepCount + i]]);
        return OctetHash.Of(octets);
    }
}
