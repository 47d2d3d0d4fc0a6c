namespace NbnsSim.Reports.Pictures;

/// <summary>A table of a page that is read row by row; on a narrow screen it scrolls.</summary>
internal static class HtmlTable
{
    public static void Write(PageWriter page, PictureTable table)
    {
        string id = $"t-{string.Concat(table.Title.Where(char.IsAsciiLetter)).ToLowerInvariant()}";
        page.Open("section", "aria-labelledby", id).Element("h2", table.Title, "id", id);
        if (table.Rows.Count > 0)
            Rows(page, table);
        if (table.Note.Length > 0)
            page.Element("p", table.Note, "class", "aside");
        page.Close();
    }

    private static void Rows(PageWriter page, PictureTable table)
    {
        page.Open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", $"Rows: {table.Title}").Open("table").Open("thead").Open("tr");
        foreach (string head in table.Heads)
            page.Element("th", head, "scope", "col");
        page.Close().Close().Open("tbody");
        foreach (var row in table.Rows)
        {
            page.Open("tr").Element("th", row[0], "scope", "row");
            foreach (string cell in row.Skip(1))
                page.Element("td", cell);
            page.Close();
        }

        page.Close().Close().Close();
    }
}
