using System.Globalization;
using System.Text;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// What proves a picture as a Mermaid sequence diagram. GitHub draws no more than 50,000 characters. Whatever is not a letter, a digit, a space or plain punctuation is written as an
/// entity code of Mermaid's, so that no name can end a line, begin a statement or become markup.
/// </summary>
internal static class MermaidText
{
    private const int MaxLength = 48_000;
    private const int MaxText = 200;

    public static void Write(TextWriter output, PictureContent picture)
    {
        var drawing = picture.Ladder;
        var rows = drawing.EvidenceRows.ToList();
        var lanes = rows.SelectMany(row => new[] { row.Step.From, row.Step.To }).Distinct().Order().ToList();
        var text = new StringBuilder("sequenceDiagram\n");
        foreach (int lane in lanes)
            text.Append(CultureInfo.InvariantCulture, $"    participant L{lane} as {Escape(Title(drawing.Lanes[lane]))}\n");
        int drawn = 0;
        foreach (var row in rows)
        {
            string line = Line(row, picture.Clock);
            if (text.Length + line.Length > MaxLength)
                break;
            text.Append(line);
            drawn++;
        }

        if (drawn < rows.Count)
            text.Append(CultureInfo.InvariantCulture, $"    Note over L{lanes[0]}: {rows.Count - drawn} more lines are left out\n");
        if (rows.Count == 0)
            text.Append("    participant N as nothing stands out\n");
        output.Write(text);
    }

    private static string Title(LadderLane lane) => lane.IsSegment ? $"{lane.Name}, broadcast" : lane.IsNameServer ? $"{lane.Name} {lane.Detail}".TrimEnd() + ", name server" : $"{lane.Name} {lane.Detail}".TrimEnd();

    private static string Line(LadderRow row, PictureClock clock)
    {
        string words = Escape($"{clock.Short(row.Step.Time)} {LineWords.Frames(row)} {LineWords.Of(row)}".Replace("  ", " ", StringComparison.Ordinal));
        return row.Step.From == row.Step.To
            ? $"    Note over L{Text(row.Step.From)}: {words}\n"
            : $"    L{Text(row.Step.From)}{(row.Step.Lost ? "-x" : "->>")}L{Text(row.Step.To)}: {words}\n";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length * 2);
        foreach (var rune in VisibleText.Escape(text).EnumerateRunes().Take(MaxText))
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is ' ' or '.' or ',' or '_' or '(' or ')'))
                escaped.Append((char)rune.Value);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return escaped.ToString();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
