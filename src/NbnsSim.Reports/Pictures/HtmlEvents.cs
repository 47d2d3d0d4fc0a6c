namespace NbnsSim.Reports.Pictures;

/// <summary>The events of a page as Event Viewer shows them, the causes behind them, and the account.</summary>
internal static class HtmlEvents
{
    public static void Write(PageWriter page, PictureContent picture)
    {
        if (picture.Events.Count == 0)
            return;
        page.Open("section", "aria-labelledby", "events").Element("h2", "Events, as Event Viewer shows them", "id", "events").Open("div", "class", "events");
        foreach (var logged in picture.Events)
        {
            page.Open("article").Element("h3", logged.Title).Open("pre", "tabindex", "0");
            foreach (string line in logged.Text.TrimEnd('\n').Split('\n'))
                page.Text(line).Break();
            page.Close();
            if (logged.Because.Length > 0)
                page.Element("p", logged.Because, "class", "aside");
            page.Close();
        }

        page.Close().Close();
    }

    public static void WriteChains(PageWriter page, PictureContent picture)
    {
        if (picture.Chains.Count == 0)
            return;
        page.Open("section", "aria-labelledby", "why").Element("h2", "Why: the chain of causes, the last one first", "id", "why");
        foreach (var chain in picture.Chains)
        {
            page.Element("h3", chain.Title).Open("ol", "class", "chain");
            foreach (var link in chain.Links)
            {
                page.Open("li").Element("time", link.Time is { } time ? picture.Clock.Short(time) : "").Element("span", link.Text);
                if (link.Ground.Length > 0)
                    page.Element("small", link.Ground);
                page.Close();
            }

            page.Close();
        }

        page.Close();
    }

    public static void WriteAccount(PageWriter page, PictureContent picture)
    {
        if (picture.Account.Count == 0)
            return;
        page.Open("section", "aria-labelledby", "account").Element("h2", "What happened", "id", "account").Open("ol", "class", "account");
        foreach (var (time, text) in picture.Account)
            page.Open("li").Element("time", picture.Clock.Short(time)).Element("span", text).Close();
        page.Close().Close();
    }
}
