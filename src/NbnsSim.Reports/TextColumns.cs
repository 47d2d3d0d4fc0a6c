namespace NbnsSim.Reports;

/// <summary>Text in columns.</summary>
public static class TextColumns
{
    /// <summary>
    /// Breaks <paramref name="text"/> between words so that no line is longer than <paramref name="width"/>; longer words within. What does not show in
    /// it is escaped first, for an escape takes more columns.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The columns; at least 2.</param>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        return WrapLines(text, width);
    }

    private static IEnumerable<string> WrapLines(string text, int width)
    {
        string line = "";
        foreach (string whole in VisibleText.Escape(text).Split(' '))
        {
            string word = whole;
            for (; word.Length > width; word = word[(width - line.Length - (line.Length > 0 ? 1 : 0))..], line = "")
            {
                if (line.Length + 1 >= width)
                {
                    yield return line;
                    line = "";
                }

                yield return line.Length == 0 ? word[..width] : $"{line} {word[..(width - line.Length - 1)]}";
            }

            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
