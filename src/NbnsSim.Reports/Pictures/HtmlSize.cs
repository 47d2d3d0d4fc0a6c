namespace NbnsSim.Reports.Pictures;

/// <summary>Pages that are no larger than they may be: what takes most room is left out first, and what was is said.</summary>
internal static class HtmlSize
{
    /// <summary>The page with all that fits.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="most">How many characters it may have.</param>
    /// <param name="write">Writes it; null for a page that stands by itself.</param>
    public static string Fit(PictureContent picture, int most, Action<TextWriter, PictureContent>? write = null)
    {
        write ??= HtmlPage.Write;
        string page = Write(picture, write);
        if (page.Length <= most)
            return page;
        var smaller = picture with { Ladder = LadderDrawing.Empty, IncidentLadders = [], Notes = [.. picture.Notes, "The drawings are left out: there is no room for them."] };
        page = Write(smaller, write);
        return page.Length <= most ? page : Write(smaller with { Names = NameTables.Empty, Events = [], Notes = [.. smaller.Notes, "The name tables and the events are left out, too."] }, write);
    }

    private static string Write(PictureContent picture, Action<TextWriter, PictureContent> write)
    {
        using var text = new StringWriter { NewLine = "\n" };
        write(text, picture);
        return text.ToString();
    }
}
