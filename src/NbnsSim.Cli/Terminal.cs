using System.Security.Cryptography;
using System.Text;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>
/// Where a command reads and prints, and what the other end can show. Whatever is printed is escaped on the way (<see cref="VisibleTextWriter"/>,
/// <see cref="NdjsonWriter"/>). Tests make their own.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private readonly Func<Stream> _openInput;
    private readonly string _colourMark; // begins with a character that always is escaped, so that text without it need not be searched
    private readonly VisibleTextWriter _error;
    private readonly NdjsonWriter _ndjson;

    public Terminal(Func<Stream> openInput, Stream output, TextWriter error, bool colour, int width, bool outputIsTerminal, bool errorIsTerminal)
    {
        _openInput = openInput;
        _colourMark = colour ? $"\uFDD0{RandomNumberGenerator.GetHexString(16)}" : "";
        OutputStream = output;
        _ndjson = new NdjsonWriter(output);
        Output = new VisibleTextWriter(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 15) { NewLine = "\n" }, _colourMark);
        Error = _error = new VisibleTextWriter(error, _colourMark);
        Colour = colour;
        Width = width;
        Report = new ReportWriter(Output, width, colour ? (text, role) => Paint(text, StyleOf(role)) : null);
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
    }

    /// <summary>Standard output as text; flush it before writing to <see cref="OutputStream"/>.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard output as octets.</summary>
    public Stream OutputStream { get; }

    /// <summary>Standard output for reports in text.</summary>
    public ReportWriter Report { get; }

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
    public TextWriter Error { get; }

    /// <summary>Whether to colour: only on a terminal, and never against NO_COLOR (no-color.org).</summary>
    public bool Colour { get; }

    /// <summary>The columns to fit in, 80 to 120.</summary>
    public int Width { get; }

    /// <summary>The time zone that <c>--local</c> means.</summary>
    public TimeZoneInfo LocalZone { get; init; } = TimeZoneInfo.Local;

    public bool OutputIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>The process' own terminal.</summary>
    public static Terminal ForProcess()
    {
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            Console.OutputEncoding = Encoding.UTF8; // the ladder's lines are not in the OEM code pages
        bool terminal = StandardStreams.IsOpen(1) && !Console.IsOutputRedirected;
        bool colour = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(
            StandardStreams.OpenInput, new OutputStream(StandardStreams.OpenOutput()), StandardStreams.Error, colour,
            terminal ? Math.Clamp(Console.WindowWidth, 80, 120) : 100, terminal, !Console.IsErrorRedirected);
    }

    /// <summary>Standard input, not buffered.</summary>
    public Stream OpenInput() => _openInput();

    /// <summary>A file, or standard input for <c>-</c>.</summary>
    /// <exception cref="BadInputException">There is no such file, or it may not be read.</exception>
    public Stream OpenFile(string path)
    {
        if (path == "-")
            return OpenInput();
        if (Directory.Exists(path))
            throw new BadInputException($"'{path}' is a folder, not a file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException(e is FileNotFoundException or DirectoryNotFoundException ? $"There is no file '{path}'." : $"'{path}' cannot be read: {e.Message}");
        }
    }

    /// <summary><paramref name="text"/> in a colour or weight, where there is any; an ANSI "select graphic rendition" argument.</summary>
    public string Paint(string text, string style) => Colour && style.Length > 0 ? $"{_colourMark}{style}m{text}{_colourMark}0m" : text;

    /// <summary>Renews the line of standard error that the cursor is on.</summary>
    public void RewriteErrorLine(string line)
    {
        _error.WriteRaw("\r");
        _error.Write(line);
    }

    /// <summary>Writes a line at once, from any thread. Where it cannot be written it is lost: a server outlives its reader and its log's disk.</summary>
    public void TryWriteLine(TextWriter writer, string line)
    {
        lock (this)
        {
            try
            {
                writer.WriteLine(line);
                writer.Flush();
            }
            catch (Exception e) when (e is IOException or OutputGoneException or OutputFailedException)
            {
                // what others ask of the server is more than what it has to say
            }
        }
    }

    private static string StyleOf(ReportRole role) => role switch
    {
        ReportRole.Title => "1",
        ReportRole.Aside => "2",
        ReportRole.Command => "36",
        ReportRole.Demand => "33",
        ReportRole.Positive => "32",
        ReportRole.Negative => "31",
        ReportRole.Event => "1;35",
        ReportRole.Unreadable => "7",
        _ => "",
    };

    public void Dispose()
    {
        try
        {
            Output.Dispose();
        }
        catch (Exception e) when (e is OutputGoneException or OutputFailedException)
        {
            // what is still in the buffer has no reader, or no room; Tool.Run has said so
        }
    }
}

/// <summary>Whoever read standard output has gone (<c>… | head</c>): there is nothing left to do, and nothing went wrong.</summary>
internal sealed class OutputGoneException : Exception;

/// <summary>What is printed or written to a file cannot be: the disk is full, say. Ends the process with <see cref="ExitCode.OutputFailed"/>.</summary>
internal sealed class OutputFailedException(string message) : Exception(message);

/// <summary>Standard output; tells a reader who left and an output that fails from an input that broke.</summary>
internal sealed class OutputStream(Stream inner) : WriteOnlyStream
{
    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (IOException e) when (IsGone(e))
        {
            throw new OutputGoneException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException e) when (IsGone(e))
        {
            throw new OutputGoneException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>The system's own words are in the innermost exception.</summary>
    private static OutputFailedException Failed(Exception e) => new($"Standard output cannot be written: {e.GetBaseException().Message}");

    /// <summary>EPIPE, or Windows' ERROR_BROKEN_PIPE and ERROR_NO_DATA; a full disk is another matter.</summary>
    private static bool IsGone(IOException e) => e.HResult is 32 or unchecked((int)0x8007006D) or unchecked((int)0x800700E8);
}
