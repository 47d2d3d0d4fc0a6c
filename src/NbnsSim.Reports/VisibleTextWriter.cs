using System.Text;

namespace NbnsSim.Reports;

/// <summary>
/// Text on its way to a terminal or a log: whatever in it does not show is escaped (<see cref="VisibleText"/>), so that nothing from a packet, a file or a
/// command line can act on the terminal. A line written with <c>WriteLine</c> stays one line; a block written with <c>Write</c> keeps its line feeds.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="colourMark">
/// What stands in the text for the beginning of an escape sequence, ESC and <c>[</c>: the one way to one, so nothing that text from outside can guess. Empty for none.
/// </param>
public sealed class VisibleTextWriter(TextWriter inner, string colourMark = "") : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        for (int end = buffer.IndexOf('\n'); end >= 0; end = buffer.IndexOf('\n'))
        {
            WriteLine(buffer[..end]);
            buffer = buffer[(end + 1)..];
        }

        if (VisibleText.IndexOfHidden(buffer) < 0)
            inner.Write(buffer);
        else
            inner.Write(Visible(buffer));
    }

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value) => WriteLine(value.AsSpan());

    /// <inheritdoc/>
    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        if (VisibleText.IndexOfHidden(buffer) < 0)
            inner.WriteLine(buffer);
        else
            inner.WriteLine(Visible(buffer));
    }

    /// <summary>Writes layout of the caller's own as it is: a carriage return, say.</summary>
    /// <param name="layout">The layout.</param>
    public void WriteRaw(string layout) => inner.Write(layout);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private string Visible(ReadOnlySpan<char> text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (int mark = colourMark.Length == 0 ? -1 : text.IndexOf(colourMark); mark >= 0; mark = text.IndexOf(colourMark))
        {
            VisibleText.Append(escaped, text[..mark]);
            escaped.Append("\u001b[");
            text = text[(mark + colourMark.Length)..];
        }

        VisibleText.Append(escaped, text);
        return escaped.ToString();
    }
}
