namespace NbnsSim.Reports;

/// <summary>
/// Where the text of a report goes: so many columns wide, every piece escaped (<see cref="VisibleText"/>), so that nothing from a packet or a file can act on a
/// terminal. Lines end as those of the writer below do.
/// </summary>
public sealed class ReportWriter
{
    /// <summary>How narrow a column of words may become.</summary>
    private const int NarrowestColumn = 20;

    private readonly TextWriter _output;
    private readonly Func<string, ReportRole, string>? _paint;

    /// <summary>Makes one.</summary>
    /// <param name="output">Where the text goes.</param>
    /// <param name="width">The columns to fit in; at least 60.</param>
    /// <param name="paint">Gives a text, already escaped, the looks of its role; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is below 60.</exception>
    public ReportWriter(TextWriter output, int width = 100, Func<string, ReportRole, string>? paint = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 60);
        _output = output;
        _paint = paint;
        Width = width;
    }

    /// <summary>Makes one for a terminal: roles are in its colours, where it has any.</summary>
    /// <param name="output">Where the text goes.</param>
    /// <param name="width">The columns to fit in; at least 60.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is below 60.</exception>
    public ReportWriter(VisibleTextWriter output, int width = 100)
        : this(output, width, output is { HasColours: true } ? output.Paint : null)
    {
    }

    /// <summary>The columns to fit in.</summary>
    public int Width { get; }

    /// <summary>Whether roles look different.</summary>
    internal bool IsPainted => _paint is not null;

    /// <summary>Writes a piece of a line.</summary>
    /// <param name="text">The text; a line feed in it is escaped.</param>
    /// <param name="role">What it is.</param>
    public void Write(string text, ReportRole role = ReportRole.Plain) => _output.Write(Painted(text, role));

    /// <summary>Writes a line, or the rest of one.</summary>
    /// <param name="text">The text; a line feed in it is escaped.</param>
    /// <param name="role">What it is.</param>
    public void WriteLine(string text = "", ReportRole role = ReportRole.Plain) => _output.WriteLine(Painted(text, role));

    /// <summary>Writes a text of several lines, each ended by <c>\n</c>.</summary>
    /// <param name="text">The text.</param>
    public void WriteBlock(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.AsSpan();
        for (int end = rest.IndexOf('\n'); end >= 0; end = rest.IndexOf('\n'))
        {
            WriteLine(rest[..end]);
            rest = rest[(end + 1)..];
        }

        if (!rest.IsEmpty)
            Write(rest.ToString());
    }

    /// <summary>Writes a text behind a head, broken between words where it is too long, lines after the first indented by the head's length.</summary>
    /// <param name="head">What stands before the first line; its length is that of the indent.</param>
    /// <param name="text">The text.</param>
    /// <param name="role">What it is.</param>
    public void WriteWrapped(string head, string text, ReportRole role = ReportRole.Plain)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(text);
        foreach (string line in TextColumns.Wrap(text, Math.Max(NarrowestColumn, Width - head.Length)))
        {
            WriteLine(head + line, role);
            head = new string(' ', head.Length);
        }
    }

    /// <summary>Writes an empty line and a heading that fills the width.</summary>
    /// <param name="title">The heading.</param>
    public void WriteHeading(string title)
    {
        title = VisibleText.Escape(title);
        WriteLine();
        WriteLine($"── {title} {new string('─', Math.Max(2, Width - title.Length - 4))}", ReportRole.Title);
    }

    /// <summary>Gives everything that was written to whoever reads it.</summary>
    public void Flush() => _output.Flush();

    /// <summary>Writes a plain line; copies nothing where there is nothing to escape.</summary>
    internal void WriteLine(ReadOnlySpan<char> text)
    {
        if (VisibleText.IndexOfHidden(text) < 0)
            _output.WriteLine(text);
        else
            WriteLine(text.ToString());
    }

    private string Painted(string text, ReportRole role)
    {
        text = VisibleText.Escape(text);
        return _paint is null || role == ReportRole.Plain || text.Length == 0 ? text : _paint(text, role);
    }
}
