using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NbnsSim.Reports.Pictures;

/// <summary>A picture as a page: the verdict, what went over the wire, every name table through time, the events, the causes behind them, and what was looked at.</summary>
internal static class HtmlPage
{
    /// <summary>Writes the whole page.</summary>
    public static void Write(TextWriter output, PictureContent picture)
    {
        using var page = PageWriter.Html(output);
        Begin(page, $"{picture.Title}: {picture.Headline}");
        page.Open("body");
        Body(page, picture);
        page.Raw("script", HtmlScript.Js).Close().Close();
    }

    /// <summary>Begins a page, up to its body: the same look and the same policy for all.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">Its title.</param>
    /// <param name="style">The one style sheet that it may have.</param>
    /// <param name="script">The one script that it may run.</param>
    public static void Begin(PageWriter page, string title, string style = HtmlStyle.Css, string script = HtmlScript.Js) => page.Open("html", "lang", "en").Open("head")
        .Void("meta", "charset", "utf-8").Void("meta", "http-equiv", "Content-Security-Policy", "content", Policy(style, script))
        .Void("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .Element("title", title).Raw("style", style).Close();

    /// <summary>Writes what stands in its body.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="picture">What.</param>
    /// <param name="element">The element that is all of it: another one where the page around it has a <c>main</c> of its own.</param>
    public static void WriteBody(TextWriter output, PictureContent picture, string element = "main")
    {
        using var page = PageWriter.Piece(output);
        Body(page, picture, element);
    }

    private static void Body(PageWriter page, PictureContent picture, string element = "main")
    {
        page.Open(element, "class", "nbns").Element("h1", picture.Title).Element("p", picture.Headline, "class", "lead");
        foreach (string text in picture.Summary)
            page.Element("p", text);
        HtmlIncidents.Write(page, picture);
        if (picture.IncidentLadders.Count == 0)
            HtmlWire.Write(page, picture, picture.Ladder, "What went over the wire", "r");
        HtmlEvents.Write(page, picture);
        HtmlNames.Write(page, picture);
        HtmlEvents.WriteChains(page, picture);
        HtmlEvents.WriteAccount(page, picture);
        foreach (var table in picture.Tables)
            HtmlTable.Write(page, table);
        page.Open("section").Element("h2", "What was looked at");
        foreach (string note in picture.Notes)
            page.Element("p", note);
        page.Close().Close();
    }

    /// <summary>A filter for Wireshark, and a button that copies it.</summary>
    public static void Filter(PageWriter page, string filter) =>
        page.Open("span", "class", "filter").Element("code", filter).Open("button", "type", "button", "class", "copy", "hidden", "").Text("Copy").Close().Close();

    /// <summary>A number as pages have it.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The page may fetch nothing, and run nothing but its own script.</summary>
    private static string Policy(string style, string script) => $"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
