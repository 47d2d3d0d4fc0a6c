using System.Buffers.Binary;
using System.Collections.Immutable;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>What a state of a run is known by: what the network will do, what properties remember of it, when it is, and which steps are still to come in which order.</summary>
/// <remarks>
/// What random numbers are yet to be drawn does not count, but where a machine chooses by them: else two states that differ in transaction ids alone would be two. With machines that are alike it is the
/// least of what the state would be known by with these in each other's places.
/// </remarks>
internal sealed class StateKey
{
    private const int Head = 32;

    private readonly Dictionary<ScenarioStep, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly int[] _hosts; // of each step
    private readonly bool _isUnordered;
    private readonly ImmutableArray<Way> _ways; // the first is as it is

    /// <summary>Prepares keys of the runs that begin with these.</summary>
    public StateKey(ImmutableArray<ScenarioRun> starts, CheckReductions reductions)
    {
        foreach (var step in starts.SelectMany(start => start.Steps))
            _numbers.TryAdd(step, _numbers.Count);
        var (scenario, simulator) = (starts[0].Scenario, starts[0].Simulator);
        _isUnordered = reductions.IsUnordered;
        _hosts = [.. _numbers.Keys.Select(step => step.Hosts.Length == 1 ? simulator.FindHost(step.Hosts[0])!.Value.Index : 0)];
        var asIs = new FingerprintOptions { HasDraws = scenario.Hosts.Any(host => host.Node.RandomAdapter), IsUnordered = _isUnordered };
        string[] texts = reductions.Alike.IsEmpty ? [] : ScenarioWords.TextsOf(scenario, _numbers.Keys, ScenarioWords.None);
        _ways = [new Way(asIs, null), .. AlikeHosts.ExchangesOf(reductions.Alike, scenario, simulator).Select(exchange => new Way(asIs with { Renaming = exchange.Renaming }, ImagesOf(exchange, texts)))];
    }

    /// <summary>The key of a run's state.</summary>
    public UInt128 Of(CheckWalk walk)
    {
        var least = UInt128.MaxValue;
        foreach (var way in _ways)
            least = UInt128.Min(least, Of(walk, way));
        return least;
    }

    /// <summary>The key of a run's state with everybody in his own place.</summary>
    public UInt128 AsItIs(CheckWalk walk) => Of(walk, _ways[0]);

    private UInt128 Of(CheckWalk walk, in Way way)
    {
        var run = walk.Run;
        var network = run.Simulator.Fingerprint(way.Options, walk.Histories.Write, out bool isRenamed);
        if (!isRenamed)
            return UInt128.MaxValue; // it is what it is
        var steps = run.Steps;
        int left = steps.Length - run.StepCount;
        Span<byte> octets = left <= 64 ? stackalloc byte[Head + (64 * sizeof(int))] : new byte[Head + (left * sizeof(int))];
        octets = octets[..(Head + (left * sizeof(int)))];
        BinaryPrimitives.WriteUInt128LittleEndian(octets, network);
        BinaryPrimitives.WriteInt64LittleEndian(octets[16..], run.Simulator.Now.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(octets[24..], left);
        Span<int> numbers = left <= 64 ? stackalloc int[left] : new int[left];
        for (int i = 0; i < left; i++)
            numbers[i] = way.Images is null ? _numbers[steps[run.StepCount + i]] : way.Images[_numbers[steps[run.StepCount + i]]];
        if (_isUnordered)
            PutInOrder(numbers, steps.AsSpan()[run.StepCount..]);
        for (int i = 0; i < left; i++)
            BinaryPrimitives.WriteInt32LittleEndian(octets[(Head + (i * sizeof(int)))..], numbers[i]);
        return OctetHash.Of(octets);
    }

    /// <summary>Of steps of one time, each host's stay in their order, and the hosts come in theirs.</summary>
    private void PutInOrder(Span<int> numbers, ReadOnlySpan<ScenarioStep> steps)
    {
        for (int i = 1; i < numbers.Length; i++)
        {
            for (int j = i; j > 0 && steps[j - 1].At == steps[i].At && _hosts[numbers[j - 1]] > _hosts[numbers[j]]; j--)
                (numbers[j - 1], numbers[j]) = (numbers[j], numbers[j - 1]);
        }
    }

    /// <summary>Which step each one is when machines are in each other's places: of several that say the same, the one that is as many behind the first.</summary>
    private int[] ImagesOf(HostExchange exchange, string[] texts)
    {
        var byText = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        for (int number = 0; number < texts.Length; number++)
        {
            if (!byText.TryGetValue(texts[number], out var numbers))
                byText[texts[number]] = numbers = [];
            numbers.Enqueue(number);
        }

        return [.. exchange.TextsOf(_numbers.Keys).Select(text => byText[text].Dequeue())];
    }

    /// <summary>Machines in some places.</summary>
    private readonly record struct Way(FingerprintOptions Options, int[]? Images);
}
