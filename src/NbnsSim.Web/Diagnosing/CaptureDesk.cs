using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Reports.Pictures;
using NbnsSim.Reports.Wireshark;

namespace NbnsSim.Web.Diagnosing;

/// <summary>
/// What the page makes of the files that were given to it: the captures among them are diagnosed as one, the others are explained as event logs or as texts, with the frames of those
/// captures behind their events. It says the same as the tool's <c>diagnose</c> and <c>explain --capture</c>, by the same reports.
/// </summary>
internal sealed class CaptureDesk : IDisposable
{
    private const int TextWidth = 96;

    private readonly List<BrowserFile> _captures = [];
    private readonly List<BrowserFile> _others = [];
    private readonly List<Stream> _opened = [];
    private readonly CaptureInput? _input;
    private DiagnosisReport? _report;
    private long _repeated;

    /// <summary>Looks which of the files are captures.</summary>
    /// <param name="files">The files.</param>
    public CaptureDesk(IReadOnlyList<BrowserFile> files)
    {
        foreach (var file in files)
        {
            using var stream = file.Open();
            (CaptureStreams.IsCapture(stream, out _) ? _captures : _others).Add(file);
        }

        if (_captures.Count > 0)
        {
            var byName = new Dictionary<string, Func<Stream>>(StringComparer.Ordinal);
            foreach (var file in _captures)
            {
                string name = file.Name;
                for (int i = 2; !byName.TryAdd(name, file.Open); i++) // of two folders, say
                    name = $"{file.Name} ({HtmlPage.Text(i)})";
            }

            _input = new CaptureInput([.. byName.Keys], name => Opened(byName[name]())) { IsRereadable = true };
        }
    }

    /// <summary>How far a long reading is: the share of the octets read, from 0 to 1, and how many frames. Called for every frame.</summary>
    public Action<double, long>? Progress { get; init; }

    /// <summary>Whether there is a capture among the files.</summary>
    public bool HasCapture => _input is not null;

    /// <summary>What is to be said besides: what of the captures could not be read, and why nothing was found; a sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    /// <summary>What the other files mean, and which frames made their events, as text; empty where there are none.</summary>
    public string Explanation { get; private set; } = "";

    /// <summary>What came of the captures, in a sentence; empty where there is none.</summary>
    public string Headline => _report?.Headline ?? "";

    /// <summary>Reads all files, once.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Read()
    {
        if (_input is { } input)
        {
            _report = new DiagnosisReport(input.Title) { ReplayHint = "nbnssim replay FILE --as ADDRESS", Files = _captures.Count };
            using var datagrams = new DatagramReader(input.Open(), CaptureFile.NameService);
            while (datagrams.TryRead(out var datagram))
            {
                Tell(datagram.FrameNumber);
                _report.Add(datagram);
            }

            _repeated = datagrams.RepeatedSightings;
            Remarks = [.. UnreadFrames.Complaints(datagrams.Capture, input.Titles), .. UnreadFrames.Remarks(datagrams).Select(remark => $"{input.Title}: {remark}")];
        }

        Explain();
    }

    /// <summary>Draws what a scope leaves of the diagnosis.</summary>
    /// <param name="scope">What of it to tell.</param>
    public Picture Draw(DiagnosisScope scope)
    {
        _report!.Complete(_repeated, scope);
        var picture = _report.Draw();
        using var datagrams = new DatagramReader(_input!.Open(), CaptureFile.NameService);
        while (!picture.IsComplete && datagrams.TryRead(out var datagram))
        {
            Tell(datagram.FrameNumber);
            picture.Add(datagram);
        }

        return picture.Draw();
    }

    /// <summary>Writes what was drawn last as the lines of <c>diagnose --json</c>.</summary>
    public void WriteNdjson(Stream output) => _report!.Write(new NdjsonWriter(output));

    /// <summary>Writes the capture again as pcapng, with comments on the frames that prove what was drawn last.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="scope">The scope of what was drawn.</param>
    public void Annotate(Stream output, DiagnosisScope scope) => CaptureAnnotator.Annotate(_input!.Open, output, VerdictComments.Of(_report!.Verdict, scope.Dialect));

    public void Dispose() => _input?.Dispose();

    private void Explain()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var writer = new ReportWriter(text, TextWidth);
        var remarks = new List<string>(Remarks);
        var events = new List<ExplainedEvent>();
        foreach (var file in _others)
        {
            using var stream = file.Open();
            var log = EventLogFile.Read(stream);
            remarks.AddRange(log.Problems.Select(problem => $"{file.Name}: {problem}"));
            if (!ExplainedInput.TryRead(log, out var input, out string? problem))
            {
                remarks.Add($"{file.Name}: {problem}");
                continue;
            }

            writer.WriteLine(file.Name);
            input.Write(writer);
            writer.WriteLine();
            events.AddRange(input.Events);
        }

        if (_input is { } captures && events.Count > 0)
        {
            var evidence = new EventEvidence(events);
            evidence.Observe(captures.Title, new CapturePasses(captures.Open));
            evidence.Write(writer);
        }

        (Explanation, Remarks) = (text.ToString().TrimEnd(), remarks);
    }

    private Stream Opened(Stream stream)
    {
        _opened.Add(stream);
        return stream;
    }

    private void Tell(long frame) => Progress?.Invoke((double)_opened.Sum(stream => stream.Position) / Math.Max(1, _opened.Sum(stream => stream.Length)), frame);
}
