namespace NbnsSim.Cli;

/// <summary>Text in columns.</summary>
internal static class TextColumns
{
    /// <summary>Breaks <paramref name="text"/> between words so that no line is longer than <paramref name="width"/>, words longer than that aside.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (string paragraph in text.Split('\n'))
        {
            string line = "";
            foreach (string word in paragraph.Split(' '))
            {
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
}
