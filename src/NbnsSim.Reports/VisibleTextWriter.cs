using System.Security.Cryptography;
using System.Text;

namespace NbnsSim.Reports;

/// <summary>
/// Text on its way to a terminal or a log: whatever in it does not show is escaped (<see cref="VisibleText"/>), so that nothing from a packet, a file or a
/// command line can act on the terminal. A line written with <c>WriteLine</c> stays one line; a block written with <c>Write</c> keeps its line feeds.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="hasColours">Whether <see cref="Paint"/> colours: where a terminal reads that knows ANSI's escape sequences.</param>
public sealed class VisibleTextWriter(TextWriter inner, bool hasColours = false) : TextWriter
{
    /// <summary>
    /// What stands in the text for the beginning of an escape sequence, ESC and <c>[</c>: the one way to one, so nothing that text from outside can guess. It begins
    /// with a character that always is escaped, so that text without it need not be searched.
    /// </summary>
    private readonly string _colourMark = hasColours ? $"\uFDD0{RandomNumberGenerator.GetHexString(16)}" : "";

    /// <summary>Whether <see cref="Paint"/> colours.</summary>
    public bool HasColours => hasColours;

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

    /// <summary>Gives a text the colour or weight of its role; only this writer knows how to write the result.</summary>
    /// <param name="text">The text.</param>
    /// <param name="role">What it is.</param>
    /// <returns><paramref name="text"/> itself where there are no colours.</returns>
    public string Paint(string text, ReportRole role) => hasColours && StyleOf(role) is { Length: > 0 } style ? $"{_colourMark}{style}m{text}{_colourMark}0m" : text;

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

    /// <summary>The argument of ANSI's "select graphic rendition" (ECMA-48 §8.3.117).</summary>
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

    private string Visible(ReadOnlySpan<char> text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (int mark = _colourMark.Length == 0 ? -1 : text.IndexOf(_colourMark); mark >= 0; mark = text.IndexOf(_colourMark))
        {
            VisibleText.Append(escaped, text[..mark]);
            escaped.Append("\u001b[");
            text = text[(mark + _colourMark.Length)..];
        }

        VisibleText.Append(escaped, text);
        return escaped.ToString();
    }
}
