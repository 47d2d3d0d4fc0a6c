using System.Globalization;
using System.Text;

namespace NbnsSim.Reports.Pictures;

/// <summary>A picture in Markdown, for a ticket. Text is escaped so that no name becomes markup, a link, a mention or another cell of a table.</summary>
internal static class MarkdownText
{
    private const int MaxIncidents = 10;
    private const int MaxLines = 60;
    private const int MaxEvents = 10;
    private const int MaxChains = 5;

    public static void Write(TextWriter output, PictureContent picture)
    {
        output.Write($"# {Escape(picture.Title)}\n\n**{Escape(picture.Headline)}**\n");
        foreach (string text in picture.Summary)
            output.Write($"\n{Escape(text)}\n");
        foreach (var incident in picture.Incidents.Take(MaxIncidents))
        {
            output.Write($"\n## {Escape(VerdictText.Capital(incident.Cause.Title))}\n\n{Escape(VerdictText.Capital(VerdictText.Word(incident)))}.\n\n");
            foreach (var (head, text) in VerdictText.Lines(incident, picture.Clock.Span(incident.Since, incident.Until), picture.Dialect, MaxEvents))
                output.Write($"- **{head}:** {Escape(text)}\n");
        }

        if (picture.Incidents.Count > MaxIncidents)
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\n… {picture.Incidents.Count - MaxIncidents:N0} more\n"));
        WriteEvidence(output, picture);
        foreach (var logged in picture.Events.Take(MaxEvents))
        {
            output.Write($"\n## Event: {Escape(logged.Title)}\n\n{Fenced(logged.Text)}");
            if (logged.Because.Length > 0)
                output.Write($"\n{Escape(logged.Because)}\n");
        }

        foreach (var chain in picture.Chains.Take(MaxChains))
        {
            output.Write($"\n## Why: {Escape(chain.Title)}\n\n");
            foreach (var link in chain.Links)
                output.Write($"- {(link.Time is { } time ? picture.Clock.Short(time) + " " : "")}{Escape(link.Text)}{(link.Ground.Length > 0 ? $" ({Escape(link.Ground)})" : "")}\n");
        }

        output.Write("\n## What was looked at\n\n");
        foreach (string note in picture.Notes)
            output.Write($"{Escape(note)}\n");
    }

    /// <summary>The text in a code span, with as many backticks around it as it needs.</summary>
    internal static string Code(string text)
    {
        text = VisibleText.Escape(text);
        string fence = new('`', LongestRun(text) + 1);
        bool pad = text.Length == 0 || text[0] is '`' or ' ' || text[^1] is '`' or ' ';
        return $"{fence}{(pad ? " " : "")}{text}{(pad ? " " : "")}{fence}";
    }

    /// <summary>
    /// The text as text: every ASCII punctuation character that means something behind a backslash (CommonMark §2.4), and what GitHub finds in finished text, a
    /// mention, broken by an empty comment.
    /// </summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        string shown = VisibleText.Escape(text);
        for (int i = 0; i < shown.Length; i++)
        {
            char c = shown[i];
            _ = c switch
            {
                '@' => escaped.Append("@<!-- -->"),
                ':' or '.' or '-' or '+' or ')' when i > 0 && !IsAtRisk(shown, i) => escaped.Append(c),
                ',' or '(' or ';' or '\'' or '"' or '?' or '%' or '/' => escaped.Append(c),
                _ when char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) => escaped.Append('\\').Append(c),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static bool IsAtRisk(string text, int at)
    {
        char before = text[at - 1];
        char after = at + 1 < text.Length ? text[at + 1] : ' ';
        return text[at] switch
        {
            ':' => after != ' ' && (char.IsAsciiLetter(before) || before is '_' or '+' or '-'), // :emoji:, http://
            '.' when char.IsAsciiLetter(before) => after != ' ', // www.example.com
            '.' or ')' => after == ' ' && at < 10 && text.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0, // 1. and 1) begin lists
            _ => false,
        };
    }

    private static void WriteEvidence(TextWriter output, PictureContent picture)
    {
        var rows = picture.Ladder.EvidenceRows.ToList();
        if (rows.Count == 0)
            return;
        output.Write("\n## What proves it\n\n| Time | Frames | Who | What |\n|---|---|---|---|\n");
        foreach (var row in rows.Take(MaxLines))
            output.Write($"| {picture.Clock.Short(row.Step.Time)} | {LineWords.Frames(row).TrimStart('#')} | {Escape(LineWords.Parties(picture.Ladder, row))} | {Escape(LineWords.Of(row))} |\n");
        if (rows.Count > MaxLines)
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\n… {rows.Count - MaxLines:N0} more\n"));
        if (picture.WiresharkFilter is { } filter)
            output.Write($"\nIn Wireshark: {Code(filter)}{(picture.FilterNote.Length > 0 ? $" ({Escape(picture.FilterNote)})" : "")}\n");
    }

    private static string Fenced(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n').Select(VisibleText.Escape);
        string body = string.Join('\n', lines);
        string fence = new('`', Math.Max(3, LongestRun(body) + 1));
        return $"{fence}text\n{body}\n{fence}\n";
    }

    private static int LongestRun(string text)
    {
        int longest = 0;
        for (int i = 0, run = 0; i < text.Length; i++)
        {
            run = text[i] == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
