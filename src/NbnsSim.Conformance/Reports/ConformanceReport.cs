using System.Collections.Immutable;
using NbnsSim.Conformance.Benches;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>What became of cases: as text and NDJSON, as JUnit's XML for whoever integrates, as a page, and as a capture.</summary>
/// <example>
/// <code>
/// using var bench = new SimulatedBench(new SimulatedSubject { Dialect = NetBtDialect.WindowsNt4 });
/// var runner = new ConformanceRunner(bench, new ConformanceOptions());
/// var report = new ConformanceReport(bench, runner.Options);
/// foreach (var result in runner.Run(ConformanceCatalogue.Select("s5.1.1.5", ConformanceRole.Node)))
///     report.Add(result);
/// report.Write(new ReportWriter(Console.Out));
/// </code>
/// </example>
public sealed class ConformanceReport : IReport
{
    private readonly List<ConformanceResult> _results = [];

    /// <summary>Begins a report of a peer.</summary>
    /// <param name="bench">Where it stands.</param>
    /// <param name="options">How cases are judged.</param>
    public ConformanceReport(IConformanceBench bench, ConformanceOptions options)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(options);
        (Title, Subject, Stations, Options, IsVirtual) = (bench.Title, bench.Subject, [.. bench.Stations], options, bench.IsVirtual);
    }

    internal ConformanceReport(string title, Ipv4Endpoint subject, ImmutableArray<Ipv4Address> stations, ConformanceOptions options) =>
        (Title, Subject, Stations, Options) = (title, subject, stations, options);

    /// <summary>What was tested, such as <c>B node of Windows NT 4.0, in the simulator</c>: the bench's own title if not given.</summary>
    public string Title { get; init; }

    /// <summary>Its address and port.</summary>
    public Ipv4Endpoint Subject { get; }

    /// <summary>The runner's own addresses.</summary>
    public ImmutableArray<Ipv4Address> Stations { get; }

    /// <summary>Whether each case had a clock of its own, in the simulator.</summary>
    public bool IsVirtual { get; }

    /// <summary>How cases were judged.</summary>
    public ConformanceOptions Options { get; }

    /// <summary>Whether text has the ladders of all cases, rather than of failures alone.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>What became of the cases, in the order in which they were run.</summary>
    public IReadOnlyList<ConformanceResult> Results => _results;

    /// <summary>Whether a case failed.</summary>
    public bool HasFailures => Count(ConformanceVerdict.Fail) > 0;

    /// <summary>Whether the run ended before all cases were run.</summary>
    public bool IsInterrupted { get; internal set; }

    /// <summary>Whether no case was judged at all, so that nothing is known of the peer.</summary>
    public bool IsInconclusive => !_results.Exists(result => result.Verdict <= ConformanceVerdict.Fail);

    /// <summary>What could not be read of the capture that the peer was judged by, a sentence each.</summary>
    public IReadOnlyList<string> Complaints { get; internal set; } = [];

    /// <summary>How many cases there were of each verdict: <c>12 passed, 1 dialect, 0 failed, 0 unsupported, 3 not applicable</c>.</summary>
    public string Summary => string.Join(", ", ReportWords.Verdicts.Select(verdict => $"{Count(verdict)} {verdict.Counted()}"));

    /// <summary>How many cases had a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    public int Count(ConformanceVerdict verdict) => _results.Count(result => result.Verdict == verdict);

    /// <summary>Adds what became of a case.</summary>
    /// <param name="result">It.</param>
    public void Add(ConformanceResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _results.Add(result.Stations.IsEmpty ? result with { Stations = Stations } : result);
    }

    /// <summary>Writes it as text: a line for each case, grouped by clause, then the failures with their ladders, then how many there were.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var text = new ConformanceText(writer, this);
        text.Begin();
        foreach (var result in _results)
            text.Case(result);
        text.End();
    }

    /// <summary>Writes it as NDJSON: a line for each case with all datagrams, and one with the numbers.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var result in _results)
            ConformanceNdjson.Write(ndjson, result);
        ConformanceNdjson.Write(ndjson, this);
    }

    /// <summary>Writes it as XML as JUnit has it: a suite for each clause. A dialect has passed, and says so in <c>system-out</c>; what is unsupported or not applicable was skipped.</summary>
    /// <param name="output">Where to.</param>
    public void WriteJUnit(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        JUnitXml.Write(output, this);
    }

    /// <summary>Writes it as one HTML page that needs nothing else.</summary>
    /// <param name="output">Where to.</param>
    public void WritePage(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ConformancePage.Write(output, this);
    }

    /// <summary>Writes all datagrams as pcapng, each with a comment: its case, and what it is.</summary>
    /// <param name="output">Where to; is left open.</param>
    public void WriteCapture(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ExchangeCapture.Write(output, this);
    }
}
