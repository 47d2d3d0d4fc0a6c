using System.Buffers;
using System.Net;
using System.Text;

namespace NbnsSim.Events;

/// <summary>Takes away what mail programs, web pages and log shippers put around a text.</summary>
internal static class QuotedText
{
    private const string Invisible = "\u200B\u200E\u200F\u2060\uFEFF";
    private const string Blanks = "\u00A0\u2002\u2003\u2007\u2009\u202F\u3000";
    private static readonly SearchValues<char> Foreign = SearchValues.Create(Invisible + Blanks);

    /// <summary>The text with ordinary blanks, without entities, escaped quotation marks, marks of quotation before its lines, and marks of code around them.</summary>
    public static string Plain(string text)
    {
        if (text.AsSpan().ContainsAny(Foreign))
            text = WithPlainBlanks(text);
        // in an event's own XML the entities are part of it, and its reader takes them away
        if (text.Contains('&', StringComparison.Ordinal) && !text.Contains("<Event", StringComparison.OrdinalIgnoreCase) && !text.Contains("<Data", StringComparison.OrdinalIgnoreCase))
            text = WebUtility.HtmlDecode(text).Replace('\u00A0', ' ');
        if (text.Contains('\\', StringComparison.Ordinal))
        {
            text = text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\u0022", "\"", StringComparison.OrdinalIgnoreCase)
                .Replace("\\u003c", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003e", ">", StringComparison.OrdinalIgnoreCase);
        }

        return text.AsSpan().ContainsAny(">|`") ? Unquote(text) : text;
    }

    private static string Unquote(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            var line = lines[i].AsSpan().TrimStart();
            if (line.Length > 0 && line[0] is '>' or '|')
            {
                int marks = line.IndexOfAnyExcept("> |");
                line = marks < 0 ? default : line[marks..];
                lines[i] = line.ToString();
            }

            if (line.Length > 0 && (line[0] == '`' || line.TrimEnd() is [.., '`']))
                lines[i] = line.Trim("` \r").ToString();
        }

        return string.Join('\n', lines);
    }

    private static string WithPlainBlanks(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            if (!Invisible.Contains(character))
                plain.Append(Blanks.Contains(character) ? ' ' : character);
        }

        return plain.ToString();
    }
}
