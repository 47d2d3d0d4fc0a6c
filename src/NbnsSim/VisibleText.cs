using System.Globalization;
using System.Text;

namespace NbnsSim;

/// <summary>
/// Text from outside (a name in a packet, a comment in a capture, a line of a file) as it may go to a terminal, a log or a page: nothing in it
/// moves the cursor, begins another line, changes the direction of writing or is invisible.
/// </summary>
public static class VisibleText
{
    /// <summary>
    /// The text with every character that does not show replaced by its escape: <c>\n</c>, <c>\r</c>, <c>\t</c>, otherwise <c>\u</c> and four hex
    /// digits in lower case (<c>\u001b</c>), or <c>\U</c> and eight above U+FFFF. Backslashes stay as they are: this is for people, not to be read back.
    /// </summary>
    /// <param name="text">The text; null counts as empty.</param>
    /// <returns>The same string where there is nothing to escape.</returns>
    public static string Escape(string? text)
    {
        text ??= "";
        int first = IndexOfHidden(text);
        if (first < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16).Append(text, 0, first);
        Append(escaped, text.AsSpan(first));
        return escaped.ToString();
    }

    /// <summary>
    /// Whether a code point must be escaped: control characters (C0, DEL, C1), format characters (bidirectional controls, zero-width characters), line
    /// and paragraph separators, halves of surrogate pairs, private and unassigned code points, and what Unicode names default-ignorable.
    /// </summary>
    /// <param name="codePoint">The code point; 0 to 10FFFF, surrogates included.</param>
    public static bool IsHidden(int codePoint)
    {
        if (codePoint is >= ' ' and < 0x7F)
            return false;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
            // Letters and marks that show nothing: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.
            _ => codePoint is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0
                or (>= 0xE0000 and <= 0xE0FFF),
        };
    }

    /// <summary>Where the first character stands that must be escaped; -1 where there is none.</summary>
    /// <param name="text">The text.</param>
    public static int IndexOfHidden(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAnyExceptInRange(' ', '~'); i >= 0 && i < text.Length;)
        {
            int codePoint = CodePointAt(text, i);
            if (IsHidden(codePoint))
                return i;
            i += codePoint > char.MaxValue ? 2 : 1;
            int next = text[i..].IndexOfAnyExceptInRange(' ', '~');
            if (next < 0)
                return -1;
            i += next;
        }

        return -1;
    }

    /// <summary>Appends the text, escaped as <see cref="Escape"/> does.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="text">The text.</param>
    public static void Append(StringBuilder destination, ReadOnlySpan<char> text)
    {
        ArgumentNullException.ThrowIfNull(destination);
        for (int i = 0; i < text.Length;)
        {
            int hidden = IndexOfHidden(text[i..]);
            destination.Append(hidden < 0 ? text[i..] : text.Slice(i, hidden));
            if (hidden < 0)
                return;
            i += hidden;
            int codePoint = CodePointAt(text, i);
            i += codePoint > char.MaxValue ? 2 : 1;
            _ = codePoint switch
            {
                '\n' => destination.Append("\\n"),
                '\r' => destination.Append("\\r"),
                '\t' => destination.Append("\\t"),
                <= char.MaxValue => destination.Append(CultureInfo.InvariantCulture, $"\\u{codePoint:x4}"),
                _ => destination.Append(CultureInfo.InvariantCulture, $"\\U{codePoint:x8}"),
            };
        }
    }

    private static int CodePointAt(ReadOnlySpan<char> text, int index) =>
        index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];
}
