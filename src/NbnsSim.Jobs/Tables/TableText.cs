using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace NbnsSim.Jobs.Tables;

/// <summary>
/// Texts as tables have them: what does not show is escaped as everywhere (<see cref="VisibleText"/>), so that no client's terminal or page is acted upon; so is every character
/// above U+FFFF, as <c>\U</c> and eight digits.
/// </summary>
/// <remarks>
/// The latter since Parquet.Net 6.1.0 finds the least and the greatest text of a row group by UTF-16, and readers compare UTF-8: that is the same order for all others.
/// </remarks>
internal static class TableText
{
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Escape(string? text)
    {
        if (text is null)
            return null;
        string visible = VisibleText.Escape(text);
        if (!visible.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return visible;
        var escaped = new StringBuilder(visible.Length + 16);
        foreach (var rune in visible.EnumerateRunes())
            _ = rune.IsBmp ? escaped.Append((char)rune.Value) : escaped.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        return escaped.ToString();
    }
}
