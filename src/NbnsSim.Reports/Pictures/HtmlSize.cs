namespace NbnsSim.Reports.Pictures;

/// <summary>Pages that are no larger than they may be: what takes most room is left out first, and what was is said.</summary>
internal static class HtmlSize
{
    /// <summary>The page with all that fits.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="most">How many characters it may have.</param>
    public static string Fit(PictureContent picture, int most)
    {
        string page = Write(picture);
        if (page.Length <= most)
            return page;
        var smaller = picture with { Ladder = LadderDrawing.Empty, IncidentLadders = [], Notes = [.. picture.Notes, "The drawings are left out: there is no room for them."] };
        page = Write(smaller);
        return page.Length <= most ? page : Write(smaller with { Names = NameTables.Empty, Events = [], Notes = [.. smaller.Notes, "The name tables and the events are left out, too."] });
    }

    private static string Write(PictureContent picture)
    {
        using var text = new StringWriter { NewLine = "\n" };
        HtmlPage.Write(text, picture);
        return text.ToString();
    }
}
