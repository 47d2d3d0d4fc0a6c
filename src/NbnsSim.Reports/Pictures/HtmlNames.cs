namespace NbnsSim.Reports.Pictures;

/// <summary>The name tables of a page: a table for each machine with a strip through time for each name, and a slider that shows all of them as they were.</summary>
internal static class HtmlNames
{
    private const int StripWidth = 1_000;

    public static void Write(PageWriter page, PictureContent picture)
    {
        var names = picture.Names;
        if (names.Rows.Count == 0)
            return;
        var times = names.Moments;
        page.Open("section", "aria-labelledby", "names").Element("h2", "Name tables through time", "id", "names");
        if (times.Count > 1)
        {
            page.Open("div", "class", "slider").Element("label", "As it was at", "for", "time")
                .Void(
                    "input", "id", "time", "class", "time", "type", "range", "min", "0", "max", HtmlPage.Text(times.Count - 1), "value", HtmlPage.Text(times.Count - 1),
                    "data-times", string.Join('|', times.Select(picture.Clock.Short)), "data-places", string.Join(' ', times.Select(time => Place(names, time))))
                .Element("output", picture.Clock.Short(times[^1]), "for", "time").Close();
        }

        page.Open("div", "class", "tables");
        foreach (var machine in names.Rows.GroupBy(row => row.Host, StringComparer.Ordinal))
        {
            page.Open("table").Element("caption", machine.Key).Open("thead").Open("tr").Element("th", "Name", "scope", "col").Element("th", "State", "scope", "col")
                .Open("th", "scope", "col", "class", "axis").Text(picture.Clock.Short(times[0])).Text(" ").Element("span", picture.Clock.Short(times[^1])).Close().Close().Close().Open("tbody");
            foreach (var row in machine)
                Row(page, picture, row);
            page.Close().Close();
        }

        page.Close();
        foreach (string left in names.LeftOut)
            page.Element("p", left, "class", "aside");
        page.Close();
    }

    /// <summary>The first stop of the slider that is not before a time.</summary>
    public static int MomentOf(NameTables names, Instant time)
    {
        int low = 0;
        for (int high = names.Moments.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (names.Moments[middle] < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static void Row(PageWriter page, PictureContent picture, NameRow row)
    {
        page.Open("tr", "class", row.IsEvidence ? "hot" : "cold").Open("th", "scope", "row").Text(row.Name.ToString());
        if (row.IsGroup)
            page.Element("small", " group");
        page.Close().Open("td").Element("span", "not in the table", "class", "none");
        foreach (var span in row.Spans)
        {
            string to = HtmlPage.Text(span.To is { } end ? MomentOf(picture.Names, end) : picture.Names.Moments.Count);
            page.Open("span", "class", Class(span), "data-from", HtmlPage.Text(MomentOf(picture.Names, span.From)), "data-to", to)
                .Text(span.Text).Text(" ").Element("small", $"since {picture.Clock.Short(span.From)}{By(span.Began)}");
            if (span.To is { } until)
                page.Element("small", $" until {picture.Clock.Short(until)}{By(span.Ended)}", "class", "until");
            page.Close();
        }

        page.Close().Open("td");
        Strip(page, picture.Names, row);
        page.Close().Close();
    }

    private static string Class(NameSpan span) => span.Standing switch { NameStanding.Conflict => "conflict", NameStanding.GivenUp => "gone", _ => "held" };

    private static string By(string rule) => rule.Length == 0 ? "" : $", {rule}";

    private static void Strip(PageWriter page, NameTables names, NameRow row)
    {
        page.Open("svg", "class", "strip", "viewBox", "0 0 1000 12", "preserveAspectRatio", "none", "aria-hidden", "true").Void("rect", "class", "axis", "x", "0", "y", "5", "width", "1000", "height", "2");
        foreach (var span in row.Spans)
        {
            var end = span.To ?? names.Moments[^1];
            if (span.Shown > span.From || span.IsConflict)
                Piece(Class(span), span.From, span.Shown);
            if (end > span.Shown)
                Piece("guess", span.Shown, end);
        }

        page.Void("line", "class", "now", "x1", "1000", "y1", "0", "x2", "1000", "y2", "12").Close();

        void Piece(string kind, Instant from, Instant to)
        {
            double x = Math.Min(PlaceOf(names, from), StripWidth - 4);
            page.Void("rect", "class", kind, "x", PageWriter.Number(x), "y", "1", "width", PageWriter.Number(Math.Max(4, PlaceOf(names, to) - x)), "height", "10");
        }
    }

    private static string Place(NameTables names, Instant time) => PageWriter.Number(PlaceOf(names, time));

    private static double PlaceOf(NameTables names, Instant time)
    {
        double all = (names.Moments[^1] - names.Moments[0]).TotalSeconds;
        return all <= 0 ? 0 : Math.Clamp((time - names.Moments[0]).TotalSeconds / all, 0, 1) * StripWidth;
    }
}
