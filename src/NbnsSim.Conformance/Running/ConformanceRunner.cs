using NbnsSim.Conformance.Benches;

namespace NbnsSim.Conformance;

/// <summary>Holds a peer against cases, one after the other.</summary>
/// <example>
/// <code>
/// using var bench = new SimulatedBench(new SimulatedSubject { Dialect = NetBtDialect.WindowsNt4 });
/// var runner = new ConformanceRunner(bench, new ConformanceOptions());
/// var result = runner.Run(ConformanceCatalogue.Find("s5.1.1.5/1")!);
/// Console.WriteLine(result);
/// </code>
/// </example>
public sealed class ConformanceRunner
{
    private readonly PeerControls _controls = new();
    private readonly PeerLife _life;
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);

    /// <summary>Makes a runner.</summary>
    /// <param name="bench">Where the peer stands.</param>
    /// <param name="options">How cases are run and judged.</param>
    public ConformanceRunner(IConformanceBench bench, ConformanceOptions options)
        : this(bench, options, new PeerLife())
    {
    }

    /// <summary>Makes one of several that test the same peer.</summary>
    internal ConformanceRunner(IConformanceBench bench, ConformanceOptions options, PeerLife life)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(options);
        (Bench, Options, _life) = (bench, options, life);
    }

    /// <summary>Where the peer stands.</summary>
    public IConformanceBench Bench { get; }

    /// <summary>How cases are run and judged.</summary>
    public ConformanceOptions Options { get; }

    /// <summary>Runs one case.</summary>
    /// <param name="test">The case.</param>
    /// <returns>What became of it. A peer that is silent or odd is a verdict, never an error.</returns>
    public ConformanceResult Run(ConformanceCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        int run = _runs[test.Id] = _runs.GetValueOrDefault(test.Id) + 1; // a case that is run again has fresh names again
        var random = RandomStream.Derive(Options.Seed, $"{test.Id} {run}");
        var result = CaseRun.Run(Bench, Options, test, random, _controls, _life);
        _life.Note(result);
        return result;
    }

    /// <summary>Runs cases: those that may cost the peer a name come last.</summary>
    /// <param name="cases">The cases.</param>
    /// <returns>A result for each, in the order in which they were run.</returns>
    public IEnumerable<ConformanceResult> Run(IEnumerable<ConformanceCase> cases) => cases.OrderBy(test => test.IsDestructive).Select(Run);
}
