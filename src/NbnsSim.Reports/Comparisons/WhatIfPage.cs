using NbnsSim.Comparing;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Reports;

/// <summary>Two runs as one page: what is gained and lost, where they part, and both ladders beside each other.</summary>
/// <param name="report">The comparison in words.</param>
/// <param name="comparison">The comparison.</param>
/// <param name="before">The picture of the run as it is.</param>
/// <param name="after">The picture of the run with the changes.</param>
public sealed class WhatIfPage(WhatIfReport report, RunComparison comparison, Picture before, Picture after)
{
    private const int MaxRows = 500;

    private const string Style =
        """

        .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,36rem),1fr));gap:0 2rem;align-items:start}.sides section{min-width:0}
        .sides .wire{grid-template-columns:minmax(0,1fr)}.sides .wire .scroll{max-width:100%}
        """;

    /// <summary>Writes it: HTML with its own style sheet and script, which fetches nothing.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void WriteHtml(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var page = PageWriter.Html(output);
        HtmlPage.Begin(page, $"{report.Title}: {report.Headline}", HtmlStyle.Css + Style);
        page.Open("body").Open("main", "class", "nbns");
        Write(page);
        page.Close().Raw("script", HtmlScript.Js).Close().Close();
    }

    /// <summary>Writes it as a piece of a page that has the style sheet and the script.</summary>
    internal void WritePiece(TextWriter output)
    {
        using var page = PageWriter.Piece(output);
        page.Open("div", "class", "nbns");
        Write(page);
        page.Close();
    }

    private void Write(PageWriter page)
    {
        page.Element("h1", report.Title).Element("p", report.Headline, "class", "lead");
        Table(page, "What is changed, and what the runs show of it", ["Change", "Seen"], [.. comparison.Effects.Select(effect => new[] { effect.Text, effect.Seen })]);
        Table(page, "Where the runs part", ["First different", "When and where", "As it is", "What if"], [.. Forks()]);
        Lines(page, "Events gained and lost", [.. comparison.Events.Select(WhatIfWords.Describe)]);
        Lines(page, "Owners gained and lost", [.. comparison.Holders.Select(change => WhatIfWords.Describe(change, comparison))]);
        Lines(page, "Commands that end otherwise", [.. comparison.Answers.Select(change => WhatIfWords.Describe(change, comparison))]);
        Lines(page, "What name servers have in the end", [.. WhatIfWords.Records(comparison)]);
        Instant? parts = comparison.FirstDecision?.Time ?? comparison.FirstPacket?.Time;
        if (parts is { } time)
            page.Element("p", $"In the drawings, a dashed line is where the runs part, at {RunSeconds.Of(time)} s.", "class", "aside");
        page.Open("div", "class", "sides");
        HtmlWire.Write(page, before.Content, before.Content.Ladder, "As it is", "a", parts);
        HtmlWire.Write(page, after.Content, after.Content.Ladder, "What if", "b", parts);
        page.Close();
    }

    private IEnumerable<string[]> Forks()
    {
        if (comparison.FirstDecision is { } decided)
        {
            yield return
            [
                "decision", $"{RunSeconds.Of(decided.Time)} s, {decided.Host}",
                decided.Before is { } one ? $"{comparison.Before.Describe(one)} ({WhatIfWords.Grounds(one)})" : "nothing", decided.After is { } other ? $"{comparison.After.Describe(other)} ({WhatIfWords.Grounds(other)})" : "nothing",
            ];
        }

        if (comparison.FirstPacket is { } sent)
            yield return ["packet", $"{RunSeconds.Of(sent.Time)} s, {sent.Host}", WhatIfWords.Describe(sent.Before), WhatIfWords.Describe(sent.After)];
    }

    private static void Lines(PageWriter page, string title, WhatIfLine[] lines) => Table(page, title, ["Change", "What", "Said by the machine"], [.. lines.Select(line => new[] { line.Change, line.Text, line.Because })]);

    private static void Table(PageWriter page, string title, string[] heads, string[][] rows)
    {
        if (rows.Length > 0)
            HtmlTable.Write(page, new PictureTable(title, heads, rows.Take(MaxRows).ToArray(), rows.Length > MaxRows ? $"{rows.Length - MaxRows} more; the JSON has them all." : ""));
    }
}
