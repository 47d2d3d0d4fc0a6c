using System.Collections.Immutable;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// What happened, to look at and to hand on: of a run (<see cref="RunPicture"/>), or of a capture (<see cref="CapturePicture"/>). Page, drawing, diagram and ticket are
/// written from the same records, and from none of them can a name that came over the network become anything but text.
/// </summary>
public sealed class Picture
{
    private readonly PictureContent _content;

    internal Picture(PictureContent content) => _content = content;

    /// <summary>What it is written from, for pages that show two of them.</summary>
    internal PictureContent Content => _content;

    /// <summary>What it is called: a scenario or a capture.</summary>
    public string Title => _content.Title;

    /// <summary>What it comes to, in a sentence or two.</summary>
    public string Headline => _content.Headline;

    /// <summary>The frames of the capture that prove it, in order; of a run the frames of a capture of every segment. Empty where there is nothing to prove.</summary>
    public ImmutableArray<long> EvidenceFrames => _content.EvidenceFrames;

    /// <summary>A display filter for Wireshark that shows <see cref="EvidenceFrames"/>; null where there are none.</summary>
    public string? WiresharkFilter => _content.WiresharkFilter;

    /// <summary>Writes a page that needs nothing else: HTML with its own style sheet and script.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteHtml(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        HtmlPage.Write(output, _content);
    }

    /// <summary>The same picture, whose page has a table besides.</summary>
    /// <param name="table">The table.</param>
    public Picture With(PictureTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new Picture(_content with { Tables = [.. _content.Tables, table] });
    }

    /// <summary>Writes a page as <see cref="WriteHtml(TextWriter)"/> does, of so many characters at most where that can be: without drawings if it has to be, then without name tables and events, and says so.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="most">How many characters.</param>
    public void WriteHtml(TextWriter output, int most)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(HtmlSize.Fit(_content, most));
    }

    /// <summary>Writes what stands in the page's body, for a page of one's own: it wants <see cref="StyleSheet"/> and <see cref="Script"/>.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteHtmlBody(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        HtmlPage.WriteBody(output, _content);
    }

    /// <summary>Writes the same as an <c>article</c>, for a page that has a <c>main</c> already, of so many characters at most where that can be.</summary>
    internal string WriteHtmlArticle(int most) => HtmlSize.Fit(_content, most, static (output, content) => HtmlPage.WriteBody(output, content, "article"));

    /// <summary>Writes the drawing alone, as an SVG file.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteSvg(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var page = PageWriter.Svg(output);
        LadderSvg.WriteAlone(page, _content);
    }

    /// <summary>Writes what proves it as a sequence diagram in Mermaid's language, within the limits of GitHub.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteMermaid(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        MermaidText.Write(output, _content);
    }

    /// <summary>Writes it in Markdown, for a ticket.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteMarkdown(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        MarkdownText.Write(output, _content);
    }

    /// <summary>The page's style sheet.</summary>
    public static string StyleSheet => HtmlStyle.Css;

    /// <summary>The page's script: it shows more about the arrow that is pointed at, and moves the name tables through time. Without it the page shows all at once.</summary>
    public static string Script => HtmlScript.Js;
}
