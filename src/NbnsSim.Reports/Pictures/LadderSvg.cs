using System.Globalization;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// Draws a ladder: a lane for each host, name server and segment, time downwards, an arrow a line under its words. What proves something has the accent's colour, and can be
/// reached with the Tab key; each line says in words what it shows.
/// </summary>
internal static class LadderSvg
{
    private const int Gutter = 88;
    private const int Head = 44;
    private const int Row = 36;
    private const int MinLane = 108;
    private const int MinWidth = 490;
    private const int MaxForWords = 520;
    private const int LetterWidth = 7;
    private const int WordLetter = 66; // tenths of a pixel: how wide letters of 12 pixels are on average
    private const int BoldLetter = 72;
    private const int RowsInAPiece = 8;

    /// <summary>Draws it in pieces, so that it can be broken over printed pages.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="drawing">What.</param>
    /// <param name="clock">How times are printed.</param>
    /// <param name="prefix">What the lines' ids begin with.</param>
    /// <param name="label">What it shows.</param>
    /// <param name="momentOf">Which stop of the page's slider a time is at.</param>
    /// <param name="hasHead">Whether the names of the lanes stand above it; false where <see cref="WriteHead"/> has written them.</param>
    /// <param name="parts">From when on another run, drawn beside it, differs; null where there is none, or it does not.</param>
    public static void Write(PageWriter page, LadderDrawing drawing, PictureClock clock, string prefix, string label, Func<Instant, int> momentOf, bool hasHead = true, Instant? parts = null)
    {
        int parting = parts is { } time ? drawing.Lines.TakeWhile(line => line.Row is not { } row || row.Step.Time < time).Count() : -1;
        for (int first = 0; first < drawing.Lines.Count; first += RowsInAPiece)
        {
            int count = Math.Min(RowsInAPiece, drawing.Lines.Count - first);
            int top = hasHead && first == 0 ? Head : 0;
            Open(page, drawing, top + (Row * count), first == 0 ? label : $"{label}, continued");
            Lanes(page, drawing, top, top + (Row * count));
            for (int i = 0; i < count; i++)
            {
                if (first + i == parting)
                    Part(page, drawing, top + (Row * i), clock.Short(parts!.Value));
                Line(page, drawing, first + i, top + (Row * i), clock, $"{prefix}{Text(first + i)}", momentOf);
            }

            page.Close();
        }
    }

    /// <summary>Draws the names of the lanes alone, for a ladder that scrolls below them.</summary>
    public static void WriteHead(PageWriter page, LadderDrawing drawing)
    {
        Open(page, drawing, Head, "The lanes");
        Lanes(page, drawing, Head, Head);
        page.Close();
    }

    /// <summary>Draws it as a file by itself.</summary>
    public static void WriteAlone(PageWriter page, PictureContent picture)
    {
        var drawing = picture.Ladder;
        int height = Head + (Row * drawing.Lines.Count) + 8;
        Open(page, drawing, height, picture.Title);
        page.Element("title", picture.Title).Element("desc", picture.Headline).Raw("style", HtmlStyle.Svg);
        page.Void("rect", "class", "paper", "width", "100%", "height", "100%");
        Lanes(page, drawing, Head, height);
        for (int i = 0; i < drawing.Lines.Count; i++)
            Line(page, drawing, i, Head + (Row * i), picture.Clock, "", static _ => 0);
        page.Close();
    }

    private static void Open(PageWriter page, LadderDrawing drawing, int height, string label)
    {
        string width = Text(Width(drawing));
        page.Open("svg", "class", "ladder", "role", "group", "aria-label", label, "viewBox", $"0 0 {width} {Text(height)}", "width", width, "height", Text(height));
    }

    private static void Lanes(PageWriter page, LadderDrawing drawing, int top, int bottom)
    {
        for (int i = 0; i < drawing.Lanes.Count; i++)
        {
            var lane = drawing.Lanes[i];
            string x = PageWriter.Number(X(drawing, i));
            if (top > 0)
            {
                page.Element("text", lane.Name, "x", x, "y", "16", "class", "head");
                page.Element("text", lane.IsSegment ? "broadcast" : lane.IsNameServer ? "name server" : lane.Detail, "x", x, "y", "32", "class", "sub");
            }

            page.Void("line", "x1", x, "y1", Text(top > 0 ? 38 : 0), "x2", x, "y2", Text(bottom), "class", lane.IsSegment ? "lane all" : lane.IsNameServer ? "lane server" : "lane");
        }
    }

    private static void Line(PageWriter page, LadderDrawing drawing, int index, int top, PictureClock clock, string id, Func<Instant, int> momentOf)
    {
        var line = drawing.Lines[index];
        if (line.Row is not { } row)
        {
            page.Element("text", string.Create(CultureInfo.InvariantCulture, $"⋮ {line.Skipped:N0} more {(line.Skipped == 1 ? "line" : "lines")}, left out"), "x", Text(Gutter), "y", Text(top + 22), "class", "gap");
            return;
        }

        string words = LineWords.Of(row);
        string kind = $"row{(row.IsEvidence ? " hot" : "")}{(row.Step.Lost ? " lost" : "")}";
        page.Open(
            "g", "class", kind, "tabindex", row.IsEvidence ? "0" : "-1", "role", "img", "aria-label", LineWords.Label(drawing, row, clock),
            "data-row", id, "data-at", Text(momentOf(row.Step.Time)));
        page.Element("title", Title(line));
        page.Void("rect", "class", "touch", "x", "0", "y", Text(top), "width", Text(Width(drawing)), "height", Text(Row));
        page.Element("text", clock.Short(row.Step.Time), "x", "4", "y", Text(top + 14), "class", "time");
        if (LineWords.Frames(row) is { Length: > 0 } frames)
            page.Element("text", frames, "x", "4", "y", Text(top + 28), "class", "time");
        page.Element("text", Fit(words, Width(drawing) - Gutter, row.IsEvidence), "x", Text(Gutter), "y", Text(top + 14), "class", "words");
        Mark(page, drawing, row, top + 26);
        page.Close();
    }

    /// <summary>A line across all lanes: what is above it is alike in both runs.</summary>
    private static void Part(PageWriter page, LadderDrawing drawing, int top, string time)
    {
        string y = Text(Math.Max(1, top));
        page.Open("g", "class", "parts", "role", "img", "aria-label", $"The runs part here, at {time}").Element("title", $"The runs part here, at {time}")
            .Void("line", "x1", "0", "y1", y, "x2", Text(Width(drawing)), "y2", y).Close();
    }

    private static void Mark(PageWriter page, LadderDrawing drawing, LadderRow row, int y)
    {
        double from = X(drawing, row.Step.From);
        double to = X(drawing, row.Step.To);
        string at = Text(y);
        if (row.Step.From == row.Step.To)
        {
            page.Void("path", "class", row.Step.Role == ReportRole.Event ? "mark event" : "mark", "d", row.Step.Role switch
            {
                ReportRole.Event => $"M {PageWriter.Number(from)} {Text(y - 8)} l 8 14 l -16 0 z",
                ReportRole.Command => $"M {PageWriter.Number(from)} {Text(y - 6)} l 6 6 l -6 6 l -6 -6 z",
                _ => $"M {PageWriter.Number(from - 4)} {Text(y - 4)} h 8 v 8 h -8 z",
            });
            return;
        }

        int direction = to > from ? 1 : -1;
        double tip = to - (2 * direction);
        page.Void("line", "class", "shaft", "x1", PageWriter.Number(from), "y1", at, "x2", PageWriter.Number(tip - (6 * direction)), "y2", at);
        page.Void("path", "class", "tip", "d", row.Step.Lost
            ? $"M {PageWriter.Number(tip - (10 * direction))} {Text(y - 5)} l {Text(10 * direction)} 10 m 0 -10 l {Text(-10 * direction)} 10"
            : $"M {PageWriter.Number(tip - (9 * direction))} {Text(y - 5)} l {Text(9 * direction)} 5 l {Text(-9 * direction)} 5 z");
    }

    private static string Title(LadderLine line) => string.Join(
        ". ", line.Grounds.Select(ground => $"{ground.Rule.Id}, {ground.Rule.Source}").Distinct(StringComparer.Ordinal).Prepend(LineWords.Of(line.Row!)));

    private static string Fit(string text, int width, bool isBold)
    {
        int room = width * 10 / (isBold ? BoldLetter : WordLetter);
        return text.Length <= room ? text : text[..(room - 1)] + "…";
    }

    private static int Spacing(LadderDrawing drawing) =>
        Math.Max(MinLane, (LetterWidth * drawing.Lanes.Select(lane => Math.Max(lane.Name.Length, lane.IsSegment ? 0 : lane.Detail.Length)).DefaultIfEmpty(0).Max()) + 12) is var wide && drawing.Lanes.Count < 4 ? Math.Max(wide, (MinWidth - Gutter) / Math.Max(1, drawing.Lanes.Count)) : wide;

    /// <summary>There is room for what the lanes need, and for the words of what proves something.</summary>
    private static int Width(LadderDrawing drawing)
    {
        int words = drawing.Lines.Where(line => line.Row is { IsEvidence: true }).Select(line => LineWords.Of(line.Row!).Length * BoldLetter / 10).DefaultIfEmpty(0).Max() + LetterWidth;
        return Gutter + Math.Max(Spacing(drawing) * drawing.Lanes.Count, Math.Max(MinWidth - Gutter, Math.Min(words, MaxForWords)));
    }

    private static double X(LadderDrawing drawing, int lane) => Gutter + (Spacing(drawing) * (lane + 0.5));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
