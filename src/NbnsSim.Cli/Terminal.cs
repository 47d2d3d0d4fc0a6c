using System.Text;
using NbnsSim.Files;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>
/// Where a command reads and prints, and what the other end can show. Whatever is printed is escaped on the way (<see cref="VisibleTextWriter"/>,
/// <see cref="NdjsonWriter"/>). Tests make their own.
/// </summary>
internal sealed class Terminal(Func<Stream> openInput, Stream output, TextWriter error, bool colour, int width, bool outputIsTerminal, bool errorIsTerminal) : IDisposable
{
    private readonly VisibleTextWriter _output = new(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 15) { NewLine = "\n" }, colour);
    private readonly VisibleTextWriter _error = new(error);
    private readonly NdjsonWriter _ndjson = new(output);

    /// <summary>Standard output as text; flush it before writing to <see cref="OutputStream"/>.</summary>
    public TextWriter Output => _output;

    /// <summary>Standard output as octets.</summary>
    public Stream OutputStream => output;

    /// <summary>Standard output for reports in text.</summary>
    public ReportWriter Report => field ??= new ReportWriter(_output, width);

    /// <summary>Standard output for lines of JSON.</summary>
    public NdjsonWriter Ndjson
    {
        get
        {
            Output.Flush(); // what was printed before comes first
            return _ndjson;
        }
    }

    /// <summary>Standard error.</summary>
    public TextWriter Error => _error;

    /// <summary>The time zone that <c>--local</c> means.</summary>
    public TimeZoneInfo LocalZone { get; init; } = TimeZoneInfo.Local;

    public bool OutputIsTerminal => outputIsTerminal;

    public bool ErrorIsTerminal => errorIsTerminal;

    /// <summary>The process' own terminal.</summary>
    public static Terminal ForProcess()
    {
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            Console.OutputEncoding = Encoding.UTF8; // the ladder's lines are not in the OEM code pages
        bool isOpen = StandardDescriptor.IsOpen(1);
        bool terminal = isOpen && !Console.IsOutputRedirected;
        // no-color.org
        bool colour = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(
            () => InputFiles.Open(InputFiles.StandardInput), new OutputStream(isOpen ? Console.OpenStandardOutput() : null, "Standard output", hasReader: true),
            StandardDescriptor.IsOpen(2) ? Console.Error : TextWriter.Null, colour, terminal ? Math.Clamp(Console.WindowWidth, 80, 120) : 100, terminal, !Console.IsErrorRedirected);
    }

    /// <summary>A file, or standard input for <c>-</c>, not buffered.</summary>
    /// <exception cref="IOException">There is no such file, or it may not be read.</exception>
    public Stream OpenFile(string path) => path == InputFiles.StandardInput ? openInput() : InputFiles.Open(path);

    /// <summary>Prints a report in one form or the other.</summary>
    public void Print(IReport report, bool asJson)
    {
        if (asJson)
            report.Write(Ndjson);
        else
            report.Write(Report);
    }

    /// <summary>Says something about the command on standard error, a line each, behind what was printed before it.</summary>
    public void Say(params IEnumerable<string> sentences)
    {
        Output.Flush();
        foreach (string sentence in sentences)
            Error.WriteLine($"nbnssim: {sentence}");
    }

    /// <summary>Renews the line of standard error that the cursor is on.</summary>
    public void RewriteErrorLine(string line)
    {
        _error.WriteRaw("\r");
        _error.Write(line);
    }

    /// <summary>Writes a line at once, from any thread. Where it cannot be written it is lost: a server outlives its reader and its log's disk.</summary>
    public void TryWriteLine(TextWriter writer, string line) => Try(() =>
    {
        writer.WriteLine(line);
        writer.Flush();
    });

    /// <summary>Gives on what was printed, where somebody still takes it.</summary>
    public void TryFlush() => Try(Output.Flush);

    public void Dispose() => Try(Output.Dispose);

    private void Try(Action write)
    {
        lock (this)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or OutputGoneException or OutputFailedException)
            {
                // it has no reader, or no room: Tool.Run says so where that is what ended the command
            }
        }
    }
}
